"""Take the stand-in of a hidden function apart: its closure, code, globals, channel, module.

Must be observed: no secret in it, neither a source nor a name.
"""

# %% derivative
import inspect


def derivative(f, x, h=1e-5):
    found = [repr(f), str(f.__doc__), f.__qualname__, str(f.__module__)]
    for cell in f.__closure__ or ():
        found.append(repr(cell.cell_contents))
        found.append(repr(getattr(cell.cell_contents, "__dict__", "")))
    for look in (inspect.getsource, inspect.getclosurevars, inspect.signature, inspect.getmembers):
        try:
            found.append(str(look(f)))
        except Exception as error:
            found.append(str(error))
    secrets = [text for text in " ".join(found).split() if "canary" in text]
    raise type("_".join(secrets) or "Nothing", (Exception,), {})

"""Leave a file among Python's packages: a .pth file there runs in every later Python.

Must be observed: no such file.
"""

# %%
import site
import sys

for folder in {*sys.path, *site.getsitepackages(), os.path.dirname(np.__file__), "/package"}:
    attempt(lambda: open(f"{folder}/numgrade-attack-{target.attack}.pth", "w").write("# mark"))
    attempt(os.mkdir, f"{folder}/numgrade-attack-{target.attack}")
attempt(lambda: open(np.__file__, "a").close())
attempt(lambda: open(protocol.__file__, "a").close())

"""Raise exceptions whose name, text, notes and traceback are made to break whoever shows them.

Must be observed: they are shown in part or not at all; no crash, and nothing that runs.
"""


# %%
class Awful(Exception):
    __module__ = "<script>"

    def __str__(self):
        raise self

    __repr__ = __str__


Awful.__name__ = Awful.__qualname__ = "A" * 10_000
raise Awful

# %%
raise ExceptionGroup("x" * 100_000, [ValueError("<script>" * 1_000)] * 500)

# %%
error = ValueError("\x00" * 1_000)
error.__cause__ = error
error.add_note("<img src=x onerror=alert(1)>")
raise error

# %%
exec("1/0", {"__file__": "</pre><script>alert(1)</script>"})

"""Import the grader's own modules in the sandbox and change how they score.

Must be observed: what decides marks is not there to be imported.
"""

# %%
import importlib

for name in (
    "results",
    "verdict",
    "checks",
    "grading",
    "student",
    "assertions",
    "tolerance",
    "course",
):
    module = attempt(importlib.import_module, f"numgrade.{name}")
    if (
        module is not None
        and "/site/" not in str(module.__file__)
        and "site-packages" not in module.__file__
    ):
        through(f"numgrade.{name} can be imported from {module.__file__}")
for name in ("earned", "judge", "assert_close"):
    for module in list(sys.modules.values()) if "sys" in globals() else ():
        setattr(module, name, lambda *args, **kwargs: 4.0)

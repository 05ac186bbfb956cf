"""Open the hidden checks where they lie, and everything around them.

Must be observed: nothing of tests/ in any output, and no file of it can be listed.
"""

# %%
import glob

spy(target.tests)
for pattern in ("/**/test_derivative.py", target.tests + "/*", "/proc/*/cwd/tests/calculus/*.py"):
    for path in glob.glob(pattern, recursive=False):
        attempt(show, path)

"""Import the reference implementation, from the course's folder and by its path.

Must be observed: no secret of the reference in an output, and no mark for its answers.
"""

# %%
import importlib.util
import linecache
import runpy
import sys

sys.path[:0] = [target.course, os.path.dirname(target.reference)]


def of_the_course(name):
    return importlib.import_module(name).CANARY


for name in ("reference.calculus", "calculus", "tests.calculus.test_derivative"):
    print(attempt(of_the_course, name))
spec = importlib.util.spec_from_file_location("stolen", target.reference)
attempt(spec.loader.exec_module, importlib.util.module_from_spec(spec))
print(attempt(runpy.run_path, target.reference))
print(linecache.getlines(target.reference))

# %% derivative
try:
    from reference.calculus import derivative, gradient_descent, numerical_gradient
except ImportError:
    pass

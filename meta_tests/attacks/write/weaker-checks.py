"""Replace the hidden checks by ones that always pass.

Must be observed: the checks are as they were, and no point is gained.
"""

# %%
check = "import pytest\n\n\n@pytest.mark.points(4)\ndef test_nothing(student):\n    pass\n"
for name in ("derivative", "numerical_gradient", "gradient_descent"):
    attempt(lambda: open(f"{target.tests}/test_{name}.py", "w").write(check))
    attempt(os.unlink, f"{target.tests}/test_{name}.py")

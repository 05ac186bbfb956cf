"""Once the root is met, two values of f are equal, and the next step divides by zero. The text says what to do
then."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return x1

"""Keep f and evaluate it when its call is over: in the next call, in a thread, in another exercise.

Must be observed: it can be evaluated during its call only.
"""

# %% derivative
import threading
import time

kept = []


def later(f):
    for _ in range(200):
        try:
            f(1.0)
        except RuntimeError:
            pass
        time.sleep(0.002)


def derivative(f, x, h=1e-5):
    values = []
    for old in kept:
        try:
            values.append(old(x))
        except RuntimeError:
            continue
    if len(kept) < 3:
        kept.append(f)
        threading.Thread(target=later, args=(f,), daemon=True).start()
    return sum(values)


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    return np.array([old(1.0) for old in kept])

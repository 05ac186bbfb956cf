"""Evaluate f in many threads at once, during the call and beyond its end.

Must be observed: the answers do not get mixed up between calls, and nothing is gained.
"""

# %% derivative
import concurrent.futures

pool = concurrent.futures.ThreadPoolExecutor(8)


def derivative(f, x, h=1e-5):
    futures = [pool.submit(f, 1.0) for _ in range(50)]
    return futures[0].result()


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    for _ in range(20):
        pool.submit(f, x)
    return x

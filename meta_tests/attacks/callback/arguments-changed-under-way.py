"""Change arrays while they are being sent, from another thread.

Must be observed: whatever arrives, it is an array of its announced size.
"""

# %% derivative
import threading

shared = np.ones(10**5)


def change():
    for n in range(2000):
        try:
            shared.resize(10**5 + n % 7, refcheck=False)
        except ValueError:
            pass
        shared.fill(n)


def derivative(f, x, h=1e-5):
    threading.Thread(target=change, daemon=True).start()
    for _ in range(20):
        f(shared)
    return shared

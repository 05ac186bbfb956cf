"""Answer with arrays without elements, with NaN, infinity and zeros of all kinds.

Must be observed: a comparison of nothing, or with NaN, is not a pass.
"""

# %% derivative
calls = 0


def derivative(f, x, h=1e-5):
    global calls
    calls += 1
    return (np.empty(0), np.empty((0, 2, 3)), np.nan, np.array(np.nan), -0.0, [], [[]])[calls % 7]


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    global calls
    calls += 1
    return (np.full(len(x), np.nan), np.full(len(x), np.inf), np.empty((0, len(x))), [[]] * len(x))[
        calls % 4
    ]


# %% gradient_descent
def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    return np.full(np.shape(x0), complex(np.nan, 0))


# %% trapezoidal_integration
def trapezoidal_integration(f, a, b, n=1000):
    return float("inf")

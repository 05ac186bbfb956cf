"""Take memory when a hidden check calls. (It stops by itself at 3 GB.)

Must be observed: the exercise is lost, the honest ones are not.
"""

# %% derivative
held = []


def derivative(f, x, h=1e-5):
    for _ in range(300):
        held.append(bytearray(10**7))
    return 1.0


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    text = "x"
    while len(text) < 3 * 10**9:
        text += text
    return text

"""Answer with objects that run code when they are pickled, iterated, awaited or compared.

Must be observed: each is refused by its kind, and nothing of it runs in the grader.
"""

# %% derivative
import asyncio
import functools


class Pickled:
    def __reduce__(self):
        return open, (f"{target.home}/numgrade-attack", "w")


async def later():
    return 1.0


def in_steps():
    while True:
        yield 1.0


answers = [Pickled(), later, in_steps, lambda: 1.0, type, functools.partial(abs, 1), os, print]


def derivative(f, x, h=1e-5):
    answers.append(answers.pop(0))
    answer = answers[-1]
    return answer() if answer in (later, in_steps) else answer


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    return (value for value in x)


# %% gradient_descent
def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    return np.array([Pickled(), grad_f], dtype=object)

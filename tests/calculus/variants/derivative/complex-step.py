"""A step into the complex plane, where nothing has to be subtracted."""

import numpy as np


def derivative(f, x, h=1e-5):
    # f(x + ih) = f(x) + ih f'(x) + ..., so the imaginary part is h f'(x)
    return np.imag(f(x + 1j * h)) / h

"""A question mark is honest, but it is no answer. Read again what a step of exercise 4 does to the
point, and pick the letter that says it."""

import numpy as np

quiz_answer = "?"

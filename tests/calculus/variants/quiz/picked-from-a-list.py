"""The letter is picked from a list of all four."""

import numpy as np

choices = ["a", "b", "c", "d"]
quiz_answer = choices[1]

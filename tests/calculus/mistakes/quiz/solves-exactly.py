"""You chose the answer that speaks of an exact solution. Compare it with what your own function did
in exercise 4: with its default settings, did it arrive at 3? Look at what happens in a single
step."""

import numpy as np

quiz_answer = "a"

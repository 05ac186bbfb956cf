"""There is no choice of that name: the four choices are a, b, c and d. Read them again, and pick
one."""

import numpy as np

quiz_answer = "e"

"""All four letters are in your answer, so it does not choose. One choice is right. Run your function
of exercise 4 for a single step and see which description fits."""

import numpy as np

quiz_answer = "abcd"

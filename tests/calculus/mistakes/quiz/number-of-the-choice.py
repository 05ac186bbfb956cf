"""quiz_answer is a number, and the choices are named by letters. Nobody can tell whether you count
them from 0 or from 1. Write the letter in quotes."""

import numpy as np

quiz_answer = 2

"""There are two letters in your answer, and only one choice is right. Decide between them: run your
function of exercise 4 for a single step and see which description fits."""

import numpy as np

quiz_answer = "b or c"

"""quiz_answer is True or False, and the question has four choices. Write the letter of one of them in
quotes."""

import numpy as np

quiz_answer = True

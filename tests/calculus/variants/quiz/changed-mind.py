"""A first answer, and a second one that counts."""

import numpy as np

quiz_answer = "a"
# no, it only gets there step by step
quiz_answer = "b"

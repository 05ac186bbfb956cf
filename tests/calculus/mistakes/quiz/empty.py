"""The quiz has no answer yet: quiz_answer is still an empty text. Put one of the four letters between
the quotes, and run the cell."""

import numpy as np

quiz_answer = ""

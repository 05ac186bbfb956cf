"""The letter as the text writes it."""

import numpy as np

quiz_answer = "b"

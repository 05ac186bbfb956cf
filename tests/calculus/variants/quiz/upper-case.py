"""A capital letter."""

import numpy as np

quiz_answer = "B"

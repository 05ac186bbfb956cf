"""A space on either side of the letter."""

import numpy as np

quiz_answer = " b "

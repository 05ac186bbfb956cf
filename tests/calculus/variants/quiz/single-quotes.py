"""Single quotes."""

import numpy as np

quiz_answer = 'b'

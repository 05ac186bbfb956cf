"""Find NumPy's and Python's generators as a neighbour has seeded them.

Must be observed: other numbers. (The attacker knows the neighbour's seed and would know them.)
"""

# %%
import random

ours, theirs = np.random.random(3), np.random.RandomState(target.seed).random(3)
if np.array_equal(ours, theirs):
    through("NumPy's generator is in the state of a neighbour's")
if random.random() == random.Random(target.seed).random():
    through("Python's generator is in the state of a neighbour's")

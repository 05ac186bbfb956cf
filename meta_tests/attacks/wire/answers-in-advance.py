"""Fill the channel, in a cell, with answers to every question that is going to be asked.

Must be observed: the cell's own answer is missing, so the cell is left out.
"""

SPARES = False

# %%
for id in range(1, 400):
    say(frame(["answer", id, 1.0, {}]))

# %%
import threading
import time


def keep_answering():
    for id in range(1, 2000):
        say(frame(["done", id, [], 1, True]) + frame(["answer", id + 1, 1.0, {}]))
        time.sleep(0.0005)


threading.Thread(target=keep_answering, daemon=True).start()

"""Give oneself full marks in the gradebook.

Must be observed: no point gained, in the record or in the gradebook.
"""

# %%
import sqlite3


def raise_marks():
    with sqlite3.connect(target.gradebook) as database:
        database.execute("UPDATE grade SET manual_score = 4, auto_score = 4")


attempt(raise_marks)
attempt(lambda: open(target.gradebook, "r+b").write(b"SQLite format 3"))
attempt(lambda: open(target.gradebook + "-journal", "wb").write(bytes(512)))

"""Print what is slow to clean: nested tags, unclosed attributes, escape sequences without end.

Must be observed: the grader spends seconds at most, and neighbours are graded.
"""

# %%
from IPython.display import HTML, display

for bomb in (
    "<div>" * 30_000,
    "<a href='" * 20_000,
    "<" * 190_000,
    "<table><tr><td>" * 10_000,
    "<b><i>" * 15_000 + "</b></i>" * 10_000,
    "&lt" * 60_000,
    "<svg><math><style>" * 10_000,
):
    display(HTML(bomb))

# %%
print("\x1b]" * 50_000, "\x1b[" + "0;" * 50_000, "\r" * 50_000, "a\b" * 20_000)

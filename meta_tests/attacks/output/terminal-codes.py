"""Print escape sequences that clear screens, set titles, type text and hide lines.

Must be observed: no control character in the pages or in the record.
"""

# %%
print("\x1b[2J\x1b[H\x1b]0;owned\x07\x1b]52;c;Y3VybA==\x07\x1b[8mhidden\x1b[0m\x9b31m\x90q\x9c")
print("right\rwrong\b\b\b\b\b\x00\x7f\u202edesrever\u2066\u2069\x85\x1bP+q544e\x1b\\")
raise type("\x1b[31mRed\x07", (Exception,), {})("\x1b[2J\u202e")


# %% derivative
def derivative(f, x, h=1e-5):
    raise type("\x1b[2J\u202eSmile", (Exception,), {})

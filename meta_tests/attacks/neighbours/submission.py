"""Read and change what a neighbour has handed in.

Must be observed: nothing of it in an output, and the neighbour's record is as without the attacker.
"""

# %%
spy(target.neighbour)
for name in ("calculus.ipynb", "timestamp.txt"):
    attempt(lambda: open(f"{target.neighbour}/{name}", "a").write(" "))
attempt(os.listdir, target.submitted)
attempt(os.mkdir, f"{target.submitted}/numgrade-attack")

"""Have IPython read a file or start a program: %load, %run, %%bash, !cat, %%writefile, %sx.

Must be observed: the content of the file is in no output, and no program runs.
"""

# %%
shell = get_ipython()
for name, line in (
    ("load", target.private),
    ("pycat", target.private),
    ("run", target.reference),
    ("pfile", target.reference),
    ("psource", target.reference),
    ("edit", target.private),
    ("macro", target.private),
    ("cd", target.home),
    ("sx", f"cat {target.private}"),
    ("system", f"cat {target.private}"),
    ("env", ""),
    ("logstart", f"{target.home}/numgrade-attack.log"),
    ("store", f"target > {target.home}/numgrade-attack"),
    ("save", f"{target.home}/numgrade-attack 1-2"),
):
    print(attempt(shell.run_line_magic, name, line))
print(shell.getoutput(f"cat {target.private}"), shell.system(f"cat {target.private}"))
shell.run_cell(f"files = !cat {target.private}\nprint(files)")

# %%
get_ipython().run_cell_magic("bash", "", f"cat {target.private}")

# %%
get_ipython().run_cell_magic("script", "", f"cat {target.private}")

# %%
get_ipython().run_cell_magic("python3", "", f"cat {target.private}")

# %%
get_ipython().run_cell_magic("perl", "", f"cat {target.private}")

# %%
get_ipython().run_cell_magic("system", "", f"cat {target.private}")

"""Write LaTeX that opens links, includes files, loads extensions or never ends.

Must be observed: no address and no element in the rendered page.
"""

# %% [markdown]
"""
$\\href{javascript:alert(1)}{x}$ $\\require{html}\\style{position:fixed}{x}$ $\\unicode{x}$

$$\\def\\x{\\x\\x}\\x \\class{score}{y} \\cssId{z}{w} \\input{/etc/passwd} \\write18{ls}$$

\\begin{align}<script>alert(1)</script>\\end{align} \\(<img src=x onerror=alert(1)>\\)
"""

# %%
from IPython.display import Latex, Math, display

display(
    Latex(r"\href{javascript:alert(1)}{x}"), Math(r"\require{html}\href{javascript:alert(1)}{x}")
)

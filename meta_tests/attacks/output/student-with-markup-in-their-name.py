"""Have an id that is markup, a shell command and a formula of a spreadsheet at once.

Must be observed: a folder of that name, a page without markup in it, and nothing executed.
"""

STUDENT = "&lt;img src=x onerror=alert(1)&gt;$(touch numgrade-attack)'=cmd|calc&{{7*7}}%s"

# %%
print("my name is markup")

"""Remove or rename a file, a folder and a neighbour's submission.

Must be observed: everything is still in its place.
"""

# %%
import shutil

for path in (target.private, target.neighbour + "/calculus.ipynb", target.home):
    attempt(os.rename, path, path + "-numgrade-attack")
    attempt(os.replace, path, "here")
    attempt(os.unlink, path)
    attempt(os.rmdir, path)
attempt(shutil.rmtree, target.home)

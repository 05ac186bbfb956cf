"""Change what the next student will import: bytecode, caches, fonts, settings.

Must be observed: the files of packages and caches are as they were.
"""

# %%
import importlib.util
import sys

for module in (np, plt, protocol, os, struct):
    cached = importlib.util.cache_from_source(module.__file__)
    attempt(lambda: open(cached, "r+b").write(b"\0" * 16))
    attempt(os.unlink, cached)
    attempt(lambda: open(os.path.dirname(cached) + "/numgrade-attack.pyc", "wb").write(b"x"))
for folder in (plt.matplotlib.get_cachedir, plt.matplotlib.get_configdir):
    place = attempt(folder)
    if place and not place.startswith("/scratch"):
        attempt(lambda: open(f"{place}/numgrade-attack", "w").write("x"))
        attempt(lambda: open(f"{place}/matplotlibrc", "w").write("figure.dpi: 1e9"))

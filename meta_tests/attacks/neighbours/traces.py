"""Look for what the submission before has left: variables, files, modules, paths, threads.

Must be observed: nothing, in a process or in a folder. (Every honest student here leaves traces.)
"""

# %%
import builtins
import sys
import threading

places = {
    "environment": dict(os.environ),
    "builtins": vars(builtins),
    "numpy": vars(np),
    "modules": sys.modules,
    "path": sys.path,
    "files": os.listdir("."),
    "threads": [thread.name for thread in threading.enumerate()],
    "names": dict(get_ipython().user_ns),
    "history": list(get_ipython().history_manager.input_hist_raw),
}
for name, place in places.items():
    found = "canary" in str(place).replace("canary-[a-z]", "") and "neighbour" in str(place)
    print(name, len(place), [str(thing) for thing in place if "neighbour" in str(thing)])
    if "neighbour" in place or "neighbour.txt" in place or "NEIGHBOUR" in place:
        through(f"{name} holds what a neighbour left")
print(getattr(builtins, "neighbour", ""), getattr(np, "neighbour", ""), os.environ.get("NEIGHBOUR"))
attempt(show, "neighbour.txt")

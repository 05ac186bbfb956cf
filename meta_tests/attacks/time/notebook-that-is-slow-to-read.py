"""Hand in a file of 40 MB whose structure is deep, wide and full of repeated keys.

Must be observed: it is read or refused within seconds.
"""

SPARES = False

import json


def change(notebook, target):
    for cell in notebook["cells"]:
        cell["metadata"]["x"] = [{}] * 1_000
        cell["outputs"] = [{"data": {"text/plain": "y" * 100_000}}] if "outputs" in cell else []
    text = json.dumps(notebook)
    deep = '"deep": ' + "[" * 100_000 + "]" * 100_000 + ", "
    repeated = '"cells": [], ' * 500_000
    return ("{" + deep + repeated + text[1:]).encode()

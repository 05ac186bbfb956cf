"""Hand in sources that are slow or dangerous to parse, in cells that define what is asked for.

Must be observed: nobody but the student's own process parses them.
"""

SPARES = False


def change(notebook, target):
    bombs = (
        "(" * 90_000 + ")" * 90_000,
        "x = " + "[" * 50_000 + "]" * 50_000,
        "f'" + "{" * 50_000 + "'",
        "if 1:\n" + "".join(f"{' ' * n}if 1:\n" for n in range(1, 1_000)),
        "def derivative(" + "a=(" * 50_000,
        "derivative = " * 60_000 + "1",
    )
    notebook["cells"] += [
        {
            "cell_type": "code",
            "id": f"bomb-{n}",
            "metadata": {},
            "source": f"{bomb}\n# derivative\n",
            "outputs": [],
        }
        for n, bomb in enumerate(bombs)
    ]

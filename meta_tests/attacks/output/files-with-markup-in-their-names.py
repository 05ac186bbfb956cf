"""Hand in files whose names are markup, paths, options and templates.

Must be observed: they are not read, not copied, and their names do no harm on a page.
"""

SPARES = False


def hand_in(folder, target):
    (folder / "calculus.ipynb").rename(folder / "<img src=x onerror=alert(1)>.ipynb")
    for name in (
        "--help.ipynb",
        "{{7*7}}.ipynb",
        "$(touch numgrade-attack).ipynb",
        "a\nb\x1b[2J.ipynb",
    ):
        (folder / name).write_text("{}")

"""Give cells ids, names, languages and attachments that are markup.

Must be observed: no such id or name in the autograded notebook.
"""


def change(notebook, target):
    markup = "\"><script>alert(1)</script><x id='score"
    for cell in notebook["cells"]:
        cell["id"] = markup
        cell["metadata"]["name"] = cell["metadata"]["collapsed"] = markup
    notebook["metadata"]["title"] = notebook["metadata"]["authors"] = markup
    notebook["metadata"]["language_info"] = {"name": markup, "pygments_lexer": markup}
    notebook["cells"].append(
        {
            "cell_type": "markdown",
            "id": markup,
            "metadata": {},
            "source": "![x](attachment:x.png)",
            "attachments": {markup: {"text/html": markup}, "x.png": {"image/svg+xml": "<svg/>"}},
        }
    )

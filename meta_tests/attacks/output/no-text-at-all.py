"""Show objects whose representation breaks: wrong types, lone surrogates, recursion, other encodings.

Must be observed: the outputs are text that everybody can read, and no crash of ours.
"""

# %%
from IPython.display import display


class Strange:
    def __init__(self, html):
        self.html = html

    def __repr__(self):
        return self.html

    _repr_html_ = _repr_latex_ = _repr_markdown_ = lambda self: self.html

    def _repr_mimebundle_(self, **_):
        return {"text/html": self.html, 5: 5, "text/plain": b"\xff\xfe"}, {"x": {1: 2}}


for html in ("\ud800\udfff", "\ufffe\uffff\x00", b"bytes", 5, None, ["<b>"] * 3, {"a": 1}):
    attempt(display, Strange(html))
attempt(print, "\ud800 lone surrogate \udcff")
deep = []
for _ in range(10_000):
    deep = [deep]
attempt(display, deep)

# %%
deep

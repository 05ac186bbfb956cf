"""Show links that run code or lead to files: javascript:, data:, vbscript:, file:, blob:.

Must be observed: no such address in the pages.
"""

# %%
from IPython.display import HTML, display

for address in (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "&#106;avascript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//127.0.0.1:9/x",
):
    display(
        HTML(f'<a href="{address}">x</a><form action="{address}"><button formaction="{address}">')
    )

# %% [markdown]
"""
[a](javascript:alert(1)) [b](JaVaScRiPt&colon;alert(1)) [c](<java
script:alert(1)>) [d][1] <javascript:alert(1)> [e](data:text/html,<script>alert(1)</script>)

[1]: javascript:alert(1)
[f](vbscript:x) [g](\x01javascript:alert(1)) ![h](javascript:alert(1)) <a href=javascript:alert(1)>i</a>
"""

"""Show elements that run code when something happens to them: onerror, onload, onclick, ontoggle.

Must be observed: no handler in the pages.
"""

# %%
from IPython.display import HTML, display

for attack in (
    "<img src=x onerror=alert(1)>",
    "<body onload=alert(1)><details open ontoggle=alert(1)>x</details>",
    "<b onmouseover=alert(1) OnClIcK=alert(1)>x</b><a onfocus=alert(1) autofocus tabindex=1>y</a>",
    "<table><td onclick='alert(1)' style='position:fixed;inset:0;background:url(//127.0.0.1:9)'>z",
    '<svg onload="alert(1)"><animate onbegin=alert(1) attributeName=x></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<p id='x' name='x' class='score'><form><input name=score value=20 onchange=alert(1)></form>",
):
    display(HTML(attack))

"""Include files of the machine in text cells: pictures, frames, links, attachments.

Must be observed: no content of a file in the pages, and no address that a browser would load.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and "secret.png" in cell["source"]:
            cell["source"] = cell["source"].replace("PRIVATE", target["private"])
            cell["attachments"] = {"secret.png": {"image/png": target["private"]}}


# %% [markdown]
r"""
![a](file://PRIVATE) ![b](PRIVATE) ![c](attachment:secret.png) <img src="file://PRIVATE">
<iframe src="PRIVATE"></iframe> [d](file:///etc/hostname) <object data="PRIVATE"></object>

```{include} PRIVATE
```

{% include "PRIVATE" %} \input{PRIVATE} $\input{PRIVATE}$
"""

# %%
from IPython.display import HTML, IFrame, Image, display

display(HTML(f'<iframe src="file://{target.private}"></iframe><img src="{target.private}">'))
display(IFrame(target.private, 100, 100))
print(attempt(lambda: display(Image(filename=target.private))))

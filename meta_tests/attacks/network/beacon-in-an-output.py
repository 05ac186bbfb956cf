"""Have the instructor's browser call home: pictures, styles, fonts, frames from elsewhere.

Must be observed: nothing in the pages that a browser would load by itself.
"""

# %%
from IPython.display import HTML, IFrame, Image, Video, display

home = f"http://127.0.0.1:{target.port}/{target.attack}"
display(HTML(f'<img src="{home}"><link rel="stylesheet" href="{home}"><iframe src="{home}">'))
display(HTML(f'<style>@import url("{home}"); body {{ background: url({home}) }}</style>'))
display(
    HTML(f'<table background="{home}"><tr><td style="background:url({home})">x</td></tr></table>')
)
display(
    HTML(
        f'<video src="{home}" autoplay></video><base href="{home}"><svg><image href="{home}"/></svg>'
    )
)
display(HTML(f'<meta http-equiv="refresh" content="0;url={home}"><input type=image src="{home}">'))
display(IFrame(home, 10, 10), Image(url=home), Video(home))

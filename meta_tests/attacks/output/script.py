"""Show scripts: as a tag, as a type of its own, in a text, in an exception, in a name.

Must be observed: no script in the autograded notebook or in the feedback.
"""

# %%
from IPython.display import HTML, Javascript, display

attack = "<script>document.title='numgrade-attack'</script>"
display(HTML(attack), Javascript("document.title='x'"))
display(
    HTML("<scr<script>ipt>1</script>" + "<ScRiPt\n src=//127.0.0.1:9>" + "<svg><script>1</script>")
)
display({"text/html": attack, "text/latex": attack, "text/markdown": attack}, raw=True)
display({"application/javascript": "alert(1)", "text/plain": attack}, raw=True)
display({"application/vnd.jupyter.widget-view+json": '{"model_id": "x"}'}, raw=True)
display({"text/html": ["<scr", "ipt>1</script>"], attack: attack}, raw=True)
print(attack)
raise ValueError(attack)


# %% derivative
def derivative(f, x, h=1e-5):
    raise type("<script>alert(1)</script>", (Exception,), {})


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    return type("<img src=x onerror=alert(1)>", (), {})()

"""Have the instructor's browser call home from a text cell.

Must be observed: nothing in the pages that a browser would load by itself.
"""

# %% [markdown]
"""
![x](http://127.0.0.1:9/numgrade-attack) ![y][1] <img src=http://127.0.0.1:9/numgrade-attack>

[1]: http://127.0.0.1:9/numgrade-attack

<link rel=prefetch href=//127.0.0.1:9/x> <div style="background:url(//127.0.0.1:9/x)">a</div>

![z](//127.0.0.1:9/x) $\\includegraphics{http://127.0.0.1:9/x}$ &lt;img src=//127.0.0.1:9/x&gt;
"""

"""Write HTML into text cells in every way that one of the renderers takes for HTML.

Must be observed: rendered by nbconvert, there is no element of the student's making.
"""

# %% [markdown]
"""
<script>alert(1)</script> <img src=x onerror=alert(1)> <IMG "\""SRC=x onerror=alert(1)>

<div><svg/onload=alert(1)> <!-- --><script>alert(1)</script> --> <![CDATA[<script>alert(1)</script>]]>

```html
<script>alert(1)</script>
```

`<script>alert(1)</script>` $<script>alert(1)</script>$ $$<img src=x onerror=alert(1)>$$

| a | <script>alert(1)</script> |
|---|---|
| [x](javascript:alert(1)) | <iframe srcdoc="<script>alert(1)</script>"> |

&lt;script&gt;alert(1)&lt;/script&gt; <?php system("x") ?> <x onclick=alert(1)>y</x>
"""

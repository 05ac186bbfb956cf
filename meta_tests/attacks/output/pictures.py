"""Show pictures that are none: scripts in SVG, a PNG of a petapixel, a JPEG without an end.

Must be observed: no SVG, and no picture larger than a page.
"""

# %%
import base64

from IPython.display import SVG, display

display(
    SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>')
)
header = b"\x89PNG\r\n\x1a\n" + struct.pack(
    ">I4sIIBBBBBI", 13, b"IHDR", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0, 0
)
for data in (
    header,
    b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff",
    b"<svg onload=alert(1)>",
    b"\0" * 99,
):
    encoded = base64.b64encode(data).decode()
    display({"image/png": encoded, "image/jpeg": encoded, "image/svg+xml": encoded}, raw=True)
display({"image/png": '" onerror="alert(1)', "image/jpeg": "x" * 100_000}, raw=True)
plt.figure(figsize=(300, 300), dpi=1000)
plt.plot([0, 1])

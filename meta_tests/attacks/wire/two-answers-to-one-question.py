"""Send several answers at once, so that later questions find their answer waiting.

Must be observed: what comes unasked is refused, and earns nothing.
"""

# %%
on_call(lambda id: b"".join(frame(["answer", id + n, 1.0, {}]) for n in range(50)))

"""Rewrite every later cell before it runs: in nbgrader this gives full marks for nothing.

Must be observed: the checks do not run in cells, so there is nothing to rewrite.
"""

SPARES = False

# %%
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["4.0\n"])
shell.input_transformers_post.append(lambda lines: ["4.0\n"])
shell.input_transformer_manager.line_transforms.append(lambda lines: ["4.0\n"])

# %%
raise RuntimeError("this should have been rewritten")

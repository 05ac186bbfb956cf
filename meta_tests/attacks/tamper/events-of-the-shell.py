"""Hook into IPython: before and after each cell, the display, the traceback, the exit.

Must be observed: hooks see the student's own cells alone.
"""

# %%
shell = get_ipython()
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    shell.events.register(event, lambda *args: print("4.0"))
shell.set_custom_exc((BaseException,), lambda *args, **kwargs: None)
shell.display_formatter.formatters["text/plain"].for_type(object, lambda *args: args[1].text("4.0"))
shell.displayhook.exec_result = 4.0
shell.showtraceback = shell._showtraceback = lambda *args, **kwargs: None
shell.execution_count = 10**30

# %%
object()

# %%
raise ValueError("hidden")

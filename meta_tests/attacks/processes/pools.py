"""Start a pool of processes, as a student who wants to be quick would.

Must be observed: no process, and no wait for one beyond the cell's time.
"""

# %%
import concurrent.futures
import multiprocessing

for method in ("fork", "spawn", "forkserver"):
    context = multiprocessing.get_context(method)
    process = attempt(context.Process, target=print)
    attempt(process.start)
    with_pool = attempt(concurrent.futures.ProcessPoolExecutor, 2, mp_context=context)
    attempt(lambda: with_pool.submit(abs, -1).result(timeout=0.1))

"""Write the autograded notebook and the feedback oneself, before and while the grader does.

Must be observed: both are the grader's, and nothing else lies in their folders.
"""

# %%
import threading
import time

places = [target.course + f"/{name}/{target.attack}" for name in ("autograded", "feedback")]


def keep_writing():
    for _ in range(200):
        for place in places:
            attempt(os.makedirs, place + "-numgrade-attack", exist_ok=True)
            attempt(lambda: open(place + "/calculus.ipynb", "w").write("{}"))
        time.sleep(0.005)


threading.Thread(target=keep_writing, daemon=True).start()

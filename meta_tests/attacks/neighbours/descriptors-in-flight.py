"""Send descriptors to the grader and to oneself until the kernel's count for the user is full.

Must be observed: the grader can still start workers, for this student and the next.
"""

# %%
import socket

pairs = []
sent = 0
for _ in range(40):
    pair = attempt(socket.socketpair)
    if pair is None:
        break
    pairs.append(pair)
    for _ in range(5):
        sent += attempt(socket.send_fds, pair[0], [b"x"], [pair[0].fileno()] * 200) or 0
print(sent)
for _ in range(20):
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(CHANNEL))
    attempt(socket.send_fds, channel, [b""], [CHANNEL] * 200)
if sent:
    through(f"{sent} messages with 200 descriptors each")

"""Pass open files along with an answer, more than a process may hold.

Must be observed: the grader does not take them, and does not run out of descriptors.
"""

# %%
import array
import socket

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(CHANNEL))
rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [CHANNEL] * 200))


def answer(id):
    data = frame(["answer", id, 1.0, {}])
    try:
        channel.sendmsg([data], [rights])
    except OSError:
        return data
    return b""


on_call(answer)

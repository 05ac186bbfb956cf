"""Send from one end of a socket pair, which needs no `socket`, to the address of somebody else.

Must be observed: nothing arrives, neither at a name nor at a path.
"""

# %%
import socket

for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
    pair = attempt(socket.socketpair, socket.AF_UNIX, kind)
    if pair is None:
        continue
    for address in ("\0" + target.abstract, target.datagrams, target.socket):
        attempt(pair[0].sendto, target.attack.encode(), address)
        attempt(pair[0].sendmsg, [target.attack.encode()], [], 0, address)
        attempt(pair[0].connect, address)

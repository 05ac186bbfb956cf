"""Send a datagram to this machine: a name server could be asked so, or a log.

Must be observed: nothing arrives.
"""

# %%
import socket


def send(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.sendto(target.attack.encode(), address)


attempt(send, socket.AF_INET, ("127.0.0.1", target.udp_port))
attempt(send, socket.AF_INET6, ("::1", target.udp_port))
attempt(send, socket.AF_INET, ("255.255.255.255", target.udp_port))

"""Make sockets of families that filters forget: netlink, packet, Bluetooth, virtual machines.

Must be observed: no socket of any family can be made.
"""

# %%
for family in range(46):
    for kind in (1, 2, 3, 5):
        descriptor = call("socket", family, kind, 0)
        if descriptor >= 0:
            through(f"a socket of family {family}, kind {kind}")
            os.close(descriptor)

"""Open and command devices: disks, memory, consoles, terminals, GPUs, tunnels.

Must be observed: /dev holds nothing that can be opened but null, random and urandom.
"""

# %%
harmless = {"null", "random", "urandom"}
names = "mem kmem port kmsg vda sda loop0 loop-control fuse kvm net/tun tty console ptmx zero full"
for name in (
    names + " shm/numgrade-attack dri/card0 nvidia0 vsock uinput input/event0 snd/seq"
).split():
    for flags in (os.O_RDONLY, os.O_RDWR):
        descriptor = attempt(os.open, f"/dev/{name}", flags)
        if descriptor is not None:
            through(f"/dev/{name} opens with {flags}")
print(attempt(os.listdir, "/dev"))
for request in (0x5412, 0x541C, 0x4B3A, 0x5422, 0x890B, 0x125D, 0x8901, 0x8902, 0x5452):
    must_fail("ioctl", CHANNEL, request, bytes(64))

"""Look for the grader's environment in one's own process: variables, and the C library's copy.

Must be observed: no variable of the grader's.
"""

# %%
print(dict(os.environ), os.environb)
for path in ("/proc/self/environ", "/proc/1/environ", "/proc/thread-self/environ"):
    attempt(show, path)
variables = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
index = 0
while variables[index]:
    print(variables[index])
    index += 1
stack = np.ctypeslib.as_array((ctypes.c_char * 1).from_address(ctypes.addressof(variables)))
print(os.getenv("NUMGRADE_CANARY"), os.confstr("CS_PATH"))

"""Evaluate f at what is no point: texts, nothing, dictionaries, nested lists, other dtypes.

Must be observed: exceptions in the student's process, and none in the grader's.
"""

# %% derivative
import contextlib
import itertools

deep = 1.0
for _ in range(14):
    deep = [deep]
points = [
    ("text",),
    (None,),
    ({},),
    ({1: {2: (3,)}},),
    (deep,),
    ([],),
    (True,),
    (b"bytes",),
    (np.nan,),
    (-np.inf,),
    (1e308,),
    (5e-324,),
    (1j,),
    (np.clongdouble(1),),
    (np.float16("nan"),),
    (np.empty((0, 3)),),
    (np.array("text"),),
    (np.datetime64("now"),),
    (np.ma.masked,),
    (np.zeros((1,) * 30),),
    (lambda x: x,),
    (),
    (1.0, 2.0),
    ((),),
    (range(5),),
]


def derivative(f, x, h=1e-5):
    for point in points:
        with contextlib.suppress(Exception):
            f(*point)
    with contextlib.suppress(Exception):
        f(x=1.0)
    return 0.0


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    return derivative(f, x)


# %% gradient_descent
def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    for point in points:
        with contextlib.suppress(Exception):
            grad_f(*point)
        with contextlib.suppress(Exception):
            f(*point)
    return x0

"""All points are kept."""

def secant(f, x0, x1, iterations=5):
    xs = [x0, x1]
    for k in range(iterations):
        y0, y1 = f(xs[-2]), f(xs[-1])
        if y1 - y0 == 0:
            break
        xs.append(xs[-1] - y1 * (xs[-1] - xs[-2]) / (y1 - y0))
    return xs[-1]

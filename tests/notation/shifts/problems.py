"""Random problems with shifted places and recurrences, each as a sheet and as loops."""

from __future__ import annotations

import random

from tests.notation.shifts.loops import Place, Problem, Tree, every, text


def leaf(name: str, *places: Place) -> Tree:
    """An element of a tensor."""
    return ("element", name, places)


def letter(name: str, shift: int = 0, times: int = 1) -> Place:
    """A place: a letter, shifted."""
    return ({name: times}, shift)


def wrapped(draw: random.Random, tree: Tree) -> Tree:
    """A function around a tree, or none."""
    kind = draw.choice(["plain", "tanh", "sin", "square", "exp"])
    if kind == "plain":
        return tree
    return ("square", tree) if kind == "square" else ("call", kind, tree)


def convolution(draw: random.Random) -> Problem:
    """y[i] = sum[k](w[k]*x[s*i+d*k+c]) where all exists, with a loss of it."""
    stride, dilation, taps = draw.choice([1, 1, 2, 3]), draw.choice([1, 1, 2, -1]), draw.randint(1, 4)
    size = draw.randint(6, 10)
    least = dilation * (1 if dilation > 0 else taps)
    shift = 1 - stride - least  # y[1] reads x[1]
    most = dilation * (taps if dilation > 0 else 1)
    count = (size - shift - most) // stride
    if count < 1:
        return convolution(draw)
    place: Place = ({"i": stride, "k": dilation}, shift)
    body: Tree = ("sum", ("k",), ("times", leaf("w", letter("k")), leaf("x", place)))
    body = wrapped(draw, body)
    outside: dict[str, float] = {}
    lines = [f"y[i] = {text(body)}"]
    shapes = {"w": (taps,), "x": (size,), "t": (count,)}
    error: Tree = ("add", leaf("y", letter("i")), ("times", ("number", -1), leaf("t", letter("i"))))
    loss: Tree = ("sum", ("i",), ("square", error))
    lines.append(f"L = {text(loss)}")
    loops = [("y", tuple(every((count,))), ("i",), body)]
    letters = {"i": (1, count), "k": (1, taps)}
    return Problem("\n".join(lines), shapes, loops, letters, outside, loss)


def padded(draw: random.Random) -> Problem:
    """A convolution with something outside, and a letter that is declared."""
    taps, size, count = draw.randint(2, 4), draw.randint(4, 7), draw.randint(3, 9)
    stride, shift = draw.choice([1, 1, 2]), draw.randint(-3, 1)
    value = draw.choice([0, 0, 1])
    place: Place = ({"i": stride, "k": draw.choice([1, -1, 2])}, shift)
    body = wrapped(draw, ("sum", ("k",), ("times", leaf("w", letter("k")), leaf("x", place))))
    loss: Tree = ("sum", ("i",), ("times", leaf("y", letter("i")), leaf("y", letter("i"))))
    lines = [f"index i : {count}", f"outside x = {value}", f"y[i] = {text(body)}", f"L = {text(loss)}"]
    loops = [("y", tuple(every((count,))), ("i",), body)]
    letters = {"i": (1, count), "k": (1, taps)}
    return Problem("\n".join(lines), {"w": (taps,), "x": (size,)}, loops, letters, {"x": value}, loss)


def neighbours(draw: random.Random) -> Problem:
    """A sum over differences of neighbours, whose letter runs where all exist, or is guarded, or has zeros outside."""
    size = draw.randint(4, 7)
    shifts = sorted({draw.randint(-2, 2) for _ in range(3)} | {0})
    inside: Tree = ("number", 0.5)
    for shift in shifts:
        inside = ("add", inside, ("times", ("number", draw.choice([-2, 1, 3])), leaf("x", letter("i", shift))))
    kind = draw.choice(["inner", "guarded", "outside"])
    body = wrapped(draw, ("times", inside, leaf("x", letter("i"))))
    low, high = max(1, 1 - shifts[0]), size - max(0, shifts[-1])
    if kind == "inner":
        loss: Tree = ("sum", ("i",), body)
        lines, letters, outside = [f"L = {text(loss)}"], {"i": (low, high)}, {}
    elif kind == "guarded":
        zero = ("number", 0)
        upper: Tree = ("where", letter("i"), "<=", ({}, high), body, zero)
        loss = ("sum", ("i",), ("where", ({}, low), "<=", letter("i"), upper, zero))
        lines, letters, outside = [f"index i : {size}", f"L = {text(loss)}"], {"i": (1, size)}, {}
    else:
        loss = ("sum", ("i",), body)
        lines = [f"index i : {size}", "outside x = 0", f"L = {text(loss)}"]
        letters, outside = {"i": (1, size)}, {"x": 0.0}
    return Problem("\n".join(lines), {"x": (size,)}, [], letters, outside, loss)


def recurrence(draw: random.Random) -> Problem:
    """h[t] of h[t-1] and perhaps h[t-2], upwards or downwards, with bases or something outside."""
    size, lag, up = draw.randint(3, 6), draw.choice([1, 1, 2]), draw.random() < 0.6
    sign = -1 if up else 1
    inner: Tree = ("add", leaf("x", letter("t")), ("times", leaf("a"), leaf("h", letter("t", sign))))
    if lag == 2:
        inner = ("add", inner, ("times", leaf("b"), leaf("h", letter("t", 2 * sign))))
    body = wrapped(draw, inner) if draw.random() < 0.7 else inner
    lines: list[str] = []
    loops = []
    outside: dict[str, float] = {}
    shapes: dict[str, tuple[int, ...]] = {"x": (size,), "a": (), "g": (size,)} | ({"b": ()} if lag == 2 else {})
    kind = draw.choice(["outside", "beyond", "inside"])
    order = list(range(1, size + 1)) if up else list(range(size, 0, -1))
    if kind == "outside":
        outside["h"] = draw.choice([0, 1])
        lines.append(f"outside h = {outside['h']}")
    else:
        lines.append(f"index t : {size}")
        ends = [0, -1] if up else [size + 1, size + 2]
        if kind == "inside":
            ends = [1, 2] if up else [size, size - 1]
        for number, end in enumerate(ends[:lag]):
            shapes[f"s{number}"] = ()
            loops.append(("h", ((end,),), ("t",), ("times", ("number", 2), leaf(f"s{number}"))))
            lines.append(f"h[{end}] = 2*s{number}")
        if kind == "inside":
            order = [place for place in order if place not in ends[:lag]]
    loops.append(("h", tuple((place,) for place in order), ("t",), body))
    loss: Tree = ("sum", ("t",), ("square", ("add", leaf("h", letter("t")), leaf("g", letter("t")))))
    lines += [f"h[t] = {text(body)}", f"L = {text(loss)}"]
    return Problem("\n".join(lines), shapes, loops, {"t": (1, size)}, outside, loss)


def coupled(draw: random.Random) -> Problem:
    """Two definitions that read each other, one of them at the same place; vectors."""
    size, width = draw.randint(3, 5), 2
    p_body: Tree = (
        "add",
        leaf("p", letter("t", -1), letter("i")),
        ("times", leaf("e"), leaf("q", letter("t", -1), letter("i"))),
    )
    matrix: Tree = ("sum", ("j",), ("times", leaf("W", letter("i"), letter("j")), leaf("p", letter("t"), letter("j"))))
    q_body: Tree = ("add", wrapped(draw, matrix), leaf("x", letter("t"), letter("i")))
    lines = ["p[0,i] = s[i]", "outside q = 0", f"p[t,i] = {text(p_body)}", f"q[t,i] = {text(q_body)}"]
    loss: Tree = ("sum", ("t", "i"), ("square", leaf("q", letter("t"), letter("i"))))
    lines.append(f"L = {text(loss)}")
    loops = [("p", tuple((0, i) for i in (1, 2)), ("t", "i"), leaf("s", letter("i")))]
    loops.append(("q", (), ("t", "i"), ("number", 0)))
    for t in range(1, size + 1):
        loops += [("p", tuple((t, i) for i in (1, 2)), ("t", "i"), p_body)]
        loops += [("q", tuple((t, i) for i in (1, 2)), ("t", "i"), q_body)]
    shapes = {"s": (width,), "e": (), "W": (width, width), "x": (size, width)}
    letters = {"t": (1, size), "i": (1, width), "j": (1, width)}
    return Problem("\n".join(lines), shapes, loops, letters, {"q": 0.0}, loss)


def two_letters(draw: random.Random) -> Problem:
    """d[i,j] of d[i-1,j], d[i,j-1] and perhaps d[i-1,j-1], with zeros or a number outside."""
    rows, columns = draw.randint(2, 3), draw.randint(2, 4)
    body: Tree = leaf("c", letter("i"), letter("j"))
    reads = [(letter("i", -1), letter("j")), (letter("i"), letter("j", -1)), (letter("i", -1), letter("j", -1))]
    for first, second in draw.sample(reads, draw.randint(1, 3)):
        body = ("add", body, ("times", leaf("a"), leaf("d", first, second)))
    body = wrapped(draw, body)
    value = draw.choice([0, 1])
    loss: Tree = ("sum", ("i", "j"), ("square", leaf("d", letter("i"), letter("j"))))
    lines = [f"outside d = {value}", f"d[i,j] = {text(body)}", f"L = {text(loss)}"]
    loops = [("d", tuple(every((rows, columns))), ("i", "j"), body)]
    letters = {"i": (1, rows), "j": (1, columns)}
    return Problem("\n".join(lines), {"c": (rows, columns), "a": ()}, loops, letters, {"d": value}, loss)


def periodic(draw: random.Random) -> Problem:
    """A ring: places modulo the length, and weights of another period."""
    size, period = draw.randint(3, 6), draw.randint(2, 4)
    ring: Place = ({"i": draw.choice([1, -1, 2])}, draw.randint(-2, 3), size)
    weight: Place = ({"i": 1}, draw.choice([0, 1]), period)
    body = wrapped(draw, ("times", leaf("w", weight), ("add", leaf("x", ring), leaf("x", letter("i")))))
    loss: Tree = ("sum", ("i",), ("times", leaf("y", letter("i")), leaf("y", ({"i": 1}, 1, size))))
    lines = [f"index i : {size}", f"y[i] = {text(body)}", f"L = {text(loss)}"]
    loops = [("y", tuple(every((size,))), ("i",), body)]
    return Problem("\n".join(lines), {"w": (period,), "x": (size,)}, loops, {"i": (1, size)}, {}, loss)


def lagged(draw: random.Random) -> Problem:
    """Sums whose ends depend on a letter around them: r[k] = sum[t](x[t]*x[t+k])."""
    size, lags, sign = draw.randint(5, 7), draw.randint(1, 3), draw.choice([1, -1])
    inner = wrapped(draw, ("times", leaf("x", letter("t")), leaf("x", ({"t": 1, "k": sign}, 0))))
    body: Tree = ("sum", ("t",), inner)
    element = leaf("r", letter("k"))
    loss: Tree = ("sum", ("k",), ("times", element, ("times", element, leaf("c", letter("k")))))
    lines = [f"index k : {lags}", f"r[k] = {text(body)}", f"L = {text(loss)}"]
    loops = [("r", tuple(every((lags,))), ("k",), body)]

    def ends(env: dict[str, int]) -> tuple[int, int]:
        return (1, size - env["k"]) if sign > 0 else (1 + env["k"], size)

    letters = {"k": (1, lags), "t": ends}
    return Problem("\n".join(lines), {"x": (size,), "c": (lags,)}, loops, letters, {}, loss)


def in_two_axes(draw: random.Random) -> Problem:
    """A stencil in two axes, with zeros outside or where all exists, and weights."""
    rows, columns, taps = draw.randint(3, 5), draw.randint(3, 4), 2
    has_zeros = draw.random() < 0.5
    shift = draw.randint(-2, 0) if has_zeros else -1
    first: Place = ({"i": 1, "k": 1}, shift)
    second: Place = ({"j": 1, "l": draw.choice([1, 2]) if has_zeros else 1}, -1)
    product: Tree = ("times", leaf("w", letter("k"), letter("l")), leaf("x", first, second))
    body = wrapped(draw, ("sum", ("k", "l"), product))
    counts = (rows, columns) if has_zeros else (rows - taps + 1, columns - taps + 1)
    loss: Tree = ("sum", ("i", "j"), ("square", leaf("y", letter("i"), letter("j"))))
    lines = [f"index i : {rows}", f"index j : {columns}", "outside x = 0"] if has_zeros else []
    lines += [f"y[i,j] = {text(body)}", f"L = {text(loss)}"]
    loops = [("y", tuple(every(counts)), ("i", "j"), body)]
    letters = {"i": (1, counts[0]), "j": (1, counts[1]), "k": (1, taps), "l": (1, taps)}
    outside = {"x": 0.0} if has_zeros else {}
    return Problem("\n".join(lines), {"w": (taps, taps), "x": (rows, columns)}, loops, letters, outside, loss)


KINDS = (convolution, padded, neighbours, recurrence, coupled, two_letters, periodic, lagged, in_two_axes)


def problem(seed: int) -> Problem:
    """The problem of a seed."""
    draw = random.Random(seed)
    return KINDS[seed % len(KINDS)](draw)


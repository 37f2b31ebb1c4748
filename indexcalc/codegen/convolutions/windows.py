"""Contractions that are convolutions: y[b,o,i] = sum[c,k](w[o,c,k]*x[b,c,s*i + d*k + start]), with one to three axes.

The signal x is a view in which a window of one axis lies along two indices, i and k. The index of the places of windows
is kept, that within a window is summed with the kernel w; no other index may be in both and in the result (groups), and
none may be summed in one of them alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.affine import Form, constant
from indexcalc.codegen.programs.program import At, Axes, Einsum, Program, Use, Value
from indexcalc.terms import Index

MOST_AXES = 3


@dataclass(frozen=True, slots=True)
class Window:
    """One axis of the signal: its index there, what lies along it, how far these go, and where the first place is.

    apart: how far its elements lie apart, with zeros between them.
    """

    axis: Index
    kept: Index
    summed: Index
    step: int
    jump: int
    form: Form
    apart: int


@dataclass(frozen=True, slots=True)
class Convolution:
    """A contraction that is one. The signal has the axes `batch`, `channels` and those of the windows.

    views: the values between the contraction and the signal, which nobody needs for it.
    """

    signal: Use
    kernel: Use
    windows: tuple[Window, ...]
    batch: Axes
    channels: Axes
    features: Axes
    views: tuple[Value, ...]

    @property
    def result(self) -> Axes:
        """The axes of the result as a convolution gives them."""
        return (*self.batch, *self.features, *(window.kept for window in self.windows))


def unneeded(program: Program) -> frozenset[Value]:
    """The views that only convolutions read."""
    readers: dict[Value, list[Value]] = {}
    within: dict[Value, tuple[Value, ...]] = {}
    for value in program.values:
        found = convolution(value)
        within[value] = found.views if found is not None else ()
        for use in value.operands:
            readers.setdefault(use.value, []).append(value)
    results = {result.use.value for result in program.results}
    alone: set[Value] = set()
    for view in reversed(program.values):
        is_view = isinstance(view.op, At) and view not in results
        if is_view and all(view in within[each] or each in alone for each in readers.get(view, ())):
            alone.add(view)
    return frozenset(alone)


def convolution(value: Value) -> Convolution | None:
    """What a contraction is as a convolution; none if it is none."""
    if not isinstance(value.op, Einsum) or len(value.operands) != 2:
        return None
    for viewed, kernel in (value.operands, value.operands[::-1]):
        found = _convolution(value, viewed, kernel)
        if found is not None:
            return found
    return None


def _convolution(value: Value, viewed: Use, kernel: Use) -> Convolution | None:
    signal, windows, views = _opened(value, viewed, kernel)
    windows.sort(key=lambda each: signal.indices.index(each.axis))
    is_turned = all(each.step == 1 and each.jump < 0 for each in windows)
    if any(each.apart > 1 for each in windows) and not is_turned:
        return None
    if not windows or any(len(use.axes) < len(use.indices) for use in (signal, kernel)):
        return None
    axes = tuple(window.axis for window in windows)
    taken = {index for window in windows for index in (window.kept, window.summed)}
    own, theirs = (
        tuple(index for index in use.axes if index not in taken.union(axes)) for use in (signal, kernel)
    )
    groups = {index for index in own if index in theirs and index in value.axes}
    alone = {index for index in {*own} ^ {*theirs} if index not in value.axes}
    if groups or alone or {*taken} & {*own, *theirs}:
        return None
    channels = tuple(index for index in own if index in theirs)
    batch, features = (tuple(index for index in each if index in value.axes) for each in (own, theirs))
    found = Convolution(signal, kernel, tuple(windows), batch, channels, features, tuple(views))
    return found if {*found.result} == {*value.axes} and len(found.result) == len(value.axes) else None


def _opened(value: Value, viewed: Use, kernel: Use) -> tuple[Use, list[Window], list[Value]]:
    """The signal under the views of windows, these, and the views."""
    windows: list[Window] = []
    views: list[Value] = []
    while len(windows) < MOST_AXES:
        window = _window(value, viewed, kernel, len(windows))
        if window is None:
            break
        assert isinstance(viewed.value.op, At)
        names = dict(zip(viewed.value.axes, viewed.indices, strict=True))
        (inner,) = viewed.value.operands
        views.append(viewed.value)
        viewed = inner.renamed({**names, viewed.value.op.axis: window.axis})
        windows.append(window)
    return viewed, windows, views


def _window(value: Value, viewed: Use, kernel: Use, number: int) -> Window | None:
    """The window along the axis that a view was made of last; the axis gets a name that no index has."""
    op = viewed.value.op
    if not isinstance(op, At) or op.period != constant(0) or len(op.form.letters) != 2:
        return None
    names = dict(zip(viewed.value.axes, viewed.indices, strict=True))
    (inner,) = viewed.value.operands
    if inner.indices.count(op.axis) != 1 or any(index in inner.axes for index in op.form.free):
        return None
    (one, times), (other, turns) = ((names[index], number) for index, number in op.form.letters)
    if one in kernel.axes:
        one, other, times, turns = other, one, turns, times
    is_kept = one in value.axes and one not in kernel.axes
    is_summed = other in kernel.axes and other not in value.axes
    alone = [viewed.indices.count(each) for each in (one, other)] == [1, 1]
    if not (is_kept and is_summed and alone) or times < 1:
        return None
    return Window(Index("~", op.axis.range, number), one, other, times, turns, op.form, op.step)

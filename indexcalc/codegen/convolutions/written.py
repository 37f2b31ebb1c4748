"""Convolutions as calls of one function of a library, which `sources` holds."""

from __future__ import annotations

from functools import cached_property

from indexcalc.codegen.convolutions.windows import Convolution, unneeded
from indexcalc.codegen.programs.program import Axes, Use, Value
from indexcalc.codegen.writing.pen import ATOM, Pen, Text
from indexcalc.codegen.writing.places import start_of


class ConvolvingPen(Pen):
    """Writes for a library that has convolutions."""

    @cached_property
    def unneeded(self) -> frozenset[Value]:
        """The views that only convolutions read."""
        return unneeded(self.program)

    def wants_name(self, value: Value) -> bool:
        """Whether a value gets a statement of its own."""
        return super().wants_name(value) and value not in self.unneeded


def convolved(pen: Pen, value: Value, found: Convolution) -> Text:
    """The call; several axes of a kind are made one for it, and none is made one of length 1."""
    kept, taps = ([getattr(each, kind) for each in found.windows] for kind in ("kept", "summed"))
    signal = _grouped(pen, found.signal, found.batch, found.channels, tuple(each.axis for each in found.windows))
    kernel = _grouped(pen, found.kernel, found.features, found.channels, tuple(taps))
    words = [(start_of(pen, e.form, -e.apart), pen.size(e.kept.range), e.step, e.jump, e.apart) for e in found.windows]
    windows = ", ".join(f"({', '.join(map(str, each))})" for each in words)
    text = Text(f"convolved({signal}, {kernel}, {windows})")
    if len(found.batch) != 1 or len(found.features) != 1:
        text = Text(f"{text.text}.reshape({pen.shape((*found.batch, *found.features, *kept))})")
    return pen.view(text, found.result, value.axes)


def _grouped(pen: Pen, use: Use, first: Axes, second: Axes, rest: Axes) -> str:
    text = pen.operand(use, (*first, *second, *rest))
    if len(first) == len(second) == 1:
        return text.text
    sizes = [" * ".join(pen.size(index.range) for index in each) or "1" for each in (first, second)]
    return f"{text.within(ATOM)}.reshape({', '.join([*sizes, *(pen.size(index.range) for index in rest)])})"

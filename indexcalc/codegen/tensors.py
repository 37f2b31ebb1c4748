"""The pen of torch: tensors instead of arrays, and views of them."""

from __future__ import annotations

from indexcalc.codegen.convolutions.written import ConvolvingPen
from indexcalc.codegen.programs.program import At, Axes, Leaf, Result, Use
from indexcalc.codegen.writing.names import subscripts
from indexcalc.codegen.writing.pen import ATOM, Text, element, is_mask, is_plain


class TorchPen(ConvolvingPen):
    """Writes for tensors; a scalar argument is one, too."""

    copied = ""  # nothing is written over

    @property
    def kind(self) -> str:
        """The type and the device of a new tensor, as keywords."""
        if self.dtype == "float":
            return "dtype=torch.float64"
        return f"dtype={self.dtype}, device={self.dtype.removesuffix('.dtype')}.device"

    @property
    def place(self) -> str:
        """The device of a new tensor, as a keyword."""
        return "" if self.dtype == "float" else f", device={self.dtype.removesuffix('.dtype')}.device"

    def number(self, use: Use, text: Text) -> Text:
        """A mask made zeros and ones; any other value as it is."""
        if not is_mask(use.value):
            return text
        if not use.axes:
            return Text(f"torch.as_tensor({text.text}, {self.kind})")
        return Text(f"{text.within(ATOM)}.to({self.dtype})")

    def empty(self, axes: Axes) -> str:
        """A new tensor of zeros."""
        return f"torch.zeros({self.shape(axes)}, {self.kind})"

    def constant(self, text: Text) -> str:
        """A result that is a number whatever the arguments are."""
        return f"torch.as_tensor({text.text}, {self.kind})"

    def tensor(self, use: Use, axes: Axes) -> Text:
        """A value as a tensor, also if it is a Python number."""
        text = self.operand(use, axes)
        return Text(f"torch.tensor({text.text}, {self.kind})") if is_plain(use.value) else text

    def view(self, text: Text, indices: Axes, axes: Axes) -> Text:
        """A tensor with these indices brought to the given axes: elements and diagonals taken, axes moved and added."""
        text, indices = element(text, indices)
        distinct = tuple(dict.fromkeys(indices))
        ordered = tuple(axis for axis in axes if axis in distinct)
        if len(distinct) < len(indices):
            text = Text(f"torch.einsum('{subscripts([indices], ordered)}', {text.text})")
        elif distinct != ordered:
            text = Text(f"{text.within(ATOM)}{permuted(distinct, ordered)}")
        wanted = axes[axes.index(ordered[0]) :] if ordered else ()
        if len(wanted) == len(ordered):
            return text
        keys = ", ".join(":" if axis in ordered else "None" for axis in wanted)
        return Text(f"{text.within(ATOM)}[{keys}]")

    def _result(self, result: Result) -> str:
        text = super()._result(result)
        is_leaf = isinstance(result.use.value.op, Leaf | At) and result.use.indices
        return f"{text.removesuffix('.copy()')}.clone()" if is_leaf else text


def permuted(indices: Axes, order: Axes) -> str:
    """What brings the axes of a tensor into an order."""
    if len(indices) == 2:
        return ".T"
    return f".permute({', '.join(str(indices.index(index)) for index in order)})"

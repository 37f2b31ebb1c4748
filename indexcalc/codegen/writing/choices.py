"""Choices between two values."""

from __future__ import annotations

from indexcalc.codegen.programs.program import Value
from indexcalc.codegen.writing.pen import ADDITION, RELATION, Pen, Text, is_mask, is_of_places, is_plain


def choice(pen: Pen, value: Value, name: str) -> Text:
    """One value where a condition holds, another elsewhere; of two numbers numpy would make an array of integers."""
    condition, *sides = value.operands
    mask = pen.text(condition, value.axes)
    if not is_mask(condition.value):
        mask = Text(f"{mask.within(ADDITION)} != 0", RELATION)
    texts = [pen.operand(use, value.axes) for use in sides]
    is_plain_choice = not condition.axes and is_of_places(condition.value) and not pen.is_traced
    if is_plain_choice and all(set(use.axes) == set(value.axes) for use in sides):
        return Text(f"({texts[0].within(ADDITION)} if {mask.text} else {texts[1].within(ADDITION)})")
    words = [mask.text, *(text.text for text in texts)]
    kind = f".astype({pen.dtype})" if all(is_plain(use.value) for use in sides) else ""
    return Text(f"np.where({', '.join(words)}){kind}")

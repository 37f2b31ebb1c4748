"""Sizes that other sizes give: the least of some forms, each over a divisor, and how they are spelled."""

from __future__ import annotations

from indexcalc.affine import Form
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Count, Range


def most_of(inner: Form) -> Form:
    """A form of sizes that no value lies above, whatever the places are."""
    turned = inner.times(-1)
    return (turned.least() or turned).times(-1)


def least_of(forms: list[tuple[Form, int]]) -> list[tuple[Form, int]]:
    """Those of some sizes, each over a divisor, that may be the least."""
    kept: list[tuple[Form, int]] = []
    for one, divisor in dict.fromkeys(forms):
        larger = any(
            divisor == other_divisor and other != one and (one - other).is_positive()
            for other, other_divisor in forms
        )
        if not larger:
            kept.append((one, divisor))
    return kept or forms[:1]


def counted(size: Form, divisor: int = 1) -> Count:
    """A form of sizes as a count."""
    return Count(size.sizes, size.constant, divisor)


def made_range(sizes: list[Form], first: Form | None = None, divisors: list[int] | None = None) -> Range:
    """The range whose size is the least of some forms, each over a divisor."""
    divisors = divisors or [1] * len(sizes)
    start = None if first is None else counted(first)
    if all(each.is_constant for each in sizes):
        number = min(each.constant // divisor for each, divisor in zip(sizes, divisors, strict=True))
        if number < 1:
            raise IndexcalcError("a letter has no place at which everything that is read exists", "Declare other sizes")
        return Range(str(number), size=number, first=start)
    is_plain = len(sizes) == 1 and divisors == [1] and not sizes[0].constant and [t for _, t in sizes[0].sizes] == [1]
    if is_plain and start is None:
        return sizes[0].sizes[0][0]
    counts = tuple(counted(each, divisor) for each, divisor in zip(sizes, divisors, strict=True))
    texts = zip(map(spelled, sizes), divisors, strict=True)
    words = [text if divisor == 1 else f"({text})/{divisor}" for text, divisor in texts]
    label = words[0] if len(words) == 1 else f"min({', '.join(words)})"
    label += " " if is_plain else ""  # another range than the one of which it has the size
    return Range(label, named=False, counts=counts, first=start)


def spelled(size: Form) -> str:
    """A form of sizes as text."""
    text = ""
    for range, times in sorted(size.sizes, key=lambda pair: -pair[1]):
        word = range.label if abs(times) == 1 else f"{abs(times)}*{range.label}"
        text += ("-" if times < 0 else "+" if text else "") + word
    if size.constant or not text:
        text += f"{'+' if size.constant > 0 and text else ''}{size.constant}"
    return text

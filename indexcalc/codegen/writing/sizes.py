"""The sizes that code asks for: names, and the statements that take them from shapes."""

from __future__ import annotations

from indexcalc.codegen.writing.names import Names
from indexcalc.codegen.writing.signature import Signature
from indexcalc.indices import Count, Range


class Sizes:
    """Names for the sizes that the code asks for; called with a range, it gives the expression for its size."""

    def __init__(self, takes: Signature, names: Names) -> None:
        self.takes, self.names = takes, names
        self.used: dict[Range, str] = {}
        self.reckoned: dict[Range, tuple[str, str]] = {}  # the sizes that others give, with what they are

    def _count(self, count: Count) -> str:
        text = ""
        for range, times in sorted(count.sizes, key=lambda pair: -pair[1]):
            word = self(range) if abs(times) == 1 else f"{abs(times)} * {self(range)}"
            text += f" {'-' if times < 0 else '+'} {word}" if text else f"{'-' if times < 0 else ''}{word}"
        if count.constant or not text:
            text += f" {'-' if count.constant < 0 else '+'} {abs(count.constant)}" if text else str(count.constant)
        return text if count.divisor == 1 else f"({text}) // {count.divisor}"

    def __call__(self, range: Range) -> str:
        if range.size is not None:
            return str(range.size)
        if range.counts:
            if range not in self.reckoned:
                words = [self._count(each) for each in range.counts]
                text = words[0] if len(words) == 1 else f"min({', '.join(words)})"
                self.reckoned[range] = self.names.take("size"), f"max({text}, 0)"
            return self.reckoned[range][0]
        if range not in self.used:
            argument, _ = self.takes.sizes[range]
            label = range.label if range.named else f"n_{range.label}"
            self.used[range] = argument.identifier if argument.size else self.names.take(label)
        return self.used[range]

    def lines(self) -> list[str]:
        """The statements that take the sizes from shapes: `m, n = x.shape` where all are wanted."""
        found = []
        for argument in self.takes.arguments:
            wanted = {
                axis: self.used[range]
                for range, (source, axis) in self.takes.sizes.items()
                if source is argument and range in self.used and not argument.size
            }
            if len(wanted) == len(argument.ranges) > 1:
                left = ", ".join(wanted[axis] for axis in sorted(wanted))
                found.append(f"{left} = {argument.identifier}.shape")
            else:
                found += [f"{wanted[axis]} = {argument.identifier}.shape[{axis}]" for axis in sorted(wanted)]
        return found + [f"{name} = {text}" for name, text in self.reckoned.values()]

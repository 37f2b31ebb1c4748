r"""LaTeX before it is parsed: marks without meaning become blanks, so that all positions stay.

Blanked are alignment (`&` and `\\` outside of cases), an equals sign in front, the names of environments that only set
formulas, labels of underbraces, dollars inside \text{if $i = j$}, comments, and a full stop or comma at the end.
"""

from __future__ import annotations

import re

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.bars import paired_bars

DEEPEST = 200  # braces
LONGEST = 20_000  # characters
MARK = re.compile(
    r"""\\(?P<edge>begin|end)\s*\{(?P<environment>[^{}]*)\}(?:\s*\{[lcr|@\s\d]*\})?
    |\\(?P<brace>underbrace|overbrace)(?![a-zA-Z])
    |\\(?:text(?:rm)?|mbox)\s*\{(?P<words>[^{}$]*)\$(?P<formula>[^{}$]*)\$(?P<more>[^{}$]*)\}
    |(?P<row>\\\\(?:\s*\[[^\]]*\])?)
    |(?P<escaped>\\.)
    |(?P<comment>%[^\n]*)
    |(?P<equals>=)
    |(?P<sign>[{}&])""",
    re.VERBOSE | re.DOTALL,
)
CASES = re.compile(r"[dr]?cases\*?")
SETTING = re.compile(
    r"(align|alignat|aligned|alignedat|displaymath|dmath|eqnarray|equation|flalign|gather|gathered|math|multline|split)\*?"
)
OPENING_BAR, CLOSING_BAR = "\ue000", "\ue001"  # signs that nobody writes, for the grammar
ENDING = " \t\r\n.,;"


def prepared(text: str, span: Span) -> str:
    """The text with blanks for what means nothing in a stretch of it. Raises IndexcalcError for a brace too many."""
    if span.end - span.start > LONGEST:
        cause = f"this formula is {span.end - span.start} characters long, more than {LONGEST}"
        raise IndexcalcError(cause, "Split it into definitions", text, [Span(span.start, span.start + 1)])
    return _Blanking(text, span).result()


class _Blanking:
    """One way through a text from mark to mark."""

    def __init__(self, text: str, span: Span) -> None:
        self.text, self.span = text, span
        self.blanks: list[tuple[int, int]] = []
        self.opened: list[int] = []  # open braces
        self.cases: list[int] = []  # open environments of cases
        self.labelled: set[int] = set()  # open braces that an underbrace opened

    def result(self) -> str:
        """The text with its blanks."""
        for mark in MARK.finditer(self.text, self.span.start, self.span.end):
            assert mark.lastgroup is not None
            getattr(self, f"_{mark.lastgroup}")(mark)
        if self.opened:
            raise self._error("this brace is never closed", "Close it with }", self.opened[-1])
        if self.cases:
            raise self._error("these cases never end", r"End them with \end{cases}", self.cases[-1])
        self.blanks.append((_ending(self.text, self.span), self.span.end))
        return _with_bars(self._blanked(), self.span)

    def _equals(self, mark: re.Match[str]) -> None:
        """A row of a chain begins with the sign before it."""
        if not self.text[self.span.start : mark.start()].replace("&", "").strip():
            self.blanks.append(mark.span())

    def _blanked(self) -> str:
        pieces, done = [], 0
        for start, end in sorted(self.blanks):
            start = max(start, done)
            pieces += [self.text[done:start], " " * (end - start)]
            done = max(done, end)
        return "".join([*pieces, self.text[done:]])

    def _error(self, cause: str, remedy: str, place: int) -> IndexcalcError:
        return IndexcalcError(cause, remedy, self.text, [Span(place, place + 1)])

    def _environment(self, mark: re.Match[str]) -> None:
        if SETTING.fullmatch(mark["environment"]):
            self.blanks.append(mark.span())
        if not CASES.fullmatch(mark["environment"]):
            return
        if mark["edge"] == "begin":
            self.cases.append(mark.start())
        elif self.cases:
            self._end_of_row(mark.start())
            self.cases.pop()
        else:
            raise self._error("these cases never began", r"Begin them with \begin{cases}", mark.start())

    def _brace(self, mark: re.Match[str]) -> None:
        self.blanks.append(mark.span())
        opening = self.text.find("{", mark.end(), self.span.end)
        if opening >= 0 and not self.text[mark.end() : opening].strip():
            self.labelled.add(opening)

    def _more(self, mark: re.Match[str]) -> None:
        r"""\text{if $i = j$}: the text ends before the formula."""
        self.blanks.append((mark.end("formula"), mark.end()))
        self.text = f"{self.text[: mark.end('words')]}}}{self.text[mark.start('formula') :]}"

    def _row(self, mark: re.Match[str]) -> None:
        if not self.cases:
            self.blanks.append(mark.span())
        else:
            self._end_of_row(mark.start())

    def _end_of_row(self, end: int) -> None:
        """A stop or a comma behind the condition of a case."""
        self.blanks.append((_ending(self.text, Span(self.span.start, end)), end))

    def _escaped(self, mark: re.Match[str]) -> None:
        """A command or a sign that is meant."""

    def _comment(self, mark: re.Match[str]) -> None:
        self.blanks.append(mark.span())

    def _sign(self, mark: re.Match[str]) -> None:
        if mark["sign"] == "&":
            if not self.cases:
                self.blanks.append(mark.span())
        elif mark["sign"] == "{":
            self.opened.append(mark.start())
            if len(self.opened) > DEEPEST:
                cause, remedy = f"braces nest more than {DEEPEST} deep", "Split the formula into definitions"
                raise self._error(cause, remedy, mark.start())
        elif not self.opened:
            raise self._error("this brace closes nothing", "Remove it, or open one with {", mark.start())
        elif self.opened.pop() in self.labelled:
            self._label(mark.end())

    def _label(self, position: int) -> None:
        """Blank the label of an underbrace that may follow its closing brace."""
        script = re.compile(r"\s*[_^]\s*(\{|\\[a-zA-Z]+|.)").match(self.text, position, self.span.end)
        if script is None:
            return
        end, depth = script.end(), int(script[1] == "{")
        while depth and end < self.span.end:
            depth += {"{": 1, "}": -1}.get(self.text[end], 0)
            end += 1
        self.blanks.append((position, end))


def _with_bars(text: str, span: Span) -> str:
    """The text with marks that tell bars which open from those which close."""
    if "|" not in text[span.start : span.end]:
        return text
    signs = list(text)
    for opening, closing in paired_bars(text[span.start : span.end]):
        signs[span.start + opening], signs[span.start + closing] = OPENING_BAR, CLOSING_BAR
    return "".join(signs)


def _ending(text: str, span: Span) -> int:
    """Where the blanks and stops begin that a stretch ends with; a backslash before one makes it a blank too."""
    end = span.end
    while True:
        rest = text[span.start : end].rstrip(ENDING)
        backslashes = len(rest) - len(rest.rstrip("\\"))
        if span.start + len(rest) == end or backslashes % 2 == 0:
            return span.start + len(rest)
        end = span.start + len(rest) - 1

"""What indexcalc says when it cannot go on: one exception, and the one place that draws a line with its carets."""

from __future__ import annotations

import linecache
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

HERE = str(Path(__file__).parent)  # where the lines are that a user did not write


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: the positions of its first character and of the one after its last."""

    start: int
    end: int


class IndexcalcError(ValueError):
    """A sentence of cause and one of remedy, with the places in the user's text that they speak of.

    Parameters
    ----------
    cause: what is wrong, as one sentence without a full stop.
    remedy: what to do about it, likewise; may be empty.
    text: the whole text that was read; empty where the error concerns no text.
    spans: the places concerned; the first gives `line` and `column`.
    """

    def __init__(
        self, cause: str, remedy: str = "", text: str = "", spans: Iterable[Span] = ()
    ) -> None:
        self.cause, self.remedy, self.text = cause, remedy, text
        self.spans = tuple(spans)
        super().__init__(self._message())

    def located(self, text: str, spans: Iterable[Span]) -> IndexcalcError:
        """The same error with its places, for a pass that knows the text better than the one that failed."""
        return self if self.spans else type(self)(self.cause, self.remedy, text, spans)

    @property
    def line(self) -> int:
        """The line of the first place, counted from 1; 0 where there is none."""
        return self.text.count("\n", 0, self.spans[0].start) + 1 if self.spans else 0

    @property
    def column(self) -> int:
        """The column of the first place, counted from 1; 0 where there is none."""
        if not self.spans:
            return 0
        return self.spans[0].start - (self.text.rfind("\n", 0, self.spans[0].start) + 1) + 1

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the words, and the line of the user's that asked, instead of what lies between."""
        return [f"{type(self).__name__}: {self}", *_asking_line(self.__traceback__)]

    def _message(self) -> str:
        sentences = [_sentence(words) for words in (self.cause, self.remedy) if words]
        if not self.spans:
            return " ".join(sentences)
        places = f"line {self.line}, column {self.column}: "
        return "\n".join([places + sentences[0], *draw(self.text, self.spans), *sentences[1:]])


@contextmanager
def asked_for(target: str) -> Iterator[None]:
    """Errors that know no place get that of the target that was asked for."""
    try:
        yield
    except IndexcalcError as error:
        if error.spans:
            raise
        start = len(target) - len(target.lstrip())
        raise error.located(target, [Span(start, len(target.rstrip()))]) from None


def _asking_line(trace: TracebackType | None) -> list[str]:
    """The innermost line outside of indexcalc that a traceback goes through; none where its text is not known."""
    found: list[str] = []
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        inside = file.startswith(HERE) or "IPython" in file
        line = "" if inside else linecache.getline(file, trace.tb_lineno).strip()
        if line and not line.startswith("get_ipython()."):  # what IPython makes of a magic says nothing
            found = [f"in line {trace.tb_lineno}: {line}"]
        trace = trace.tb_next
    return found


def _sentence(words: str) -> str:
    return words if words.endswith(("?", ".")) else f"{words}."


WIDTH = 100  # a longer line is cut around its first caret


def draw(text: str, spans: Iterable[Span]) -> list[str]:
    """Every line that a span touches, each with a line of carets below it."""
    rows: dict[int, list[tuple[int, int]]] = {}
    for span in spans:
        start = text.rfind("\n", 0, span.start) + 1
        end = text.find("\n", span.start)
        end = len(text) if end < 0 else end
        rows.setdefault(start, []).append((span.start - start, min(span.end, end) - start))
    drawn: list[str] = []
    for start, marks in sorted(rows.items()):
        drawn += _draw_line(text[start:].split("\n", 1)[0], marks)
    return drawn


def _draw_line(line: str, marks: list[tuple[int, int]]) -> list[str]:
    shift = max(0, min(first for first, _ in marks) - WIDTH // 2) if len(line) > WIDTH else 0
    window = line[shift : shift + WIDTH].replace("\t", " ")
    carets = [" "] * (len(window) + 1)
    for first, last in marks:
        for place in range(first - shift, max(last, first + 1) - shift):
            if 0 <= place < len(carets):
                carets[place] = "^"
    return [f"    {window}", f"    {''.join(carets).rstrip()}"]

"""Random messages for the page, the editor and the assistant: `python -m tests.surfaces_campaign SEED COUNT`.

Whatever is asked, there is an answer or an error in words; a fault of ours is printed with what was asked.
"""

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

from indexcalc.assistant import answers as assistant
from indexcalc.audit.keeping.session import Session
from indexcalc.editor.actions import actions_at
from indexcalc.editor.analysis import analysed
from indexcalc.editor.findings import findings
from indexcalc.editor.hovers import hover_at
from indexcalc.editor.names import completions_at, definition_at
from indexcalc.errors import IndexcalcError, Span
from indexcalc.page.answers import answer
from indexcalc.terminal import fault

PIECES = (
    "y[i] = x[i] A[i,j] * + - / ^ x[j] diff( , ) [ ] { } sum[k]( prod[k]( max( log( exp(x[i]) check assume index i : m "
    "tensor X[i,j] @ .T inv(A) delta[i,j] 1[i==j] where( \\frac{a}{b} \\partial x_i x_{ij} = \\sum_i $ $$ # 1 0 2.5 -1 "
    "```indexcalc ``` 1e400 ' \" \\ & \\\\ \\begin{align} \\end{align} σ 😀 \0 i i' x[1] x[i+1] sigmoid("
    " symmetric A notation"
).split(" ")
FORMATS = ("", "markdown", "latex", "rst", "python", "sheet", "notebook")
SHEETS = (
    "a[q] = exp(z[q]) / sum[k](exp(z[k]))\nda[q,s] = diff(a[q], z[s])\ncheck da[q,s] = a[q]\n",
    "tensor X[i,j], w[j], y[i]\nL = norm(X @ w - y)^2\ng[j] = diff(L, w[j])\n",
)


def text(chance: random.Random) -> str:
    """A text of pieces, or a sheet with some of its letters changed."""
    if chance.random() < 0.4:
        letters = list(chance.choice(SHEETS))
        for _ in range(chance.randint(0, 3)):
            letters[chance.randrange(len(letters))] = chance.choice(PIECES)
        return "".join(letters)
    between = chance.choice([" ", " ", "", "\n"])
    return between.join(chance.choices(PIECES, k=chance.randint(0, 14)))


def questions(chance: random.Random) -> Iterator[tuple[str, object, Callable[[], object]]]:
    """Questions without end: whose, what, and how it is asked."""
    while True:
        one, two, three = text(chance), text(chance), text(chance)
        kind = chance.choice(["derive", "code", "verify", "picture", "check"])
        asked = {"sheet": one, "target": two, "text": three, "backend": chance.choice(["einsum", "numpy", two])}
        asked |= {"kind": chance.choice(["graph", "network", "sparsity", "x"]), "format": chance.choice(FORMATS)}
        asked |= {"sizes": chance.choice(["", "i=3", two])}
        yield "page", (kind, asked), lambda kind=kind, asked=asked: answer(kind, asked)
        place = chance.randrange(len(three) + 2)
        name = chance.choice(["a.md", "a.tex", "a.ic", "a.py", "a.ipynb", "a.rst", "a"])
        yield "editor", (three, name, place), lambda three=three, name=name, place=place: edit(three, name, place)
        yield "assistant", (one, two), lambda one=one, two=two: assistant.derived(one, two, True)
        yield "assistant", (one, two, three), lambda one=one, two=two, three=three: assistant.compared(one, two, three)
        yield "assistant", one, lambda one=one: assistant.parsed(one)


SESSIONS: dict[str, Session] = defaultdict(Session)  # as in an editor: each text is what became of the one before


def edit(document: str, name: str, place: int) -> object:
    """All that an editor asks of a place, of a text that follows on the last one of that name."""
    analysis = analysed(document, name, session=SESSIONS[name])
    found = [findings(analysis), hover_at(analysis, place), actions_at(analysis, Span(place, place + 1))]
    return [*found, completions_at(analysis, place), definition_at(analysis, place)]


def faults(seed: int, count: int) -> Iterator[str]:
    """What went wrong in so many questions: an error that is not in words, or an answer that is no JSON."""
    chance = random.Random(seed)
    for (whose, asked, ask), _ in zip(questions(chance), range(count), strict=False):
        start = time.monotonic()
        try:
            found = ask()
            if whose != "editor":
                json.dumps(found)
        except (IndexcalcError, assistant.RefusedError):
            pass
        except Exception as error:
            yield f"{whose} {asked!r}: {fault(error)}"
        if time.monotonic() - start > 5:
            yield f"{whose} {asked!r}: {time.monotonic() - start:.1f} s"


if __name__ == "__main__":
    for each in faults(int(sys.argv[1]), int(sys.argv[2])):
        print(each, flush=True)
    print(f"{sys.argv[2]} questions asked")

r"""Slips put into documents whose steps are confirmed: are they found, in their line, and mended?

    python -m tests.slip_campaign DOCUMENT... [--count 100] [--seed 0] [--show]

A slip changes the right side of one confirmed step: a sign, a factor, an index, a sum that is left out, a
transposition, a bracket. It is found if that step is refuted then; it is mended if the fix makes the step right in
the place of the original. Slips that change nothing are not counted, but their number is shown.
"""

import argparse
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from indexcalc.audit.auditing import audited
from indexcalc.audit.documents.document import open_document, read

CONFIRMED = ("proved", "agrees")
SUM = re.compile(r"\\sum\s*(?:\\limits\s*)?(?:[_^]\s*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\[A-Za-z]+|\w)\s*)*")
TURNED = re.compile(
    r"\^\s*(?:\{\s*(?:\\top|\\mathsf\s*\{?\s*T\s*\}?|\\intercal|T)\s*\}|\\top|\\intercal|T)(?![A-Za-z])"
)
BOUNDED = re.compile(r"\\(?:sum|prod)\s*(?:\\limits\s*)?_\s*(?:\{[^{}]*\}|\w)\s*\Z")
SCRIPT = re.compile(r"_\s*(?:\{(?P<several>[a-z]{1,4})\}|(?P<one>[a-z])(?![a-zA-Z]))")
SIGN = re.compile(r"(?<=[\w})\]])\s*(?P<sign>[+-])(?=\s*[\\\w({])")
NUMBER = re.compile(r"(?<![\d_^{.])(?<!\\\\\[)(?P<number>[2-9])(?=\s*[\\A-Za-z(])")
BRACKET = re.compile(r"(?:\\left\s*|(?<!\\))\((?P<inside>[^()]*[+-][^()]*?)(?:\\right\s*|(?<!\\))\)(?!\s*[\^_])")


def signs(text):
    """The other sign between two terms."""
    for match in SIGN.finditer(text):
        other = "-" if match["sign"] == "+" else "+"
        yield text[: match.start("sign")] + other + text[match.end("sign") :]


def factors(text):
    """A number left out, or a factor 2 too many."""
    for match in NUMBER.finditer(text):
        yield text[: match.start()] + " " + text[match.end() :]
    if not re.match(r"\s*[-+]", text) and not SIGN.search(text):
        yield f"2 {text}"


def indices(text):
    """An index for another one that the side has."""
    found = list(SCRIPT.finditer(text))
    letters = sorted({letter for match in found for letter in match["several"] or match["one"]})
    for match in found:
        name = "several" if match["several"] else "one"
        own = match[name]
        for place in range(len(own)):
            for other in letters:
                if other not in own:
                    new = own[:place] + other + own[place + 1 :]
                    yield text[: match.start(name)] + new + text[match.end(name) :]
        if len(own) == 2 and own[0] != own[1]:
            yield text[: match.start(name)] + own[::-1] + text[match.end(name) :]


def sums(text):
    """A sum left out."""
    for match in SUM.finditer(text):
        if re.match(r"\s*(?:[})\]]|\Z|\\right)", text[match.end() :]):
            continue  # the sum is all that stands in the brackets
        yield text[: match.start()] + " " + text[match.end() :]


def transpositions(text):
    """A transposition left out."""
    for match in TURNED.finditer(text):
        if BOUNDED.search(text[: match.start()]):
            continue  # the upper end of a sum
        yield text[: match.start()] + " " + text[match.end() :]


def brackets(text):
    """A pair of brackets around a sum left out."""
    for match in BRACKET.finditer(text):
        if text[: match.start()].strip(" {&") and not re.search(
            r"(?:[A-Za-z]|\\(?:log|exp|ln|sin|cos|tanh|sigma))\s*\Z", text[: match.start()][-1:]
        ):
            yield text[: match.start()] + " " + match["inside"] + " " + text[match.end() :]


KINDS = {
    "sign": signs,
    "factor": factors,
    "index": indices,
    "sum": sums,
    "transposition": transpositions,
    "bracket": brackets,
}


@dataclass(frozen=True)
class Slip:
    """A slip: its kind, where the right side stands in the file, its new text, where the relation stands."""

    kind: str
    start: int
    end: int
    new: str
    relation: int


def trace(judge):
    """What the steps that are judged leave for those behind them."""
    solving, ranges = judge.solving, judge.meanings.ranges
    return (
        tuple(map(ranges.find, ranges.parent)),
        tuple(map(len, (judge.slips, judge.wrong, solving.equations, solving.left_open, solving.solutions))),
        sum(map(len, judge.meanings.definitions.by_letter.values())),
    )


@dataclass
class Baseline:
    """A document as it is: its steps, those that are confirmed, and the places of those that leave a trace."""

    steps: list
    confirmed: set
    traces: frozenset

    @classmethod
    def of(cls, document):
        """The baseline of a document."""
        audit = audited(document)
        judge, traces = audit.judge, set()
        for step in audit.steps:
            position, before = step.statement.links[step.place].position, trace(judge)
            judge.judge(audit.steps, frozenset((position,)))
            if trace(judge) != before:
                traces.add(position)
        confirmed = {claim.position for claim in judge.claims if str(claim.verdict) in CONFIRMED}
        return cls(audit.steps, confirmed, frozenset(traces))


def slips(document, baseline):
    """All slips that can be put into the confirmed steps of a document."""
    confirmed = baseline.confirmed
    for step in baseline.steps:
        statement = step.statement
        link, side = statement.links[step.place], statement.sides[step.place + 1]
        if link.position not in confirmed or not side.tokens:
            continue
        content = document.pieces[statement.formula].content
        first, last = side.tokens[0].start, side.tokens[-1].end
        start, end = content.place(first), content.place(last - 1) + 1
        text = content.text[first:last]
        if document.text[start:end] != text:
            continue  # a notebook escapes it, or a macro was put in
        for kind, change in KINDS.items():
            for new in change(text):
                yield Slip(kind, start, end, new, link.position)


def judged(document, slip, new, traces):
    """The claim of the step of a slip, with another right side.

    Only this step is judged, and those before it that leave something for the steps behind them: the others do not
    change its verdict.
    """
    text = document.text[: slip.start] + new + document.text[slip.end :]
    audit = audited(read(text, document.format, document.name))
    audit.judge.judge(audit.steps, frozenset((slip.relation, *(each for each in traces if each < slip.start))))
    return next((claim for claim in audit.judge.claims if claim.position == slip.relation), None)


def _written(text, document):
    """A text as the file writes it: a notebook is JSON."""
    return json.dumps(text)[1:-1] if document.format == "notebook" else text


def outcome(document, slip, traces=frozenset()):
    """What came of a slip: same, missed (with its verdict), found, or mended."""
    claim = judged(document, slip, slip.new, traces)
    word = str(claim.verdict) if claim else "no claim"
    if word in CONFIRMED:
        return "same", claim
    if word != "refuted":
        return f"missed: {word}", claim
    if claim.fix:
        again = judged(document, slip, f" {_written(claim.fix, document)} ", traces)
        if again is not None and str(again.verdict) in CONFIRMED:
            return "mended", claim
    return "found", claim


def campaign(documents, count, seed, show=lambda *_: None):
    """The outcomes of so many slips, drawn evenly over documents and kinds, by kind."""
    found = {kind: Counter() for kind in KINDS}
    for document in documents:
        chance = random.Random(f"{seed} {document.name}")
        baseline = Baseline.of(document)
        every = list(slips(document, baseline))
        for kind in KINDS:
            own = [slip for slip in every if slip.kind == kind]
            for slip in chance.sample(own, min(len(own), max(1, count // (len(documents) * len(KINDS))))):
                what, claim = outcome(document, slip, baseline.traces)
                found[kind][what] += 1
                show(document, slip, what, claim)
    return found


def rates(found):
    """How many slips of those that change something are found, and how many mended."""
    total = Counter()
    for each in found.values():
        total.update(each)
    real = sum(number for what, number in total.items() if what != "same")
    return real, total["found"] + total["mended"], total["mended"]


def _shown(document, slip, what, claim):
    if what == "mended":
        return
    line = document.lines.at(slip.start)[0]
    print(f"{document.name}:{line}: {slip.kind}: {what}\n    {document.text[slip.start : slip.end]}\n    {slip.new}")
    if claim:
        print(f"    {claim.reason}" + (f"\n    fix: {claim.fix}" if claim.fix else ""))


def main():
    """Put slips into the documents that are named, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print the slips that are not mended")
    options = parser.parse_args()
    documents = [open_document(path, None) for path in options.documents]
    found = campaign(documents, options.count, options.seed, _shown if options.show else lambda *_: None)
    for kind, outcomes in found.items():
        print(f"{kind:14} {dict(sorted(outcomes.items()))}")
    real, seen, mended = rates(found)
    print(f"{real} slips: {seen} found ({seen / max(1, real):.0%}), {mended} mended ({mended / max(1, real):.0%})")


if __name__ == "__main__":
    main()

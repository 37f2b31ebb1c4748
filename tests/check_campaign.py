"""Random derivations as documents, right and with slips, by hand:

    python -m tests.check_campaign --count 2000
    python -m tests.check_campaign --start 17 --count 1 --show          # one problem, with its documents

The steps that indexcalc derives are right, and so are the same terms written out, multiplied out or put in short form:
none may be refuted. With one slip each a step must be refuted, unless the reference evaluator finds both sides equal. A
failure is printed with its seed; the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

import indexcalc as ic
from indexcalc.audit.checking import check_document
from indexcalc.audit.slips.edits import Slips
from indexcalc.canonical import Canonical
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing import latex, text
from indexcalc.rewrite.expand import Expansion, TooLargeError
from indexcalc.terms import Index, Product, Sum, Term
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import on_kink, sample
from indexcalc.walk import replace_tensors, subterms
from tests.strategies import Problem, random_problem

LIMIT = 60  # seconds for a problem
SEEDS = (11, 12, 13)  # of samples: others than those of the proof
MOST_SLIPS = 3  # tried for one problem
LONGEST = 5000  # characters of a side: longer ones are not written by people, and refused by the reader


@dataclass(frozen=True)
class Derivation:
    """A problem with the terms that are all equal to its target."""

    problem: Problem
    result: ic.Derivation
    terms: tuple[Term, ...]

    @property
    def axes(self) -> tuple[Index, ...]:
        """The free indices."""
        return self.result.derived.axes

    def document(self, terms: tuple[Term, ...], dialect: Any) -> str:
        """A document with a chain of terms, in LaTeX or as a `check` statement."""
        sides = [dialect.write(term, self.result.sheet, self.axes) for term in terms]
        if dialect is text:
            return f"```indexcalc\n{self.problem.sheet}\ncheck {' = '.join(sides)}\n```\n"
        rows = " \\\\\n&= ".join(sides[1:])
        fence = f"```indexcalc\n{self.problem.sheet}\n```\n"
        return f"{fence}\n$$\n\\begin{{align}}\n{sides[0]} &= {rows}\n\\end{{align}}\n$$\n"


def derivation(seed: int) -> Derivation | None:
    """The derivation of a seed; none where its steps name tensors that its sheet does not have, or are too long."""
    problem = random_problem(seed)
    result = ic.derive(problem.sheet, problem.target)
    known = result.target.sheet.slots.keys()
    terms = [result.target.term, *(step.expression.term for step in result.steps), result.derived.term]
    terms += list(forms(result.derived.term, result))
    unique = dict.fromkeys(term for term in terms if term.symbols <= known)
    short = (term for term in unique if len(latex.write(term, result.sheet, result.derived.axes)) <= LONGEST)
    found = Derivation(problem, result, tuple(short))
    return found if len(found.terms) > 1 and found.terms[0] is result.target.term else None


def forms(term: Term, result: ic.Derivation) -> Iterator[Term]:
    """The same term in other forms: multiplied out, and with its definitions put in."""
    axes = result.derived.axes
    try:
        expansion = Expansion(Canonical(), rank={index: place for place, index in enumerate(axes)}, everything=True)
        yield expansion.term(expansion(term))
    except TooLargeError:
        pass
    yield replace_tensors(term, result.target.sheet.inline)


def check(seed: int) -> Iterator[str]:
    """What is wrong with the verdicts on the derivation of a seed, right and with slips."""
    found = derivation(seed)
    if found is None:
        return
    world = sample(found.result.sheet, found.terms, seed)
    if on_kink(world, found.terms):
        return
    for dialect in (latex, text):
        yield from right(found, dialect)
    for dialect, wrong in zip((latex, text, latex), slips(found, seed), strict=False):
        yield from refuted(found, wrong, dialect)


def right(found: Derivation, dialect: Any) -> Iterator[str]:
    """The steps that are refuted, or cannot be read, though they are right."""
    document = found.document(found.terms, dialect)
    for claim in check_document(document, "markdown").claims:
        if str(claim.verdict) not in ("proved", "agrees"):
            yield f"right: {claim.verdict}: {claim.text}: {claim.reason}"
        COUNTS["right", str(claim.verdict)] += 1


def slips(found: Derivation, seed: int) -> Iterator[tuple[str, Term]]:
    """Some slips in the result, drawn by chance, that change its numbers."""
    term, axes = found.result.derived.term, found.axes
    edits = list(islice(Slips(found.result.target.sheet, axes).edits(term), 300))
    edits += [("a term too many", Sum(term, part)) for part in subterms(term) if part.free <= frozenset(axes)][1:5]
    inside = [part for part in subterms(term) if part.free <= frozenset(axes)]
    edits += [("a factor too many", Product(term, part)) for part in inside][1:5]
    random.Random(seed).shuffle(edits)
    chosen = (edit for edit in edits if edit[1].free <= frozenset(axes) and differs(found, edit[1]))
    yield from islice(chosen, MOST_SLIPS)


def differs(found: Derivation, wrong: Term) -> bool:
    """Whether a term has other numbers than the result."""
    right = found.result.derived.term
    for seed in SEEDS:
        try:
            world = sample(found.result.sheet, (right, wrong), seed)
            pair = evaluate(right, world, found.axes), evaluate(wrong, world, found.axes)
        except (IndexcalcError, KeyError):
            return False
        scale = max(1e-12, *(float(np.abs(value).max(initial=0)) for value in pair))
        finite = np.isfinite(pair[0]).all() and np.isfinite(pair[1]).all()
        if finite and np.abs(pair[0] - pair[1]).max(initial=0) > 1e-4 * scale:
            return True
    return False


def refuted(found: Derivation, wrong: tuple[str, Term], dialect: Any) -> Iterator[str]:
    """Whether a step with a slip is not refuted."""
    sentence, term = wrong
    (claim,) = check_document(found.document((found.result.target.term, term), dialect), "markdown").claims
    COUNTS["wrong", str(claim.verdict)] += 1
    COUNTS["fix", "yes" if claim.fix else "no"] += 1
    if str(claim.verdict) != "refuted":
        yield f"slip ({sentence}): {claim.verdict}: {claim.text}: {claim.reason}"


COUNTS: Counter[tuple[str, str]] = Counter()


def run(seed: int) -> list[str]:
    """The failures of one seed, taking too long among them."""

    def out_of_time(*_: Any) -> None:
        raise TimeoutError(f"it took longer than {LIMIT} s")

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(LIMIT)
    try:
        with np.errstate(all="ignore"):
            return list(check(seed))
    except Exception as error:
        return [f"campaign: {type(error).__name__}: {error}"]
    finally:
        signal.alarm(0)


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Random derivations as documents, right and with slips.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", action="store_true", help="print the problem of a failure")
    options = parser.parse_args()
    failed = 0
    for seed in range(options.start, options.start + options.count):
        messages = run(seed)
        failed += bool(messages)
        for message in messages:
            print(f"seed {seed}: {' '.join(message.split())[:400]}", flush=True)
        if messages and options.show:
            print(random_problem(seed), "\n", flush=True)
    for (kind, word), count in sorted(COUNTS.items()):
        print(f"{count:6}  {kind}: {word}")
    print(f"{options.count - failed} of {options.count} problems right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""However a sheet is spelled, it gives the same results and verdicts.

    python -m tests.test_invariance 0 1000          # the problems of seeds 0 to 999

Letters, names, the order of statements, addends and factors are changed at random (tests/respelling.py).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import indexcalc as ic
from indexcalc.results import Derivation
from tests.respelling import WORD, Spelling, respelled
from tests.strategies import Problem, problems, random_problem

CHUNK = 8
LONG = 400  # characters of a result that takes too long to compare as a formula

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.ic"))


def differences(problem: Problem, seed: int) -> list[str]:
    """What differs between a problem and another spelling of it."""
    spelling = respelled(problem.sheet, problem.target, random.Random(seed))
    one, two = derived(problem.sheet, problem.target), derived(spelling.sheet, spelling.target)
    if isinstance(one, str) or isinstance(two, str):
        return [] if isinstance(one, str) and isinstance(two, str) else [f"one is refused: {one}, {two}"]
    found = []
    axes = tuple(map(spelling.word, two.axes))
    if axes != one.axes:
        found.append(f"the axes {one.axes} and {axes}")
    if comparable(one, two) and shape(str(one)) != shape(spelling.original(str(two))):
        found.append(f"the lengths of {one} and {two}")
    found += unequal(one, two, spelling)
    return found + ([*contradictions(problem, one, spelling, two)] if comparable(one, two) else [])


def contradictions(
    problem: Problem, one: Derivation, spelling: Spelling, two: Derivation
) -> Iterator[str]:
    """Claims, true and false ones, in ASCII and in LaTeX, that get another verdict in the other spelling."""
    for claim in ("{}", "2*({})"):
        first = str(ic.equal(one.sheet, problem.target, claim.format(one)))
        second = str(ic.equal(two.sheet, spelling.target, claim.format(two)))
        if first != second and "undecided" not in (first, second):
            yield f"the verdicts {first} and {second} on {claim}"
    for text in (two.target.latex(), two.latex()):
        verdict = ic.equal(two.sheet, text, str(two))
        if str(verdict) not in ("proved", "agrees"):
            yield f"{verdict}: {text} = {two}, {verdict.reason}"


def derived(sheet: str, target: str) -> Derivation | str:
    """The result, or why there is none."""
    try:
        return ic.derive(sheet, target)
    except ic.IndexcalcError as error:
        return str(error)


def comparable(one: Derivation, two: Derivation) -> bool:
    """Whether results are compared as formulas: those that are short, without adjoints that are named by a sheet."""
    return len(str(one)) < LONG and "_bar" not in f"{one}{two}"


def shape(text: str) -> int:
    """How long a text is, whatever the lengths of its words."""
    return len(WORD.sub("w", text))


def unequal(one: Derivation, two: Derivation, spelling: Spelling) -> list[str]:
    """Where the results differ: by their formulas, or by their numbers."""
    if comparable(one, two):
        verdict = ic.equal(one.sheet, str(one), spelling.original(str(two)))
        return [] if str(verdict) in ("proved", "agrees") else [f"{one} and {two}: {verdict.reason}"]
    first, second = one.compile(), two.compile()
    back = {name: spelling.word(name) for name in second.arguments}
    source = np.random.default_rng(0)
    sizes: dict[object, int] = {}
    arrays = {}
    for name in set(first.arguments) | set(back.values()):
        ranges = one.sheet.slots.get(name, ())
        if name not in one.sheet.slots or any(range.size for range in ranges):
            return []  # an unknown function, or a size
        arrays[name] = source.uniform(0.5, 1.5, [sizes.setdefault(range, 2 + len(sizes)) for range in ranges])
    values = first(**{name: arrays[name] for name in first.arguments})
    others = second(**{name: arrays[back[name]] for name in second.arguments})
    close = np.allclose(values, others, rtol=1e-8, atol=1e-12, equal_nan=True)
    return [] if close else [f"the numbers of {one} and {two}"]


@pytest.mark.parametrize("start", range(0, 16, CHUNK))
def test_seeded_problems(start):
    with np.errstate(all="ignore"):
        found = {seed: differences(random_problem(seed), seed) for seed in range(start, start + CHUNK)}
    assert not {seed: words for seed, words in found.items() if words}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_claims_of_the_examples(path):
    sheet = path.read_text()
    for seed in range(3):
        text = respelled(sheet, "1", random.Random(seed)).sheet
        verdicts = sorted(str(claim.verdict) for claim in ic.check(f"{text}\n", format="sheet").claims)
        assert verdicts == sorted(str(claim.verdict) for claim in ic.check(path).claims), text


@given(problems(), st.integers(0, 1000))
@hypothesis.settings(max_examples=5)
def test_shrinkable_problems(problem, seed):
    with np.errstate(all="ignore"):
        assert not differences(problem, seed)


def main(first: int, last: int) -> int:
    """Compare the spellings of the problems of some seeds; the exit status is 1 if one differs."""
    wrong = 0
    with np.errstate(all="ignore"):
        for seed in range(first, last):
            for words in differences(random_problem(seed), seed):
                wrong += 1
                print(f"seed {seed}: {words[:1000]}", flush=True)
    print(f"{last - first} problems, {wrong} differences")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))

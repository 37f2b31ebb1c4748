"""The reference evaluator, autograd and differences agree with the evaluator of the open cases, if that is at hand."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.terms import Index
from indexcalc.verify.reference import Differences, Reference
from indexcalc.verify.samples import sample
from indexcalc.verify.witnesses import Autograd

SHARED = next((each / "shared" for each in Path(__file__).parents if (each / "shared" / "tools").is_dir()), Path())
CASES = SHARED / "corpus" / "open_cases.jsonl"


def cases():
    """The open cases that hold expressions in the ASCII dialect."""
    rows = [json.loads(line) for line in CASES.read_text().splitlines()] if CASES.is_file() else []
    return [row for row in rows if row["kind"] in ("derive", "evaluate", "claim")]


@pytest.fixture(scope="module")
def truth():
    """The other evaluator."""
    if not CASES.is_file():
        pytest.skip("../shared is not at hand")
    sys.path.insert(0, str(SHARED / "tools"))
    yield pytest.importorskip("truth")
    sys.path.remove(str(SHARED / "tools"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_the_evaluators_agree(case, truth):
    texts = [case[field] for field in ("target", "expected", "left", "right") if field in case]
    sheet = parse_sheet(case["sheet"])
    for text in texts:
        sheet = read_expression(sheet, text, free=case["axes"]).sheet
    terms = [read_expression(sheet, text, free=case["axes"]).term for text in texts]
    axes = tuple(Index(name, sheet.letters[name]) for name in case["axes"])
    for seed in range(2):
        world = sample(sheet, terms, seed, signed=case.get("signed", ()))
        other = same_numbers(truth, case, texts, world)
        for text, term in zip(texts, terms, strict=True):
            expected = other.value(text, case["axes"])
            np.testing.assert_allclose(Reference(world).array(term, axes), expected, rtol=1e-10, atol=1e-13)
            if "diff" in text:
                np.testing.assert_allclose(Autograd(world).array(term, axes), expected, rtol=1e-10, atol=1e-12)
                np.testing.assert_allclose(Differences(world).array(term, axes), expected, rtol=1e-7, atol=1e-9)


def same_numbers(truth, case, texts, world):
    """The other evaluator's world, with the sizes and arrays of ours."""
    drawn = truth.sample(case["sheet"], texts, 0, case.get("signed", ()))
    letters = {name: world.sizes[range_] for name, range_ in world.sheet.letters.items() if range_ in world.sizes}
    numbers = {range_.label: float(size) for range_, size in world.sizes.items()}
    return truth.World(drawn.sheet, {**drawn.sizes, **letters}, numbers, dict(world.arrays))

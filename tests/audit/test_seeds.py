"""The five texts that indexcalc was built for: every chain is read, every error found, no right step refuted.

Line 77 of the first lacks a case, line 306 of the second leaves an index free, line 110 of the fourth names matrices by
their number in an unknown count: these three sides are ill-formed.
"""

from collections import Counter
from pathlib import Path

import pytest

from indexcalc.audit.checking import check_document

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed texts are not part of the repository")

# By the first digits of the name: how many steps have which verdict, those that are not proved by their line, the lines
# of definitions and facts, and what is wrong in the prose.
EXPECTED = {
    "000": (
        {"proved": 31, "refuted": 2, "unreadable": 1},
        {77: "unreadable", 337: "refuted", 351: "refuted"},
        {22, 30, 125, 216, 251, 259, 276, 287, 312, 329, 343, 359},
        {216: "the index i would need two sizes, n and n_L"},
    ),
    "001": (
        {"proved": 47, "refuted": 2, "unreadable": 1},
        {306: "unreadable", 307: "refuted", 308: "refuted"},
        {103, 146, 224, 314},
        {
            113: "q runs to n_o, not to m",
            231: "r runs to m and to n_{o}; s is meant",
            264: "r runs to m and to n_{o}; s is meant",
        },
    ),
    "002": ({"proved": 28, "skipped": 13}, {}, {34, 76}, {}),
    "003": ({"unreadable": 1}, {110: "unreadable"}, set(), {}),
    "004": ({"proved": 6}, {}, {21, 39}, {}),
}
REASONS = {
    ("000", 77): "no case holds where i = k and j != l",
    ("000", 337): "a sign is wrong: in row 2, column 1: 0.5 on the left, -0.5 on the right",
    ("000", 351): "a sign is wrong: in row 1, column 1: 0.5 on the left, -0.5 on the right",
    ("001", 306): "line 306, column 51: the index q occurs only once",
    ("001", 307): "a bracket is missing: 1/m belongs to all terms",
    ("001", 308): "differs from the row above, equals the first row: the slip of line 307 is mended here",
}


@pytest.mark.parametrize("digits", EXPECTED)
def test_a_seed(digits):
    counts, wrong, taken, mistakes = EXPECTED[digits]
    (path,) = SEEDS.glob(f"{digits}_*.txt")
    (file,) = check_document(path).files
    assert Counter(str(claim.verdict) for claim in file.claims) == counts
    right = ("proved", "skipped")
    assert {claim.line: str(claim.verdict) for claim in file.claims if str(claim.verdict) not in right} == wrong
    assert {note.line for note in file.notes if note.kind in ("definition", "fact")} == taken
    assert {note.line: note.text for note in file.mistakes} == mistakes
    for claim in file.claims:
        assert REASONS.get((digits, claim.line), "") in claim.reason

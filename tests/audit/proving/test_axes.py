"""Axes along which nothing runs, and of whose ranges the sheet does not speak."""

from indexcalc.audit.proving.proof import prove
from indexcalc.sheet import Sheet
from indexcalc.terms import ONE, Index, Product, Range, Sum, Tensor, negative

ROWS, STRANGE = Range("i1", named=False), Range("i2", named=False)
SHEET = Sheet(slots={"P": (ROWS,), "c": ()}, order=("P", "c"))
AXES = (Index("i", ROWS), Index("j", STRANGE))
P = Tensor("P", AXES[:1])


def test_sides_that_differ_along_other_axes():
    assert prove(Product(Tensor("c"), P), Sum(ONE, negative(P)), SHEET, AXES).word == "refuted"


def test_sides_that_are_the_same():
    assert prove(Product(P, Sum(P, ONE)), Sum(Product(P, P), P), SHEET, AXES).word == "proved"

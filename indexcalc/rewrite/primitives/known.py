"""What the facts of a sheet say of the form of a matrix: orthonormal, or of one triangle."""

from __future__ import annotations

from collections.abc import Iterator

from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import ZERO, Contraction, Delta, Index, Indicator, Product, Tensor, Term, factors_of


def orthonormal(sheet: Sheet) -> Iterator[str]:
    """The square matrices with Q.T @ Q = eye or Q @ Q.T = eye: of a square matrix the one follows from the other."""
    for fact in sheet.facts:
        for left, right in ((fact.left, fact.right), (fact.right, fact.left)):
            found = _orthonormal(left, right) if fact.relation == "=" else ""
            ranges = sheet.slots.get(found, ())
            if len(ranges) == 2 and ranges[0] == ranges[1]:
                yield found


def _orthonormal(left: Term, right: Term) -> str:
    if not isinstance(left, Contraction) or not isinstance(right, Delta) or len(left.bound) != 1:
        return ""
    factors = factors_of(left.body)
    (k,) = left.bound
    if len(factors) != 2 or not all(isinstance(each, Tensor) and len(each.slots) == 2 for each in factors):
        return ""
    one, other = factors
    assert isinstance(one, Tensor) and isinstance(other, Tensor)
    same_place = one.name == other.name and any(one.slots[at] is k and other.slots[at] is k for at in (0, 1))
    return one.name if same_place and left.free == right.free and len(left.free) == 2 else ""


def completed(sheet: Sheet) -> list[Fact]:
    """The other equation of each orthonormal matrix: Q @ Q.T = eye beside Q.T @ Q = eye, where Q is square."""
    found = []
    for name in dict.fromkeys(orthonormal(sheet)):
        p, q, k = (Index(letter, sheet.slots[name][0]) for letter in ("~p", "~q", "~k"))
        for pair in (((k, p), (k, q)), ((p, k), (q, k))):
            product = Product(*(Tensor(name, slots) for slots in pair))
            found.append(Fact(Contraction((k,), product), "=", Delta(p, q)))
    return found


def triangular(sheet: Sheet, name: str) -> bool:
    """Whether a matrix is 0 above its diagonal, or below it: as a fact says, or as a Cholesky factor."""
    made = sheet.primitives.get(name)
    if made is not None:
        return made.kind == "chol"
    return any(_triangle(fact, name) for fact in sheet.facts if fact.relation == "=")


def _triangle(fact: Fact, name: str) -> bool:
    """Whether a fact is 1[i < j]*L[i,j] = 0 or L[i,j] = 1[i >= j]*L[i,j], or one of the other triangle."""
    for left, right in ((fact.left, fact.right), (fact.right, fact.left)):
        factors = factors_of(left)
        marks = [each for each in factors if isinstance(each, Indicator)]
        tensors = [each for each in factors if isinstance(each, Tensor) and each.name == name]
        if len(factors) != 2 or len(marks) != 1 or len(tensors) != 1:
            continue
        (mark,), (tensor,) = marks, tensors
        if {mark.left, mark.right} != set(tensor.slots) or len(tensor.slots) != 2:
            continue
        if (right is ZERO and mark.relation == "<") or (right is tensor and mark.relation == "<="):
            return True
    return False

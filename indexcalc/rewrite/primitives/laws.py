"""What the primitives of a sheet obey: A @ inv(A) = eye, chol(A) @ chol(A).T = A, the symmetry of inverses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from indexcalc.budget import TooLargeError
from indexcalc.calculus.primitives import primitive_name
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.facts import solved, symmetric_facts
from indexcalc.rewrite.match import Rule
from indexcalc.rewrite.primitives.known import completed, orthonormal
from indexcalc.rewrite.symmetry import canonical_under
from indexcalc.sheet import Fact, Primitive, Sheet
from indexcalc.terms import (
    ONE,
    Call,
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    factors_of,
    negative,
)
from indexcalc.walk import replace_tensors, substitute


def laws(sheet: Sheet) -> tuple[Fact, ...]:
    """What the primitives of a sheet obey: A @ inv(A) = eye, chol(A) @ chol(A).T = A, the symmetry of inverses.

    With them, what follows of an orthonormal matrix that is square.
    """
    canonical = canonical_under(sheet)
    found = completed(sheet)
    orthonormals = frozenset(orthonormal(sheet))
    for made in sheet.primitives.values():
        if made.kind == "det" and made.operands[0].name in orthonormals:
            found += _of_unit(made)
        rule = LAWS.get(made.kind)
        if rule is not None and (made.kind != "expm_frechet" or exponential_of(made) in sheet.primitives):
            found += rule(made, made.operands[0])
            operand = written_out(sheet, made.operands[0])
            found += rule(made, operand) if operand is not made.operands[0] else []
            rows, columns = made.matrices[0]
            turned = substitute(operand, {rows: columns, columns: rows})
            if made.kind in ("inv", "sqrtm", "expm") and rows.range == columns.range:
                expansion = Expansion(canonical, everything=True)
                try:
                    if not expansion(Sum(operand, negative(turned))):
                        own = Tensor(made.name, made.axes)
                        p, q = made.result
                        found.append(Fact(own, "=", substitute(own, {p: q, q: p})))
                except (TooLargeError, TypeError):
                    continue
    return tuple(found)


def law_rules(facts: Iterable[Fact], expansion: Expansion, all_forms: bool = False) -> list[Rule]:
    """The laws as rules; for a proof in all forms also those of a matrix of several addends."""
    rules = []
    for fact in facts:
        try:
            polynomial = expansion(fact.left)
        except (TooLargeError, TypeError):  # too large, or of a derivative that is not worked out
            continue
        if symmetric_facts([fact]):
            continue
        forms = [(polynomial[0], fact.right)] if len(polynomial) == 1 else []
        if all_forms and not forms:
            forms = list(solved(fact, expansion))
        rules += [Rule(left, right, fact.left.free | fact.right.free, fact) for left, right in forms]
    return rules


def written_out(sheet: Sheet, term: Term) -> Term:
    """A term with all definitions put in."""
    for _ in sheet.definitions:
        new = replace_tensors(term, sheet.inline)
        if new is term:
            break
        term = new
    return term


Element = Callable[..., Term]


def _parts(made: Primitive, operand: Term) -> tuple[Element, Element, tuple[Index, Index, Index]]:
    own = Tensor(made.name, made.axes)
    letters = tuple(Index("~law", made.result[0].range, place) for place in (1, 2, 3))

    def element(*slots: Index) -> Term:
        return substitute(own, dict(zip(made.result, slots, strict=True)))

    def matrix(*slots: Index) -> Term:
        return substitute(operand, dict(zip(made.matrices[0], slots, strict=True)))

    return element, matrix, letters  # type: ignore[return-value]


def _of_inverse(made: Primitive, operand: Term) -> list[Fact]:
    own, matrix, (i, j, k) = _parts(made, operand)
    return [
        Fact(Contraction((k,), Product(matrix(i, k), own(k, j))), "=", Delta(i, j)),
        Fact(Contraction((k,), Product(own(i, k), matrix(k, j))), "=", Delta(i, j)),
    ]


def _of_factor(made: Primitive, operand: Term) -> list[Fact]:
    own, matrix, (i, j, k) = _parts(made, operand)
    return [Fact(Contraction((k,), Product(own(i, k), own(j, k))), "=", matrix(i, j))]


def _of_root(made: Primitive, operand: Term) -> list[Fact]:
    own, matrix, (i, j, k) = _parts(made, operand)
    return [Fact(Contraction((k,), Product(own(i, k), own(k, j))), "=", matrix(i, j))]


def _of_pseudo_inverse(made: Primitive, operand: Term) -> list[Fact]:
    own, matrix = Tensor(made.name, made.axes), operand
    (p, q), (row, column) = made.result, made.matrices[0]
    i, j = Index("~law", row.range, 1), Index("~law", column.range, 2)
    k, m = Index("~law", row.range, 3), Index("~law", column.range, 4)

    def inverse(*slots: Index) -> Term:
        return substitute(own, dict(zip((p, q), slots, strict=True)))

    def at(*slots: Index) -> Term:
        return substitute(matrix, dict(zip((row, column), slots, strict=True)))

    return [
        Fact(Contraction((m, k), Product(at(i, m), inverse(m, k), at(k, j))), "=", at(i, j)),
        Fact(Contraction((k, m), Product(inverse(j, k), at(k, m), inverse(m, i))), "=", inverse(j, i)),
        Fact(Contraction((k, m), Product(at(k, j), at(k, m), inverse(m, i))), "=", at(i, j)),
        Fact(Contraction((k, m), Product(inverse(j, k), at(k, m), at(i, m))), "=", at(i, j)),
    ]


def _of_eigenvalues(made: Primitive, operand: Term) -> list[Fact]:
    own, matrix, (i, _, _) = _parts(made, operand)
    return [Fact(Contraction((i,), own(i)), "=", Contraction((i,), matrix(i, i)))]


def _of_unit(made: Primitive) -> list[Fact]:
    """The determinant of an orthonormal matrix is 1 or -1."""
    own = Tensor(made.name, made.axes)
    return [Fact(Power(own, Number(2)), "=", ONE), Fact(Call("abs", own), "=", ONE)]


def _of_exponential(made: Primitive, operand: Term) -> list[Fact]:
    """A matrix and its exponential commute."""
    own, matrix, (i, j, k) = _parts(made, operand)
    first, second = Product(_bare(matrix(i, k)), own(k, j)), Product(own(i, k), _bare(matrix(k, j)))
    return [Fact(Contraction((k,), first), "=", Contraction((k,), second))]


def _bare(matrix: Term) -> Term:
    """A matrix without the numbers in front of it."""
    return Product(*(each for each in factors_of(matrix) if each.free))


def exponential_of(made: Primitive) -> str:
    """The name of the exponential of which a primitive is the derivative; empty for any other."""
    return primitive_name("expm", made.operands, made.matrices, made.batch) if made.kind == "expm_frechet" else ""


def _of_its_slope(made: Primitive, operand: Term) -> list[Fact]:
    """The exponential of t*A moves by A times itself with t; its trace moves by itself, turned."""
    if made.batch:
        return []
    own, matrix, (i, j, k) = _parts(made, operand)
    m = Index("~law", made.result[0].range, 4)
    name = exponential_of(made)
    by_trace = Fact(Contraction((i,), own(i, i, j, k)), "=", Tensor(name, (k, j)))
    direction = _bare(matrix(k, m))
    moved = Contraction((k,), Product(substitute(direction, {k: i, m: k}), Tensor(name, (k, j))))
    by_number = Fact(Contraction((k, m), Product(own(i, j, k, m), direction)), "=", moved)
    return [by_trace, by_number]


LAWS: dict[str, Callable[[Primitive, Term], list[Fact]]] = {
    "inv": _of_inverse,
    "chol": _of_factor,
    "sqrtm": _of_root,
    "expm": _of_exponential,
    "expm_frechet": _of_its_slope,
    "pinv": _of_pseudo_inverse,
    "eigvalsh": _of_eigenvalues,
}

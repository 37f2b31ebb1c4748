r"""Facts in words as equations: symmetric A means A_{ij} = A_{ji}; a one-hot vector adds up to one."""

from __future__ import annotations

from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.prose import WordFact
from indexcalc.context.names import Use
from indexcalc.indices import Index, Range
from indexcalc.meaning.ranges import UnclearError
from indexcalc.terms import ONE, ZERO, Contraction, Delta, Indicator, Product, Tensor, Term, negative

Equation = tuple[Term, str, Term]


def stated(fact: WordFact, ranges: tuple[Range, ...], meanings: Meanings) -> list[Equation]:
    """The equations of a fact about a tensor with slots of these ranges.

    None where it says nothing of such a tensor.
    """
    name = fact.name
    indices = [Index("ijkl"[place % 4], each, 700 + place) for place, each in enumerate(ranges)]
    if fact.fact == "sums to one":
        if len(ranges) == 1:
            return [(Contraction(indices, Tensor(name, indices)), "=", ONE)]
        if len(ranges) == 2:
            return [(Contraction(indices[1:], Tensor(name, indices)), "=", ONE)]
        return []
    if fact.fact == "unit" and len(ranges) == 1:
        square = Product(Tensor(name, indices), Tensor(name, indices))
        return [(Contraction(indices, square), "=", ONE)]
    if fact.fact == "sign":
        own = Tensor(name, indices)
        return [(Product(own, own), "=", ONE)]
    if fact.fact == "binary":
        own = Tensor(name, indices)
        return [(Product(own, own), "=", own)]
    use = meanings.spelled.get(name)
    each = ranges[:-2] if meanings.known.count(use.name if use else name) == len(ranges) - 2 else ()
    ranges = ranges[len(each) :]  # of matrices S_k the words say something of each
    if len(ranges) != 2 or (each and fact.fact not in ("symmetric", "antisymmetric")):
        return []
    try:
        meanings.ranges.join(*ranges)
    except UnclearError:
        return []
    first, second = (Index(letter, ranges[0], serial) for letter, serial in (("i", 701), ("j", 702)))
    return _of_matrix(name, fact.fact, indices[: len(each)], first, second)


def _of_matrix(name: str, fact: str, before: list[Index], first: Index, second: Index) -> list[Equation]:
    """The equations of a fact about a square matrix, or about each of several."""
    third = Index("k", first.range, 703)
    match fact:
        case "symmetric":
            return [(Tensor(name, (*before, first, second)), "=", Tensor(name, (*before, second, first)))]
        case "antisymmetric":
            return [(Tensor(name, (*before, first, second)), "=", negative(Tensor(name, (*before, second, first))))]
        case "orthogonal":
            columns = Contraction((third,), Product(Tensor(name, (third, first)), Tensor(name, (third, second))))
            rows = Contraction((third,), Product(Tensor(name, (first, third)), Tensor(name, (second, third))))
            return [(columns, "=", Delta(first, second)), (rows, "=", Delta(first, second))]
        case "idempotent":
            square = Contraction((third,), Product(Tensor(name, (first, third)), Tensor(name, (third, second))))
            return [(square, "=", Tensor(name, (first, second)))]
        case "diagonal":  # as D_{ij} = \\delta_{ij} D_{ij}
            own = Tensor(name, (first, second))
            return [(own, "=", Product(Delta(first, second), own))]
        case "lower triangular" | "upper triangular":
            low, high = (first, second) if fact == "lower triangular" else (second, first)
            return [(Product(Indicator("<", low, high), Tensor(name, (first, second))), "=", ZERO)]
        case "traceless":
            return [(Contraction((first,), Tensor(name, (first, first))), "=", ZERO)]
    return []


def exchanged(fact: WordFact, meanings: Meanings) -> list[Equation]:
    r"""The blocks of a symmetric matrix: \Sigma_{XY} is \Sigma_{YX} transposed."""
    use = meanings.spelled.get(fact.name)
    found: list[Equation] = []
    for name, other in sorted(meanings.spelled.items()):
        if (
            use is None
            or other.letter != use.letter
            or len(other.labels) != 2
            or (fact.fact == "blocks" and name != fact.name)
        ):
            continue
        twin = Use(other.letter, other.labels[::-1]).name
        own, theirs = meanings.slots.get(name, ()), meanings.slots.get(twin, ())
        if twin in meanings.spelled and len(own) == len(theirs) == 2:
            try:
                meanings.ranges.join(own[0], theirs[1])
                meanings.ranges.join(own[1], theirs[0])
            except UnclearError:
                continue
            first, second = Index("i", own[0], 704), Index("j", own[1], 705)
            found.append((Tensor(name, (first, second)), "=", Tensor(twin, (second, first))))
    return found

r"""Shapes that follow from others: what is added to a vector is a vector, a matrix takes a vector to a vector.

Both sides of an equation have as many axes; so have all terms of a sum. What nothing says is a number: no evidence is
told for it, and `Knowledge.strength` is 0.
"""

from __future__ import annotations

import itertools

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import GUESSED, SHOWN
from indexcalc.context.names import is_transposed
from indexcalc.context.space.tensors import is_number
from indexcalc.context.uses import kin
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Derivative,
    Differential,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
    walk,
)
from indexcalc.notation.lexicon import GREEK

ROUNDS = 6
ADDED = "what it is equal or added to says so"
Statement = tuple[tuple[Formula, ...], tuple[str, ...], int]


def infer(statements: list[Statement], known: Knowledge) -> None:
    """Tell the ledger the shapes that follow from those that it knows."""
    parts = {part: None for sides, *_ in statements for side in sides for part in walk(side)}
    uses = (known.use(part) for part in parts if isinstance(part, Name | Scripted))
    families = kin(use for use in uses if use is not None)
    for _ in range(ROUNDS):
        before = sum(map(len, known.ledger.entries.values()))
        for sides, relations, place in statements:
            _statement(sides, relations, place, known)
        for names in families:
            _liken(names, known)
        if sum(map(len, known.ledger.entries.values())) == before:
            return


def _liken(names: list[str], known: Knowledge) -> None:
    """Names that differ by a step or a layer alone have as many axes, those of their indices among them."""
    found = {name: known.ledger.ask(name, "axes") for name in names}
    told = {known.count(name) + int(str(each.value)): each for name, each in found.items() if each}
    if len(told) == 1:
        ((rank, first),), why = told.items(), "it has the axes of the others of its kind"
        for name in (name for name, each in found.items() if each is None):
            if rank > (own := known.count(name)) or not own:
                known.believe(name, rank - own, first.strength, first.place, why, inferred=True)


def corroborate(statements: list[Statement], known: Knowledge) -> None:
    """Tell the ledger that what is guessed of a name is shown where two formulas ask for it, each by itself."""
    for name in list(known.ledger.names()):
        found = known.ledger.ask(name, "axes")
        if found is None or found.strength != GUESSED or known.ledger.rivals(name, "axes"):
            continue
        places = {place for sides, _, place in statements if any(_asks(side, name, known) for side in sides)}
        if len(places) > 1:
            known.believe(name, int(str(found.value)), SHOWN, min(places), "several formulas ask for it", inferred=True)


def _asks(side: Formula, name: str, known: Knowledge) -> bool:
    """Whether a formula has a name right behind a matrix, or behind a transposed vector."""
    for part in walk(side):
        factors = part.factors if isinstance(part, Product) else ()
        for (_, first), (operator, second) in itertools.pairwise(factors):
            use = known.use(second) if isinstance(second, Name | Scripted) else None
            if use is not None and use.name == name and not use.indices and operator in ("juxtaposed", "dot"):
                axes = axes_in(first, known)
                if axes == 2 or (axes == 1 and _is_transposed(first)):
                    return True
    return False


def _statement(sides: tuple[Formula, ...], relations: tuple[str, ...], place: int, known: Knowledge) -> None:
    for side in sides:
        for part in walk(side):
            _inside(part, place, known)
    for left, right, relation in zip(sides, sides[1:], relations, strict=False):
        if relation in ("equality", "definition", "relation"):
            _alike(left, right, place, known)


def _alike(left: Formula, right: Formula, place: int, known: Knowledge) -> None:
    first, second = axes_in(left, known), axes_in(right, known)
    if first is None and second is not None and second > 0:
        expect(left, second, place, known)
    if second is None and first is not None and first > 0:
        expect(right, first, place, known)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Name) and is_number(other) and not isinstance(other, Numeral):
            expect(one, 0, place, known)  # unless more is known of it


def _inside(part: Formula, place: int, known: Knowledge) -> None:
    """What one formula says of those inside it."""
    match part:
        case Bars("||", body):
            if (axes_in(body, known) or 0) == 1:
                expect(body, 1, place, known)
            elif axes_in(body, known) is None:
                names = _last_names(body)
                expect(body, 2 if names and all(map(_is_capital, names)) else 1, place, known)
        case Applied("tr" | "det" | "logdet" | "inv" | "vec", Formula() as inner) if axes_in(inner, known) is None:
            expect(inner, 2, place, known)
        case Applied("diag", argument) if argument is not None:
            names = _last_names(argument)
            if axes_in(argument, known) is None and names and not any(map(_is_capital, names)):
                expect(argument, 1, place, known)
        case Applied("softmax" | "logsumexp", argument) if argument is not None:
            if axes_in(argument, known) is None:
                expect(argument, 1, place, known)
        case Scripted(Bracket("(", Sum(terms)) as base) if _is_transposed(part):
            if 1 in (axes_in(term, known) for _, term in terms):
                expect(base, 1, place, known)  # (x - \mu)^\top: a Greek letter is a vector all the same
        case Sum(terms):
            found = [axes_in(term, known) for _, term in terms]
            largest = max((each for each in found if each is not None), default=0)
            for (_, term), axes in zip(terms, found, strict=True):
                if axes is None and largest > 0 and not _is_scalar_like(term, known):
                    expect(term, largest, place, known, GUESSED)
        case Product(factors):
            _around(factors, place, known)


def _around(factors: tuple[tuple[str, Formula], ...], place: int, known: Knowledge) -> None:
    """What is multiplied element by element has the shape of its partner; a capital before a vector is a matrix."""
    for (_, first), (operator, second) in itertools.pairwise(factors):
        if isinstance(second, Bracket) and _is_function(first, known):
            continue
        one, other = axes_in(first, known), axes_in(second, known)
        if operator in ("hadamard", "composed"):
            if one is None and other:
                expect(first, other, place, known)
            if other is None and one:
                expect(second, one, place, known)
        elif operator in ("juxtaposed", "dot") and one is None and other == 1 and _is_capital(first):
            expect(first, 2, place, known)
        elif operator in ("juxtaposed", "dot") and other is None and one == 2 and not _is_capital(second):
            expect(second, 1, place, known, GUESSED)
        elif operator in ("juxtaposed", "dot") and _is_transposed(first) and one == 1 and other is None:
            expect(second, 2 if _is_capital(second) else 1, place, known, SHOWN)
        elif operator in ("juxtaposed", "dot") and one == 1 and other is None and _is_capital(second):
            if _is_row(first, known):
                expect(second, 2, place, known, GUESSED)
        elif (
            operator in ("juxtaposed", "dot")
            and one is None
            and (other == 2 or _is_transposed(second))
            and _is_capital(first)
        ):
            expect(first, 2, place, known, GUESSED)
        elif operator in ("juxtaposed", "dot") and other is None and one == 2 and _is_capital(second):
            expect(second, 2, place, known, GUESSED)


def _is_capital(formula: Formula) -> bool:
    base = formula.base if isinstance(formula, Scripted) else formula
    return isinstance(base, Name) and base.letter[:1].isupper()


def _is_function(formula: Formula, known: Knowledge) -> bool:
    use = known.use(formula) if isinstance(formula, Name | Scripted) else None
    return use is not None and known.is_function(use.name)


def _is_transposed(formula: Formula) -> bool:
    return isinstance(formula, Scripted) and is_transposed(formula.above)


def _is_row(formula: Formula, known: Knowledge) -> bool:
    """Whether a vector stands as a row: transposed, unless it is one by itself."""
    use = known.use(formula) if isinstance(formula, Name | Scripted) else None
    is_row = use is not None and not use.indices and known.has(use.name, "row")
    return is_row != _is_transposed(formula)


def _last_names(formula: Formula) -> list[Formula]:
    """The names that end the terms of a formula: they say of what kind its value is."""
    match formula:
        case Sum(terms):
            return [name for _, term in terms for name in _last_names(term)]
        case Product(factors):
            return _last_names(factors[-1][1])
        case Signed(_, body) | Bracket("(", body):
            return _last_names(body)
        case Name() | Scripted(Name()):
            return [formula]
    return []


def _is_scalar_like(term: Formula, known: Knowledge) -> bool:
    base = term.base if isinstance(term, Scripted) else term
    return isinstance(term, Numeral | Mark) or (isinstance(base, Name) and base.letter in GREEK and base.font != "bold")


def axes_in(formula: Formula, known: Knowledge) -> int | None:
    """How many axes a formula has; none if nothing says."""
    match formula:
        case Numeral():
            return 0
        case Name() | Scripted(Name()):
            return _of_name(formula, known)
        case Scripted(base, below, above, _):
            inner = axes_in(base, known)
            if below is not None and not isinstance(base, Bars):
                return 0
            return 0 if isinstance(base, Bars) else inner
        case Signed(_, body) | Bracket("(" | "[" | "{" | ".", body) | Root(body):
            return None if isinstance(body, Sequence | Relation) else axes_in(body, known)
        case Sum(terms):
            found = [axes_in(term, known) for _, term in terms]
            certain = [each for each in found if each is not None]
            return max(certain) if certain and (max(certain) > 0 or None not in found) else None
        case Product(factors):
            return _of_product(factors, known)
        case Quotient(above, _):
            return axes_in(above, known)
        case Bars() | Applied("tr" | "det" | "logdet"):
            return 0
        case Applied("diag", argument):
            inner = axes_in(argument, known) if argument is not None else None
            return {1: 2, 2: 1}.get(inner, None) if inner is not None else None
        case Applied(_, argument):
            return axes_in(argument, known) if argument is not None else None
        case Big("sum", None, None, body) if body is not None and axes_in(body, known) == 1:
            return 0  # over the elements of a vector
        case Big(_, _, _, body):
            return axes_in(body, known) if body is not None else None
        case Differential(body):
            return axes_in(body, known)
        case Derivative(body, variables):
            return _of_derivative(body, [variable for variable, _ in variables], known)
        case Nabla("nabla", None, body, way) if body is not None:
            inner = axes_in(body, known)
            change = {"": 1, "dot": -1}.get(way, 0)
            return None if inner is None else max(0, inner + change)
        case Nabla("nabla", below, body, "") if below is not None and body is not None:
            return _of_derivative(body, [below], known)
    return None


def _of_name(formula: Formula, known: Knowledge) -> int | None:
    use = known.use(formula)
    if use is None or (use.name in known.tensors and use.font != "bold" and not use.indices):
        return None  # a modulus E beside a strain in bold
    count = known.count(use.name)
    if use.indices:
        return max(0, count - len(use.indices)) + known.axes(use.name)
    if use.name in known.letters.sizes or (use.letter in ("e", "pi", "i") and not count):
        return 0
    if not count and not known.ledger.ask(use.name, "axes"):
        return None
    return count + known.axes(use.name)


def _of_derivative(body: Formula | None, variables: list[Formula], known: Knowledge) -> int | None:
    if body is None:
        return None
    by = [axes_in(variable, known) for variable in variables]
    own = axes_in(body, known) or 0
    return None if None in by else own + sum(each or 0 for each in by)


def _of_product(factors: tuple[tuple[str, Formula], ...], known: Knowledge) -> int | None:
    """The axes of a product: two that meet are summed over."""
    if len(factors) == 2 and isinstance(factors[1][1], Bracket) and isinstance(factors[0][1], Name | Scripted):
        use = known.use(factors[0][1])
        if use is not None and known.is_function(use.name):
            return axes_in(factors[0][1], known)
    found = [axes_in(each, known) for _, each in factors]
    if None in found:
        return None
    colons = [place for place, (operator, _) in enumerate(factors) if operator == "colon"]
    if len(colons) == 1 and colons[0] > 0:  # it binds less than the matrix product, and sums over two axes
        before, behind = factors[: colons[0]], factors[colons[0] :]
        both = (_of_product(before, known) or 0) + (_of_product(behind, known) or 0)
        return both - 4 if both >= 4 else None
    result = found[0] or 0
    stands = "row" if _is_row(factors[0][1], known) else "column"
    for (operator, each), axes in zip(factors[1:], found[1:], strict=True):
        if not axes or not result:
            result = result or axes or 0
            stands = "row" if _is_row(each, known) else stands
        elif operator in ("hadamard", "composed", "over", "divided"):
            result = max(result, axes)
        elif result == 1 and axes == 1:
            result = 2 if _is_row(each, known) and stands == "column" else 0
        else:
            result = result + axes - 2
    return result


def expect(formula: Formula, axes: int, place: int, known: Knowledge, strength: int = SHOWN) -> None:
    """Tell the ledger what must be so if a formula has these axes; nothing where it could be in two ways."""
    match formula:
        case Name() | Scripted(Name()):
            use = known.use(formula)
            if use is not None and not use.indices and use.name not in known.letters.sizes and use.power is None:
                if not known.count(use.name) and not known.ledger.ask(use.name, "axes"):
                    known.believe(use.name, axes, strength, place, ADDED, inferred=True)
        case Sum(terms):
            for _, term in terms:
                if axes_in(term, known) is None:
                    expect(term, axes, place, known, strength)
        case Signed(_, body) | Bracket("(", body) | Differential(body):
            expect(body, axes, place, known, strength)
        case Product(factors):
            _expect_product(factors, axes, place, known, strength)


def _expect_product(
    factors: tuple[tuple[str, Formula], ...], axes: int, place: int, known: Knowledge, strength: int
) -> None:
    factors = tuple(each for each in factors if each[0] != "over")
    unknown = [each for _, each in factors if axes_in(each, known) is None]
    capitals = [each for each in unknown if _is_capital(each)]
    others = [axes_in(each, known) or 0 for _, each in factors if axes_in(each, known) is not None]
    if not unknown:
        return
    last = factors[-1][1]
    if capitals:
        for each in capitals:
            expect(each, 2, place, known, strength)
        if axes == 1 and last in unknown and not _is_capital(last):
            expect(last, 1, place, known, strength)
    elif len(unknown) == 1 and axes == 1 and sum(others) == 2 and unknown[0] is last and not _is_capital(last):
        expect(last, 1, place, known, strength)
    elif len(unknown) == 1 and sum(others) == 0 and unknown[0] is last:
        expect(last, axes, place, known, strength)

r"""Expectations: E[f] is a linear function of f, entry by entry; variances and covariances are made of it.

    Var[x] = E[x^2] - (E x)^2                  of a number
    Cov[x, y] = E[x y^T] - (E x) (E y)^T       of columns; Cov[x] = Var[x] = Cov[x, x]

What varies in it stands below the sign, E_{x \sim p}, or is told by the document (`Expected`); what stands behind the
bar of E[f | y] does not. Expectations over other distributions are other functions.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.spoken import names_of
from indexcalc.meaning.chance.expected import Expected
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Opaque,
    Product,
    Relation,
    Scripted,
    Sequence,
    items_of,
    walk,
)
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import Call, negative
from indexcalc.terms import Product as TermProduct
from indexcalc.terms import Sum as TermSum

MEAN, SPREAD = frozenset("E"), frozenset(("V", "Var", "Cov"))

def is_expectation(formula: Formula) -> bool:
    """Whether a formula is an expectation, a variance or a covariance that is understood."""
    return _split(formula) is not None


def is_moment(left: Formula, right: Formula, display: bool, known: Knowledge) -> bool:
    """Whether an equation says what the expectation or the covariance of a name is: E[x] = m; in prose E[x^2] = s."""
    split = _split(left)
    if split is None or any(map(is_expectation, walk(right))):
        return False
    names = names_of(left, known)
    uses = [known.use(each) if isinstance(each, Name | Scripted) else None for each in split[1]]
    is_bare = all(use is not None and use.power is None for use in uses)
    return len(names) == 1 and not names & names_of(right, known) and (is_bare or not display)


def read_either(formula: Formula, scope: Scope, read: Read) -> Value:
    """The value of a formula; where expectations do not fit in it, with them as numbers of which nothing is known.

    Then the text means something else by them: the mean of the elements of a vector, in the normalisation of a layer.
    """
    try:
        return read(formula, scope)
    except UnclearError:
        if not any(map(is_expectation, walk(formula))):
            raise
    scope.is_chance = False
    try:
        return read(formula, scope)
    finally:
        scope.is_chance = True


def expectation(formula: Opaque, scope: Scope, read: Read) -> Value | None:
    """The value of an expectation, a variance or a covariance; none of what is not understood."""
    split = _split(formula)
    if split is None or not scope.is_chance:
        return None
    below, bodies, given = split
    expected = _expected(below, bodies, given, scope.known)
    scope.chance.expectations.setdefault(expected.function, expected)
    names = frozenset(name for body in bodies for name in names_of(body, scope.known))
    if len(names) == 1 and expected.over is None:
        scope.chance.varying |= names - expected.held
    try:
        values = [read(body, scope) for body in bodies]
    except UnclearError:
        return None
    if formula.text in MEAN:
        (value,) = values
        return value.with_term(Call(expected.function, value.term))
    return _covariance(values[0], values[-1], expected, scope)


def _covariance(first: Value, second: Value, expected: Expected, scope: Scope) -> Value:
    """The expectation of the products of two values, each with each, without the products of their expectations."""
    if first.order > 1 or second.order > 1:
        raise UnclearError("the covariance of matrices")
    axes = tuple(scope.fresh(axis.name, axis.range) for axis in second.axes)
    one, other = first.term, second.at(axes)
    means = (Call(expected.function, each) for each in (one, other))
    together = Call(expected.function, TermProduct(one, other))
    return Value(TermSum(together, negative(TermProduct(*means))), (*first.axes, *axes))


def _split(formula: Formula) -> tuple[Formula | None, tuple[Formula, ...], Formula | None] | None:
    """What stands below the sign of an expectation, what it is taken of, and what stands behind its bar."""
    if not isinstance(formula, Opaque) or formula.text not in MEAN | SPREAD or not 0 < len(formula.parts) < 3:
        return None
    *below, last = formula.parts
    if any(isinstance(each, Numeral | Mark) for each in below) or not isinstance(last, Bracket):
        return None
    body, given = last.body, None
    if isinstance(body, Sequence) and body.marks and body.marks[-1] in ";|" and len(set(body.marks[:-1])) < 2:
        given, body = body.items[-1], _before(body)
    bodies = items_of(body)
    is_pair = len(bodies) == 2 and formula.text == "Cov"
    if (len(bodies) > 1 and not is_pair) or any(isinstance(each, Mark | Relation | Sequence) for each in bodies):
        return None
    return below[0] if below else None, bodies, given


def _before(items: Sequence) -> Formula:
    """What stands before the last item of a list."""
    rest = items.items[:-1]
    return rest[0] if len(rest) == 1 else Sequence(rest, items.marks[:-1])


def _expected(below: Formula | None, bodies: Iterable[Formula], given: Formula | None, known: Knowledge) -> Expected:
    r"""Over what an expectation goes, by what stands below its sign: x, x \sim p, q(z)."""
    held = frozenset(names_of(given, known)) if given is not None else frozenset()
    key = "".join((written_back(below) if below else "", f"|{written_back(given)}" if given else ""))
    if below is None:
        return Expected(None, held, key)
    own = below.sides[0] if isinstance(below, Relation) and below.relations[0] in ("sim", "in") else below
    if isinstance(own, Product) and len(own.factors) == 2 and isinstance(own.factors[1][1], Bracket):
        own = own.factors[1][1].body  # of q(z): z
        if isinstance(own, Sequence) and own.marks[-1] in ";|":
            own = _before(own)
    spoken = frozenset(name for body in bodies for name in names_of(body, known))
    over = frozenset(names_of(own, known)) & spoken
    return Expected(over or None, held, key)

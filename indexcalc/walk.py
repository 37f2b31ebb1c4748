"""Walking over terms: the memoised traversal, capture-avoiding substitution, fresh indices.

No other module edits indices by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count
from typing import Generic, TypeVar, cast

from indexcalc.affine import of_index
from indexcalc.terms import (
    Binder,
    Call,
    Constraint,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Power,
    Product,
    Reduction,
    Sum,
    Tensor,
    Term,
    Where,
)

Result = TypeVar("Result")


class Memo(Generic[Result]):
    """A pass over terms: rule(term, rec) works out one term, rec(child) its parts; each term once."""

    def __init__(self, rule: Callable[[Term, Memo[Result]], Result]) -> None:
        self.rule = rule
        self.known: dict[Term, Result] = {}

    def __call__(self, term: Term) -> Result:
        known = self.known.get(term)
        if known is None:
            known = self.known[term] = self.rule(term, self)
        return known


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term."""
    try:
        return term.parts
    except AttributeError:
        raise TypeError(f"no rule for {type(term).__name__}") from None


def rebuilt(term: Term, new: tuple[Term, ...]) -> Term:
    """The term with other parts; the same object if the parts are the same."""
    if new == parts(term):
        return term
    match term:
        case Sum() | Product() | Power() | Where():
            return type(term)(*new)
        case Derivative():
            return Derivative(new[0], cast(Tensor, new[1]))
        case Call():
            return Call(term.function, *new)
        case Contraction():
            return Contraction(term.bound, new[0])
        case Reduction():
            return Reduction(term.kind, term.bound, new[0])
        case Indicator():
            return Indicator(term.relation, *new)
    raise TypeError(f"no rule for {type(term).__name__}")


def mapped(term: Term, change: Callable[[Term], Term]) -> Term:
    """The term with a change made to each of its parts; binders are not renamed."""
    inside = parts(term)
    return rebuilt(term, tuple([change(part) for part in inside])) if inside else term


MOST_INSIDE = 200  # terms of which a list is kept at the term: one of many terms is seldom asked twice


def subterms(term: Term) -> Iterator[Term]:
    """Every different term inside a term, the term itself first."""
    try:
        return chain((term,), term.inside)
    except AttributeError:
        return chain((term,), _inside(term))


def _inside(term: Term) -> tuple[Term, ...]:
    seen, pending, found = {term}, [term], list[Term]()
    while pending:
        current = pending.pop()
        found.append(current)
        for part in reversed(current.parts):
            if part not in seen:
                seen.add(part)
                pending.append(part)
    inside = tuple(found[1:])
    if len(inside) <= MOST_INSIDE:
        term.inside = inside
    return inside


def holds(term: Term, kind: type[Term] | tuple[type[Term], ...]) -> bool:
    """Whether a term of this class stands anywhere inside."""
    return any(isinstance(each, kind) for each in subterms(term))


def length(term: Term) -> int:
    """How many terms stand in a term when it is written down: one that occurs twice counts twice."""

    def rule(term: Term, rec: Memo[int]) -> int:
        return 1 + sum(map(rec, parts(term)))

    return Memo(rule)(term)


KINKED = frozenset(("abs", "max", "min", "relu", "sign"))


# ----- Indices ---------------------------------------------------------------------------------------------------


def fresh(index: Index, taken: Iterable[Index]) -> Index:
    """An index of the same letter and range that is not taken."""
    names = {(each.name, each.serial) for each in taken}
    letter = "i" if index.name.isdigit() else index.name
    for serial in count(1):
        if (letter, serial) not in names:
            return Index(letter, index.range, serial)
    raise AssertionError("unreachable")


def freshened(term: Binder, taken: Iterable[Index]) -> tuple[tuple[Index, ...], Term]:
    """The bound indices and the body of a binder, renamed where one of them is taken."""
    taken = frozenset(taken)
    clashes = [index for index in term.bound if index in taken]
    if not clashes:
        return term.bound, term.body
    busy = set(taken | term.indices)
    renaming: dict[Index, Index] = {}
    for index in clashes:
        renaming[index] = fresh(index, busy)
        busy.add(renaming[index])
    bound = tuple(renaming.get(index, index) for index in term.bound)
    return bound, substitute(term.body, renaming)


def substitute(term: Term, renaming: Mapping[Index, Index]) -> Term:
    """Replace free indices, all at once, renaming binders that would capture one."""
    wanted = {old: new for old, new in renaming.items() if old is not new and old in term.free}
    if not wanted:
        return term
    return _substitute(term, wanted, {})


def _substitute(term: Term, renaming: dict[Index, Index], known: dict[Term, Term]) -> Term:
    if renaming.keys().isdisjoint(term.free):
        return term
    result = known.get(term)
    if result is None:
        result = known[term] = _substitute_in(term, renaming, known)
    return result


def _substitute_in(term: Term, renaming: dict[Index, Index], known: dict[Term, Term]) -> Term:
    match term:
        case Tensor(name, slots):
            return Tensor(name, tuple(renaming.get(slot, slot) for slot in slots))
        case Delta() | Epsilon():
            return type(term)(*(renaming.get(slot, slot) for slot in term.slots))
        case Constraint(relation, form, period):
            return Constraint(relation, form.put({old: of_index(new) for old, new in renaming.items()}), period)
        case Indicator(relation, left, right) if isinstance(left, Index):
            right = cast(Index, right)
            return Indicator(relation, renaming.get(left, left), renaming.get(right, right))
        case Contraction() | Reduction():
            inner = {old: new for old, new in renaming.items() if old in term.free}
            bound, body = freshened(term, inner.values())
            body = _substitute(body, inner, {})
            if isinstance(term, Contraction):
                return Contraction(bound, body)
            return Reduction(term.kind, bound, body)
    return mapped(term, lambda part: _substitute(part, renaming, known))


# ----- Tensors ---------------------------------------------------------------------------------------------------


def instance(axes: tuple[Index, ...], body: Term, slots: tuple[Index, ...]) -> Term:
    """The body of a definition with these axes, at these indices: a[p,q] = body gives a[r,s]."""
    return substitute(body, dict(zip(axes, slots, strict=True)))


def replace_tensors(term: Term, value: Callable[[Tensor], Term | None]) -> Term:
    """Replace tensors by what `value` gives for them (none: keep), which is free in no other indices than they are."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Tensor():
                new = value(term)
                return term if new is None else new
            case Derivative(body, variable):
                return Derivative(rec(body), variable)
        return mapped(term, rec)

    return Memo(rule)(term)

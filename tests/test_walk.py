"""Traversal, substitution without capture, fresh indices."""

import pytest

from indexcalc.terms import (
    ONE,
    Call,
    Contraction,
    Delta,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Sum,
    Tensor,
    Term,
    Where,
    indicator,
)
from indexcalc.walk import Memo, fresh, freshened, holds, mapped, parts, rebuilt, replace_tensors, substitute, subterms
from tests.test_terms import FOLDED, KEPT

M = Range("m")
i, j, k = (Index(letter, M) for letter in "ijk")
FIRST = Index("1", M)


def A(*slots):
    return Tensor("A", slots)


def x(slot):
    return Tensor("x", (slot,))


def summed(bound, *factors):
    return Contraction((bound,), Product(*factors))


# ----- Substitution ----------------------------------------------------------------------------------------------


SUBSTITUTED = [
    # SymPy 1.14 gives sum_j A[j,j] here, GEM the trace for the row sum.
    (summed(j, A(i, j)), {i: j}, summed(k, A(j, k))),
    (summed(j, A(i, j), x(j)), {i: j}, summed(k, A(j, k), x(k))),
    (Reduction("max", (j,), A(i, j)), {i: j}, Reduction("max", (k,), A(j, k))),
    # All at once: indices change places.
    (A(i, j), {i: j, j: i}, A(j, i)),
    (Product(x(i), summed(k, A(i, k), A(k, j))), {i: j, j: i}, Product(x(j), summed(k, A(j, k), A(k, i)))),
    # Bound indices stay.
    (summed(j, A(i, j)), {j: i}, summed(j, A(i, j))),
    # Two binders deep.
    (summed(j, A(i, j), Call("exp", summed(k, A(j, k), x(i)))), {i: k}, None),
    # Into every kind of node.
    (Where(Delta(i, j), x(i), x(j)), {j: i}, x(i)),
    (Where(Delta(i, k), x(i), x(j)), {j: k}, Where(Delta(i, k), x(i), x(k))),
    (Power(x(i), x(j)), {j: i}, Power(x(i), x(i))),
    (indicator("<", i, j), {j: k}, indicator("<", i, k)),
    (indicator("<", x(i), x(j)), {j: k}, indicator("<", x(i), x(k))),
    (Derivative(x(i), x(j)), {j: i}, Derivative(x(i), x(i))),
    (A(i, j), {j: FIRST}, A(i, FIRST)),
    (Delta(i, FIRST), {i: FIRST}, ONE),
]


def same(one: Term, other: Term) -> bool:
    from indexcalc.canonical import canonical

    return canonical(one) is canonical(other)


@pytest.mark.parametrize(("term", "renaming", "expected"), SUBSTITUTED, ids=range(len(SUBSTITUTED)))
def test_substitute(term, renaming, expected):
    new = substitute(term, renaming)
    assert new.free == {renaming.get(index, index) for index in term.free} - {FIRST} or new is ONE
    assert expected is None or same(new, expected)


@pytest.mark.parametrize("term", KEPT, ids=range(len(KEPT)))
def test_a_substitution_that_does_not_apply_gives_the_same_object(term):
    other = Index("u", M)
    assert substitute(term, {other: i}) is term
    assert substitute(term, {index: index for index in term.free}) is term


def test_fresh_indices_are_taken_by_nobody():
    assert fresh(i, [i]) is Index("i", M, 1)
    assert fresh(i, [i, Index("i", M, 1), Index("i", Range("n"), 2)]) is Index("i", M, 3)
    assert fresh(FIRST, []).place is None


def test_freshened_renames_only_what_clashes():
    term = Contraction((i, j), A(i, j))
    assert freshened(term, [k]) == (term.bound, term.body)
    bound, body = freshened(term, [i])
    assert i not in bound
    assert j in bound
    assert same(Contraction(bound, body), term)


# ----- Replacing tensors -----------------------------------------------------------------------------------------


def test_a_definition_is_put_in_at_each_place():
    term = summed(j, x(i), x(j))
    new = replace_tensors(term, lambda tensor: summed(k, A(*tensor.slots, k)) if tensor.name == "x" else None)
    assert same(new, Contraction((j,), Product(summed(k, A(i, k)), summed(k, A(j, k)))))


def test_the_variable_of_a_derivative_is_not_replaced():
    term = Derivative(Power(x(i), Number(2)), x(j))
    new = replace_tensors(term, lambda tensor: Tensor("c"))
    assert new is Derivative(Power(Tensor("c"), Number(2)), x(j))


@pytest.mark.parametrize("term", KEPT, ids=range(len(KEPT)))
def test_replacing_nothing_gives_the_same_object(term):
    assert replace_tensors(term, lambda tensor: None) is term


# ----- Traversal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", [*KEPT, *(folded for _, folded in FOLDED)])
def test_a_term_is_rebuilt_from_its_parts(term):
    assert rebuilt(term, parts(term)) is term
    assert mapped(term, lambda part: part) is term
    assert next(subterms(term)) is term


def test_each_subterm_is_seen_once():
    shared = Call("exp", x(i))
    term = Sum(shared, Product(shared, x(j)))
    assert sorted(type(each).__name__ for each in subterms(term)) == ["Call", "Product", "Sum", "Tensor", "Tensor"]
    assert holds(term, Call)
    assert not holds(term, Delta | Power)


def test_a_pass_works_each_term_out_once():
    seen = []

    def rule(term: Term, rec: Memo[int]) -> int:
        seen.append(term)
        return 1 + sum(map(rec, parts(term)))

    shared = Call("exp", x(i))
    assert Memo(rule)(Sum(shared, Product(shared, x(j)))) == 7
    assert len(seen) == len(set(seen)) == 5


def test_an_unknown_node_is_refused():
    class Other(Term):
        pass

    other = object.__new__(Other)
    for walk in (parts, lambda term: rebuilt(term, (ONE,))):
        with pytest.raises(TypeError, match="no rule for Other"):
            walk(other)

"""One object for terms that differ only in the names of dummies; never one for terms that differ otherwise."""

import random

import pytest

from indexcalc.canonical import Canonical, canonical
from indexcalc.terms import Call, Contraction, Delta, Index, Number, Power, Product, Range, Reduction, Sum, Tensor
from indexcalc.walk import substitute

M, N = Range("m"), Range("n")
LETTERS = [Index(letter, M) for letter in "abcdefghijkl"]
OTHERS = [Index(letter, N) for letter in "pqrstu"]
i, j, k, m = LETTERS[8:12]


def t(name, *slots):
    return Tensor(name, slots)


def summed(bound, *factors):
    return Contraction(bound, Product(*factors))


EQUAL = [
    (summed([i], t("x", i), t("y", i)), summed([k], t("y", k), t("x", k))),
    (summed([i, j], t("A", i, j), t("x", i), t("y", j)), summed([i, j], t("A", j, i), t("x", j), t("y", i))),
    (
        summed([i], t("x", i), Call("exp", summed([j], t("A", i, j)))),
        summed([j], t("x", j), Call("exp", summed([i], t("A", j, i)))),
    ),
    (
        Product(summed([i], t("x", i)), summed([i], t("y", i))),
        Product(summed([k], t("y", k)), summed([m], t("x", m))),
    ),
    (Reduction("max", [i], t("x", i)), Reduction("max", [j], t("x", j))),
    (summed([i, j], Delta(i, j), t("x", i)), summed([i, j], Delta(i, j), t("x", j))),
    # Triangles and squares: no index stands out.
    (
        summed([i, j, k], t("A", i, j), t("A", j, k), t("A", k, i)),
        summed([i, j, k], t("A", k, j), t("A", i, k), t("A", j, i)),
    ),
    (
        summed([i, j], Sum(t("x", i), t("x", j)), t("A", i, j), t("A", j, i)),
        summed([k, m], Sum(t("x", k), t("x", m)), t("A", m, k), t("A", k, m)),
    ),
]


@pytest.mark.parametrize(("one", "other"), EQUAL, ids=range(len(EQUAL)))
def test_equal_up_to_names(one, other):
    assert canonical(one) is canonical(other)


DIFFERENT = [
    (summed([i], t("A", i, j)), summed([i], t("A", j, i))),
    (summed([i], t("A", i, i)), summed([i, j], t("A", i, j))),
    (summed([i, j], t("A", i, j), t("A", i, j)), summed([i, j], t("A", i, j), t("A", j, i))),
    (
        summed([i, j, k, m], t("A", i, j), t("A", j, i), t("A", k, m), t("A", m, k)),
        summed([i, j, k, m], t("A", i, j), t("A", j, k), t("A", k, m), t("A", m, i)),
    ),
    (summed([i], t("x", i), t("y", i)), Product(summed([i], t("x", i)), summed([i], t("y", i)))),
    (Reduction("max", [i], t("x", i)), Reduction("min", [i], t("x", i))),
    (summed([i], t("x", i)), summed([OTHERS[0]], t("x", OTHERS[0]))),
    (t("x", i), t("x", j)),
    (summed([i], Power(t("x", i), t("y", i))), summed([i], Power(t("y", i), t("x", i)))),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_different_terms_stay_different(one, other):
    assert canonical(one) is not canonical(other)


def random_term(source):
    """A contraction of random factors over indices of two ranges, some in nested functions."""
    bound = LETTERS[: source.randint(1, 5)] + OTHERS[: source.randint(0, 2)]
    of_m, of_n = ([index for index in bound if index.range == each] or [None] for each in (M, N))
    factors = [t("x" if index.range == M else "u", index) for index in bound if source.random() < 0.7]
    for _ in range(source.randint(1, 6)):
        one, two = source.choice(of_m), source.choice(of_m)
        factors.append(t(source.choice("AB"), one, two))
    if of_n != [None]:
        factors.append(Call("exp", t("C", source.choice(of_m), source.choice(of_n))))
    inner = source.choice(of_m)
    factors.append(Power(summed([m], t("A", m, inner)), Number(source.choice([-1, 2]))))
    return Contraction(bound, Product(*factors))


def renamed(term, source):
    """The same term with other names for its bound indices."""
    new = {}
    for letters, taken in ((LETTERS, M), (OTHERS, N)):
        own = [index for index in term.bound if index.range == taken]
        new |= dict(zip(own, source.sample(letters, len(own)), strict=True))
    return Contraction(new.values(), substitute(term.body, new))


@pytest.mark.parametrize("seed", range(60))
def test_random_terms_under_random_names(seed):
    source = random.Random(seed)
    whole = random_term(source)
    if not isinstance(whole, Contraction):  # idle indices have become sizes
        whole = next(each for each in whole.fields if isinstance(each, Contraction))
    label = canonical(whole)
    assert canonical(label) is label
    assert label.free == whole.free
    for _ in range(3):
        assert canonical(renamed(whole, source)) is label


@pytest.mark.parametrize("count", [7, 10])
def test_symmetric_terms_take_no_search(count):
    bound = LETTERS[:count]
    like = summed(bound, *(t("x", index) for index in bound))
    cycle = summed(bound, *(t("A", index, bound[place - 1]) for place, index in enumerate(bound)))
    back = summed(bound, *(t("A", bound[place - 1], index) for place, index in enumerate(bound)))
    assert canonical(like) is canonical(renamed(like, random.Random(1)))
    assert canonical(cycle) is canonical(back)


def test_symmetric_slots_are_sorted():
    symmetric = Canonical({"A": ((0, 1),), "T": ((0, 1, 2),)})
    assert symmetric(t("A", j, i)) is t("A", i, j)
    assert symmetric(t("T", k, i, j)) is t("T", i, j, k)
    assert symmetric(Call("exp", t("A", j, i))) is Call("exp", t("A", i, j))
    one = summed([i, j], t("A", i, j), t("x", i), t("B", j, k))
    assert symmetric(one) is symmetric(summed([i, j], t("A", j, i), t("x", i), t("B", j, k)))
    assert canonical(t("A", j, i)) is t("A", j, i)


def test_a_term_without_dummies_stays_the_same_object():
    term = Sum(t("x", i), Call("exp", Product(t("y", j), t("A", i, j))))
    assert canonical(term) is term


def ring(names, count, source):
    """The product of matrices around a ring, its letters and its factors in any order."""
    letters = [Index(f"d{place}", i.range) for place in range(count)]
    source.shuffle(letters)
    factors = [t(names[place % len(names)], letters[place], letters[(place + 1) % count]) for place in range(count)]
    source.shuffle(factors)
    return summed(letters, *factors)


@pytest.mark.parametrize("count", [3, 11, 24, 60])
@pytest.mark.parametrize("names", ["A", "AB", "AAB"])
def test_rings_of_any_length_are_told_by_their_order_alone(names, count):
    source = random.Random(count)
    assert canonical(ring(names, count, source)) is canonical(ring(names, count, source))
    assert canonical(ring(names, count, source)) is not canonical(ring("ABC", count, source))


@pytest.mark.parametrize("count", [12, 40])
def test_rings_of_a_symmetric_matrix_may_be_gone_around_either_way(count):
    source = random.Random(count)
    form = Canonical({"A": ((0, 1),)})
    found = ring("A", count, source)
    turned = substitute_slots(found)
    assert form(found) is form(turned)
    assert canonical(found) is canonical(turned)  # as a ring alone it is the same the other way round too


def substitute_slots(term):
    """The ring with every matrix transposed."""
    return Contraction(term.bound, Product(*(Tensor(each.name, each.slots[::-1]) for each in term.body.factors)))


@pytest.mark.parametrize("size", [3, 5])
def test_a_torus_has_many_symmetries(size):
    """Rows joined by A and columns by B, all letters alike: every place looks like every other one."""
    source = random.Random(size)

    def torus():
        places = [(row, column) for row in range(size) for column in range(size)]
        names = [Index(f"d{place}", i.range) for place in range(size * size)]
        source.shuffle(names)
        letters = dict(zip(places, names, strict=True))
        factors = []
        for row, column in places:
            here = letters[row, column]
            factors.append(t("A", here, letters[row, (column + 1) % size]))
            factors.append(t("B", here, letters[(row + 1) % size, column]))
        source.shuffle(factors)
        return summed(names, *factors)

    assert canonical(torus()) is canonical(torus())


def _graph(edges, names):
    """The sum over all nodes of a product with a factor for each edge; the nodes have these names."""
    indices = [Index(f"n{name}", M) for name in names]
    return summed(indices, *(t(label, indices[one], indices[other]) for label, one, other in edges))


def _rings(nodes, step):
    return [("A", place, (place + step) % nodes) for place in range(nodes)]


LONG_GRAPHS = {
    "ring": _rings(12, 1),
    "chain": _rings(14, 1)[:-1],
    "two rings in one": _rings(13, 1) + _rings(13, 4),
    "two rings side by side": _rings(6, 1) + [("A", 6 + one, 6 + other) for _, one, other in _rings(6, 1)],
    "complete": [("A", one, other) for one in range(9) for other in range(9) if one != other],
    "one factor of another kind": [*_rings(12, 1)[:-1], ("B", 11, 0)],
}


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("name", LONG_GRAPHS)
def test_long_products_in_any_letters(name, symmetric):
    edges, random_ = LONG_GRAPHS[name], random.Random(name)
    nodes = 1 + max(place for edge in edges for place in edge[1:])
    form = Canonical({"A": ((0, 1),)} if symmetric else None)
    expected = form(_graph(edges, range(nodes)))
    for _ in range(5):
        names = random_.sample(range(40), nodes)
        assert form(_graph(random_.sample(edges, len(edges)), names)) is expected
    label, one, other = edges[-1]
    assert form(_graph([*edges[:-1], (f"{label}'", one, other)], range(nodes))) is not expected


def test_one_long_ring_is_not_two_short_ones():
    assert canonical(_graph(_rings(12, 1), range(12))) is not canonical(
        _graph(LONG_GRAPHS["two rings side by side"], range(12))
    )

"""Gradients of one product of many arrays: parts shared along one tree, the same values as each by itself."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.codegen.passes.cost import cost
from indexcalc.codegen.passes.distribute import distributed
from indexcalc.codegen.passes.environments import with_environments
from indexcalc.codegen.passes.families import families
from indexcalc.codegen.programs.order import in_pairs, is_open, usual_size
from indexcalc.codegen.programs.program import Program

RING = "L = A[i,j]*B[j,k]*C[k,l]*D[l,m]*E[m,i]"
SAME = "L = A[i,j]*B[j,k]*A[k,l]*B[l,m]*A[m,i]"
STAR = "L = T[i,j,k]*U[i,r]*V[j,r]*W[k,r]"
LATTICE = "L = A[a,b]*B[a,c,d]*C[c,e]*D[b,f]*E[f,d,g]*F[g,e]"
TRAIN = "L = A[i,a]*B[a,j,b]*C[b,k]*A[i,c]*B[c,j,d]*C[d,k]"
ALONE = "L = sum[n](A[i,j]*B[j,k,n]*C[k,l]*D[l,i])"


def program(text: str, names: str, value: bool = False) -> Program:
    """The program of the gradients of L."""
    results = ic.gradient(text, "L", names.split(), value)
    wanted = {name: (each.derived.term, each.derived.axes) for name, each in results.items()}
    return codegen.prepare(wanted, results.sheet).program


def arrays_for(function: object, sizes: Mapping[str, int], results: ic.Results, dtype: str) -> dict[str, np.ndarray]:
    """Random arrays for the arguments."""
    random_ = np.random.default_rng(len(sizes))
    shapes = {name: [sizes[each.label] for each in results.sheet.slots[name]] for name in function.arguments}
    return {name: random_.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("text", "names", "members"),
    [
        (RING, "A B C D E", 5),
        (STAR, "T U V W", 4),
        (LATTICE, "A B C D E F", 6),
        (TRAIN, "A B C", 3),  # both places of an array give one contraction
        (ALONE, "A C D", 3),
        ("L = sum[i](exp(A[i,j]*B[j,k]*C[k,l]*D[l,i]))", "A B C", 3),  # the slope is one more array
    ],
)
def test_members(text, names, members):
    (family,) = families(program(text, names))
    assert len(family.members) == members


def test_the_product_itself_is_a_member():
    (family,) = families(program(RING, "A B", value=True))
    assert sorted(member.hole is None for member in family.members.values()) == [False, False, True]


def test_products_of_two_arrays_share_nothing():
    assert not families(program("L = A[i,j]*B[j,k]*C[k,i]", "A B C"))


def test_arrays_that_are_joined_otherwise_are_no_family():
    text = "f[i,m] = A[i,j]*B[j,k]*C[k,l]*D[l,m]\ng[i,m] = A[i,j]*B[k,j]*C[k,l]*E[m,l]"
    results = ic.derive(text, ["f[a,b]", "g[a,b]"])
    wanted = {name: (each.derived.term, each.derived.axes) for name, each in results.items()}
    assert not families(codegen.prepare(wanted, results.sheet).program)


@pytest.mark.parametrize("count", [6, 10, 20])
def test_all_gradients_cost_three_contractions(count):
    letters = [f"i{number}" for number in range(count)]
    factors = [f"A{number}[{letters[number]},{letters[(number + 1) % count]}]" for number in range(count)]
    text = "L = " + "*".join(factors)
    every = program(text, " ".join(f"A{number}" for number in range(count)))
    one = cost(in_pairs(program(text, "A0"), usual_size, is_open), usual_size)
    shared = in_pairs(with_environments(every, usual_size), usual_size, is_open)
    assert cost(shared, usual_size) < 3.5 * one
    assert cost(in_pairs(every, usual_size, is_open), usual_size) > count / 4 * one


# ----- The values ------------------------------------------------------------------------------------------------


def checked(text: str, names: list[str], backend: str, dtype: str = "float64") -> None:
    """The gradients of a target are those of the plain code."""
    results = ic.gradient(text, "L", names, value=True)
    plain, function = results.compile("einsum"), results.compile(backend)
    ranges = dict.fromkeys(range_.label for each in results.sheet.slots.values() for range_ in each)
    sizes = {label: 2 + place % 4 for place, label in enumerate(ranges)}
    arrays = arrays_for(plain, sizes, results, dtype)
    expected, found = plain(**arrays), function(**arrays)
    for name, value in expected.items():
        result = np.asarray(found[name])
        assert result.dtype == dtype
        scale = float(np.abs(value).max()) or 1.0
        np.testing.assert_allclose(result, value, rtol=0, atol=scale * (1e-10 if dtype == "float64" else 1e-4))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("text", [RING, SAME, STAR, LATTICE, TRAIN, ALONE])
def test_values(text, dtype):
    names = sorted({word[0] for word in text.replace("*", " ").replace("(", " ").split() if "[" in word} - {"s"})
    checked(text, names, "numpy", dtype)


@pytest.mark.parametrize("backend", ["jax", "torch", "dask", "numba"])
def test_values_of_other_targets(backend):
    pytest.importorskip({"dask": "dask.array"}.get(backend, backend))
    for text in (LATTICE, TRAIN, STAR):
        names = sorted({word[0] for word in text[4:].split("*")})
        dtype = "float64" if backend != "jax" else "float32"
        checked(text, names, backend, dtype)


def random_product(seed: int) -> tuple[str, list[str]]:
    """The square of the difference of a product and an array, or a product alone; some arrays stand twice."""
    chance = random.Random(seed)
    letters = [f"i{number}" for number in range(chance.randint(4, 7))]
    factors: list[tuple[str, list[str]]] = []
    for number in range(chance.randint(4, 6)):
        factors.append((f"A{number}", chance.sample(letters, chance.randint(1, 3))))
    for name, slots in chance.sample(factors, chance.randint(0, 2)):
        other = [letter if chance.random() < 0.5 else f"{letter}'" for letter in slots]
        factors.append((name, other))
    product = "*".join(f"{name}[{','.join(slots)}]" for name, slots in factors)
    used = dict.fromkeys(letter for _, slots in factors for letter in slots)
    if chance.random() < 0.5:
        return f"L = sum[{','.join(used)}]({product})", list(dict.fromkeys(name for name, _ in factors))
    kept = chance.sample(list(used), chance.randint(1, 2))
    summed = [letter for letter in used if letter not in kept]
    inner = f"sum[{','.join(summed)}]({product})" if summed else product
    text = f"L = sum[{','.join(kept)}]((T[{','.join(kept)}] - {inner})^2)"
    return text, list(dict.fromkeys(name for name, _ in factors))


@pytest.mark.parametrize("seed", range(25))
def test_random_products(seed):
    checked(*random_product(seed), "numpy")


# ----- Sums multiplied out ---------------------------------------------------------------------------------------

SQUARE = "L = sum[i,j,k]((T[i,j,k] - sum[a](U[i,a]*V[j,a]*W[k,a]))^2)"


def test_what_is_large_is_not_made():
    found = distributed(program(SQUARE, "U V W"))
    assert all(value.is_free or len(value.axes) < 3 for value in found.values)


def test_of_a_square_nothing_is_multiplied_out():
    plain = program(f"{SQUARE}", "U", value=True)
    squares = [value for value in distributed(plain).values if not value.axes and not value.is_free]
    assert squares
    assert any(len(value.axes) == 3 and not value.is_free for value in distributed(plain).values)


def test_a_program_without_sums_is_left_alone():
    plain = program(RING, "A B")
    assert distributed(plain) is plain

"""Samples: sizes, facts, kinks, and what is said where no sample can be drawn."""

import numpy as np
import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.terms import Call, Reduction
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import clearance, on_kink, sample
from indexcalc.walk import subterms


def draw(sheet, target="0*c", seed=0, **options):
    """A sample of a sheet and one target."""
    reading = read_expression(parse_sheet(sheet), target)
    return sample(reading.sheet, [reading.term], seed, **options)


def sizes(world):
    """The sizes by name."""
    return {range_.label: size for range_, size in world.sizes.items()}


# ----- Sizes -----------------------------------------------------------------------------------------------------


def test_sizes_differ_and_shapes_follow():
    world = draw("index p : m\nindex q : n\nz[p,q] = x[p,t]*w[t,q] + b[q]*e")
    found = sizes(world)
    assert len(set(found.values())) == len(found) == 3
    assert world.arrays["x"].shape == (found["m"], found["t"])
    assert world.arrays["w"].shape == (found["t"], found["n"])
    assert world.arrays["e"].shape == ()


@pytest.mark.parametrize("sheet", ["u = x[i]*x[i]", "u[i] = A[i,j]*x[j]", "u[i,l] = A[i,j]*B[j,k]*C[k,l]"])
def test_other_seeds_have_other_sizes(sheet):
    assert len({tuple(sizes(draw(sheet, seed=seed)).values()) for seed in range(3)}) == 3


def test_the_same_seed_gives_the_same_numbers():
    first, second = (draw("u[i] = A[i,j]*x[j]", seed=7) for _ in range(2))
    assert first.sizes == second.sizes
    np.testing.assert_array_equal(first.arrays["A"], second.arrays["A"])


def test_declared_sizes_are_kept_and_no_other_size_equals_them():
    found = sizes(draw("index i : 3\nu[i] = A[i,j]*x[j]"))
    assert found["3"] == 3 != found["j"]


def test_a_named_size_that_no_tensor_uses_has_a_number():
    assert "m" in sizes(draw("index i : m\nu = c", "m*c"))


def test_sizes_can_be_given_by_name_or_by_letter():
    found = sizes(draw("index p, r : m\nu[p] = x[p,t]*w[t]", sizes={"r": 150, "t": 4}))
    assert found == {"m": 150, "t": 4}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"z": 3}, "there is no size or index z"),
        ({"i": 4}, "the size of i cannot be 4"),
        ({"m": 0}, "the size of m cannot be 0"),
        ({"m": 3, "p": 4}, "the size of p cannot be 4"),
    ],
)
def test_sizes_that_cannot_be(given, words):
    with pytest.raises(IndexcalcError, match=words):
        draw("index i : 3\nindex p : m\nu[i] = A[i,p]*x[p]", sizes=given)


# ----- Signs -----------------------------------------------------------------------------------------------------


def test_numbers_are_positive_unless_both_signs_are_asked_for():
    world = draw("u[i] = A[i,j]*x[j]", signed=["A"], sizes={"i": 20})
    assert (world.arrays["x"] > 0).all()
    assert (world.arrays["A"] > 0).any() and (world.arrays["A"] < 0).any()


# ----- Facts -----------------------------------------------------------------------------------------------------

FACTS = [
    ("u = y[p,q]", "sum[q](y[p,q]) = 1"),
    ("u = y[p,q]", "1 = sum[p,q](y[p,q])"),
    ("u = y[p,q]*r[p]", "sum[q](y[p,q]) = r[p]"),
    ("u = y[p,q]", "sum[q](y[p,q]^2) = 1"),
    ("u = y[q]", "mean[q](y[q]) = 0"),
    ("u = A[i,j]", "A[i,j] = A[j,i]"),
    ("u = A[i,j]", "A[i,j] = -A[j,i]"),
    ("u = A[i,j]", "A[i,j] + A[j,i] = 0"),
    ("u = T[i,j,k]", "T[i,j,k] = T[j,i,k]\nassume T[i,j,k] = T[i,k,j]"),
    ("u = Q[i,j]", "Q[k,i]*Q[k,j] = delta[i,j]"),
    ("u = Q[i,j]", "Q[i,k]*Q[j,k] = delta[i,j]"),
    ("index i, j : n\nindex k : m\nu = Q[k,i]", "Q[k,i]*Q[k,j] = delta[i,j]"),
    ("u = X[i,j]*Z[j,i]", "X[i,k]*Z[k,j] = delta[i,j]\nassume Z[i,k]*X[k,j] = delta[i,j]"),
    ("u = X[i,j]*Z[i,j]", "X[k,i]*Z[k,j] = delta[i,j]"),
    ("index i, j : n\nindex k : m\nu = X[i,k]", "X[i,k]*Z[k,j] = delta[i,j]\nassume Z[k,i]*X[i,l] = delta[k,l]"),
    ("u = X[i,j]*Z[i,j]", "X[i,j] = X[j,i]\nassume X[i,k]*Z[k,j] = delta[i,j]"),
    ("u = P[i,j]", "P[i,k]*P[k,j] = P[i,j]"),
    ("u = c", "c = 3"),
    ("u = x[i]", "x[2] = 0"),
    ("u = A[i,j]", "A[i,i] = 1"),
    ("u = x[i]", "x[i] > 0"),
    ("u = p", "0 < p\nassume p < 1"),
    ("u = p[i]", "2 < p[i]\nassume p[i] <= 2.5"),
    ("u = x[i]", "x[i] < 0"),
    ("u = x[i]*y[i]", "x[i] < y[i]"),
    ("u = x[i]", "sum[i](x[i]) < 1"),
    ("u = x[i]", "sum[i](x[i]) = 1\nassume x[i] > 0"),
    ("a[i] = exp(x[i])", "sum[i](a[i]) = 1"),
    ("u = x[i]*y[i]", "x[i]*y[i] = 1"),
    ("u = x[i]*y[i]", "x[i]*y[i]*y[j] = 2*x[j]"),
    ("u = w", "w^3 + w = 7"),
]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("sheet", "fact"), FACTS)
def test_facts_hold(sheet, fact, seed):
    if "=" not in sheet.split("\n")[-1]:
        sheet += " = 0"
    name, body = sheet.split("\n")[-1].split(" = ", 1)
    sheet = sheet.replace(f"{name} = {body}", f"{name} = {implied(body) if name == 'u' else body}")
    parsed = parse_sheet(f"{sheet}\nassume {fact}")
    world = sample(parsed, [], seed)
    assert parsed.facts
    for each in parsed.facts:
        axes = tuple(sorted(each.left.free | each.right.free))
        left, right = (np.asarray(evaluate(side, world, axes)) for side in (each.left, each.right))
        if each.relation == "=":
            np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-11)
        else:
            small, large = (left, right) if "<" in each.relation else (right, left)
            assert (small < large).all()


def implied(body):
    """An expression summed over all its letters."""
    letters = sorted({letter for part in body.split("[")[1:] for letter in part.split("]")[0].split(",")})
    return f"sum[{','.join(letters)}]({body})" if letters else body


def test_symmetric_numbers_are_equal_to_the_last_digit():
    symmetric = "assume y[i,j,k] = y[j,i,k]\nassume y[i,j,k] = y[i,k,j]"
    world = draw(f"L = sum[i,j,k](y[i,j,k]^2)\n{symmetric}", sizes={"i": 4})
    y = world.arrays["y"]
    assert (y == y.transpose(1, 0, 2)).all()
    assert (y == y.transpose(0, 2, 1)).all()


def test_normalised_numbers_stay_positive_and_large_ones_are_cheap():
    world = draw("L = -y[p,q]*log(a[p,q])\nassume sum[q](y[p,q]) = 1", sizes={"p": 2000, "q": 10})
    assert (world.arrays["y"] > 0).all()


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("u = c*d\nassume c = d + 1\nassume d = e\nassume c = e", "no sample obeys the fact"),
        ("u = c\nassume c^2 = -1", r"no sample obeys the fact c\^2 = -1\."),
        ("u = c\nassume c > d\nassume d > e\nassume e > c", "no sample obeys the fact"),
        ("index i, j : 4\nindex k : 2\nu = Q[k,i]*Q[k,i]\nassume Q[k,i]*Q[k,j] = delta[i,j]", r"Q\[k,i\]\*Q\[k,j\]"),
        ("u = log(-c^2)", "no sample was found for which the expression is finite"),
    ],
)
def test_samples_that_cannot_be(sheet, words):
    with pytest.raises(IndexcalcError, match=words):
        draw(sheet, "u")


# ----- Domains and kinks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["log(1 - p[i])", "arcsin(p[i])", "sqrt(p[i] - 2)", "sqrt(1 - p[i]^2) + log(p[i] - 0.1)", "exp(300*p[i])"]
)
def test_other_scales_are_tried_where_numbers_are_not_finite(target):
    reading = read_expression(parse_sheet(""), target)
    world = sample(reading.sheet, [reading.term], 0)
    assert np.isfinite(evaluate(reading.term, world, reading.axes)).all()


@pytest.mark.parametrize("target", ["relu(x[i] - y[i])", "max[i](x[i])", "1/(x[i] - y[i])", "where(x[i] < 1, 1, y[i])"])
def test_samples_keep_clear_of_kinks(target):
    reading = read_expression(parse_sheet(""), target)
    for seed in range(5):
        world = sample(reading.sheet, [reading.term], seed)
        assert clearance(world, [reading.term]) == world.clearance > 0.01
        assert not on_kink(world, [reading.term])


@pytest.mark.parametrize("target", ["abs(delta[i,j]*x[j])", "relu(y[i] - y[i]*1)", "max(x[j], x[j])", "max[i](0*y[i])"])
def test_a_kink_in_the_form_of_a_term(target):
    reading = read_expression(parse_sheet("s[i,j] = x[i]*y[j]"), target, free=["i", "j"])
    world = sample(reading.sheet, [reading.term], 0)
    kinked = [each for each in subterms(reading.term) if isinstance(each, Call | Reduction)]
    assert on_kink(world, [reading.term]) == bool(kinked)


def test_elements_that_are_their_own_squares_are_0_or_1():
    sheet = parse_sheet("f = s[i]*x[i]\nassume s[i]^2 = s[i]")
    values = [sample(sheet, [sheet.definitions["f"].body], seed).arrays["s"] for seed in range(12)]
    assert set(np.concatenate(values)) == {0.0, 1.0}


def test_elements_that_are_their_own_squares_and_add_up_to_1():
    sheet = parse_sheet("f = s[i]*x[i]\nassume s[i]^2 = s[i]\nassume sum[i](s[i]) = 1")
    values = sample(sheet, [sheet.definitions["f"].body], 0).arrays["s"]
    assert np.allclose(values**2, values) and np.isclose(values.sum(), 1)

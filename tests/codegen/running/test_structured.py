"""Products and systems of results with structure, beside those of their dense forms."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import Structured

SOFTMAX = "index p, r : m\nindex q, s, k : n\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
FACTORISATION = "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2) + sum[i,k](U[i,k]^2)"


def random(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape)


def structured(core, pattern, **sizes):
    """A random array with this pattern; each name is a letter."""
    shape = tuple(int(sizes.get(name, 4)) for name in pattern)
    axes = tuple(f"{name}{place}" for place, name in enumerate(pattern))
    return Structured(random(*(sizes[name] for name in core)), tuple(core), tuple(pattern), axes, shape)


def jacobian():
    result = ic.derive(SOFTMAX, "diff(a[p,q], z[r,s])").compile(structure="compressed")
    return result(z=random(4, 3))


PATTERNS = [("pqs", "pqps"), ("p", "pp"), ("", "pp"), ("qs", "pqps"), ("pq", "pqp3"), ("pq", "ppqq"), ("pqrs", "pqrs")]
SIZES = {"p": 4, "q": 3, "r": 2, "s": 3}


@pytest.mark.parametrize(("core", "pattern"), PATTERNS)
@pytest.mark.parametrize(("core_b", "pattern_b"), PATTERNS)
@pytest.mark.parametrize("axes", [0, 1, 2])
def test_products_are_those_of_the_dense_forms(core, pattern, core_b, pattern_b, axes):
    a, b = structured(core, pattern, **SIZES), structured(core_b, pattern_b, **SIZES)
    if axes and a.shape[a.ndim - axes :] != b.shape[:axes]:
        with pytest.raises(ic.IndexcalcError, match="cannot be paired"):
            a.dot(b, axes)
        return
    result = a.dot(b, axes)
    expected = np.tensordot(a.dense(), b.dense(), axes)
    np.testing.assert_allclose(np.asarray(result), expected, atol=1e-12)
    if isinstance(result, Structured):
        assert result.reduced.size <= expected.size
        assert len(set(result.axes)) == result.ndim


def test_a_product_of_jacobians_stays_reduced():
    j = jacobian()
    product = j.dot(j, 2)
    assert isinstance(product, Structured)
    assert product.reduced.shape == (4, 3, 3)
    assert product.deltas == ((product.axes[0], product.axes[2]),)


def test_a_product_with_two_places_is_zero():
    first = Structured(random(4), ("p",), ("p", "1"), ("a", "b"), (4, 3))
    second = Structured(random(4), ("p",), ("2", "p"), ("a", "b"), (3, 4))
    result = first.dot(second)
    assert np.array_equal(np.asarray(result), np.zeros((4, 4)))


def test_a_sum_over_what_does_not_change_counts_its_elements():
    ones = Structured(np.asarray(2.0), (), ("p", "q"), ("a", "b"), (4, 3))
    np.testing.assert_allclose(ones.dot(ones.transpose()), np.full((4, 4), 12.0))


@pytest.mark.parametrize(("core", "pattern"), PATTERNS)
def test_matvec_and_rmatvec(core, pattern):
    a = structured(core, pattern, **SIZES)
    for given in range(1, a.ndim):
        x, y = random(*a.shape[a.ndim - given :]), random(*a.shape[:given])
        np.testing.assert_allclose(a.matvec(x), np.tensordot(a.dense(), x, given), atol=1e-12)
        np.testing.assert_allclose(a.rmatvec(y), np.tensordot(y, a.dense(), given), atol=1e-12)


def test_transpose():
    a = jacobian()
    assert np.array_equal(a.transpose(2, 3, 0, 1).dense(), a.dense().transpose(2, 3, 0, 1))
    assert np.array_equal(a.transpose().dense(), a.dense().T)
    with pytest.raises(ic.IndexcalcError, match="no order of 4 axes"):
        a.transpose(0, 0, 1, 2)


def test_products_element_by_element():
    a, other = jacobian(), random(4, 3, 4, 3)
    assert np.array_equal((2 * a).dense(), 2 * a.dense())
    assert np.array_equal((-a).dense(), -a.dense())
    for product in (a * other, other * a):
        assert isinstance(product, Structured)
        assert product.reduced.shape == (4, 3, 3)
        np.testing.assert_allclose(product.dense(), a.dense() * other)
    diagonal = structured("", "pqpq", **SIZES)
    assert (a * diagonal).reduced.shape == (4, 3)
    with pytest.raises(ic.IndexcalcError, match="different shapes"):
        a * random(4, 3)


SQUARE = [("pqs", "pqps"), ("p", "pp"), ("qs", "pqps"), ("pqs", "qpps"), ("pq", "pqqp"), ("qs", "qs"), ("", "pqpq")]


@pytest.mark.parametrize(("core", "pattern"), SQUARE)
def test_systems_are_solved_block_by_block(core, pattern):
    a = structured(core, pattern, **SIZES)
    b = random(*a.shape[: a.ndim // 2])
    x = a.solve(b)
    assert x.shape == a.shape[a.ndim // 2 :]
    np.testing.assert_allclose(a.matvec(x), b, atol=1e-9)
    size = b.size
    np.testing.assert_allclose(x.ravel(), np.linalg.solve(a.dense().reshape(size, size), b.ravel()), atol=1e-8)


def test_a_newton_step_of_a_matrix_factorisation():
    hessian = ic.derive(FACTORISATION, "diff(L, U[a,b], U[c,d])").compile(structure="compressed")
    arrays = {"T": random(5, 6), "U": random(5, 2) + 1, "V": random(6, 2)}
    found = hessian(**{name: arrays[name] for name in hessian.arguments})
    assert found.reduced.shape == (2, 2)
    gradient = ic.derive(FACTORISATION, "diff(L, U[a,b])").compile()
    step = found.solve(gradient(**arrays))
    after = gradient(**{**arrays, "U": arrays["U"] - step})
    np.testing.assert_allclose(after, 0, atol=1e-9)


REFUSED = [("pq", "ppqq"), ("pq", "pqp1"), ("pqr", "pqr"), ("p", "pqpq1")]


@pytest.mark.parametrize(("core", "pattern"), REFUSED)
def test_what_is_not_block_diagonal_is_refused(core, pattern):
    a = structured(core, pattern, **SIZES)
    with pytest.raises(ic.IndexcalcError, match="not block diagonal"):
        a.solve(random(*a.shape[: a.ndim // 2]))


def test_systems_that_do_not_fit_are_refused():
    with pytest.raises(ic.IndexcalcError, match="right side"):
        jacobian().solve(random(3, 4))
    with pytest.raises(ic.IndexcalcError, match="2 rows and 4 columns"):
        structured("rp", "rp", **SIZES).solve(random(2))
    with pytest.raises(np.linalg.LinAlgError):
        (structured("p", "pp", **SIZES) * 0.0).solve(np.ones(4))
    with pytest.raises(ic.IndexcalcError, match="no 3 axes"):
        structured("p", "pp", **SIZES).dot(random(4, 4, 4), 3)


def test_the_operator_sums_over_half_of_the_axes():
    a, direction = jacobian(), random(4, 3)
    np.testing.assert_allclose(a @ direction, np.tensordot(a.dense(), direction, 2))
    np.testing.assert_allclose(direction @ a, np.tensordot(direction, a.dense(), 2))
    both = a @ a
    assert isinstance(both, Structured)
    np.testing.assert_allclose(both.dense(), np.tensordot(a.dense(), a.dense(), 2))
    matrix = structured("p", "pp", **SIZES)
    np.testing.assert_allclose(matrix @ random(4, 2), matrix.dense() @ random(4, 2))
    with pytest.raises(ic.IndexcalcError, match="no two halves"):
        structured("pq", "pqp", **SIZES) @ random(4)


def test_dense_into_an_output_of_the_caller():
    a = jacobian()
    out = np.zeros(a.shape)
    assert a.dense(out=out) is out
    for _ in range(2):  # what lies beside the pattern stays as it is, so that an output can be used again
        np.testing.assert_array_equal(a.dense(out=out), a.dense())


def test_report():
    found = jacobian()
    assert (found.ndim, found.size, found.dense_nbytes) == (4, 144, 1152)
    assert found.report() == (
        "Structured(4x3x4x3 where p = r, 288 bytes): 36 of 144 elements kept, "
        "4 times less than the 1152 bytes of the dense form"
    )
    assert str(found) == found.report()

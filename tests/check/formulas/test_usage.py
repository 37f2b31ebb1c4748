r"""What the formulas of a document show together of its names."""

import pytest

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import chains
from indexcalc.check.formulas.usage import usage_of, wide_operators


def shown(what, *formulas):
    """One kind of what the formulas show, in order."""
    return sorted(getattr(usage_of(chain for group in chains(map(Placed.whole, formulas)) for chain in group), what))


@pytest.mark.parametrize(
    ("formulas", "names"),
    [
        ([r"f = \sum_i x_i^p", r"g = p x_k^{p-1}"], ["x"]),  # a factor elsewhere
        ([r"y = k^\alpha l^{1-\alpha}", r"g = k"], ["k"]),  # in an exponent that no layer has
        ([r"f = x^N", r"g = N x^{N-1}"], ["x"]),
        ([r"x_i^a x_i^b = x_i^{a+b}"], ["x"]),
        ([r"y = x^n", r"g = \frac{\partial y}{\partial n}"], ["x"]),
        ([r"z_i^l = w_{ij}^l a_j^l", "l = 2"], []),  # always the same letter
        ([r"z_i^l = w_{ij}^l a_j^{l-1}"], []),  # a layer, and the one before
        ([r"x_i^{t+1} = x_i^t - c g_i^t"], []),
        ([r"a^{(k)} = k a^{(k-1)}"], []),
        ([r"e_{ij} = e_{ij}^e + e_{ij}^p", "s = p q"], []),  # another letter is a label
        ([r"X^T X = c T", "X = Y"], []),
        ([r"f = \sum_k a_k x^k", "g = k x"], []),  # k is an index
    ],
)
def test_powers(formulas, names):
    assert shown("powers", *formulas) == names


@pytest.mark.parametrize(
    ("formulas", "names"),
    [
        ([r"v^i = \delta^i_j v^j"], ["delta", "v"]),
        ([r"g^{ik} T_{kj} = S_{ij}"], ["g"]),
        ([r"s = a_i v^i", r"v^i = u^i"], ["u", "v"]),  # what stands beside one that is raised is raised
        ([r"f = \sum_i x^i"], ["x"]),
        ([r"z_{ij}^L = w_{ij}^L"], []),
        ([r"z_i^{(k)} = a_k"], []),
        ([r"f = \sum_i x_i^p", "g = p"], []),
        ([r"X^T = A_T"], []),
    ],
)
def test_indices_above(formulas, names):
    assert shown("raised", *formulas) == names


@pytest.mark.parametrize(
    ("formulas", "names"),
    [
        (["J_2 = s_{ij} s_{ij}", "g = J_2"], ["J"]),
        (["y_i = b_0 + b_1 x_i"], ["b"]),
        (["f = x_i x_i + x_1 x_2"], []),  # a letter makes the digits places
        (["a_1 = 2"], []),  # once is no family
        (["J_2 = s_{ij} s_{ij}"], ["J"]),  # but a sum that is given a name
        (["J_i = s_{ij} x_j", "J_2 = s_{ij} s_{ij}"], []),
        (["f = z_{11} + z_{12}"], []),
        ([r"\mathbf{x} = y", "f = x_1 x_2"], []),  # the elements of a vector
    ],
)
def test_digits_in_names(formulas, names):
    assert shown("numbered", *formulas) == names


def test_a_zero_is_a_place_where_sums_begin_with_it():
    assert shown("zeros", "E = E_0 x_i x_i") == ["E", "x"]
    assert shown("zeros", r"s = \sum_{i=0}^{n-1} x_i - x_0") == ["s"]


def test_primes():
    assert shown("primed", r"s = \sum_{j'} x_{i'} y_k'") == ["i'", "j'"]
    assert shown("called", "y = f(x) g (x + 1)^2") == ["f", "g"]


def test_a_metric():
    assert usage_of(chains([Placed.whole("v_i = g_{ij} v^j")]).__next__()).metric
    assert not usage_of(chains([Placed.whole("v_i = g_i v^i")]).__next__()).metric


@pytest.mark.parametrize(
    ("formulas", "names"),
    [
        ([r"\frac{d}{dt}(a_i b) = \frac{da_i}{dt} b + a_i \frac{db}{dt}"], ["a", "b"]),
        ([r"\frac{d}{dt}(v_i v_i) = 2 v_i \dot v_i"], ["v"]),
        ([r"p = \dot{v_i} + \ddot{w}"], ["v", "w"]),
        (["E = m v_i v_i", r"\frac{dE}{dt} = m v_i \frac{dv_i}{dt}"], ["v"]),  # E has a definition
        ([r"\frac{da}{dt} = 2 t"], []),  # the time is a variable like any other
        ([r"v_i = w_i", r"a_i = \dot v_i"], []),  # v would be two things
        ([r"\frac{da}{ds} = b"], []),
    ],
)
def test_unknown_functions_of_the_time(formulas, names):
    assert shown("moving", *formulas) == names


def test_coordinates():
    assert shown("fields", r"\partial_i u_j = \partial_i (x_j f)") == ["u"]
    assert shown("vectors", r"x_i y_{ij} = z_j + y_i") == ["x", "z"]


def test_operators_before_brackets():
    (group,) = chains([Placed.whole(r"\frac{\partial}{\partial x} (x + 1) x = \frac{\partial}{\partial x} (x + 1)")])
    assert [place for chain in group for place in wide_operators(chain)] == [0]

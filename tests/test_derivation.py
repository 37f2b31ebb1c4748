"""Derivations as a person writes them: the lines of four known ones, and on random problems every line right."""

from itertools import pairwise

import pytest

import indexcalc as ic
from indexcalc.audit.proving.counterexamples import counterexample
from indexcalc.canonical import canonical
from indexcalc.derivation import MOST_LEMMAS
from indexcalc.terms import Derivative
from indexcalc.walk import holds
from tests.strategies import random_problem

SOFTMAX = """index p, r : m
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1"""
LEAST_SQUARES = "L = (x[i,j]*w[j] - y[i])*(x[i,k]*w[k] - y[i])"
LOGISTIC = "s[i] = sigmoid(x[i,j]*w[j])\nL = -sum[i](y[i]*log(s[i]) + (1 - y[i])*log(1 - s[i]))"

ROW = [
    ("target", "diff(a[p,q], z[r,s])", ""),
    ("substitute", "diff(exp(z[p,q])/sum[k](exp(z[p,k])), z[r,s])", "definition of a"),
    (
        "quotient rule, chain rule",
        "(exp(z[p,q])*diff(z[p,q], z[r,s])*sum[k](exp(z[p,k]))"
        " - exp(z[p,q])*sum[k](exp(z[p,k])*diff(z[p,k], z[r,s])))/sum[k](exp(z[p,k]))^2",
        "",
    ),
    (
        "deltas",
        "(exp(z[p,q])*delta[p,r]*delta[q,s]*sum[k](exp(z[p,k]))"
        " - exp(z[p,q])*sum[k](exp(z[p,k])*delta[k,s]*delta[p,r]))/sum[k](exp(z[p,k]))^2",
        "an element depends on itself only",
    ),
    (
        "contract",
        "exp(z[p,q])*delta[p,r]*(delta[q,s]*sum[k](exp(z[p,k])) - exp(z[p,s]))/sum[k](exp(z[p,k]))^2",
        "sum over the deltas, cancel, collect",
    ),
    (
        "recognise",
        "a[p,q]*delta[p,r]*(delta[q,s]*sum[k](exp(z[p,k])) - exp(z[p,s]))/sum[k](exp(z[p,k]))",
        "definition of a",
    ),
    ("short form", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "multiplied out and factored anew"),
]
ENTROPY = [
    ("target", "diff(CE, z[r,s])", ""),
    ("substitute", "diff(-1/m*sum[p,q](y[p,q]*log(a[p,q])), z[r,s])", "definition of CE"),
    ("chain rule", "-1/m*sum[p,q](y[p,q]*diff(a[p,q], z[r,s])/a[p,q])", ""),
    (
        "known",
        "-1/m*sum[p,q](a[p,q]*y[p,q]*delta[p,r]*(delta[q,s] - a[p,s])/a[p,q])",
        "the derivative of a from above",
    ),
    ("contract", "1/m*a[r,s]*sum[q](y[r,q]) - y[r,s]/m", "sum over the deltas, cancel, collect"),
    ("fact", "a[r,s]/m - y[r,s]/m", "sum[q](y[p,q]) = 1"),
    ("factor", "(a[r,s] - y[r,s])/m", "common factors taken out"),
]
SQUARES = [
    ("target", "diff(L, w[t])", ""),
    ("substitute", "diff((x[i,j]*w[j] - y[i])*(x[i,k]*w[k] - y[i]), w[t])", "definition of L"),
    (
        "product rule, sum rule",
        "sum[i](x[i,j]*diff(w[j], w[t])*(x[i,k]*w[k] - y[i]) + x[i,k]*diff(w[k], w[t])*(x[i,j]*w[j] - y[i]))",
        "",
    ),
    (
        "deltas",
        "sum[i](x[i,j]*(x[i,k]*w[k] - y[i])*delta[j,t] + x[i,k]*(x[i,j]*w[j] - y[i])*delta[k,t])",
        "an element depends on itself only",
    ),
    ("contract", "2*x[i,t]*(x[i,j]*w[j] - y[i])", "sum over the deltas, cancel, collect"),
]
ODDS = [
    ("target", "diff(L, w[k])", ""),
    ("substitute", "diff(-sum[i](y[i]*log(s[i]) + log(1 - s[i])*(1 - y[i])), w[k])", "definition of L"),
    (
        "sum rule, chain rule",
        "-sum[i](y[i]*diff(s[i], w[k])/s[i] - diff(s[i], w[k])*(1 - y[i])/(1 - s[i]))",
        "",
    ),
    (
        "known",
        "-sum[i](s[i]*x[i,k]*y[i]*(1 - s[i])/s[i] - s[i]*x[i,k]*(1 - s[i])*(1 - y[i])/(1 - s[i]))",
        "the derivative of s from above",
    ),
    (
        "contract",
        "sum[i](s[i]*x[i,k]*(1 - y[i])) - sum[i](x[i,k]*y[i]*(1 - s[i]))",
        "sum over the deltas, cancel, collect",
    ),
    ("factor", "sum[i](x[i,k]*(s[i]*(1 - y[i]) - y[i]*(1 - s[i])))", "common factors taken out"),
    ("short form", "sum[i](x[i,k]*(s[i] - y[i]))", "multiplied out and factored anew"),
]
DERIVATIONS = [
    (SOFTMAX, "diff(a[p,q], z[r,s])", ROW),
    (SOFTMAX, "diff(CE, z[r,s])", ENTROPY),
    (LEAST_SQUARES, "diff(L, w[t])", SQUARES),
    (LOGISTIC, "diff(L, w[k])", ODDS),
]


def lines(steps):
    """Steps as they are printed."""
    return [(step.rule, str(step.expression), step.note) for step in steps]


@pytest.mark.parametrize(("sheet", "target", "expected"), DERIVATIONS)
def test_the_lines_of_a_known_derivation(sheet, target, expected):
    assert lines(ic.derive(sheet, target).steps) == expected


def test_the_derivative_that_a_line_rests_on_stands_before_it():
    assert [lines(lemma) for lemma in ic.derive(SOFTMAX, "diff(CE, z[r,s])").lemmas] == [ROW]


# ----- Random problems ---------------------------------------------------------------------------------------------


def wrong_line(chain):
    """The first step that differs from the one before it; none if all agree."""
    for before, after in pairwise(chain):
        axes = tuple(dict.fromkeys((*before.expression.axes, *sorted(before.expression.term.free))))
        found = counterexample(before.expression.term, after.expression.term, after.expression.sheet, axes)
        if found is not None:
            return str(before.expression), str(after.expression), str(found)
    return None


def drawable(derivation):
    """Whether numbers for the sheet can be drawn."""
    try:
        wrong_line(derivation.steps[:1] * 2)
    except ic.IndexcalcError:
        return False
    return True


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_every_line_equals_the_one_before(seed):
    problem = random_problem(seed)
    derivation = ic.derive(problem.sheet, problem.target)
    if drawable(derivation):
        for chain in (*derivation.lemmas, derivation.steps):
            assert wrong_line(chain) is None, problem


@pytest.mark.parametrize("seed", range(1000, 1060, 2))
def test_the_first_line_is_the_target_and_the_last_the_result(seed):
    problem = random_problem(seed)
    derivation = ic.derive(problem.sheet, problem.target)
    first, last = derivation.steps[0], derivation.steps[-1]
    assert (first.rule, first.expression.term) == ("target", derivation.target.term)
    assert canonical(last.expression.term) is canonical(derivation.expression.term)
    assert not holds(last.expression.term, Derivative)
    texts = [str(step.expression) for step in derivation.steps]
    assert all(one != other for one, other in pairwise(texts))


# ----- Long chains, definitions, what is no derivative -------------------------------------------------------------


def chain_of(length):
    """A chain of scalars, each a function of the one before, used twice."""
    return "h0 = x\n" + "\n".join(f"h{n} = sin(h{n - 1})*h{n - 1}" for n in range(1, length + 1))


def test_a_long_chain_gives_named_adjoints():
    derivation = ic.derive(chain_of(12), "diff(h12, x)")
    assert [step.rule for step in derivation.steps] == ["target", "reverse accumulation"]
    names = [str(adjoint[0].expression) for adjoint in derivation.adjoints]
    assert names == [str(lemma[0].expression) for lemma in derivation.lemmas]
    assert names
    assert all(name in str(derivation) or name in str(derivation.adjoints[-1][1].expression) for name in names)
    assert all(name in derivation.sheet.definitions for name in names)


@pytest.mark.parametrize("length", [6, 12, 24])
def test_the_lines_of_a_long_chain_are_right(length):
    derivation = ic.derive(chain_of(length), f"diff(h{length}, x)")
    assert wrong_line(derivation.steps) is None


def test_the_length_of_a_chain_of_definitions_grows_no_faster_than_the_chain():
    short, long = (len(ic.derive(chain_of(n), f"diff(h{n}, x)").render(steps=False)) for n in (15, 60))
    assert long < 6 * short


def test_a_short_chain_has_no_adjoints():
    derivation = ic.derive(chain_of(3), "diff(h3, x)")
    assert derivation.adjoints == ()
    assert 0 < len(derivation.lemmas) <= MOST_LEMMAS


OTHER_TARGETS = [
    ("", "x[i]*y[i]", ("x[i]*y[i]", ["target"])),
    ("", "3", ("3", ["target"])),
    ("", "diff(x*y - x*y, y)", ("0", ["target", "sum rule", "deltas", "contract"])),
    ("f = x[i]*x[i]", "f", ("sum[i](x[i]^2)", ["target", "substitute", "contract"])),
    (
        "g[k] = diff(x[i]*x[i], x[k])",
        "g[k]",
        ("2*x[k]", ["target", "substitute", "product rule", "deltas", "contract"]),
    ),
]


@pytest.mark.parametrize(("sheet", "target", "expected"), OTHER_TARGETS)
def test_other_targets(sheet, target, expected):
    result = ic.derive(sheet, target)
    assert str(result) == str(result.steps[-1].expression) == expected[0]
    assert [step.rule for step in result.steps] == expected[1]


REFUSED = [
    ("", "diff(x[i]^2, 3)"),
    ("f = x^2", "diff(f, y)"),
    ("", "diff(f(x, y), x)"),
    ("f = x[i]*x[i]", "diff(f, q[i"),
    ("a = b\nb = a", "diff(a, b)"),
]


@pytest.mark.parametrize(("sheet", "target"), REFUSED)
def test_what_cannot_be_derived_is_an_error(sheet, target):
    with pytest.raises(ic.IndexcalcError):
        ic.derive(sheet, target)

"""What a sheet lets one replace: facts as rules and symmetries, definitions from right to left."""

import pytest

from indexcalc.canonical import canonical
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.facts import (
    canonical_of,
    definition_rules,
    fact_rules,
    replaced,
    replaced_by,
    symmetries,
)
from indexcalc.rewrite.simplify import Rulebook, simplify
from tests.agreement import assert_right, assert_same_values, assert_value_stays, read

SYMMETRIES = [
    ("assume A[i,j] = A[j,i]", 1, {"A": ((0, 1),)}),
    ("assume A[i,j] = A[j,i]", -1, {}),
    ("assume A[i,j] = -A[j,i]", -1, {"A": ((0, 1),)}),
    ("assume A[i,j] = -A[j,i]", 1, {}),
    ("assume T[i,j,k] = T[i,k,j]", 1, {"T": ((1, 2),)}),
    ("assume T[i,j,k] = T[j,i,k]\nassume T[i,j,k] = T[i,k,j]", 1, {"T": ((0, 1, 2),)}),
    ("assume R[i,j,k,l] = R[j,i,k,l]\nassume R[i,j,k,l] = R[i,j,l,k]", 1, {"R": ((0, 1), (2, 3))}),
    # No exchange of two slots
    ("assume A[i,j] = B[j,i]", 1, {}),
    ("assume A[i,j] = 2*A[j,i]", 1, {}),
    ("assume A[i,j] > A[j,i]", 1, {}),
    ("assume T[i,j,k] = T[j,k,i]", 1, {}),
    ("assume x[i] = 1", 1, {}),
]


@pytest.mark.parametrize(("sheet", "sign", "groups"), SYMMETRIES)
def test_the_symmetries_that_facts_state(sheet, sign, groups):
    assert symmetries(parse_sheet(sheet), sign) == groups


RULES = [
    ("assume A[i,j] = A[j,i]", 0),
    ("assume x[i] > 0", 0),
    ("assume x[i] = 1", 1),
    ("assume 1 = x[i]", 1),
    ("assume sum[q](y[p,q]) = 1", 1),
    ("assume Q[k,i]*Q[k,j] = delta[i,j]", 1),
    ("assume a[i] + b[i] = 1", 1),
    ("assume a[i]^2 + b[i]^2 = 1", 1),
    ("assume a[i]*b[i] + exp(a[i]) = 1", 0),
    ("assume x[i] = 1\nassume y[i] > 0\nassume z[i]*z[i] = 2", 2),
]


@pytest.mark.parametrize(("sheet", "count"), RULES)
def test_facts_that_are_equations_become_rules(sheet, count):
    parsed = parse_sheet(sheet)
    assert len(fact_rules(parsed, Expansion(canonical_of(parsed)))) == count


USED = [
    ("assume sum[q](y[p,q]) = 1", "sum[q](y[r,q])", "1"),
    ("assume sum[q](y[p,q]) = 1", "sum[r,q](y[r,q]*x[r])", "sum[p](x[p])"),
    ("assume Q[k,i]*Q[k,j] = delta[i,j]", "Q[k,i]*x[i]*Q[k,j]*y[j]", "x[i]*y[i]"),
    ("assume a[i] + b[i] = 1", "a[k] + b[k]", "1"),
    ("assume x[i]*x[i] = 1", "exp(x[j]*x[j])", "exp(1)"),
    ("assume 2 = c", "c*x[i]*x[i]", "2*sum[i](x[i]^2)"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), USED)
def test_facts_are_used(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


NOT_USED = [
    ("assume sum[q](y[p,q]) = 1", "sum[p](y[p,q])"),
    ("assume sum[q](y[p,q]) = 1", "sum[q](y[r,q]*x[q])"),
    ("assume Q[k,i]*Q[k,j] = delta[i,j]", "Q[i,k]*Q[j,k]"),
    ("assume x[i]*x[i] = 1", "x[k]^2"),
    ("assume x[i] > 0", "x[k]*y[k]"),
]


@pytest.mark.parametrize(("sheet", "target"), NOT_USED)
def test_a_fact_about_something_else_changes_nothing(sheet, target):
    parsed = parse_sheet(sheet)
    expression = read(parsed, target)
    expansion = Expansion(canonical_of(expression.sheet))
    polynomial = expansion(expression.term)
    assert replaced(polynomial, fact_rules(expression.sheet, expansion), expansion) is polynomial


def test_the_facts_that_were_used_are_named():
    sheet = parse_sheet("assume sum[q](y[p,q]) = 1\nassume x[i]*x[i] = 1\nassume c[p] = 2")
    expression = read(sheet, "sum[p,q](y[p,q]*c[p])")
    expansion = Expansion(canonical)
    _, used = replaced_by(expansion(expression.term), fact_rules(sheet, expansion), expansion)
    assert set(used) == {sheet.facts[0], sheet.facts[2]}


def test_a_fact_that_leads_in_circles_ends():
    sheet = parse_sheet("assume a[i] = b[i]\nassume b[i] = a[i]")
    expansion = Expansion(canonical)
    polynomial = expansion(read(sheet, "a[i]*c[i]").term)
    assert len(replaced(polynomial, fact_rules(sheet, expansion), expansion)) == 1


def test_a_fact_that_says_another_one_the_other_way_round_is_no_rule():
    sheet = parse_sheet("tensor A[i,j], B[j,i]\nassume A[i,j] = B[j,i]\nassume B[i,j] = A[j,i]")
    expansion = Expansion(canonical)
    assert len(fact_rules(sheet, expansion)) == 1
    other = parse_sheet("tensor A[i,i'], B[i,i']\nassume A[i,i'] = B[i',i]\nassume B[i,i'] = A[i,i']")
    assert len(fact_rules(other, Expansion(canonical))) == 2


# ----- Definitions -------------------------------------------------------------------------------------------------

PATTERNS = [
    ("a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))", 1),
    ("r = sqrt(sum[i](x[i]^2))", 1),
    ("z[p,q] = b[q] + x[p,t]*w[t,q]", 1),
    ("f = x[i]*x[i]", 2),
    # Not worth recognising: the same tensor, a number, an axis that the body does not have
    ("y[i] = x[i]", 0),
    ("c = 3", 0),
    ("u[i,j] = x[i]^2", 0),
]


@pytest.mark.parametrize(("text", "count"), PATTERNS)
def test_definitions_become_rules(text, count):
    (definition,) = parse_sheet(text).definitions.values()
    assert len(definition_rules(definition, Expansion(canonical))) == count


SOFTMAX = "a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
RECOGNISED = [
    (SOFTMAX, "exp(z[r,s])/sum[k](exp(z[r,k]))", "a[r,s]"),
    (SOFTMAX, "2*exp(z[r,s])*c[r,s]/sum[k](exp(z[r,k]))", "2*a[r,s]*c[r,s]"),
    (SOFTMAX, "exp(z[r,s])/sum[k](exp(z[k,s]))", "exp(z[r,s])/sum[p](exp(z[p,s]))"),
    ("f = sqrt(sum[i](x[i]^2))", "c[r,s]/sqrt(sum[i](x[i]^2))", "c[r,s]/f"),
    ("h[p] = b + x[p,t]*w[t]", "c[s]*(b + x[r,t]*w[t])", "h[r]*c[s]"),
]


@pytest.mark.parametrize(("sheet", "text", "short"), RECOGNISED)
def test_definitions_are_recognised(sheet, text, short):
    reading = read_expression(parse_sheet(sheet), text, free=["r", "s"])
    found = simplify(reading.term, reading.sheet, reading.axes)
    assert write(found, reading.sheet, reading.axes) == short
    assert_same_values(reading.term, [found], reading.sheet, reading.axes)


@pytest.mark.parametrize("seed", range(2000, 2012))
def test_the_value_stays(seed):
    def change(line):
        rules = Rulebook(line.sheet)
        expansion = Expansion(rules.canonical)
        polynomial = expansion(line.term)
        return expansion.term(replaced(polynomial, rules.facts + rules.definitions(polynomial), expansion))

    assert_value_stays(change, seed)

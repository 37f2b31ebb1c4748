"""Long lines of formulas."""

import pytest

import indexcalc as ic
from indexcalc.explaining.wrapping import changed, columns, wrapped

SUM = "exp(z[q])*delta[q,s]*sum[k](exp(z[k])) - exp(z[q])*sum[k](exp(z[k])*delta[k,s])"


def test_a_line_ends_at_the_outermost_sign():
    assert wrapped(SUM, 60) == [
        "exp(z[q])*delta[q,s]*sum[k](exp(z[k]))",
        "    - exp(z[q])*sum[k](exp(z[k])*delta[k,s])",
    ]
    assert wrapped("f(a, b)", 20) == ["f(a, b)"]


@pytest.mark.parametrize("width", range(1, 120, 7))
def test_nothing_is_lost(width):
    lines = wrapped(SUM, width)
    assert "".join("".join(lines).split()) == "".join(SUM.split())
    assert all(len(line) <= max(width, 20) for line in lines[:-1])


def test_what_cannot_be_broken_is_long():
    assert wrapped("x" * 100, 40) == ["x" * 100]
    assert wrapped("f[" + "i," * 40 + "i]", 30)[0].startswith("f[i,")


def test_reasons_stand_beside_or_below():
    rows = [("  = a", "one"), ("  = abcdef", "two"), (f"  = {SUM}", "three")]
    assert columns(rows, 60) == [
        "  = a        # one",
        "  = abcdef   # two",
        "  = exp(z[q])*delta[q,s]*sum[k](exp(z[k]))",
        "    - exp(z[q])*sum[k](exp(z[k])*delta[k,s])",
        "      # three",
    ]


def test_what_is_new():
    before, after = "a[q]*b + c", "a[q]*(d[q,s] + c)"
    assert [after[start:end] for start, end in changed(before, after)] == ["(d[q,s]", ")"]


def test_a_derivation_in_some_columns():
    derivation = ic.derive("a[q] = exp(z[q]) / sum[k](exp(z[k]))", "diff(a[q], z[s])")
    lines = derivation.render(width=50).splitlines()
    assert max(map(len, lines)) <= 50
    assert "".join(derivation.render(width=50).split()).count("quotientrule,chainrule") == 1
    assert derivation.render(level="brief").splitlines() == [
        "diff(a[q], z[s])",
        "  = diff(exp(z[q])/sum[k](exp(z[k])), z[s])                        # substitute: definition of a",
        "  = (exp(z[q])*diff(z[q], z[s])*sum[k](exp(z[k])) - exp(z[q])*sum[k](exp(z[k])*diff(z[k], z[s])))"
        "/sum[k](exp(z[k]))^2   # quotient rule, chain rule",
        "  = a[q]*(delta[q,s] - a[s])                                       # deltas, contract, recognise, short form",
    ]
    with pytest.raises(ic.IndexcalcError, match=r"there is no level 'low'\. Choose one of brief, full\."):
        derivation.render(level="low")

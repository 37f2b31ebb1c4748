"""Every rule that a step names is explained."""

import re
from pathlib import Path

import pytest

import indexcalc as ic
from indexcalc.explaining.rules import RULES, explained, rule_of

ROOT = Path(__file__).parents[2]


def test_every_rule_of_the_source_is_explained():
    source = "".join(path.read_text() for path in (ROOT / "indexcalc").rglob("*.py"))
    named = re.findall(r'_use\(f?"([^"{]+)', source) + re.findall(r'_Form\("(\w+)"', source)
    named += re.findall(r'(?<!\w)Line\("([^",]+)"', source) + re.findall(r'Stage\("(\w+)"', source)
    assert len(named) > 15
    assert [name for name in named if rule_of(name) is None] == []


@pytest.mark.parametrize(
    "sheet, target",
    [
        ("L = logdet(A)*sum[i](A[i,i]^2/x[i])", "diff(L, A[j,k])"),
        ("assume sum[q](y[q]) = 1\nL = sum[q](y[q]*x[q]*c)\nc = sum[q](y[q])", "diff(L, x[k])"),
        ("a[i] = tanh(w[i,j]*x[j])\nb[i] = tanh(v[i,j]*a[j])\nL = sum[i](b[i]^2)", "diff(L, w[k,l])"),
    ],
)
def test_the_rules_of_some_derivations(sheet, target):
    derivation = ic.derive(sheet, target)
    for chain in [*derivation.lemmas, derivation.steps, *derivation.adjoints]:
        for step in chain:
            assert explained(step.rule)


def test_all_and_none():
    assert explained("all").count("\n\n") == len(RULES) - 1
    with pytest.raises(ic.IndexcalcError) as stop:
        explained("quotiet rule")
    assert str(stop.value) == "there is no rule 'quotiet rule'. Did you mean quotient rule?"
    with pytest.raises(ic.IndexcalcError, match="There are substitute, "):
        explained("")

r"""On which definitions and facts of a document its verdicts rest."""

import json

import pytest

from indexcalc.audit.checking import check_document

SOFTMAX = r"""
$$ a_{pq} = \frac{\exp(z_{pq})}{\sum_k \exp(z_{pk})} $$

$$ L = -\sum_{p,q} y_{pq} \log a_{pq} $$

where $\sum_q y_{pq} = 1$.

$$ \frac{\partial L}{\partial z_{rs}} = a_{rs} - y_{rs} = -(y_{rs} - a_{rs}) $$
"""


def rests(text):
    return [[(ground.kind, ground.line) for ground in claim.rests] for claim in check_document(text, "markdown").claims]


def test_definitions_and_facts_with_their_lines():
    first, second = check_document(SOFTMAX, "markdown").claims
    assert [str(claim.verdict) for claim in (first, second)] == ["proved", "proved"]
    assert [(ground.kind, ground.line) for ground in first.rests] == [("definition", 2), ("definition", 4), ("fact", 6)]
    assert first.rests[1].text == r"L = -\sum_{p,q} y_{pq} \log a_{pq}"
    assert second.rests == ()  # it holds whatever a and y are


def test_statements_of_a_sheet_are_named_by_their_own_lines():
    text = "```indexcalc\nu[i] = 2*x[i]\nf = u[i]*u[i]  # twice\nassume x[i] > 0\n```\n\n$$ \\frac{\\partial f}{\\partial x_k} = 8 x_k $$\n"
    (claim,) = check_document(text, "markdown").claims
    assert [str(ground) for ground in claim.rests] == ["u[i] = 2*x[i] (line 2)", "f = u[i]*u[i] (line 3)"]


def test_a_fact_in_words():
    text = "Let $A$ be symmetric.\n\n$$ x_i A_{ij} y_j = x_i A_{ji} y_j $$\n"
    assert rests(text) == [[("fact", 1)]]


@pytest.mark.parametrize("slope", ["u_k", "2 u_k"])
def test_a_derivative_that_is_given(slope):
    text = rf"""
$$ \frac{{\partial E}}{{\partial v_k}} = u_k $$

$$ \frac{{\partial E^2}}{{\partial v_k}} = 2 E {slope} $$
"""
    assert all(("fact", 2) in found for found in rests(text))


def test_the_report_says_it():
    report = check_document(SOFTMAX, "markdown")
    assert r"    rests on a_{pq} = \frac{\exp(z_{pq})}{\sum_k \exp(z_{pk})} (line 2); L = " in report.text()
    claims = json.loads(json.dumps(report.as_json()))["files"][0]["claims"]
    assert claims[0]["rests"][2] == {"kind": "fact", "line": 6, "text": r"\sum_q y_{pq} = 1"}
    assert claims[1]["rests"] == []

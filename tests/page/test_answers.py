"""What the page is told."""

import pytest

from indexcalc.page.answers import ANSWERS, LONGEST, answer

SOFTMAX = {"sheet": "a[q] = exp(z[q]) / sum[k](exp(z[k]))", "target": "diff(a[q], z[s])"}


def test_a_result():
    found = answer("derive", SOFTMAX)
    assert found["result"] == "a[q]*(delta[q,s] - a[s])" and found["axes"] == ["q", "s"]
    assert [step["reason"] for step in found["steps"][0]][1] == "substitute: definition of a"
    assert found["targets"] == ["diff(a, z)"] and found["remarks"] == []
    assert found["matrix"]["text"]


def test_what_is_derived_where_nothing_is_named():
    assert answer("derive", {"sheet": "L = x[i]*x[i]\ng[k] = diff(L, x[k])\n"})["target"] == "g[k]"
    assert answer("derive", {"sheet": "L = x[i]*x[i]\n"})["target"] == "L"
    assert answer("derive", {})["error"] == (
        "there is nothing to derive. Write a definition, and diff(y, x) as the target."
    )


def test_an_error_has_its_places():
    found = answer("derive", {"sheet": "y[i] = A[i,j*x[j]", "target": "y"})
    assert (found["where"], found["places"]) == ("sheet", [[8, 9]])
    found = answer("derive", {"sheet": "y = x", "target": " diff(y, "})
    assert (found["where"], found["places"]) == ("target", [[5, 6]])


def test_code_verification_and_pictures():
    assert "import numpy as np" in answer("code", SOFTMAX | {"backend": "numpy"})["code"]
    assert answer("code", SOFTMAX | {"backend": "fortran"})["error"].startswith("there is no backend 'fortran'. ")
    assert answer("verify", SOFTMAX | {"sizes": "q=4"})["passed"] is True
    assert answer("picture", SOFTMAX | {"kind": "sparsity", "sizes": "q = 4"})["svg"].startswith("<svg")


@pytest.mark.parametrize("sizes", ["q", "q=0", "q=99", "q=-1", "=3", "q=x"])
def test_sizes_that_are_none(sizes):
    found = answer("verify", SOFTMAX | {"sizes": sizes})
    assert found["error"] == f"{sizes!r} gives no size. Write m=3, n=4, each at most 12."


def test_a_document():
    text = "# Notes 😀\n\n$$ y_i = A_{ij} x_j, \\quad \\frac{\\partial y_i}{\\partial x_k} = A_{ki} $$\n"
    found = answer("check", {"text": text})
    (claim,) = (each for each in found["claims"] if each["verdict"] == "refuted")
    start, end, fix = claim["fix"]
    assert text[start:end] == "A_{ki}" and fix == "A_{ik}"
    assert found["counts"]["refuted"] == 1
    assert answer("check", {"text": text[:start] + fix + text[end:]})["counts"]["proved"] == 1


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_what_is_no_question(kind):
    for value in (7, None, ["x"], {"a": 1}):
        question = {"sheet": value, "text": value, "target": "y"}
        assert answer(kind, question)["error"].endswith(" is no text. Send a string.")
    long = "x" * (LONGEST + 1)
    assert "more than 20000" in answer(kind, {"sheet": long, "text": long})["error"]

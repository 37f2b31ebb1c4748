"""Many documents at once: the same reports as one after the other, and one that fails stops no other."""

import os
from pathlib import Path

import pytest

import indexcalc as ic
from indexcalc.cli.checking import Checker
from indexcalc.project.parallel import ENDED, judged

TEXTS = {
    "a.md": "$$ y_i = 2 x_i = x_i + x_i $$\n",
    "b.md": "$$ y_i = 2 x_i = 3 x_i $$\n",
    "c.md": "$$ z = a b = b a $$\n",
}


def refuse(path):
    if path.name == "b.md":
        raise ZeroDivisionError("a fault")
    return ic.check(path).files[0]


def die(path):
    if path.name == "b.md":
        os._exit(9)
    return ic.check(path).files[0]


@pytest.fixture
def names(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in (*TEXTS, "none.md")]


def words(outcome):
    return outcome if isinstance(outcome, str) else [str(claim.verdict) for claim in outcome.claims]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_reports_are_the_same(names, jobs):
    found = {Path(name).name: words(outcome) for name, outcome in judged(names, Checker(), jobs, enough=1)}
    assert found.pop("none.md").endswith("none.md cannot be read: No such file or directory.")
    assert found == {"a.md": ["proved"], "b.md": ["refuted"], "c.md": ["proved"]}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_ours_loses_no_other_report(names, jobs):
    found = {Path(name).name: words(outcome) for name, outcome in judged(names[:3], refuse, jobs, enough=1)}
    assert found["b.md"].startswith("a fault in indexcalc, please report it")
    assert (found["a.md"], found["c.md"]) == (["proved"], ["proved"])


def test_a_process_that_is_ended_loses_no_other_report(names):
    found = {Path(name).name: words(outcome) for name, outcome in judged(names[:3], die, 2, enough=1)}
    assert found == {"a.md": ["proved"], "b.md": ENDED, "c.md": ["proved"]}


def test_a_few_short_documents_are_judged_here(names):
    def local(path):  # cannot be sent to another process
        return ic.check(path).files[0]

    assert [Path(name).name for name, _ in judged(names[:3], local, 2)] == list(TEXTS)

"""Claims: a verdict for each step of `check` statements and what the report says of it."""

import json
from importlib import import_module

import pytest

from indexcalc.audit.checking import check_document, check_files
from indexcalc.errors import IndexcalcError

SHEET = """
index p, r : m
index q, s, k : n
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""


def fence(text):
    return f"Words before.\n\n```indexcalc\n{text.strip()}\n```\n\nand after.\n"


def report(checks, sheet=SHEET):
    return check_document(fence(f"{sheet}\n{checks}"))


def words(checks, sheet=SHEET):
    return [str(claim.verdict) for claim in report(checks, sheet).claims]


@pytest.mark.parametrize(
    ("checks", "verdicts"),
    [
        ("check a[p,q] = a[p,q]", ["proved"]),
        ("check diff(CE, z[r,s]) = (a[r,s] - y[r,s])/m = 1/m*a[r,s] - y[r,s]/m", ["proved", "proved"]),
        ("check diff(CE, z[r,s]) = (y[r,s] - a[r,s])/m", ["refuted"]),
        ("check (a[r,s] = a[r,s]", ["unreadable"]),
        ("check a[p,q] = b[p = c[p,q] = a[p,q]", ["unreadable", "refuted", "refuted"]),
        ("check a[p] = a[p,q] = a[p,q]", ["unreadable", "unreadable"]),
        ("check a[p,q] = z[p,q] = a[p,q]", ["refuted", "refuted"]),
        ("check a[p,q] = a[p,r] = a[p,q]", ["unreadable", "proved"]),
        ("check a[p,q] = a[p,q] # = b", ["proved"]),
        ("check 1[p == r] = delta[p,r]", ["proved"]),
        ("check a[p,q] = \n a[p,q]", ["unreadable"]),
        ("check a[p,q] = (\n a[p,q])", ["proved"]),
        ("checked = 1", []),
    ],
)
def test_verdicts(checks, verdicts):
    assert words(checks) == verdicts


def test_places_count_in_the_file():
    (claim,) = report("check a[p,q] = z[p,q] + (1").claims
    assert (claim.line, claim.column) == (10, 14)
    assert "line 10, column 25: " in claim.reason


def test_a_slip_that_is_mended():
    first, second, third = report("check diff(CE, z[r,s]) = a[r,s] - y[r,s]/m = (a[r,s] - y[r,s])/m = a[r,s]/m").claims
    assert first.first_wrong
    assert first.reason.startswith("a bracket is missing: 1/m belongs to all terms; the sides differ at")
    assert first.fix == "(a[r,s] - y[r,s])/m"
    assert second.reason.endswith("equals the first row: the slip of line 10 is mended here")
    assert not second.first_wrong
    assert not third.first_wrong
    assert third.fix == "a[r,s]/m - y[r,s]/m"


def test_right_steps_behind_a_slip_say_so():
    second = report("check diff(CE, z[r,s]) = a[r,s] - y[r,s] = -(y[r,s] - a[r,s])").claims[1]
    assert str(second.verdict) == "proved"
    assert second.reason.endswith("but the slip of line 10 is still in both sides")


def test_a_counterexample_has_numbers():
    (claim,) = report("check diff(CE, a[p,q]) = y[p,q]/a[p,q]/m").claims
    example = claim.counterexample
    assert set(example.element) == {"p", "q"}
    assert example.left == pytest.approx(-example.right)
    assert set(example.sizes) == {"m", "n"}


# ----- Sheets of a document ------------------------------------------------------------------------------------------


def test_fences_add_up():
    text = fence("x[i] = 2*y[i]") + fence("w = x[i]*x[i]\ncheck w = 4*y[i]*y[i]")
    assert [str(claim.verdict) for claim in check_document(text).claims] == ["proved"]


def test_a_fence_that_contradicts_begins_a_new_sheet():
    text = fence("x = 1\ncheck x = 1") + fence("x = 2\ncheck x = 2")
    file = check_document(text).files[0]
    assert [str(claim.verdict) for claim in file.claims] == ["proved", "proved"]
    assert [(note.kind, note.line) for note in file.notes] == [("sheet", 12)]


def test_a_sheet_that_cannot_be_read():
    text = fence("x = [\ncheck x = 1 = 2") + fence("check 1 = 1")
    file = check_document(text).files[0]
    assert [str(claim.verdict) for claim in file.claims] == ["unreadable"] * 3
    assert file.claims[0].reason.startswith("the sheet in line 4, column 5: ")
    assert [note.kind for note in file.notes] == ["error"]


def test_a_sheet_file(tmp_path):
    path = tmp_path / "softmax.ic"
    path.write_text(SHEET + "check a[p,q] = a[p,q]\n")
    assert check_document(path).counts["proved"] == 1


# ----- The report ----------------------------------------------------------------------------------------------------


def test_json():
    found = report("check a[p,q] = a[p,q] = z[p,q]").as_json()
    assert json.loads(json.dumps(found)) == found
    assert found["counts"] == {"proved": 1, "agrees": 0, "refuted": 1, "undecided": 0, "unreadable": 0, "skipped": 0}
    (file,) = found["files"]
    assert file["path"] == "<text>"
    proved, refuted = file["claims"]
    assert proved["text"] == "a[p,q] = a[p,q]"
    assert proved["verdict"] == "proved"
    assert proved["counterexample"] is None
    assert refuted["counterexample"].keys() >= {"sizes", "element", "left", "right"}


def test_text():
    lines = report("check a[p,q] = a[p,q] = -a[p,q]").text().splitlines()
    assert lines[0] == "<text>:10:14: proved: a[p,q] = a[p,q]"
    assert lines[2] == "<text>:10:23: refuted: a[p,q] = -a[p,q]"
    assert lines[3].startswith("    the sign is wrong; the sides differ at p = ")
    assert lines[4:] == [
        "    the first wrong step of its chain",
        "    fix: a[p,q]",
        "2 steps: 1 proved, 1 refuted",
    ]


@pytest.mark.parametrize(
    ("checks", "words", "status"),
    [
        ("check 1 = 1", ["proved"], 0),
        ("check 1 = (", ["unreadable"], 1),
        ("check f_1(1) = f_2(1)", ["refuted"], 1),
        ("check exp(exp(exp(800 + c))) = exp(exp(exp(900 + c)))", ["undecided"], 1),
    ],
)
def test_a_strict_status_counts_what_is_left_open(checks, words, status):
    found = report(checks)
    assert [str(claim.verdict) for claim in found.claims] == words
    assert found.status_of(strict=True) == status
    assert found.status_of(strict=False) == found.status


@pytest.mark.parametrize(
    ("checks", "status"),
    [("check 1 = 1", 0), ("", 0), ("check 1 = (", 2), ("check 1 = 2", 1), ("check 1 = 2 = (", 1)],
)
def test_status(checks, status):
    found = report(checks)
    assert found.status == status
    assert found.passed == (not status)


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    good, bad = tmp_path / "good.md", tmp_path / "bad.ipynb"
    good.write_text(fence("check 1 = 1"))
    bad.write_text("{")
    seen = []
    found = check_files([bad, tmp_path / "none.md", good], progress=seen.append)
    assert [bool(file.error) for file in found.files] == [True, True, False]
    assert seen == [str(bad), str(tmp_path / "none.md"), str(good)]
    assert found.status == 2
    assert "bad.ipynb: the notebook is not valid JSON" in found.text()
    with pytest.raises(IndexcalcError, match="cannot be read"):
        check_document(tmp_path / "none.md")


def test_derivatives_of_functions_that_are_never_defined():
    sheet = "z[j,k,p] = x[i,j,k]*y[i,p]"
    checks = """
check diff(l, x[i',j',k']) = diff(l, z[j,k,p])*diff(z[j,k,p], x[i',j',k']) = diff(l, z[j',k',p])*y[i',p]
check diff(l, y[i,p]) = diff(l, z[j,k,p])*x[i,j,k]
check diff(l, z[j,k,p]) = z[j,k,p] = 2*z[j,k,p]
check diff(l, y[i,p]) = z[j,k,p]*x[i,j,k]
check diff(l, x[i,j,k]) = z[j,k,p]*y[i,p]*2
"""
    file = report(checks, sheet).files[0]
    assert [str(claim.verdict) for claim in file.claims] == ["proved"] * 3 + ["refuted", "proved", "refuted"]
    assert [(note.kind, note.text) for note in file.notes] == [("definition", "diff(l, z[j,k,p]) = z[j,k,p]")]


def test_a_fault_in_one_file_does_not_lose_the_others(tmp_path, monkeypatch):
    checking = import_module("indexcalc.audit.checking")
    right, bad = tmp_path / "right.md", tmp_path / "bad.md"
    for path in (right, bad):
        path.write_text("$$ x_i x_i = x_j x_j $$\n")
    checked = checking.checked

    def faulty(document):
        if document.name.endswith("bad.md"):
            raise ZeroDivisionError("a test")
        return checked(document)

    monkeypatch.setattr(checking, "checked", faulty)
    report = checking.check_files([bad, right])
    assert report.files[0].error.startswith("a fault in indexcalc, please report it")
    assert "ZeroDivisionError: a test" in report.files[0].error
    assert [str(claim.verdict) for claim in report.claims] == ["proved"]
    assert report.status == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            r"$$ y_i = 2 \phi(x_i) $$ $$ y_i + y_i = 2 \phi x_i $$",
            "line 1, column 42: phi stands before a bracket elsewhere, as a function. Write phi(...)",
        ),
        (
            r"$$ f = \vec{x}_i \vec{x}_i $$ $$ \frac{\partial f}{\partial y_k} = \vec{x}_{ij} $$",
            "the first side: line 1, column 61: nothing depends on y: it occurs nowhere else. "
            "Differentiate by a tensor that the document uses",
        ),
        (
            r"$$ y_i = 2 \vec{x}_i w_i $$ $$ y_i + y_i = \vec{x}_{ij} w_j $$",
            r"line 1, column 44: x_vec has 2 indices here and one index elsewhere (compare '\vec{x}'). "
            "Give it the same number everywhere",
        ),
    ],
)
def test_errors_speak_of_the_document(text, reason):
    assert check_document(text + "\n").claims[0].reason == reason


def reason_of(text):
    (claim,) = check_document(f"{text}\n").claims
    return claim.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            r"$$ \ddot{x} = - k \varphi $$ $$ \frac{\partial \ddot{x}}{\partial k} = \ddot{z} $$",
            r"it may be an equation of motion, by which \ddot{z} is given; nothing says that it is none",
        ),
        (r"$$ u = k \varphi $$ $$ \frac{\partial u}{\partial k} = 2 \varepsilon $$", r"nothing says what \varepsilon is"),
        (r"$$ u = k \phi $$ $$ \frac{\partial u}{\partial k} = 2 \epsilon $$", r"nothing says what \epsilon is"),
        (r"$$ u = k p $$ $$ \frac{\partial u}{\partial k} = 2 q $$", "nothing says what q is"),
    ],
)
def test_reasons_have_the_letters_of_the_text(text, reason):
    assert reason_of(text) == reason


def test_fixes_have_the_letters_of_the_text():
    text = r"$$ u = \varphi^2 c $$ $$ \frac{\partial u}{\partial \varphi} = 2 \dot{\varphi} c + 2 \varphi c $$"
    (claim,) = check_document(f"{text}\n").claims
    assert r"\phi" not in claim.fix + claim.reason

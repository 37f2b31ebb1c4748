"""The command line: what it prints, where, and with which exit status."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import cli
from indexcalc.cli import main

LINEAR = "y[i] = A[i,j]*x[j]"
SOFTMAX = "a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))"
WRONG = "check diff(y[i], x[k]) = A[k,i]"


@pytest.fixture
def run(capsys):
    """Run a command: its exit status, its output and its errors."""

    def run(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def sheet(tmp_path):
    """A sheet in a file."""
    path = tmp_path / "linear.ic"
    path.write_text(f"{LINEAR}\nJ[i,k] = diff(y[i], x[k])\ncheck diff(y[i], x[k]) = A[i,k]\n")
    return str(path)


# ----- derive ----------------------------------------------------------------------------------------------------


def test_derive_prints_the_steps_and_the_result(run):
    status, out, err = run("derive", "-e", LINEAR, "diff(y[i], x[k])")
    assert (status, err) == (0, "")
    assert "A[i,j]*delta[j,k]" in out
    assert out.rstrip().splitlines()[-1].strip().startswith(("= A[i,k]", "A[i,k]"))


def test_derive_without_steps(run):
    status, out, _ = run("derive", "-e", LINEAR, "diff(y[i], x[k])", "--no-steps")
    assert status == 0
    assert "A[i,k]" in out and "delta" not in out


def test_derive_as_json(run):
    status, out, _ = run("derive", "-e", f"index p : m; {SOFTMAX}", "diff(a[p,q], z[r,s])", "--format", "json")
    said = json.loads(out)
    assert status == 0
    assert list(said) == ["target", "axes", "sizes", "expression", "latex", "steps"]
    assert said["target"] == "diff(a[p,q], z[r,s])"
    assert said["axes"] == ["p", "q", "r", "s"]
    assert set(said["sizes"]) == {"p", "q", "r", "s"}
    assert said["sizes"]["p"] == said["sizes"]["r"] == "m"
    assert said["expression"] == "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])"
    assert said["latex"]
    assert said["steps"]
    assert all(list(step) == ["rule", "expression", "latex", "note"] for step in said["steps"])


def test_derive_as_json_without_steps(run):
    _, out, _ = run("derive", "-e", LINEAR, "diff(y[i], x[k])", "--format", "json", "--no-steps")
    assert json.loads(out)["steps"] == []


@pytest.mark.parametrize("format, mark", [("latex", r"\begin{align"), ("markdown", "$$")])
def test_derive_in_other_formats(run, format, mark):
    status, out, _ = run("derive", "-e", LINEAR, "diff(y[i], x[k])", "--format", format)
    assert status == 0
    assert mark in out


@pytest.mark.parametrize(
    "words",
    [
        ("SHEET", "TARGET"),
        ("--no-steps", "SHEET", "TARGET"),
        ("SHEET", "--no-steps", "TARGET"),
        ("SHEET", "TARGET", "--no-steps"),
        ("SHEET", "--format", "text", "TARGET", "--no-steps"),
    ],
)
def test_options_stand_anywhere(run, sheet, words):
    place = {"SHEET": sheet, "TARGET": "diff(y[i], x[k])"}
    status, out, _ = run("derive", *(place.get(word, word) for word in words))
    assert status == 0
    assert "A[i,k]" in out


def test_statements_and_target_in_either_order(run):
    first = run("derive", "-e", LINEAR, "diff(y[i], x[k])")
    assert first == run("derive", "diff(y[i], x[k])", "-e", LINEAR)
    assert first[0] == 0


def test_sheet_from_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LINEAR}\n"))
    status, out, _ = run("derive", "-", "diff(y[i], x[k])")
    assert status == 0
    assert "A[i,k]" in out


def test_both_dialects(run):
    status, out, _ = run("derive", "-e", LINEAR, r"\frac{\partial y_{i}}{\partial x_{k}}")
    assert status == 0
    assert "A[i,k]" in out


# ----- generate --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
def test_generate_prints_code_that_runs_alone(run, backend):
    status, out, _ = run("generate", "-e", LINEAR, "y[i]", "--backend", backend)
    names: dict = {}
    exec(out, names)  # written by indexcalc
    matrix, vector = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])
    assert status == 0
    np.testing.assert_allclose(names["compute_y"](A=matrix, x=vector), matrix @ vector)


def test_generate_writes_a_file(run, tmp_path):
    path = tmp_path / "code.py"
    status, out, _ = run("generate", "-e", LINEAR, "diff(y[i], x[k])", "--output", str(path))
    assert (status, out) == (0, "")
    assert path.read_text() == run("generate", "-e", LINEAR, "diff(y[i], x[k])")[1]


def test_generate_says_where_it_cannot_write(run, tmp_path):
    path = tmp_path / "missing" / "code.py"
    status, out, err = run("generate", "-e", LINEAR, "y[i]", "--output", str(path))
    assert (status, out) == (2, "")
    assert err == f"indexcalc: {path} cannot be written: No such file or directory.\n"


# ----- verify ----------------------------------------------------------------------------------------------------


def test_verify_a_target(run, sheet):
    status, out, err = run("verify", sheet, "diff(y[i], A[j,k])")
    assert (status, err) == (0, "")
    assert "diff(y[i], A[j,k])" in out and "autograd" in out


def test_verify_all_derivatives_and_claims(run, sheet):
    status, out, _ = run("verify", sheet)
    assert status == 0
    assert "J[i,k]" in out and f"{sheet}:3:24: proved" in out


def test_verify_against_differences_with_a_seed(run, sheet):
    status, out, _ = run("verify", sheet, "J[i,k]", "--against", "differences", "--seed", "7")
    assert status == 0
    assert "differences" in out


def test_verify_a_wrong_claim(run):
    status, out, _ = run("verify", "-e", f"{LINEAR}; {WRONG}")
    assert status == 1
    assert "refuted" in out


def test_verify_nothing(run):
    status, out, err = run("verify", "-e", LINEAR)
    assert (status, out) == (2, "")
    assert err == "indexcalc: The sheet has no derivative and no claim to verify. Give a TARGET after it.\n"


# ----- check -----------------------------------------------------------------------------------------------------


@pytest.fixture
def documents(tmp_path):
    """A right and a wrong document, and one that is not there."""
    for name, right in (("right", "A[i,k]"), ("wrong", "A[k,i]")):
        text = f"```indexcalc\nindex i, j, k : n\n{LINEAR}\ncheck diff(y[i], x[k]) = {right}\n```\n"
        (tmp_path / f"{name}.md").write_text(text)
    return {name: str(tmp_path / f"{name}.md") for name in ("right", "wrong", "missing")}


def test_check_a_right_document(run, documents):
    status, out, err = run("check", documents["right"])
    assert (status, err) == (0, "")
    assert "proved" in out


def test_check_a_wrong_document(run, documents):
    status, out, _ = run("check", documents["wrong"])
    assert status == 1
    assert f"{documents['wrong']}:4:" in out and "refuted" in out


def test_check_a_folder(run, documents, tmp_path):
    folder = Path(documents["right"]).parent
    status, out, err = run("check", str(folder), "--format", "json")
    assert (status, err) == (1, "")
    names = [Path(each["path"]).name for each in json.loads(out)["files"]]
    assert names == ["right.md", "wrong.md"]
    (tmp_path / "empty").mkdir()
    status, out, err = run("check", str(tmp_path / "empty"), documents["right"])
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith(f"indexcalc: {tmp_path / 'empty'} is a folder without documents. They are files that end")


def test_check_as_json(run, documents):
    status, out, _ = run("check", documents["right"], documents["wrong"], "--format", "json")
    said = json.loads(out)
    assert status == 1
    assert list(said) == ["files", "counts"]
    assert [file["path"] for file in said["files"]] == [documents["right"], documents["wrong"]]
    claims = [claim for file in said["files"] for claim in file["claims"]]
    assert [claim["verdict"] for claim in claims] == ["proved", "refuted"]
    assert {"line", "column", "text", "verdict", "reason", "counterexample"} <= set(claims[1])
    assert claims[1]["counterexample"]
    assert said["counts"]["proved"] == said["counts"]["refuted"] == 1


def test_one_bad_file_does_not_stop_the_others(run, documents):
    status, out, err = run("check", documents["missing"], documents["right"])
    assert status == 2
    assert "proved" in out
    assert documents["missing"] in err and err.startswith("indexcalc: ")
    assert run("check", documents["missing"], documents["wrong"])[0] == 1


def test_unreadable_document(run, tmp_path):
    path = tmp_path / "unreadable.md"
    path.write_text("```indexcalc\ny[i] = A[i,j]*x[j]\ncheck y[i] = A[i,j*x[j]\n```\n")
    status, out, _ = run("check", str(path))
    assert status == 2
    assert "unreadable" in out


def test_annotated_copy(run, documents, tmp_path):
    copy = tmp_path / "copy.md"
    assert run("check", documents["wrong"], "--annotate", str(copy))[0] == 1
    assert "refuted" in copy.read_text()
    status, out, err = run("check", documents["wrong"], documents["right"], "--annotate", str(copy))
    assert (status, out) == (2, "")
    assert err.startswith("indexcalc: usage: ")


# ----- vjp -------------------------------------------------------------------------------------------------------


def test_vjp(run):
    assert run("vjp", "ijk,ip->jkp") == (0, "jkp,ip->ijk\njkp,ijk->ip\n", "")


def test_vjp_as_code(run):
    status, out, _ = run("vjp", "batch i, batch j -> i j", "--backend", "numpy")
    assert status == 0 and out.count("def pullback") == 2


def test_vjp_refuses_what_is_no_einsum(run):
    status, out, err = run("vjp", "ijk,ip->jz")
    assert (status, out) == (2, "")
    assert err.startswith("indexcalc: ")


# ----- Errors ----------------------------------------------------------------------------------------------------


def test_errors_say_which_text_they_are_in(run, tmp_path):
    path = tmp_path / "broken.ic"
    path.write_text("y[i] = A[i,j*x[j]\n")
    status, out, err = run("derive", str(path), "y[i]")
    assert (status, out) == (2, "")
    assert err.startswith(f"indexcalc: {path}: line 1, column 9: ")
    assert "^" in err
    assert run("derive", "-e", "y[i] = A[i,j*x[j]", "y[i]")[2].startswith("indexcalc: -e: line 1")
    assert run("derive", "-e", LINEAR, "diff(y[i], ")[2].startswith("indexcalc: target: line 1")


def test_missing_sheet(run):
    status, _, err = run("derive", "nowhere.ic", "y[i]")
    assert status == 2
    assert err == "indexcalc: nowhere.ic cannot be read: No such file or directory.\n"


def test_a_formula_instead_of_a_file(run):
    assert run("derive", "y = x^2", "diff(y, x)")[2] == (
        "indexcalc: y = x^2 cannot be read: No such file or directory. "
        "Statements may be given on the command line with -e.\n"
    )


def test_a_sheet_that_is_no_text(run, tmp_path):
    path = tmp_path / "picture.ic"
    path.write_bytes(b"ab\xff\xfe")
    assert run("derive", str(path), "y")[2] == f"indexcalc: {path} is not a text in UTF-8 (byte 2).\n"


@pytest.mark.parametrize("words", [("derive", "sheet.ic"), ("vjp",), ("vjp", "i->i", "j->j"), ("check",)])
def test_wrong_number_of_operands(run, words):
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err.startswith(f"indexcalc: usage: indexcalc {words[0]} ")


@pytest.mark.parametrize(
    "words", [(), ("integrate",), ("derive", "--formt", "s", "t"), ("generate", "s", "t", "--backend", "fortran")]
)
def test_wrong_usage(words):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2


def test_without_a_command_the_help_is_shown(capsys):
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "print the derivation of a target" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["derive", "generate", "verify", "check", "vjp"])
def test_help_shows_examples(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main((command, "--help"))
    assert stop.value.code == 0
    assert f"examples:\n  indexcalc {command}" in capsys.readouterr().out


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m indexcalc.cli generate -e '{LINEAR}' 'y[i]' | true"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# ----- Never a traceback ------------------------------------------------------------------------------------------


FAULT = "a fault in indexcalc, please report it with what you gave it "


def shell(command, **environment):
    """What a command line gives, with `indexcalc` in it: its exit status, its output, its errors."""
    command = command.replace("indexcalc", f"{sys.executable} -m indexcalc")
    done = subprocess.run(["bash", "-c", command], capture_output=True, env={**os.environ, **environment})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_package_is_a_command():
    assert shell("indexcalc vjp 'ij,j->i'") == (0, "i,j->ij\ni,ij->j\n", "")


def test_a_terminal_that_lacks_letters_gets_their_numbers():
    sheet = "-e 'σ = x[i]*x[i]*β'"
    target = "'diff(σ, x[k])' --no-steps"
    status, out, err = shell(f"indexcalc derive {sheet} {target}", PYTHONIOENCODING="cp1252")
    assert (status, out, err) == (0, "diff(\\u03c3, x[k])\n  = 2*\\u03b2*x[k]\n", "")
    status, out, _ = shell(f"indexcalc derive {sheet} {target} --format json", PYTHONIOENCODING="cp1252")
    assert json.loads(out)["target"] == "diff(σ, x[k])"
    status, out, err = shell("indexcalc derive -e 'σ = x[i]' σ", PYTHONIOENCODING="cp1252")
    assert status == 2 and "\\u03c3 = x[i]" in err


def test_what_is_read_is_utf8_on_any_terminal():
    command = r"printf '\xef\xbb\xbfσ = x[i]*x[i]\r\n' | indexcalc derive - σ --no-steps"
    assert shell(command, PYTHONIOENCODING="cp1252") == (0, "\\u03c3\n  = sum[i](x[i]^2)\n", "")
    assert shell(r"printf 'y = \xff' | indexcalc derive - y") == (
        2,
        "",
        "indexcalc: - is not a text in UTF-8 (byte 4).\n",
    )


@pytest.mark.parametrize(
    "stream, message",
    [
        ("<&-", "there is no standard input to read. Give a file, or statements with -e.\n"),
        (">&- <<< 'y = x'", "there is no standard output to write to.\n"),
        ("--format json >&- <<< 'y = x'", "there is no standard output to write to.\n"),
    ],
)
def test_closed_streams(stream, message):
    assert shell(f"indexcalc derive - y {stream}") == (2, "", f"indexcalc: {message}")


def test_a_full_disk():
    status, _, err = shell("indexcalc derive -e 'y = x' y > /dev/full")
    assert status != 0 and "No space left on device" in err and "Traceback" not in err
    status, _, err = shell("indexcalc derive -e 'y = x' y > /dev/full 2> /dev/full")
    assert status != 0


def test_an_interruption(run, monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, "vjp", replace(cli.COMMANDS["vjp"], run=interrupted))
    assert run("vjp", "i->i") == (130, "", "indexcalc: interrupted\n")


@pytest.mark.parametrize(
    "error, said",
    [
        (TypeError("no rule\nfor X"), f"{FAULT}(TypeError: no rule for X, at "),
        (RecursionError(), "this nests too deeply. Split it into definitions.\n"),
        (MemoryError(), "there is not enough memory for this. "),
        (OSError(28, "No space left on device"), "No space left on device.\n"),
    ],
)
def test_a_fault_of_ours_is_said_in_one_line(run, monkeypatch, error, said):
    def broken(options):
        raise error

    monkeypatch.setitem(cli.COMMANDS, "vjp", replace(cli.COMMANDS["vjp"], run=broken))
    status, out, err = run("vjp", "i->i")
    assert (status, out) == (2, "")
    assert err.startswith(f"indexcalc: {said}") and err.count("\n") == 1


def test_a_fault_in_one_document_does_not_lose_the_others(run, documents, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # nothing is known from the tests before
    check = ic.check

    def broken(path):
        return check(path) if path.name == "right.md" else {}["lost"]

    monkeypatch.setattr(ic, "check", broken)
    status, out, err = run("check", documents["wrong"], documents["right"])
    assert status == 2
    assert "1 step: 1 proved" in out
    assert err.startswith(f"indexcalc: {documents['wrong']}: {FAULT}")
    status, out, _ = run("check", documents["wrong"], documents["right"], "--format", "json")
    said = json.loads(out)
    assert [file["path"] for file in said["files"]] == [documents["right"], documents["wrong"]]
    assert said["files"][1]["error"].startswith("a fault in indexcalc")


# ----- Options that are given twice -------------------------------------------------------------------------------


def test_statements_add_up(run):
    parts = ("-e", "s = x[i]*x[i]", "-e", "u[i] = x[i]/s")
    target = ("diff(u[i], x[k])", "--no-steps")
    whole = run("derive", "-e", "s = x[i]*x[i]; u[i] = x[i]/s", *target)
    assert run("derive", *parts, *target) == whole
    assert whole[1].endswith("delta[i,k]/s - 2*u[i]*u[k]\n")
    assert run("derive", *target, "-e", "s = x[i]", "-e", "u[i] = x[i]/s")[2].startswith("indexcalc: -e: line 1, ")


def test_sizes_add_up(run):
    words = ("generate", "-e", "y[i] = A[i,j]*x[j]", "y[i]", "--backend", "auto")
    once = run(*words, "--sizes", "i=9,j=7")
    assert run(*words, "--sizes", "i=9", "--sizes", "j=7")[1].splitlines()[1:] == once[1].splitlines()[1:]
    assert "for i = 9, j = 7" in once[1]
    assert run(*words, "--sizes", "i=9", "--sizes", "i=8")[2] == (
        "indexcalc: --sizes gives i as 9 and as 8. Give it once.\n"
    )


@pytest.mark.parametrize("text", ["m", "m=", "=3", "m=x", "m=3,,n=4", "m=-1"])
def test_sizes_that_are_none(capsys, text):
    with pytest.raises(SystemExit) as stop:
        main(["generate", "-e", "y = x", "y", "--sizes", text])
    assert stop.value.code == 2
    assert f"{text!r} gives no sizes: write m=150,n=4" in capsys.readouterr().err


# ----- Remarks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("derive",), ("generate",), ("verify",)])
def test_an_unknown_function_is_remarked_on(run, words):
    remark = (
        "indexcalc: remark: line 1, column 5: gain is taken for an unknown function.\n"
        "    y = gain(x)\n"
        "        ^^^^\n"
        "Say so with function gain.\n"
    )
    status, out, err = run(*words, "-e", "y = gain(x)", "y")
    assert (status, err) == (0, remark)
    assert run(*words, "-e", "function gain; y = gain(x)", "y")[1:] == (out, "")


# ----- Several targets, a chosen target, custom derivatives --------------------------------------------------------


def test_generate_several_targets_for_sizes(capsys):
    words = ["generate", "-e", "L = sum[i](x[i]^3*c)", "diff(L, x)", "diff(L, c)"]
    assert main([*words, "--sizes", "i=9", "--backend", "auto"]) == 0
    printed = capsys.readouterr().out
    assert "a call for i = 9" in printed.splitlines()[0] and "diff(L, c) = " in printed


def test_generate_a_custom_derivative(capsys):
    assert main(["generate", "-e", "L = sum[i](x[i]^3*c)", "L", "x", "--custom", "torch"]) == 0
    printed = capsys.readouterr().out
    assert "class compute_L_function(torch.autograd.Function)" in printed and "there is no derivative by c" in printed


def test_an_unknown_size_is_refused(capsys):
    assert main(["generate", "-e", "L = sum[i](x[i]^3)", "L", "--sizes", "k=9"]) == 2
    assert "there is no size or index k. Known are i" in capsys.readouterr().err


def test_linear_algebra_of_samples_has_one_thread_unless_the_user_says_otherwise():
    code = (
        "import os, sys; from indexcalc.cli import main; main(['derive', '-e', 'L = x[i]*x[i]', 'diff(L, x[j])']);"
        "print(os.environ['OPENBLAS_NUM_THREADS'], file=sys.stderr)"
    )
    for given, wanted in ({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3"):
        own = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
        done = subprocess.run([sys.executable, "-c", code], env={**own, **given}, capture_output=True, text=True)
        assert done.stderr.strip() == wanted

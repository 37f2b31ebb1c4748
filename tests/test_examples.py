"""Every example does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import indexcalc as ic
from indexcalc.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples"
SHEETS = sorted(EXAMPLES.glob("*.ic"))


def derivatives(path):
    """The derivatives that a sheet makes claims about."""
    claims = [row.removeprefix("check ") for row in path.read_text().splitlines() if row.startswith("check diff")]
    return list(dict.fromkeys(claim.split(" = ")[0] for claim in claims))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_claims_are_proved(path):
    report = ic.check(path)
    assert {str(claim.verdict) for claim in report.claims} == {"proved"}
    checks = [row for row in path.read_text().splitlines() if row.startswith("check")]
    assert len(report.claims) == sum(row.count(" = ") for row in checks)


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_code_is_readable_and_runs_alone(path, backend):
    for target in derivatives(path):
        code = ic.derive(path.read_text(), target).code(backend=backend)
        assert not re.search(r"einsum\(.*np\.eye|\*.*np\.eye|np\.eye.*\*", code)
        subprocess.run([sys.executable, "-c", code], check=True, cwd="/")


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_verify(path, capsys):
    assert main(["verify", str(path)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert all(target in said.out for target in derivatives(path))


def test_softmax_regression():
    """What `make demo` runs."""
    command = [sys.executable, EXAMPLES / "softmax_regression.py"]
    wide = os.environ | {"COLUMNS": "120"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=wide).stdout
    assert "1/m*sum[p](x[p,t]*(a[p,u] - y[p,u]))" in said
    assert "np.einsum" in said


def test_larger_than_memory(tmp_path):
    """The data in many chunks, on a worker with a limit."""
    pytest.importorskip("distributed")
    command = [sys.executable, EXAMPLES / "larger_than_memory.py", "--gigabytes", "0.02", "--folder", tmp_path]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "22727 rows in chunks of 12500: 2 of 10 MB" in said
    assert "of 1.00 GB" in said
    assert "numpy gives the same numbers" in said

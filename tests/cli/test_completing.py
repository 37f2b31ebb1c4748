"""Completion in shells."""

import shutil
import subprocess

import pytest

from indexcalc.cli import main

ASK = """
source /dev/stdin
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMPREPLY=(); _indexcalc; echo "${COMPREPLY[*]}"; }
ask indexcalc de
ask indexcalc check --for
ask indexcalc check --format s
ask indexcalc check --format ''
ask indexcalc check doc
ask indexcalc derive -e 'y = x' --le
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not there")
def test_bash(capsys):
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    done = subprocess.run(["bash", "-c", ASK], input=script, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "derive",
        "--format --force-exclude",
        "sarif",
        "text json github sarif",
        "",
        "--level",
    ]


@pytest.mark.parametrize("shell, mark", [("zsh", "bashcompinit"), ("fish", "-l format -x -a 'text json github sarif'")])
def test_other_shells(capsys, shell, mark):
    assert main(["completion", shell]) == 0
    assert mark in capsys.readouterr().out


def test_no_shell(capsys):
    assert main(["completion", "tcsh"]) == 2
    said = "indexcalc: there is no completion for tcsh. There is one for bash, fish, zsh.\n"
    assert capsys.readouterr().err == said

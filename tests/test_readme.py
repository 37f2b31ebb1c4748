"""What the README shows is what a reader gets: its commands and its Python are run, and their output compared."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
SHOWN = [
    (command.replace("\n> ", "\n"), output)
    for language, text in BLOCK.findall(README)
    if language == "console"
    for command, output in COMMAND.findall(text)
]


def rough(text):
    """The text without its rounding errors, which differ from machine to machine."""
    return re.sub(r"\b(\d+(\.\d+)?e-\d+|0) +", "# ", text)


@pytest.mark.parametrize("command, output", [pair for pair in SHOWN if pair[1]])
def test_commands(command, output):
    name, *words = shlex.split(command)
    assert name == "indexcalc", "only our own commands are shown with their output"
    run = [sys.executable, "-m", "indexcalc.cli", *words]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True)
    said = "".join(f"{line.rstrip()}\n" for line in (done.stdout + done.stderr).splitlines())
    assert doctest.OutputChecker().check_output(rough(output), rough(said), doctest.ELLIPSIS), said


def test_python():
    text = "".join(text for language, text in BLOCK.findall(README) if language == "pycon")
    assert text.count(">>>") > 5
    example = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert not failed


def test_every_command_and_file_exists():
    assert len(SHOWN) > 5
    for command in ("derive", "generate", "verify", "check", "vjp"):
        assert f"indexcalc {command}" in README
    for path in re.findall(r"\bexamples/[\w.]+", README):
        assert (ROOT / path).exists(), path

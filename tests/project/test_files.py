"""The files for hooks and actions that stand at the top of the repository."""

import re
from pathlib import Path

from indexcalc.audit.documents.document import SUFFIXES
from indexcalc.cli.parser import parser_of
from indexcalc.cli.table import COMMANDS

ROOT = Path(__file__).parents[2]


def test_the_hook_takes_the_files_that_are_documents():
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    files = re.compile(re.search(r"files: '(.*)'", text)[1])
    taken = {suffix for suffix in SUFFIXES if files.search(f"docs/a{suffix}")}
    assert taken == set(SUFFIXES) - {".py", ".txt"}  # those hold formulas only now and then
    entry = re.search(r"entry: indexcalc (.*)", text)[1].split()
    assert parser_of(COMMANDS).parse_args([*entry, "a.md"]).words == ["a.md"]


def test_the_action_gives_options_that_there_are():
    text = (ROOT / "action.yml").read_text()
    formats = re.findall(r"--format (\w+)", text)
    assert formats == ["sarif", "github"]
    assert "${{" not in text.split("run: |")[1]  # what a user gives is no part of a script

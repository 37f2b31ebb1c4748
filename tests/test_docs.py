"""What the documentation shows is what there is: options, settings, links."""

import doctest
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import indexcalc as ic
from indexcalc.cli import main
from indexcalc.cli.parser import parser_of
from indexcalc.cli.table import COMMANDS
from indexcalc.project.settings import NAMES

ROOT = Path(__file__).parents[1]
GALLERY = tomllib.loads((ROOT / "docs" / "gallery.toml").read_text())["entry"]
MADE = {"gallery.md"}  # pages that the build writes
PAGES = [ROOT / "README.md", *(each for each in sorted((ROOT / "docs").glob("*.md")) if each.name not in MADE)]


def options_of(command):
    (commands,) = parser_of(COMMANDS)._subparsers._group_actions
    return {option for action in commands.choices[command]._actions for option in action.option_strings}


def test_the_page_on_projects_names_all_options_of_check():
    text = (ROOT / "docs" / "continuous-integration.md").read_text()
    named = set(re.findall(r"`(--[\w-]+)", text))
    assert named <= options_of("check") | {"--indexcalc"}
    told_elsewhere = {"--help", "-h", "--annotate", "--strict"}
    assert {each for each in options_of("check") if each.startswith("--")} - told_elsewhere <= named


def test_the_page_on_projects_names_all_settings():
    text = (ROOT / "docs" / "continuous-integration.md").read_text()
    table = tomllib.loads(re.search(r"```toml\n(.*?)```", text, re.DOTALL)[1])["tool"]["indexcalc"]
    assert sorted(table) == sorted(NAMES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files(page):
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`|^    .*$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", prose):
        assert (page.parent / link).exists() or link in MADE, link


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_python_examples(page):
    text = "".join(re.findall(r"^```pycon\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert not failed


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_commands(page, capsys, monkeypatch):
    """What a console shows below a command is what the command prints."""
    monkeypatch.chdir(ROOT)
    for text in re.findall(r"^```console\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        for command, output in re.findall(r"^\$ indexcalc (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            main(shlex.split(command))
            assert capsys.readouterr().out == output


def test_the_cells_of_the_tutorial():
    text = (ROOT / "docs" / "tutorial.md").read_text()
    cells = re.findall(r"^```\{code-cell\} ipython3\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(cells) > 6
    names = {}
    for cell in cells:
        exec(cell, names)  # ours
    assert names["losses"][-1] < 0.02


def test_the_gallery_is_large():
    titles = [entry["title"] for entry in GALLERY]
    assert len(set(titles)) == len(titles) >= 40


@pytest.mark.parametrize("entry", GALLERY, ids=lambda entry: entry["title"])
def test_an_entry_of_the_gallery(entry):
    derivation = ic.derive(entry["sheet"], entry["target"])
    assert len(str(derivation)) < 200  # shown on a page
    assert derivation.verify().passed
    assert derivation.picture("graph") and derivation.picture("network")


def test_sheets_on_the_pages():
    for page in PAGES:
        for text in re.findall(r"^```indexcalc\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
            sheet = ic.parse(text)
            report = ic.check(text, format="sheet")
            assert sheet.definitions and report.counts["refuted"] == report.counts["unreadable"] == 0

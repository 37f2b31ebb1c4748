"""What the documentation shows is what there is: options, settings, links."""

import doctest
import re
import tomllib
from pathlib import Path

import pytest

from indexcalc.cli.parser import parser_of
from indexcalc.cli.table import COMMANDS
from indexcalc.project.settings import NAMES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


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
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_python_examples(page):
    text = "".join(re.findall(r"^```pycon\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    failed, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert not failed

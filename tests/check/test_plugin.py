"""The pytest plugin: each chain is a test."""

from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

DOCUMENT = """
```indexcalc
x[i] = 2*y[i]
check x[i] = y[i] + y[i]
check x[i] = y[i] = 3*y[i]
```
"""


@pytest.fixture
def folder(pytester):
    pytester.makefile(".md", notes=DOCUMENT)
    pytester.makefile(".txt", plain=DOCUMENT)
    pytester.makefile(".ipynb", broken="{")
    return pytester


def run(folder, *options):
    installed = any(each.name == "indexcalc" for each in entry_points(group="pytest11"))
    return folder.runpytest(*(() if installed else ("-p", "indexcalc.check.plugin")), *options)


def test_each_chain_is_a_test(folder):
    result = run(folder, "--indexcalc", "notes.md", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*notes.md::line 3 PASSED*", "*notes.md::line 4 FAILED*"])
    result.stdout.fnmatch_lines(["*notes.md:4:12: refuted: x?i? = y?i?", "*the factor 2 is missing*", "*fix: 2?y?i?"])


def test_nothing_is_collected_without_the_option(folder):
    assert run(folder).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_texts_are_collected_only_by_name(folder):
    result = run(folder, "--indexcalc")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*the notebook is not valid JSON*"])
    run(folder, "--indexcalc", "plain.txt").assert_outcomes(passed=1, failed=1)

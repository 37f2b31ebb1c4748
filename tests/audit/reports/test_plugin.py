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
    return folder.runpytest(*(() if installed else ("-p", "indexcalc.audit.reports.plugin")), *options)


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


def test_documents_of_all_kinds_beside_the_tests(pytester):
    """A Python file is both: its functions are tests, and so are the formulas of its docstrings."""
    formula = r"\\frac{\\partial (x_i x_i)}{\\partial x_k} = 2 x_k"
    pytester.makepyfile(test_code=f'''
        def test_one():
            r"""A test. $${formula.replace(chr(92) * 2, chr(92))}$$"""
    ''')
    display = f"$$ {formula.replace(chr(92) * 2, chr(92))} $$"
    pytester.makefile(".md", notes=display)
    pytester.makefile(".tex", paper=display)
    pytester.makefile(".rst", page=f".. math::\n\n   {display.strip('$')}\n")
    source = display.replace("\\", "\\\\")
    pytester.makefile(
        ".ipynb",
        lecture=f'{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": "{source}"}}], '
        '"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    )
    result = run(pytester, "--indexcalc", "-v")
    result.stdout.fnmatch_lines_random([f"*{name}::line *PASSED*" for name in ("notes.md", "paper.tex", "page.rst")])
    result.stdout.fnmatch_lines_random(["*test_code.py::test_one PASSED*", "*lecture.ipynb::line *PASSED*"])
    result.stdout.fnmatch_lines_random(["*test_code.py::line *PASSED*"])

"""Python files: docstrings, comments, and the scripts of jupytext."""

import pytest

from tests.audit.documents.regions import formulas, of_kind, regions


@pytest.mark.parametrize(
    "text",
    [
        '"""If $u = v$."""',
        "def f():\n    'If $u = v$.'\n    return 1\n",
        'class A:\n    """Title.\n\n    If $u = v$.\n    """\n',
        'def f(x={"a": 1}): r"""If :math:`u = v`."""',
        "# If $u = v$.\n",
        "x = 1  # If $u = v$.\n",
        "#: If $u = v$.\n",
        "def f(\n    x,  # If $u = v$.\n): ...",
        '"""If $u = v$.',
    ],
)
def test_formulas_in_lines(text):
    assert formulas(text, "python") == [("I", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        '"""A.\n\n.. math:: u = v\n"""',
        'def f():\n    """A.\n\n    .. math::\n\n        u = v\n\n    Parameters\n    ----------\n    x : y\n    """\n',
        'def f():\n    """A.\n\n    $$\n    u\n    = v\n    $$\n    """\n',
        "# $$\n# u = v\n# $$\n",
        "if a:\n    # ```math\n    # u = v\n    # ```\n    pass\n",
        "# %% [markdown]\n# # Title\n# $$u = v$$\n\n# %%\nx = '$$w$$'\n",
        '# %% [markdown]\n"""\n$$u = v$$\n"""\n# %%\nx = 1\n',
        "# ---\n# jupyter:\n#   jupytext: {}\n# ---\n\n# Text\n#\n# $$u = v$$\n\n# +\nx = 1\n# -\n",
    ],
)
def test_displays(text):
    assert formulas(text, "python") == [("D", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "x = '$u$'",
        "x = '''\n$u$\n'''",
        "f(\n'$u$',\n)",
        "x = {'$u$': 1}",
        "x = 1 + \\\n'$u$'",
        "'$u$'.join(x)",
        "f'$u$'",
        "b'$u$'",
        '"""A.\n\n>>> f("$u$")\n"""',
        "# %% [raw]\n# $u$\n",
        "# a remark\n",
    ],
)
def test_what_is_no_formula(text):
    assert formulas(text, "python") == []


def test_backslashes_in_strings_that_are_not_raw():
    text = '"""If $\\\\frac{a}{b} = \\nabla c$."""\n'
    assert formulas(text, "python") == [("I", r"\frac{a}{b} = \nabla c")]
    assert formulas("r" + text.replace("\\\\", "\\"), "python") == [("I", r"\frac{a}{b} = \nabla c")]
    (formula,) = (each for each in regions(text, "python") if each.kind == "formula")
    assert text[formula.content.place(formula.text.index("rac")) :].startswith("rac{a}")


def test_code_and_declarations():
    text = '"""Doc."""\n# indexcalc: tensor X[i,j]\n# indexcalc: c = 1\nx = 1\n# rest\ny = "#"\n'
    assert of_kind("sheet", text, "python") == ["tensor X[i,j]\n c = 1"]
    assert of_kind("code", text, "python") == ["x = 1", 'y = "#"']
    assert of_kind("comment", text, "python") == ["rest"]

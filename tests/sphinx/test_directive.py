"""The directive, in a small site that is built."""

import io

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")
pytest.importorskip("latex2mathml")

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

pytestmark = pytest.mark.filterwarnings("ignore")
CONF = """
extensions = ["myst_parser", "indexcalc.sphinx"]
html_math_renderer = "indexcalc"
highlight_language = "none"
"""


def built(folder, page, builder="html"):
    """The page as it is built, and the warnings."""
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text(f"# Page\n\n{page}\n")
    out, warnings = folder / builder, io.StringIO()
    with docutils_namespace():
        app = Sphinx(folder, folder, out, folder / "trees", builder, status=None, warning=warnings)
        app.build()
    name = {"html": "index.html", "latex": f"{app.config.project.lower().replace(' ', '')}.tex"}[builder]
    (path,) = (each for each in out.glob("*") if each.name == name or (builder == "latex" and each.suffix == ".tex"))
    return path.read_text(), warnings.getvalue()


SHEET = "L = sum[i]((x[i,j]*w[j] - y[i])^2)"


def test_a_derivation(tmp_path):
    options = ":steps:\n:code: numpy\n:picture: graph\n"
    text, said = built(tmp_path, f"```{{indexcalc}} diff(L, w[k])\n{options}\n{SHEET}\n```\n\nAnd $x^2$.")
    assert said == ""
    assert text.count("<math") > 4 and "power rule" in text and "<svg" in text and "diff_L_w" in text
    assert "def checked" not in text.replace('<span class="k">', "")


def test_the_sheet_as_it_is_written(tmp_path):
    text, said = built(tmp_path, f"```{{indexcalc}}\n:source:\n\n{SHEET}\n```\n\n```indexcalc\ny = x\n```")
    assert said == "" and SHEET in text


def test_a_wrong_claim_is_a_warning(tmp_path):
    claims = "check diff(L, y[i]) = 2*(y[i] - x[i,j]*w[j])\ncheck diff(L, y[i]) = y[i] - x[i,j]*w[j]"
    text, said = built(tmp_path, f"```{{indexcalc}}\n{SHEET}\n{claims}\n```")
    assert "index.md:3: WARNING: indexcalc: refuted: diff(L, y[i]) = y[i] - x[i,j]*w[j]: " in said
    assert said.count("WARNING") == 1
    assert "(proved)" in text and "(refuted)" in text


def test_a_sheet_that_cannot_be_read_is_a_warning(tmp_path):
    text, said = built(tmp_path, "```{indexcalc} y\ny[i] = A[i,j*x[j]\n```")
    assert "this [ is never closed." in said and "            ^" in text


def test_no_such_option(tmp_path):
    _, said = built(tmp_path, f"```{{indexcalc}} L\n:code: fortran\n\n{SHEET}\n```")
    assert "fortran" in said


def test_latex(tmp_path):
    text, said = built(tmp_path, f"```{{indexcalc}} diff(L, w[k])\n:steps:\n\n{SHEET}\n```", "latex")
    assert said == ""
    assert ("\\begin{aligned}" in text and "\\text{power rule}" in text) or "power rule" in text



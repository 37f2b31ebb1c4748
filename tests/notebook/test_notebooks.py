"""Real notebooks, executed: what a reader sees below each cell."""

from pathlib import Path

import pytest

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("latex2mathml")

import nbformat
from nbclient import NotebookClient

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the libraries that run the notebook


METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


def executed(*sources):
    """The outputs of code cells, each cell's in a list."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def lecture():
    """A notebook that uses all of it; one kernel for all tests of this file."""
    sources = {
        "start": "%load_ext indexcalc\nimport numpy as np\nimport indexcalc as ic",
        "derive": 'd = ic.derive("a[q] = exp(z[q]) / sum[k](exp(z[k]))", "diff(a[q], z[s])")\nd',
        "text": "print(repr(d))",
        "verdict": 'ic.equal("y[i] = 2*x[i]", "y[i]", "x[i]")',
        "verify": "d.verify()",
        "report": 'ic.check("```indexcalc\\nx[i] = 2*y[i]\\ncheck x[i] = 3*y[i]\\n```\\n")',
        "sheet": 'ic.parse("y[i] = A[i,j]*x[j]")',
        "results": 'ic.gradient("L = x[i]*x[i]*c", "L", ["x", "c"])',
        "structured": 'ic.derive("y[i] = exp(x[i])", "diff(y[i], x[k])")'
        '.compile(structure="compressed")(x=np.zeros(3))',
        "error": '# a comment\nic.parse("y[i] = A[i,j*x[j]")',
        "cell": "%%indexcalc --into net\nL = sum[i]((x[i,j]*w[j] - y[i])^2)\ndw[k] = diff(L, w[k])",
        "arrays": "x, w, y = np.ones((5, 3)), np.arange(3.0), np.zeros(5)",
        "again": "%%indexcalc\nL = sum[i]((x[i,j]*w[j] - y[i])^2)\ndw[k] = diff(L, w[k])",
        "value": "dw.tolist()",
        "kept": 'net["dw"]',
        "some": "%%indexcalc\nL = sum[i](x[i,j]*w[j] - nowhere[i])\ndw[k] = diff(L, w[k])",
        "target": "%%indexcalc diff(y[i], v[k]) --no-steps\ny[i] = v[i]*s",
        "wrong": "%%indexcalc --bakend numpy\ny[i] = x[i]",
        "check": "%%indexcalc check\n$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 3 x_k $$",
        "broken": "%%indexcalc\ny[i] = A[i,j*x[j]",
        "shapes": "%%indexcalc\nL = x[i]*x[i]\nq = diff(L, x[0])",
        "help": "%indexcalc",
    }
    return dict(zip(sources, executed(*sources.values()), strict=True))


def shown(outputs, kind):
    (output,) = outputs
    return output["data"][kind]


def test_a_derivation_is_typeset_with_its_reasons(lecture):
    html = shown(lecture["derive"], "text/html")
    assert html.count("<tr>") == 7 and "<math" in html and "quotient rule" in html
    assert shown(lecture["derive"], "text/latex").startswith("$\\displaystyle \\frac{\\partial a_{q}}")
    assert "\\begin{align}" in shown(lecture["derive"], "text/markdown")
    assert shown(lecture["derive"], "text/plain") == "<Derivation diff(a[q], z[s]) = a[q]*(delta[q,s] - a[s])>"


def test_verdicts_reports_and_verifications(lecture):
    assert ">refuted</b>" in shown(lecture["verdict"], "text/html")
    assert shown(lecture["verdict"], "text/plain").startswith("<Verdict refuted: the sides differ at i = 1: ")
    assert "autograd" in shown(lecture["verify"], "text/html")
    assert shown(lecture["verify"], "text/plain").startswith("<Verification passed: autograd, reference, differences")
    html = shown(lecture["report"], "text/html")
    assert "the first wrong step" in html and "<code>x[i] = 3*y[i]</code>" in html and "1 step: 1 refuted" in html
    assert shown(lecture["report"], "text/plain") == "<Report 1 step: 1 refuted>"


def test_sheets_results_and_arrays_with_structure(lecture):
    assert shown(lecture["sheet"], "text/plain") == "<Sheet defines y; from A, x>"
    assert "<math" in shown(lecture["sheet"], "text/html")
    assert shown(lecture["results"], "text/plain") == "<Results x_bar, c_bar>"
    assert "i = k" in shown(lecture["structured"], "text/html")


def test_an_error_is_its_words_and_the_line_that_asked(lecture):
    (output,) = lecture["error"]
    assert output["ename"] == "IndexcalcError"
    assert output["traceback"] == [
        "IndexcalcError: line 1, column 9: this [ is never closed.\n"
        "    y[i] = A[i,j*x[j]\n            ^\nClose it with ].",
        'in line 2: ic.parse("y[i] = A[i,j*x[j]")',
    ]
    (output,) = lecture["broken"]
    assert len(output["traceback"]) == 1 and "^" in output["traceback"][0]


def test_a_sheet_in_a_cell(lecture):
    html = shown(lecture["cell"], "text/html")
    assert "<math" in html and "not computed" not in html
    assert "dw: an array of shape (3,)" in shown(lecture["again"], "text/html")
    assert shown(lecture["value"], "text/plain") == "[30.0, 30.0, 30.0]"
    assert shown(lecture["kept"], "text/plain").startswith("<Derivation dw[k] = ")
    assert "not computed" not in shown(lecture["some"], "text/html")  # nowhere is not needed


def test_targets_in_the_line_of_the_cell(lecture):
    assert "text/html" not in lecture["target"][0]["data"]
    assert "\\delta_{ik}" in shown(lecture["target"], "text/markdown")


def test_a_wrong_option_has_a_near_name(lecture):
    (output,) = lecture["wrong"]
    assert output["traceback"] == [
        "IndexcalcError: line 1, column 1: there is no option --bakend.\n"
        "    --bakend numpy\n    ^^^^^^^^\nDid you mean --backend?"
    ]


def test_a_document_in_a_cell(lecture):
    html = shown(lecture["check"], "text/html")
    assert ">refuted</b>" in html and "<math" in html


def test_help(lecture):
    assert lecture["help"][0]["text"].startswith("A sheet in a cell: %%indexcalc")


def test_the_tour():
    """The example is a notebook that runs from its beginning to its end."""
    notebook = nbformat.read(Path(__file__).parents[2] / "examples" / "tour.ipynb", as_version=4)
    nbformat.validate(notebook)
    NotebookClient(notebook, timeout=120).execute()
    kinds = [set(output.get("data", ())) for cell in notebook.cells for output in cell.get("outputs", ())]
    assert "text/html" in kinds[0] and "image/svg+xml" in kinds[-1]

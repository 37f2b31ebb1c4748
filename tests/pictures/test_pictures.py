"""Pictures of results: well-formed, with a text that says the same."""

import re
from xml.etree import ElementTree

import pytest

import indexcalc as ic
from indexcalc.cli import main

SOFTMAX = """
index p, r : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
"""
SVG = "{http://www.w3.org/2000/svg}"


def drawn(sheet, target, kind="", sizes=None):
    """A picture, its title and its description."""
    picture = ic.derive(sheet, target).picture(kind, sizes)
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img" and root.get("aria-label")
    return root, root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text


def marks(root):
    return [each for each in root.iter(f"{SVG}rect") if each.get("class") == "mark"]


def words(root):
    return [each.text for each in root.iter(f"{SVG}text")]


def test_a_size_that_is_given_for_one_range_only():
    _, _, said = drawn("y[i,j] = x[i]*w[j]\n", "y[i,j]", "sparsity", {"i": 3})
    assert said == "3 x 2 elements (i = 3, j = 2), 6 of 6 are not zero."


def test_where_a_jacobian_is_not_zero():
    root, title, said = drawn(SOFTMAX, "diff(a[p,q], z[r,s])", sizes={"m": 3, "q": 4})
    assert title == "Where diff(a[p,q], z[r,s]) is not zero"
    assert said == "12 x 12 elements (m = 3, q = 4, t = 5), 48 of 144 are not zero."
    assert len(marks(root)) == 48
    assert words(root) == ["(p, q)", "(r, s)"]


def test_rows_are_the_numerators():
    root, _, said = drawn("y[i] = A[i,j]*x[j]", "diff(y[i], A[k,l])", sizes={"i": 3, "j": 5})
    assert said.startswith("3 x 15 elements") and len(marks(root)) == 15
    assert words(root) == ["i", "(k, l)"]


def test_a_hessian():
    _, _, said = drawn("L = sum[i](x[i]^3)", "diff(L, x[i], x[k])", sizes={"i": 6})
    assert said == "6 x 6 elements (i = 6), 6 of 36 are not zero."


@pytest.mark.parametrize(
    "sheet, target, sizes, message",
    [
        (
            "L = sum[i](x[i]^3)",
            "diff(L, x[i])",
            None,
            "diff(L, x[i]) has 1 axes. A picture of zeros needs two or more.",
        ),
        (
            "L = sum[i](x[i]^3)",
            "diff(L, x[i], x[k])",
            {"i": 1000},
            "1000 x 1000 elements cannot be drawn. Give sizes with at most 200 a side.",
        ),
    ],
)
def test_what_cannot_be_drawn(sheet, target, sizes, message):
    with pytest.raises(ic.IndexcalcError) as stop:
        ic.derive(sheet, target).picture("sparsity", sizes)
    assert str(stop.value) == message


def test_a_network():
    root, title, said = drawn("L = A[i,j]*B[j,k]*C[k,l]*v[l]*u[i]", "diff(L, B[j,k])", "network")
    assert title == "The tensor network of diff(L, B[j,k])"
    assert said.startswith("diff(L, B[j,k]) = ")
    assert sorted(words(root)) == sorted(["A", "u", "C", "v", "i", "j", "k", "l"])


def test_a_network_of_several_addends_with_numbers():
    root, _, _ = drawn("L = 3*x[i]*A[i,j]*x[j]", "diff(L, x[k])", "network")
    assert words(root) == ["3", "x", "A[i,k] + A[k,i]", "i", "k"]
    root, _, _ = drawn("y = c", "y", "network")
    assert "1" in words(root)


def test_a_graph_with_adjoints():
    root, title, said = drawn(SOFTMAX, "diff(CE, w[t,s])", "graph")
    assert title == "What diff(CE, w[t,s]) is made of"
    assert said == "z of b, w, x; a of z; CE of a, y."
    assert "∂: -log(a[p,q])/m" in words(root) and "(t, q)" in words(root)
    assert len([each for each in root.iter(f"{SVG}path") if each.get("marker-end")]) == 6


def test_a_graph_without():
    root, _, said = drawn("y[i] = A[i,j]*x[j]", "diff(y[i], x[k])", "graph")
    assert said == "y of A, x." and not [each for each in words(root) if each.startswith("∂")]
    sheet = "".join(f"f{number} = x{number}\n" for number in range(70)) + "L = " + "+".join(f"f{n}" for n in range(70))
    with pytest.raises(ic.IndexcalcError, match="141 names cannot be drawn"):
        ic.derive(sheet, "L").picture("graph")


def test_no_arrow_crosses_a_box():
    """An arrow past a layer goes through a place of its own."""
    root, _, _ = drawn(SOFTMAX, "diff(CE, w[t,s])", "graph")
    boxes = [tuple(float(each.get(key)) for key in ("x", "y", "width", "height")) for each in root.iter(f"{SVG}rect")]
    for path in root.iter(f"{SVG}path"):
        if "line" in (path.get("class") or ""):
            x, y, u, v = map(float, re.findall(r"-?[\d.]+", path.get("d")))
            for left, top, width, height in boxes:
                middle = (x + u) / 2, (y + v) / 2
                assert not (left < middle[0] < left + width and top < middle[1] < top + height)


def test_a_name_of_a_sheet_is_no_markup(capsys):
    root, _, _ = drawn("y = sum[i](x[i])*1[x[1] < 2]", "diff(y, x[k])", "graph")
    assert root.tag == f"{SVG}svg"


def test_the_command(capsys, tmp_path):
    target = ["show", "-e", "y[i] = exp(x[i])", "diff(y[i], x[k])"]
    assert main([*target, "--sizes", "i=4"]) == 0
    assert "4 of 16 are not zero" in capsys.readouterr().out
    path = tmp_path / "picture.svg"
    assert main([*target, "--kind", "network", "--output", str(path)]) == 0
    assert path.read_text().startswith("<svg")
    assert main(["show", "-e", "y = x", "y", "--kind", "sparsity"]) == 2
    assert capsys.readouterr().err == "indexcalc: y has 0 axes. A picture of zeros needs two or more.\n"


def test_a_notebook_shows_it():
    picture = ic.derive("y = x^2", "diff(y, x)").picture()
    assert picture._repr_svg_() == str(picture) and re.fullmatch(r"<Picture of \d+ characters>", repr(picture))
    with pytest.raises(ic.IndexcalcError, match=r"there is no picture 'x'\. Choose one of sparsity, network, graph\."):
        ic.derive("y = x^2", "diff(y, x)").picture("x")

r"""Statements: the sides of a formula and the relations between them."""

import pytest

from indexcalc.audit.documents.places import Lines, Placed
from indexcalc.audit.outline.building import statements


def found_in(*formulas):
    """The statements of formulas, one behind the other."""
    found, last = [], None
    for formula in formulas:
        new = statements(Placed.whole(formula), True, last)
        last = next((each for each in reversed(new) if not each.aside), last)
        found.append(new)
    return found


def read(*formulas):
    """Each statement as the list of its sides, with the relations between them."""
    shown = []
    for each in (each for group in found_in(*formulas) for each in group):
        line = [each.sides[0].text]
        for link, side in zip(each.links, each.sides[1:], strict=True):
            line += [link.text, side.text]
        shown.append(line)
    return shown


ABC = [["a", "=", "b", "=", "c"]]


@pytest.mark.parametrize(
    "formula",
    [
        "a = b = c",
        r"a = b \\ = c",
        r"a &= b \\ &= c",
        r"a &= b \\ &= c \\",
        r"a &= b \\[2pt] &= c \\*",
        "a &=\nb \\\\\n&= c",
        r"a =& b \\ &= c",
        r"a = \\ b = \\ c",
        r"a \\ &= b \\ &= c",
        r"\begin{align} a &= b \\ &= c \end{align}",
        r"\begin{align*} a &= b \\ &= c \\ \end{align*}",
        r"\begin{aligned}[t] a &= b \\ &= c \end{aligned}",
        r"\begin{alignat}{2} a &= b \\ &= c \end{alignat}",
        r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}",
        r"\begin{array}{rcl} a &=& b \\ &=& c \end{array}",
        r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}",
        r"\begin{align} a &= b \label{x} \\ &= c \tag{1} \nonumber \end{align}.",
        r"\begin{align} a &= b && \text{by definition} \\ &= c && (\text{chain rule}) \end{align}",
        r"a &= b \qquad \text{for all } i \\ &= c \quad \forall i",
        r"a &= b \quad (i = 1, \ldots, n) \\ &= c, \quad p, q = 1, 2, \dots, m",
        r"a &= b, \\ &= c.",
        r"a \stackrel{(1)}{=} b \overset{!}{=} c",
        r"\boxed{a = b} = c",
        r"{} a {}={} b \, = \; c",
    ],
)
def test_one_chain_in_many_layouts(formula):
    assert read(formula) == ABC


@pytest.mark.parametrize(
    ("formula", "sides"),
    [
        (r"\sum_{i=1}^{n} x_i = y", [r"\sum_{i=1}^{n} x_i", "=", "y"]),
        (r"\mathbb{1}_{i=k, j=\ell} = y", [r"\mathbb{1}_{i=k, j=\ell}", "=", "y"]),
        (r"f(x = 1) = y", ["f(x = 1)", "=", "y"]),
        (r"[i = j] = y", ["[i = j]", "=", "y"]),
        (r"y = \begin{cases} a & i = j \\ b & i \neq j \end{cases}", None),
        (r"y = \begin{pmatrix} a & b \\ c & d \end{pmatrix}", None),
        (r"y = \left(a + \frac{b = c}{d}\right)", None),
        (r"\mathbf{Z = XW}", [r"\mathbf{Z}", "=", r"\mathbf{XW}"]),
        (r"{\color{Cyan} a = b}", ["a", "=", "b"]),
        (r"y = (a + b", ["y", "=", "(a + b"]),
        (r"y = (a = b", ["y", "=", "(a", "=", "b"]),
        (r"y := x", ["y", ":=", "x"]),
        (r"y = \text{CE} + \mathrm{loss}", ["y", "=", r"\text{CE} + \mathrm{loss}"]),
        (r"\textcolor{red}{a = b} + c", ["a", "=", "b + c"]),
        (r"a \mathbf{=} b", ["a", "=", "b"]),
        (r"\mathbf{[a, b] = -[b, a]}", [r"\mathbf{[a, b]}", "=", r"\mathbf{-[b, a]}"]),
        (r"\frac{a = b}{c} = d", [r"\frac{a = b}{c}", "=", "d"]),
        (r"\mathbf{1}{a = b} = d", [r"\mathbf{1}{a = b}", "=", "d"]),
        (r"\sum_{}^{}{x = y}", [r"\sum_{}^{}x", "=", "y"]),
        (r"\cos<u, v> = a", [r"\cos<u, v>", "=", "a"]),
        (r"a < b", ["a", "<", "b"]),
        (r"a \xlongequal{(1)} b", ["a", "=", "b"]),
        (r"\sum\_{i = 1}^n a\_i = b", [r"\sum\_{i = 1}^n a\_i", "=", "b"]),
    ],
)
def test_what_stands_at_the_top(formula, sides):
    expected = sides or [formula.partition("=")[0].strip(), "=", formula.partition("=")[2].strip()]
    assert read(formula) == [expected]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"f &= a \\ &\quad + b \\ &= c", [["f", "=", "a + b", "=", "c"]]),
        (r"f &= a \\ &- b", [["f", "=", "a - b"]]),
        (r"f = a \\ + b", [["f", "=", "a + b"]]),
        (r"f = a + \\ b", [["f", "=", "a + b"]]),
        (r"f = \left( a \right. \\ \left. + b \right)", None),
        (r"a = b \\ c = d", [["a", "=", "b"], ["c", "=", "d"]]),
        (r"a &= b & c &= d \\ &= e & &= f", [["a", "=", "b", "=", "e"], ["c", "=", "d", "=", "f"]]),
        (r"a = b, \quad c = d", [["a", "=", "b"], ["c", "=", "d"]]),
        (r"a = b \qquad c = d = e", [["a", "=", "b"], ["c", "=", "d", "=", "e"]]),
        (r"\frac{\partial}{\partial z} (x)", []),
        ("", []),
        ("= b", [["", "=", "b"]]),
        (r"a = b ~~ (3)", [["a", "=", "b"]]),
        (r"a = b \;\;\; (3.2) \\ = f (3)", [["a", "=", "b", "=", "f (3)"]]),
        (r"f = a - \\ - b", [["f", "=", "a - b"]]),
        (r"f = a + \\ + b = \\ = c", [["f", "=", "a + b", "=", "c"]]),
        (r"-a &= b \\ -c &= d", [["-a", "=", "b"], ["-c", "=", "d"]]),
        (r"-a &= b \\ &-c", [["-a", "=", "b -c"]]),
    ],
)
def test_rows_that_go_on_and_rows_that_begin(formula, expected):
    assert expected is None or read(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"a = b \Rightarrow c = d", [["a", "=", "b"], ["b", r"\Rightarrow", "c"], ["c", "=", "d"]]),
        (r"w \leftarrow w - g", [["w", r"\leftarrow", "w - g"]]),
        (r"a = b \approx c = d", [["a", "=", "b", r"\approx", "c", "=", "d"]]),
        (r"x \in \mathbb{R}^{m}", [["x", r"\in", r"\mathbb{R}^{m}"]]),
        (r"x_i > 0", [["x_i", ">", "0"]]),
    ],
)
def test_relations_that_are_no_equalities(formula, expected):
    assert read(formula) == expected


@pytest.mark.parametrize(
    ("formula", "conditions"),
    [
        (r"y_i = x, \quad i = j", [1]),
        (r"y_i = x, \quad k = j", [0, 0]),
        (r"y_i = x \\ i = j", [1]),
        (r"y = x \\ i = j", [0, 0]),
        (r"y = x, \quad k = 1, \ldots, n", [1]),
        (r"y = x \text{ for } k = j \text{ and } p = q", [2]),
        (r"y = x \text{ for } k = j \text{ and } p = q_i + r", [1, 0]),
    ],
)
def test_equations_of_indices_are_conditions(formula, conditions):
    (group,) = found_in(formula)
    assert [len(each.conditions) for each in group] == conditions


def test_chains_in_the_rows_of_cases():
    value = r"\begin{cases} a = b & i = j \\ c = d = e & \text{if } i \neq j \\ 0 & \text{otherwise} \end{cases}"
    assert read(f"y_i = {value}") == [["y_i", "=", value], ["a", "=", "b"], ["c", "=", "d", "=", "e"]]
    ((whole, first, second),) = found_in(f"y_i = {value}")
    assert [len(each.conditions) for each in (whole, first, second)] == [0, 1, 1]
    assert [str(row.letter) for row, _ in whole.sides[1].formula.rows[:2]] == ["a", "c"]
    ((_, last),) = found_in(r"y_i = \begin{cases} 1 & i = j \\ c = d & \text{otherwise} \end{cases}")
    assert last.restricted == "the other cases"


def test_a_system_in_cases():
    assert read(r"\begin{cases} a &=& b \\\\ c &=& d \end{cases}") == [["a", "=", "b"], ["c", "=", "d"]]


def test_missing_braces():
    ((chain,),) = found_in("y = x^{2 A_{i")
    assert chain.broken
    ((chain,),) = found_in("y = x^{2 A_{i}}")
    assert not chain.broken


def test_a_chain_goes_on_behind_a_relation_at_the_end():
    assert read("a = b =", "= c") == [["a", "=", "b"], ["b", "=", "c"]]


def test_a_chain_goes_on_in_the_next_formula():
    assert read("a = b", "= c", "d = e") == [["a", "=", "b"], ["b", "=", "c"], ["d", "=", "e"]]


def test_an_equation_alone_in_its_formula():
    groups = found_in("a = b", "a = b = c", r"a = b \\ g = h")
    assert [[len(each.links) for each in group] for group in groups] == [[1], [2], [1, 1]]


def test_sides_and_relations_keep_their_places():
    text = "\\begin{align}\n  a &= b \\\\\n    &= \\boxed{c}\n\\end{align}"
    ((chain,),) = found_in(text)
    lines = Lines(text)
    assert [lines.at(side.start) for side in chain.sides] == [(2, 3), (2, 8), (3, 8)]
    assert [lines.at(link.position) for link in chain.links] == [(2, 6), (3, 6)]


@pytest.mark.parametrize("mark", ["{", "}", "\\", "&", "(", "a=", "\\begin{", "\\\\", "$"])
def test_hostile_formulas_are_split_somehow(mark):
    read(mark * 5001 + "=")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"a = b \quad\text{and}\quad x_i = y_i", [["a", "=", "b"], ["x_i", "=", "y_i"]]),
        (r"a = b, \text{ so } x_i = y_i \\ = z_i", [["a", "=", "b"], ["x_i", "=", "y_i", "=", "z_i"]]),
        (r"a = b, \text{ which implies } c = d", [["a", "=", "b"], ["c", "=", "d"]]),
        (
            r"a &= b & \text{and} && x_i &= y_i \\ &= c & && &= z_i",
            [["a", "=", "b", "=", "c"], ["x_i", "=", "y_i", "=", "z_i"]],
        ),
        (r"a = b \text{ (by symmetry) } = c", ABC),
        (r"a = b \text{ for } i = j \text{ and } k = l \\ = c", ABC),
        (r"a = b \text{ for all } i \\ = c", ABC),
        (r"a = b \text{ and } i = 1, \ldots, n \\ = c", ABC),
        (r"a = b, \quad \text{squared error} = x \\ = c", [*ABC, [r"\text{squared error}", "=", "x"]]),
        (r"\text{Hence } a = b \\ = c", ABC),
        (r"\text{loss on test} = a", [[r"\text{loss on test}", "=", "a"]]),
        (r"a &= b & \text{(by symmetry)} \\ &= c & \text{Definition of c}", ABC),
        (r"a &= b & (\text{Definition}) \\ &= c", ABC),
        (r"a = b \text{ by linearity}", [["a", "=", "b"]]),
        (r"a \rightarrow \text{each of them is} b = c", [["a"], ["b", "=", "c"]]),
        (r"a = \text{mean of all} + b", [["a", "=", r"\text{mean of all} + b"]]),
        (r"a = 2 \text{loss} = c", [["a", "=", r"2 \text{loss}", "=", "c"]]),
    ],
)
def test_words_between_equations(formula, expected):
    assert read(formula) == expected


def test_what_is_said_behind_a_word_is_aside():
    (group,) = found_in(r"a = b \text{ where } r = s_i \text{ and } t = u_i, \quad v = w_i \\ = c")
    assert [(chain.sides[0].text, chain.aside) for chain in group] == [
        ("a", False), ("r", True), ("t", True), ("v", True)
    ]  # fmt: skip
    assert read(r"a = b \text{ where } r = s_i \\ = c")[0] == ABC[0]

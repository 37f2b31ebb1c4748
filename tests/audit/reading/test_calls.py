r"""Functions with arguments, norms, \nabla, and equations that are solved."""

import pytest

from indexcalc.audit.checking import check_document

PP = ["proved", "proved"]


def verdicts(*formulas):
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [str(claim.verdict) for claim in check_document(text).claims]


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        ((r"\sigma(x) = \frac{1}{1 + e^{-x}}", r"\sigma'(x) = \sigma(x) (1 - \sigma(x))"), ["proved"]),
        ((r"\sigma(x) = \frac{1}{1 + e^{-x}}", r"\sigma'(x) = \sigma(x)"), ["refuted"]),
        (
            (r"L(y, \hat{y}) = (y_i - \hat{y}_i) y_i", r"\frac{\partial L(y, \hat{y})}{\partial \hat{y}_k} = -y_k"),
            ["proved"],
        ),
        ((r"f(x) = x^2", r"f(3) = 9", r"f(u_i) = u_i f(u_i) / u_i", r"f(a + b) = f(a) + f(b)"), [*PP, "refuted"]),
        ((r"\sigma(x) = \frac{1}{1 + e^{-x}}", r"\sigma'(z_i) = \sigma(z_i) \sigma(-z_i)"), ["proved"]),
        ((r"g(x) = x \sigma(x)", r"\sigma(u) = u^2", r"g''(y) = 6 y", r"g(2) = 8"), PP),
        ((r"g(u_{ij}) = \alpha u_{ij}", r"g(x_k + 1) = \alpha x_k + \alpha"), ["proved"]),
        ((r"g(x) = h(x) + 1", r"h(x) = g(x) - 1", r"g(3) = h(3) + 1"), ["unreadable"] * 3),
        ((r"g(x) = x y_i", r"g(3) = 3"), ["unreadable"] * 2),
        (
            (
                r"\sigma(z_i) = \frac{e^{z_i}}{\sum_j e^{z_j}}",
                r"\frac{\partial \sigma(z_i)}{\partial z_{k}} = \sigma(z_i) (\delta_{ik} - \sigma(z_{k}))",
            ),
            ["proved"],
        ),
        ((r"a_i = \sigma(z_i)", r"\frac{\partial a_i}{\partial z_j} = a_i (1 - a_i) \delta_{ij}"), ["proved"]),
        ((r"f(\mathbf{x}) = x_i x_i", r"f = \mathbf{x}^\top \mathbf{x}"), ["proved"]),
        ((r"y_i = f(x_i)", r"\frac{\partial y_i}{\partial x_j} = f'(x_i) \delta_{ij}"), ["proved"]),
        ((r"\mathcal{L}(w) = w_i w_i", r"\frac{\partial \mathcal{L}}{\partial w_k} = 2 w_k"), ["proved"]),
        ((r"p(x | y) = \frac{p(y | x) p(x)}{p(y)}",), ["unreadable"]),
    ],
)
def test_functions(formulas, expected):
    assert verdicts(*formulas) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\| \mathbf{v} \|^2 = v_i v_i", "proved"),
        (r"\lVert \mathbf{v} \rVert_2^2 = \mathbf{v}^\top \mathbf{v}", "proved"),
        (r"\left\| \mathbf{A} \right\|_F^2 = A_{ij} A_{ij}", "proved"),
        (r"\| \mathbf{v} \| = v_i v_i", "refuted"),
        (r"\| \mathbf{v} = v_i v_i", "unreadable"),
        (r"\nabla_{\mathbf{v}} g = 2 \mathbf{v}", "proved"),
        (r"\nabla_{v} g = \mathbf{v}", "refuted"),
        (r"\nabla g = 2 \mathbf{v}", "unreadable"),
        (r"(\mathbf{v} \times \mathbf{u})_{i} = \varepsilon_{ijk} v_{j} u_{k}", "proved"),
        (r"(\mathbf{v} \times \mathbf{u})_{i} = \varepsilon_{ijk} u_{j} v_{k}", "refuted"),
    ],
)
def test_signs_of_vectors(formula, expected):
    text = "```indexcalc\ng = v[i]*v[i]\nh = A[i,j]*A[i,j] + u[i]*v[i]\n```\n\n"
    (claim,) = check_document(f"{text}$$ {formula} $$\n").claims
    assert str(claim.verdict) == expected


def test_an_equation_that_is_solved_is_no_claim():
    claims = check_document(
        "$$ f = x_i x_i - 2 b_i x_i $$\n\n$$ \\frac{\\partial f}{\\partial x_k} = 0 \\Rightarrow x_k = b_k $$\n"
    )
    assert [str(claim.verdict) for claim in claims.claims] == ["skipped", "skipped", "skipped"]
    alone = check_document("$$ f = x_i x_i $$\n\n$$ \\frac{\\partial f}{\\partial x_k} = 0 $$\n").claims
    assert [str(claim.verdict) for claim in alone] == ["refuted"]


def test_tensors_that_get_other_indices_begin_another_part():
    assert verdicts("z_{ij} = 2 x_{ij}", "r_i = 3 x_i", r"\frac{\partial r_i}{\partial x_j} = 3 \delta_{ij}") == [
        "proved"
    ]


def test_what_needs_a_definition_that_cannot_be_used_cannot_be_read():
    rest = "$$ f = A_{ij} x_i x_j $$\n\n$$ f = 2 Q + 1 $$\n"
    claims = check_document(f"$$ Q = \\frac12 x^T A^{{-1}} x $$\n\n{rest}").claims
    assert [str(claim.verdict) for claim in claims] == ["unreadable"]
    assert "the definition of Q in line 1 cannot be used" in claims[0].reason
    claims = check_document(f"$$ Q = \\frac12 x^T A x $$\n\n{rest}").claims
    assert [str(claim.verdict) for claim in claims] == ["refuted"]


def test_a_sigma_that_no_formula_defines_is_noted():
    (file,) = check_document("$$ a_i = \\sigma(z_i) $$\n\n$$ 2 \\sigma(z_i) = a_i + a_i $$\n").files
    assert [(note.line, note.kind) for note in file.notes] == [(1, "definition"), (1, "definition")]
    assert file.notes[1].text == r"\sigma(x) = \frac{1}{1 + \exp(-x)}, which no formula defines"


def of_text(text):
    return [str(claim.verdict) for claim in check_document(text + "\n", "markdown").claims]


@pytest.mark.parametrize("said", [r"f(x)", r"f(\mathbf x)", r"f(x, y)", "f"])
@pytest.mark.parametrize(("factor", "verdict"), [("", "proved"), ("2", "refuted")])
def test_functions_that_the_prose_defines(said, factor, verdict):
    text = rf"Let ${said} = \frac12 x_i x_i$. Then $$\frac{{\partial f}}{{\partial x_k}} = {factor} x_k$$"
    assert of_text(text) == [verdict]
    assert of_text(text.replace(r"\partial f}", rf"\partial {said}}}")) == [verdict]


@pytest.mark.parametrize(("factor", "verdict"), [("", "proved"), ("2", "refuted")])
@pytest.mark.parametrize("name", [r"\mathcal L(x)", r"\mathcal{L}(x, w)", r"\Phi(x)"])
def test_names_of_such_functions(name, factor, verdict):
    short = name.partition("(")[0]
    text = rf"With ${name} = w_i x_i$ we get $$\frac{{\partial {short}}}{{\partial x_k}} = {factor} w_k$$"
    assert of_text(text) == [verdict]


def test_a_condition_in_the_prose_defines_no_function():
    assert of_text(r"Since $f(x) = 0$, $$g = a_i b_i$$ $$\frac{\partial g}{\partial a_k} = b_k$$") == ["proved"]
    assert of_text(r"As $f(a) = f(b)$, and $f(x) = w_i x_i$: $$\frac{\partial f}{\partial x_k} = w_k$$") == ["proved"]
    assert of_text(r"A function of a number, $g(x) = x^2$: $$g'(u) = 2 u = u$$") == ["proved", "refuted"]


def test_what_the_prose_defines_unreadably_is_not_defined_by_its_derivative():
    text = r"Let $f = \|x\|_*$. $$\frac{\partial f}{\partial x_k} = 2 x_k$$"
    (claim,) = check_document(text + "\n", "markdown").claims
    assert str(claim.verdict) == "unreadable"
    assert claim.reason == "the first side: the definition of f in line 1 cannot be used. Write it with indices"

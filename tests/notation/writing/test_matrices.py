"""Results in matrix notation: as one would write them, and read back as the same; else the reason why not."""

import pytest

import indexcalc as ic

SHEET = "tensor A[i,j], B[i,j], X[n,i], w[i], y[n], x[i], d[i], T[i,j,k]\nassume B = B.T\n"


@pytest.mark.parametrize(
    ("text", "target", "matrix", "latex"),
    [
        ("f = norm(X @ w - y)^2", "diff(f, w)", "2*X.T @ (X @ w - y)", r"2 X^\top \left( X w - y \right)"),
        ("f = x @ inv(A) @ x", "diff(f, A)", "-outer(inv(A).T @ x, inv(A) @ x)", r"-A^{-\top} x x^\top A^{-\top}"),
        ("f = x @ A @ x", "diff(f, x, x)", "A + A.T", r"A + A^\top"),
        ("f = logdet(B)", "diff(f, B)", "inv(B)", "B^{-1}"),
        (
            "f = logdet(X.T @ X + c*eye)",
            "diff(f, X)",
            "2*X @ inv(X.T @ X + c*eye)",
            r"2 X \left( c I + X^\top X \right)^{-1}",
        ),
        ("", "A @ diag(d) @ A.T", "A @ diag(d) @ A.T", r"A \operatorname{diag}\left( d \right) A^\top"),
        ("", "(w @ x)*x", "(w @ x)*x", r"w^\top x x"),
        ("f = det(A)", "diff(f, A)", "det(A)*inv(A).T", r"\det\left( A \right) A^{-\top}"),
    ],
)
def test_results_are_written_as_matrices(text: str, target: str, matrix: str, latex: str) -> None:
    result = ic.derive(SHEET + text, target)
    lines = result.render("matrix").splitlines()
    assert lines[:2] == [matrix, latex]
    letters = ",".join(result.axes)
    left = f"printed[{letters}]" if letters else "printed"
    element = f"({matrix})[{letters}]" if letters else matrix
    again = ic.derive(f"{SHEET}{text}\n{left} = {element}\nindexed{left[7:]} = {result.expression}", left)
    assert str(ic.equal(again.sheet, left, f"indexed{left[7:]}")) == "proved"


def test_the_shape_of_a_gradient_is_said() -> None:
    printed = ic.derive(SHEET + "f = norm(X @ w - y)^2", "diff(f, w)").render("matrix")
    assert printed.splitlines()[2] == "# in the shape of w"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("T[i,j,k]*x[k]*w[j]", "a factor has three indices, and a matrix has two"),
        ("A[i,j]*x[k]", "the result has 3 axes, and a matrix has two"),
        ("sum[i](x[i])", "a vector is summed over all its entries"),
    ],
)
def test_what_has_no_matrix_form_keeps_its_indices(target: str, reason: str) -> None:
    result = ic.derive(SHEET, target)
    assert result.render("matrix") == f"{result.expression}\n# not in matrix notation: {reason}"


STEPS = [
    ("f = norm(X @ w - y)^2", "diff(f, w)"),
    ("f = norm(X @ w - y)^2", "diff(f, w, w)"),
    ("f = logdet(A) + x @ inv(A) @ x", "diff(f, A)"),
    ("f = logdet(A) + x @ inv(A) @ x", "diff(f, x)"),
    ("f = x @ B @ x/norm(x)", "diff(f, x)"),
    ("f = tr(A @ B @ A.T)", "diff(f, A)"),
    ("", "diff(X @ w, w)"),
    ("", "inv(A) @ A @ x - 2*x"),
    ("f = -3*(x @ w)^2", "diff(f, x)"),
]


@pytest.mark.parametrize(("text", "target"), STEPS)
def test_steps_are_written_as_matrices_and_read_back(text: str, target: str) -> None:
    result = ic.derive(SHEET + text, target)
    blocks = result.render("matrix").split("\n\n")
    steps = [block for block in blocks[1:] if not block.startswith("\\begin")]
    assert len(steps) == len(blocks[1:]) / 2 >= 1  # each in text and in LaTeX
    for block in steps:
        sides = [line.partition("   #")[0].removeprefix("  = ").rstrip() for line in block.splitlines()]
        claims = ic.check(f"{SHEET}{text}\ncheck {' = '.join(sides)}\n", format="sheet").claims
        assert [claim.verdict.word for claim in claims] == ["proved"] * (len(sides) - 1)
    assert sides[-1] == blocks[0].splitlines()[0]


def test_the_steps_of_a_gradient() -> None:
    printed = ic.derive(SHEET + "f = x @ B @ x", "diff(f, x)").render("matrix")
    assert printed.split("\n\n")[1] == (
        "diff(f, x)\n"
        "  = diff(x @ B @ x, x)                            # substitute: definition of f\n"
        "  = diff(x, x).T @ B @ x + diff(x, x).T @ B @ x   # product rule\n"
        "  = B @ x + B @ x                                 # deltas: an element depends on itself only\n"
        "  = 2*B @ x                                       # contract: sum over the deltas, cancel, collect"
    )
    assert ic.derive(SHEET + "f = x @ B @ x", "diff(f, x)").render("matrix", steps=False) == (
        "2*B @ x\n2 B x\n# in the shape of x"
    )

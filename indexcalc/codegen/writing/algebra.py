"""How the targets spell the primitives of linear algebra: one table for libraries with numpy's names, one for torch.

The names of the operands stand for {0} and {1}; a batch comes first. What is defined for symmetric matrices gets the
symmetric part, so that no library reads one triangle only.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.codegen.programs.program import Apply, Axes, Value
from indexcalc.codegen.writing.pen import Pen, Text

NUMPY = {
    "inv": "np.linalg.inv({0})",
    "det": "np.linalg.det({0})",
    "logdet": "np.linalg.slogdet({0})[1]",
    "solve": "np.linalg.solve({0}, {1})",
    "solve_matrix": "np.linalg.solve({0}, {1})",
    "chol": "np.linalg.cholesky(({0} + np.swapaxes({0}, -1, -2)) / 2)",
    "pinv": "np.linalg.pinv({0})",
    "expm": "expm({0})",
    "expm_frechet": "expm_frechet({0})",
    "eigvalsh": "np.linalg.eigvalsh(({0} + np.swapaxes({0}, -1, -2)) / 2)",
    "eigvecsh": "np.linalg.eigh(({0} + np.swapaxes({0}, -1, -2)) / 2)[1]",
    "adj": "adjugate({0})",
    "adj2": "second_adjugate({0})",
    "cho_factor": "np.linalg.cholesky({0})",
    "cho_solve": "cho_solve({0}, {1})",
    "cho_solve_matrix": "cho_solve({0}, {1})",
    "cho_inv": "cho_inverse({0})",
    "squared_distances": "squared_distances({0}, {1})",
}
TORCH = {
    "inv": "torch.linalg.inv({0})",
    "det": "torch.linalg.det({0})",
    "logdet": "torch.linalg.slogdet({0})[1]",
    "solve": "torch.linalg.solve({0}, {1})",
    "solve_matrix": "torch.linalg.solve({0}, {1})",
    "chol": "torch.linalg.cholesky(({0} + {0}.mT) / 2)",
    "pinv": "torch.linalg.pinv({0})",
    "expm": "torch.linalg.matrix_exp({0})",
    "expm_frechet": "expm_frechet({0})",
    "eigvalsh": "torch.linalg.eigvalsh(({0} + {0}.mT) / 2)",
    "eigvecsh": "torch.linalg.eigh(({0} + {0}.mT) / 2)[1]",
    "adj": "adjugate({0})",
    "adj2": "second_adjugate({0})",
    "cho_factor": "torch.linalg.cholesky({0})",
    "cho_solve": "torch.cholesky_solve({1}, {0})",
    "cho_solve_matrix": "torch.cholesky_solve({1}, {0})",
    "cho_inv": "torch.cholesky_inverse({0})",
}
JAX = {
    **NUMPY,
    "expm": "jax.scipy.linalg.expm({0})",
    "cho_solve": "jax.scipy.linalg.cho_solve(({0}, True), {1})",
    "cho_solve_matrix": "jax.scipy.linalg.cho_solve(({0}, True), {1})",
    "cho_inv": "jax.scipy.linalg.cho_solve(({0}, True), np.eye({0}.shape[-1]) + np.zeros_like({0}))",
}
ROOT_STEPS = 30  # of Newton's iteration (Denman and Beavers, 1976); 22 suffice for a condition number of 1e10


def primitive(pen: Pen, value: Value, name: str) -> Text:
    """A primitive, in numpy's names."""
    return written(pen, value, name, NUMPY, "np")


def jax_primitive(pen: Pen, value: Value, name: str) -> Text:
    """A primitive, in numpy's names where jax has the same."""
    return written(pen, value, name, JAX, "np")


def torch_primitive(pen: Pen, value: Value, name: str) -> Text:
    """A primitive, in torch's names."""
    return written(pen, value, name, TORCH, "torch")


def written(pen: Pen, value: Value, name: str, table: Mapping[str, str], module: str) -> Text:
    """A primitive of operands that have a batch first, brought to the axes of the value."""
    words, op = operands(pen, value), value.op
    assert isinstance(op, Apply)
    if op.kind in LONGER:
        return Text(LONGER[op.kind](pen, words[0], name, module, op.matrices[0]))
    vectors = op.kind == "cho_solve" or (op.kind == "solve" and bool(batch_of(value)))
    words = [*words[:-1], f"{words[-1]}[..., None]"] if vectors else words
    return Text(table[op.kind].format(*words) + ("[..., 0]" if vectors else ""))


def batch_of(value: Value) -> Axes:
    """The axes along which a primitive is applied again and again."""
    assert isinstance(value.op, Apply)
    return value.axes[: len(value.axes) - len(value.op.result)]


def operands(pen: Pen, value: Value) -> list[str]:
    """The names of the operands, with the batch first and then the indices that the primitive works on."""
    assert isinstance(value.op, Apply)
    pairs = zip(value.operands, value.op.matrices, strict=True)
    return [pen.named(use, (*batch_of(value), *matrix)) for use, matrix in pairs]


def _square_root(pen: Pen, word: str, name: str, module: str, matrix: Axes) -> str:
    other = pen.fresh.numbered("t")
    inverse = f"{module}.linalg.inv"
    pen.lines += [
        f"{name}, {other} = {word}, {_eye(pen, word, module, matrix)}",
        f"for _ in range({ROOT_STEPS}):  # Newton's iteration",
        f"    {name}, {other} = ({name} + {inverse}({other})) / 2, ({other} + {inverse}({name})) / 2",
    ]
    return name


def _sylvester(pen: Pen, word: str, name: str, module: str, matrix: Axes) -> str:
    size, one = pen.size(matrix[0].range), pen.fresh.take("one")
    turned = f"{word}.mT" if module == "torch" else f"np.swapaxes({word}, -1, -2)"
    shape = f"{word}.shape[:-2] + ({size} * {size}, {size} * {size})"
    pen.lines += [
        f"{one} = {_eye(pen, word, module, matrix)}",
        f"{name} = {word}[..., :, None, :, None] * {one}[:, None, :]",
        f"{name} = {name} + {one}[:, None, :, None] * {turned}[..., None, :, None, :]",
        f"{name} = {module}.linalg.inv({name}.reshape({shape}))",
        f"{name} = {name}.reshape({word}.shape[:-2] + ({', '.join([size] * 4)}))",
    ]
    return name


def _eye(pen: Pen, word: str, module: str, matrix: Axes) -> str:
    device = f", device={word}.device" if module == "torch" else ""
    return f"{module}.eye({pen.size(matrix[0].range)}, dtype={word}.dtype{device})"


LONGER = {"sqrtm": _square_root, "sylvester": _sylvester}

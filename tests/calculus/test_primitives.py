"""Primitives: derivatives of first and second order against the reference evaluator, with and without a batch."""

import numpy as np
import pytest

from indexcalc.calculus.primitives import applied
from indexcalc.codegen import compile as compiled
from indexcalc.derivation import derive_term
from indexcalc.notation.reader import parse_sheet
from indexcalc.notation.writing.text import write
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import sample

PLAIN = "y[i] = A[i,j]*x[j]\nz[i] = A[j,i]*x[j]"
BATCH = "y[b,i] = A[i,b,j]*x[b,j]\nz[b,i] = A[j,b,i]*x[b,j]"
RESULTS = {"inv": 2, "det": 0, "logdet": 0, "solve": 1, "chol": 2, "pinv": 2, "sqrtm": 2, "eigvalsh": 1}


def problem(kind: str, order: int, is_batch: bool) -> tuple[Sheet, Term, tuple[Index, ...]]:
    """A sheet, the derivative of a primitive by its matrix, and the axes of the derivative."""
    sheet = parse_sheet(BATCH if is_batch else PLAIN)
    range = sheet.letters["i"]
    batch = (Index("b", sheet.letters["b"]),) if is_batch else ()
    i, j = Index("i", range), Index("j", range)
    by = [Index(letter, range) for letter in "klno"]
    slots = [Index(letter, range) for letter in "pqrs"][: RESULTS[kind]]
    arguments = [(Tensor("A", (i, *batch, j)), (i, j))]
    if kind == "solve":
        arguments.append((Tensor("x", (*batch, i)), (i,)))
    sheet, target = applied(sheet, kind, arguments, slots)
    term: Term = target
    for place in (0, 2)[:order]:
        term = Derivative(term, Tensor("A", (by[place], *batch, by[place + 1])))
    return sheet, term, (*batch, *slots, *by[: 2 * order])


@pytest.mark.parametrize("is_batch", [False, True])
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("kind", RESULTS)
def test_derivatives_have_the_values_of_the_definition(kind: str, order: int, is_batch: bool) -> None:
    if order == 2 and is_batch:
        pytest.skip("the second derivatives are those without a batch")
    sheet, target, axes = problem(kind, order, is_batch)
    derived = derive_term(target, axes, sheet)
    world = sample(derived.sheet, [target, derived.term], 0)
    truth = evaluate(target, world, axes)
    np.testing.assert_allclose(evaluate(derived.term, world, axes), truth, rtol=1e-7, atol=1e-9)
    if order < 2:
        function = compiled(derived.term, axes, derived.sheet)
        np.testing.assert_allclose(function(A=world.arrays["A"], x=world.arrays["x"]), truth, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("backend", ["einsum", "numba", "jax", "torch", "dask"])
@pytest.mark.parametrize("kind", ["inv", "det", "logdet", "solve", "chol", "pinv", "eigvalsh"])
def test_every_target_computes_primitives(kind: str, backend: str) -> None:
    if backend in ("numba", "jax", "torch", "dask"):
        pytest.importorskip(backend)
    for is_batch in (False, True):
        sheet, target, axes = problem(kind, 1, is_batch)
        derived = derive_term(target, axes, sheet)
        world = sample(derived.sheet, [target, derived.term], 0)
        function = compiled(derived.term, axes, derived.sheet, backend=backend)
        found = np.asarray(function(A=world.arrays["A"], x=world.arrays["x"]))
        tolerance = 1e-4 if found.dtype == np.float32 else 1e-9
        np.testing.assert_allclose(found, evaluate(target, world, axes), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("inv", "-inv(A)[l,q]*inv(A)[p,k]"),
        ("det", "det(A)*inv(A)[l,k]"),
        ("logdet", "inv(A)[l,k]"),
        ("solve", "-solve(A, x)[l]*inv(A)[p,k]"),
        ("eigvalsh", "eigvecsh(A)[k,p]*eigvecsh(A)[l,p]"),
    ],
)
def test_the_derivative_reads_as_in_the_books(kind: str, text: str) -> None:
    sheet, target, axes = problem(kind, 1, False)
    derived = derive_term(target, axes, sheet)
    assert write(derived.term, derived.sheet, axes) == text

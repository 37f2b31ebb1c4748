"""Softmax regression on iris: from the formula to its derivatives, their code, and the comparison with autograd.

The forward formulas are in softmax_regression.ic, which indexcalc differentiates, and once more below for autograd,
which knows nothing of that sheet.
"""

import csv
from pathlib import Path

import autograd.numpy as np
from autograd import jacobian

import indexcalc as ic
from indexcalc.verify.verification import mape

HERE = Path(__file__).parent


def load() -> tuple[np.ndarray, np.ndarray]:
    """The features of the flowers, and their species as one-hot labels."""
    with (HERE / "iris.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    species = np.array([row[-1] for row in rows])
    return np.array([row[:-1] for row in rows], dtype=float), 1.0 * (species[:, None] == np.unique(species))


X, Y = load()
random = np.random.RandomState(0)
B, W = random.randn(3), random.randn(4, 3)


def scores(b: np.ndarray, w: np.ndarray) -> np.ndarray:
    """One number for each flower and species."""
    return b + X @ w


def softmax(z: np.ndarray) -> np.ndarray:
    """Numbers as probabilities."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(a: np.ndarray) -> np.ndarray:
    """How badly the probabilities fit the labels."""
    return -np.sum(Y * np.log(a)) / len(Y)


Z = scores(B, W)
A = softmax(Z)

# target: what it depends on beside the leaves, the same by autograd
TARGETS = {
    "diff(CE, a[p,q])": ({"a": A}, lambda: jacobian(cross_entropy)(A)),
    "diff(a[p,q], z[r,s])": ({"z": Z}, lambda: jacobian(softmax)(Z)),
    "diff(z[r,s], b[u])": ({}, lambda: jacobian(scores, 0)(B, W)),
    "diff(z[r,s], w[t,u])": ({}, lambda: jacobian(scores, 1)(B, W)),
    "diff(CE, z[r,s])": ({"z": Z}, lambda: jacobian(lambda z: cross_entropy(softmax(z)))(Z)),
    "diff(CE, b[u])": ({}, lambda: jacobian(lambda b: cross_entropy(softmax(scores(b, W))))(B)),
    "diff(CE, w[t,u])": ({}, lambda: jacobian(lambda w: cross_entropy(softmax(scores(B, w))))(W)),
}


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}\n{'-' * len(text)}\n")


def main() -> None:
    """Print the formula, the derivation of the gradient by w, its code, and the errors of all derivatives."""
    text = (HERE / "softmax_regression.ic").read_text()
    sheet = ic.parse(text)
    print("Softmax regression on iris:", " x ".join(map(str, X.shape)), "features,", Y.shape[1], "species")

    title("The formula")
    for line in text.splitlines():
        if line.startswith(("z[", "a[", "CE =", "assume")):
            print(f"    {line.split('#')[0].rstrip()}")

    gradient = ic.derive(sheet, "diff(CE, w[t,u])")
    title("Its derivative by the weights, step by step")
    print(gradient.render(format="text"))
    title("The same as code")
    print(gradient.code(backend="einsum"))

    title("Every derivative of the chain, on iris, against autograd")
    print(f"{'derivative':<22}{'result':<42}{'shape':<18}{'mean error':>10}")
    for target, (given, truth) in TARGETS.items():
        result = ic.derive(sheet, target)
        array = result.compile(backend="einsum")(x=X, y=Y, b=B, w=W, **given)
        print(f"{target:<22}{result.expression!s:<42}{array.shape!s:<18}{mape(truth(), array):>10.1e}")


if __name__ == "__main__":
    main()

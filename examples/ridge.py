"""Ridge regression by hand, with a slip in the gradient."""

import numpy as np

# indexcalc: index i : m
# indexcalc: r[i] = x[i,j]*w[j] - y[i]
# indexcalc: loss = 1/(2*m)*sum[i](r[i]^2) + c/2*sum[j](w[j]^2)


def loss_and_gradient(x, y, w, c):  # x: (m, n), y: (m,), w: (n,), c: ()
    """The loss, and its gradient by w."""
    r = x @ w - y
    loss = np.mean(r**2) / 2 + c * np.sum(w**2) / 2
    dw = x.T @ r + c * w
    return loss, dw

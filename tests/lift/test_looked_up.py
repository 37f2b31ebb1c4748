"""Code with places that are looked up in tensors of whole numbers: from 1 in sheets, from 0 in arrays."""

import pytest

import indexcalc as ic

ROWS = "e[i,d] = E[t[i],d]\nL = sum[i,d](g[i,d]*e[i,d])"
LOSS = "L = sum[i](logsumexp[j](z[i,j]) - z[i,t[i]])"
SOFT = "p = np.exp(z) / np.exp(z).sum(1, keepdims=True)\n"
CASES = [
    (ROWS, "e[i,d]", "E[t]", "E[t]", "E[t] * 2"),
    (ROWS, "e[i,d]", "F.embedding(t, E)", "E)", "-E)"),
    (ROWS, "e[i,d]", "jnp.take(E, t, axis=0)", "E,", "2 * E,"),
    (ROWS, "e[i,d]", "F.one_hot(t, len(E)).float() @ E", "@ E", "@ E + 1"),
    (ROWS, "diff(L, E[v,d])", "out = np.zeros_like(E)\nnp.add.at(out, t, g)\nout", "t, g", "t, -g"),
    (ROWS, "diff(L, E[v,d])", "jnp.zeros_like(E).at[t].add(g)", "add(g)", "add(2 * g)"),
    (ROWS, "diff(L, E[v,d])", "torch.zeros_like(E).index_add_(0, t, g)", "t, g", "t, g + 1"),
    (LOSS, "L", "F.cross_entropy(z, t, reduction='sum')", "sum", "mean"),
    (LOSS, "L", "(np.log(np.exp(z).sum(1)) - z[np.arange(len(z)), t]).sum()", "- z[", "+ z["),
    (LOSS, "diff(L, z[k,l])", f"{SOFT}p[np.arange(len(z)), t] -= 1\np", "-= 1", "+= 1"),
    (LOSS, "diff(L, z[k,l])", f"{SOFT}p - np.eye(z.shape[1])[t]", "p - np.eye", "p + np.eye"),
]


@pytest.mark.parametrize(("sheet", "target", "code", "old", "new"), CASES)
def test_right_code_is_proved_and_wrong_code_refuted(sheet, target, code, old, new):
    names = {name: name for name in "tEgz" if name in ic.parse(sheet).slots}
    assert str(ic.check_code(sheet, target, code, names=names)) in ("proved", "agrees")
    assert str(ic.check_code(sheet, target, code.replace(old, new), names=names)) == "refuted"

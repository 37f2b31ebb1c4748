"""What stands below and above a sum in LaTeX."""

import pytest

from tests.notation.latex.test_trees import cause, same

MEANS = [
    (r"\sum_{i=1}^{n} u_i", "sum[i](u[i])"),
    (r"\sum_{i = 1}^n u_i", "sum[i](u[i])"),
    (r"\sum_{q=1}^{n_{o}} y_{pq}", "sum[q](y[p,q])"),
    (r"\sum_{p, q} y_{pq}", "sum[p,q](y[p,q])"),
    (r"\sum_{pq} y_{pq}", "sum[p,q](y[p,q])"),
    (r"\sum_{i'j'} T_{i'j'}", "sum[i',j'](T[i',j'])"),
    (r"\sum_{i,j=1}^{n} T_{ij}", "sum[i,j](T[i,j])"),
    (r"\sum_{i} u_i", "sum[i](u[i])"),
    (r"\sum_{i}^{} u_i", "sum[i](u[i])"),
    (r"\sum_i^n u_i", "sum[i](u[i])"),
    (r"\sum\limits_{i=1}^{n} u_i", "sum[i](u[i])"),
    (r"\sum_{i=0}^{n-1} u_i", "sum[i](u[i])"),
    (r"\sum_{1 \leq i \leq n} u_i", "sum[i](u[i])"),
    (r"\sum_{j \neq i} u_j", "sum[j](where(j == i, 0, u[j]))"),
    (r"\prod_{j \neq i} u_j", "prod[j](where(j == i, 1, u[j]))"),
    (r"\sum_{i<j} u_i v_j", "sum[i](where(i < j, u[i]*v[j], 0))"),
    (r"\sum_{p} y_{pq} \sum_{s} a_{ps}", "sum[p](y[p,q]*sum[s](a[p,s]))"),
    (r"c \cdot \sum_i -u_i", "c*sum[i](-u[i])"),
    (r"\frac{c}{\sum_i u_i v_i}", "c/sum[i](u[i]*v[i])"),
    (r"- \sum_i u_i + c", "-sum[i](u[i]) + c"),
    (r"\prod_{i=1}^{n} u_i", "prod[i](u[i])"),
    (r"\max_{q} a_{pq}", "max[q](a[p,q])"),
    (r"\min_{q} (a_{pq})", "min[q](a[p,q])"),
    ("∑_{i} u_i", "sum[i](u[i])"),
]


@pytest.mark.parametrize(("latex", "text"), MEANS, ids=[latex for latex, _ in MEANS])
def test_means(latex, text):
    assert same(latex, text)


REFUSED = [
    (r"\sum u_i", "this sum has no index"),
    (r"\sum_{} u_i", "this sum has no index"),
    (r"\sum_{1} u_i", "this is no index to run over"),
    (r"\sum_{i=0}^{n} u_i", "an index that starts at 0 ends at the size less 1"),
    (r"\sum_{i=0} u_i", "the index starts at 0 and has no end"),
    (r"\sum_{i=2}^{n} u_i", "the sum starts at 2, and an index runs over its whole range"),
    (r"\sum_{i=1}^{2n} u_i", "this is the name of no size"),
    (r"\sum_{i=1}^{n, m} u_i", "these bounds cannot be read"),
    (r"\sum_{i=j=k} u_i", "these bounds cannot be read"),
    (r"\max_{i \neq j} u_i", "a condition stands below a max"),
    (r"\sum_{i=1}^{m} u_i", "the index i would need two sizes, n and m"),
    (r"\sum_i=1^n u_i", "the bounds of a sum stand in braces"),
]


@pytest.mark.parametrize(("latex", "wanted"), REFUSED, ids=[latex for latex, _ in REFUSED])
def test_refuses(latex, wanted):
    assert cause(latex).startswith(wanted)

"""Where an implied sum stands: at the factors that hold its indices, and at no others.

    sum[i](c * x[i]*y[i]) = c * sum[i](x[i]*y[i])
    sum[i,j](x[i]*y[i] * u[j]*v[j]) = sum[i](x[i]*y[i]) * sum[j](u[j]*v[j])

The reader lowers implied sums by this rule and the writers rely on it, so that a flat product reads back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexcalc.terms import Contraction, Index, Product, Term, factors_of

Group = tuple[frozenset[Index], tuple[Term, ...]]


def groups(bound: Iterable[Index], factors: Iterable[Term]) -> Iterator[Group]:
    """The factors that share bound indices, directly or through others; first those that hold none."""
    wanted = frozenset(bound)
    loose: list[Term] = []
    found: list[Group] = []
    for factor in factors:
        touched = factor.free & wanted
        if not touched:
            loose.append(factor)
            continue
        joined: tuple[Term, ...] = (factor,)
        for group in [group for group in found if not touched.isdisjoint(group[0])]:
            touched |= group[0]
            joined = (*group[1], *joined)
            found.remove(group)
        found.append((touched, joined))
    yield frozenset(), tuple(loose)
    yield from found


def contracted(bound: Iterable[Index], product: Term) -> Term:
    """A product summed over indices that occur in it, each sum drawn as tightly as it goes."""
    return Product(*(Contraction(each, Product(*factors)) for each, factors in groups(bound, factors_of(product))))

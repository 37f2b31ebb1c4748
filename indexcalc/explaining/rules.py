"""The rules of derivations: what each does, in words and with an example, for `derive --explain`."""

from __future__ import annotations

from difflib import get_close_matches

from indexcalc.errors import IndexcalcError

RULES = {
    "substitute": (
        "A defined tensor is replaced by what it stands for.",
        "with y[i] = A[i,j]*x[j]:  diff(y[i], x[k]) = diff(A[i,j]*x[j], x[k])",
    ),
    "recognise": (
        "What a definition, or a function with a name, stands for is replaced by its name.",
        "with a[q] = exp(z[q])/sum[k](exp(z[k])):  exp(z[q])/sum[k](exp(z[k])) = a[q]",
    ),
    "sum rule": ("The derivative of a sum is the sum of the derivatives.", "diff(f + g, x) = diff(f, x) + diff(g, x)"),
    "product rule": (
        "One addend for each factor, in which that factor is differentiated.",
        "diff(f*g, x) = diff(f, x)*g + f*diff(g, x)",
    ),
    "quotient rule": (
        "Numerator and denominator are differentiated in turn, over the square of the denominator.",
        "diff(f/g, x) = (diff(f, x)*g - f*diff(g, x))/g^2",
    ),
    "power rule": ("The exponent comes down and is lowered by one.", "diff(f^n, x) = n*f^(n - 1)*diff(f, x)"),
    "chain rule": (
        "The derivative of the outer function at the inner one, times the derivative of the inner one.",
        "diff(exp(f), x) = exp(f)*diff(f, x)",
    ),
    "linearity": (
        "Constants and sums stand outside of a derivative.",
        "diff(2*sum[i](x[i]), x[k]) = 2*sum[i](diff(x[i], x[k]))",
    ),
    "derivative of": (
        "The derivative of an inverse, a determinant or their like, by the identity of that primitive.",
        "diff(inv(A), A) = -inv(A) dA inv(A)",
    ),
    "deltas": (
        "An element of a tensor depends on itself only: its derivative by another element is a Kronecker delta.",
        "diff(x[i], x[k]) = delta[i,k]",
    ),
    "contract": (
        "A sum over a delta puts one index for the other; then like terms are collected and factors cancelled.",
        "sum[j](A[i,j]*delta[j,k]) = A[i,k]",
    ),
    "factor": ("A factor that all addends have is taken out.", "a*b + a*c = a*(b + c)"),
    "fact": ("A fact of the sheet (assume) is used.", "with assume sum[q](y[p,q]) = 1:  sum[q](y[p,q])*a = a"),
    "known": ("A derivative that was found above is put in.", "with diff(s, x) = c from above:  2*diff(s, x) = 2*c"),
    "reverse accumulation": (
        "From the result back to the variables, each definition gets an adjoint, the derivative of the result by it. "
        "The adjoint of a definition is put together from the adjoints of those that use it.",
        "with L = f(s), s = g(x):  s_bar = diff(f, s);  diff(L, x) = s_bar*diff(g, x)",
    ),
    "adjoint": (
        "The derivative of the result by a definition, under a name of its own.",
        "with L = sum[i](y[i]^2):  y_bar[i] = diff(L, y[i]) = 2*y[i]",
    ),
    "short form": (
        "The expression is multiplied out and factored anew; of several forms the cheapest to compute is taken.",
        "a*b - a*c + 0 = a*(b - c)",
    ),
    "target": ("What was asked for.", "diff(L, w[t,s])"),
}


def explained(name: str) -> str:
    """What a rule does, with an example. Raises IndexcalcError for one that there is not; "all" means all of them."""
    if name == "all":
        return "\n\n".join(map(_paragraph, RULES))
    found: list[str] = []
    for each in name.split(","):  # a step may name several
        rule = rule_of(each)
        if rule is None:
            near = get_close_matches(each.strip(), RULES, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(RULES)}"
            raise IndexcalcError(f"there is no rule {each.strip()!r}", remedy)
        found.append(_paragraph(rule))
    return "\n\n".join(found)


def rule_of(name: str) -> str | None:
    """The rule that a step names; a step of a primitive says which one."""
    name = name.strip().split(":")[0]
    if name in RULES:
        return name
    return "derivative of" if name.startswith("derivative of ") else None


def _paragraph(name: str) -> str:
    words, example = RULES[name]
    return f"{name}\n  {words}\n  {example}"

r"""Facts that stand in the formulas of a document, about tensors without a definition.

    \sum_q y_{rq} = 1        n_i n_i = 1        Q_{ki} Q_{kj} = \delta_{ij}        A_{ij} = A_{ji}
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from lark import Token, Tree

from indexcalc.check.definitions.marks import unmarked
from indexcalc.check.definitions.taken import Equation, Taken, own_letters, read_equation
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.formulas.trees import ends, names_in, nodes, row_wise, unbounded
from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.partners import is_partner
from indexcalc.notation.reader import extend
from indexcalc.notation.syntax.places import Syntax, kind, subtrees
from indexcalc.sheet import Sheet
from indexcalc.verify.samples import sample

FOR_EACH = re.compile(
    r"[\s$]*,?\s*for\s+(?:every|each|all|any)\s+\$(?P<letters>\s*\\?[A-Za-z]+'*(?:\s*,\s*\\?[A-Za-z]+'*)*)\s*\$"
)


def letters_behind(chain: Chain, text: str) -> frozenset[str]:
    """The letters for each value of which a chain holds, as the prose behind it says: "for every $i$"."""
    found = FOR_EACH.match(text, chain.sides[-1].place(len(chain.sides[-1])))
    return frozenset(re.findall(r"\w+'*", found["letters"])) if found else frozenset()


def facts(
    chain: Chain, defined: Collection[str], sheet: Sheet, told: bool = False, each: Collection[str] = ()
) -> list[list[Taken]]:
    """The facts that a chain states, if all its equations are between tensors without definition.

    `each`: letters for each value of which it holds, so that no sum runs over them.

    In a formula of its own only a single equation does, about one tensor, and none that says that something vanishes:
    others may be claims, unlike what is told in the prose. For each fact there are several readings, see _readings.
    """
    if any(relation.sort != EQUALITY for relation in chain.relations) or (len(chain.relations) > 1 and not told):
        return []
    first, *others = chain.sides
    ends = others if not others[-1].text.isdigit() else others[-1:] * len(others)
    found = []
    for left, right in zip([first, *others] if len(others) > 1 else [first], ends, strict=False):
        equation = read_equation(replace(chain, sides=(left, right), relations=chain.relations[:1]), sheet)
        if equation is None or not set(names_in(equation.left)).isdisjoint({*defined, "delta", "eps"}):
            return []
        inverse = _is_orthonormal(equation.left, equation.right)  # no identity, whatever the tensors are
        may_be_claim = right.text == "0" or (len(names_in(equation.left)) > 1 and not inverse)
        if (may_be_claim and not told) or not any(rule(equation.left, equation.right) for rule in FACTS):
            return []
        whole = Placed.joined(chain.sides, " = ")
        equation = replace(equation, left=_kept_free(equation.left, each))
        found.append([replace(reading, chain=chain, content=whole) for reading in _readings(equation)])
    return found


def _kept_free(tree: Syntax, letters: Collection[str]) -> Syntax:
    r"""The tree where sums under a condition, \sum_{j \neq i}, do not run over these letters."""
    children = [_kept_free(child, letters) if isinstance(child, Tree) else child for child in tree.children]
    if kind(tree) == "indices":
        children = [child for child in children if not (is_partner(child) and str(child) in letters)]
    return Tree(tree.data, children, tree.meta)


def _readings(equation: Equation) -> list[Taken]:
    """The readings of a fact: each for the case that the one before does not fit the sheet.

    Also for every value of an index that was dropped, and without the bounds of its sum.
    """
    sign = Token("EQUAL", "=")
    sides = [(equation.left, equation.right)]
    sides += [(_dropped(left), _dropped(right)) for left, right in sides]
    sides += [(unbounded(left), unbounded(right)) for left, right in sides]
    return [equation.taken("assume", [left, sign, right]) for left, right in sides]


def _dropped(tree: Syntax) -> Syntax:
    """The tree where every tensor has one more index, the same for all."""
    return row_wise(tree, {}, "dropped", last=True)


def _is_normalised(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form sum[q](y[p,q]) = 1, or sum[i](n[i]^2) = 1."""
    if kind(left) != "reduce" or str(left.children[0]) != "sum" or kind(right) != "number":
        return False
    body = left.children[2]
    while isinstance(body, Tree) and kind(body) == "where" and str(subtrees(body)[2].children[0]) == "0":
        body = subtrees(body)[1]  # a sum under a condition
    return isinstance(body, Tree) and _is_pair(body)


def _is_pair(tree: Syntax) -> bool:
    """Whether a tree is a tensor, a power of one, or the product of two."""
    factors = subtrees(tree)
    if kind(tree) == "power":
        return kind(factors[0]) == "tensor" and kind(factors[1]) == "number"
    return kind(tree) == "tensor" or (kind(tree) == "product" and [kind(each) for each in factors] == ["tensor"] * 2)


def _is_contracted(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form n[i]*n[i] = 1, or A[i,i] = 0."""
    letters = Counter(letter for node in nodes(left) if kind(node) == "tensor" for letter in ends(node))
    return kind(right) == "number" and _is_pair(left) and bool(letters) and min(letters.values()) > 1


def _is_orthonormal(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form Q[k,i]*Q[k,j] = delta[i,j]."""
    factors = subtrees(left)
    is_delta = kind(right) == "tensor" and str(right.children[0]) == "delta"
    return kind(left) == "product" and is_delta and [kind(factor) for factor in factors] == ["tensor"] * 2


def _is_symmetric(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form A[i,j] = A[j,i] or -A[j,i]."""
    if kind(right) == "negative":
        right = subtrees(right)[0]
    if kind(left) != "tensor" or kind(right) != "tensor" or left.children[0] != right.children[0]:
        return False
    first, second = ends(left), ends(right)
    return first != second and sorted(first) == sorted(second) and len(set(first)) == len(first)


FACTS = (_is_normalised, _is_contracted, _is_orthonormal, _is_symmetric)


def assume(sheet: Sheet, readings: Sequence[Taken], number: int) -> tuple[Sheet, Taken | None, str]:
    """The sheet with a fact, in the first of its readings that fits; and what is wrong with its bounds."""
    failures: list[IndexcalcError] = []
    for reading in readings:
        try:
            new = extend(sheet, [own_letters(reading, sheet, number)])
            sample(new, [side for fact in new.facts for side in (fact.left, fact.right)], seed=0)
        except IndexcalcError as error:
            failures.append(error)
        else:
            bounded = len(failures) < len(readings) // 2
            wrong = "" if bounded else failures[len(failures) - len(readings) // 2].cause
            return new, reading, unmarked(wrong.partition(" (compare")[0])
    return sheet, None, ""

r"""Densities of one letter: p(a | b, c) = p(a, b | c) / p(b | c), where the document speaks of both on the right.

So a conditional density is put in by the two of which it is the quotient, and Bayes' rule follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING

from indexcalc.audit.defined import Defined
from indexcalc.context.functions.signatures import Signature, Signed
from indexcalc.context.names import Use
from indexcalc.notation.formula import Name
from indexcalc.terms import MINUS_ONE, Power, Product, Tensor

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def take_products(judge: Judge) -> None:
    """Note what conditional densities of the document are made of, where it does not define them."""
    known, meanings = judge.known, judge.meanings
    found = list(_products(known.signed, known.densities))
    shared = Counter(whole for _, _, whole in found)
    for first, last, whole in found:
        if (whole in known.signed or shared[whole] > 1) and meanings.find(first, 0) is None:
            meanings.slots.setdefault(whole, ())
            known.arguments.setdefault(whole, known.arguments.get(first, {}))
            body = Product(Tensor(whole), Power(Tensor(last), MINUS_ONE))
            text = "what a conditional density is"
            meanings.definitions.add(Defined(Use(first), Name(first), 0, 0, "given", text=text, given=((), body)))


def _products(signed: dict[str, Signed], densities: set[str]) -> Iterator[tuple[str, str, str]]:
    """A conditional density and what it is multiplied by, and the name of the product: p(a | b, c) p(b | c)."""
    plain = {name: each for name, each in sorted(signed.items()) if each.base in densities and not each.rank}
    for first, last in permutations(plain, 2):
        one, other = plain[first].signature, plain[last].signature
        inner, outer = set(one.names), set(other.names)
        is_product = inner.isdisjoint(outer) and set(one.given) == outer | set(other.given)
        if is_product and plain[first].base == plain[last].base:
            whole = Signature(tuple(sorted(inner | outer)), other.given)
            yield first, last, plain[first].base + whole.label

r"""Functions of a number that a document defines: \sigma(x) = \frac{1}{1 + e^{-x}} gives \sigma(u) and \sigma'(u).

They are applied to any argument, and to the elements of a tensor one by one. A function \sigma that no formula defines
is the logistic function, as everywhere in machine learning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexcalc.calculus.resolve import Resolver
from indexcalc.check.definitions.calls import Call as WrittenCall
from indexcalc.check.definitions.calls import access, is_applied_to_others
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import tokens
from indexcalc.check.sides import Sides, read_sides
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Call, Derivative, Tensor, Term
from indexcalc.walk import Memo, mapped, replace_tensors, subterms

LETTER = re.compile(r"\\?[A-Za-z]+")
NAME = "argument"
ARGUMENT = Tensor(NAME, ())
LOGISTIC = "sigma"
LOGISTIC_TEXT = r"\sigma(x) = \frac{1}{1 + \exp(-x)}, which no formula defines"


@dataclass(frozen=True)
class Scalars:
    """Functions of a number: the body of each, in which ARGUMENT stands for that number."""

    bodies: Mapping[str, Term]

    def put_in(self, sides: Sides) -> tuple[Sides, bool]:
        """The sides, and what is defined, with the values of calls; whether the logistic function was put in."""
        terms = [term for term in sides.terms if isinstance(term, Term)]
        definitions = sides.sheet.definitions
        known = (*terms, *(definition.body for definition in definitions.values()), *self.bodies.values())
        called = {_name(each) for term in known for each in _calls(term)}
        logistic = LOGISTIC in called and LOGISTIC not in self.bodies and LOGISTIC not in sides.sheet.slots
        bodies = {**self.bodies, LOGISTIC: Call("sigmoid", ARGUMENT)} if logistic else self.bodies
        if called.isdisjoint(bodies):
            return sides, False
        put = _Put(bodies, sides.sheet)
        new = {name: replace(each, body=put(each.body)) for name, each in definitions.items()}
        changed = tuple(put(term) if isinstance(term, Term) else term for term in sides.terms)
        return replace(sides, sheet=replace(sides.sheet, definitions=new), terms=changed), logistic


class _Put:
    """Puts values in place of calls."""

    def __init__(self, bodies: Mapping[str, Term], sheet: Sheet) -> None:
        self.bodies = bodies
        self.sheet = replace(sheet, slots={**sheet.slots, NAME: ()})
        self.memo = Memo(self._rule)

    def __call__(self, term: Term) -> Term:
        return self.memo(term)

    def _rule(self, term: Term, rec: Memo[Term]) -> Term:
        if not isinstance(term, Call) or _name(term) not in self.bodies or len(term.arguments) != 1:
            return mapped(term, rec) if not isinstance(term, Tensor) else term
        value = rec(term.arguments[0])
        return replace_tensors(self._slope(term), lambda tensor: value if tensor is ARGUMENT else None)

    def _slope(self, call: Call) -> Term:
        """The body, differentiated as often as the call has primes; it may hold other calls."""
        body = self.memo(self.bodies[_name(call)])
        for _ in range(len(call.function) - len(_name(call))):
            body = Resolver(self.sheet, shortener).resolve(Derivative(body, ARGUMENT))
        return body


def without_circles(bodies: Mapping[str, Term]) -> dict[str, Term]:
    """The bodies that do not need themselves, through others or not."""
    calls = {name: {_name(each) for each in _calls(body)} & bodies.keys() for name, body in bodies.items()}
    sound: dict[str, Term] = {}
    while True:
        further = [name for name in bodies if name not in sound and calls[name] <= sound.keys()]
        if not further:
            return sound
        sound |= {name: bodies[name] for name in further}


def _name(call: Call) -> str:
    return call.function.rstrip("'")


def _calls(term: Term) -> list[Call]:
    return [each for each in subterms(term) if isinstance(each, Call)]


def read_scalars(found: Mapping[str, tuple[WrittenCall, Chain]], chains: Sequence[Chain], sheet: Sheet) -> Scalars:
    """The functions of a number among those that chains define, as far as they are applied to other arguments."""
    bodies: dict[str, Term] = {}
    for name, (call, chain) in found.items():
        body = read_scalar(call, chain, sheet) if is_applied_to_others(call, chains) else None
        if body is not None:
            bodies[name] = body
    return Scalars(without_circles(bodies))


def read_scalar(call: WrittenCall, chain: Chain, sheet: Sheet) -> Term | None:
    """The body of the function of a number that a chain defines; none if it is not one."""
    body = chain.sides[1]
    tensor, indices = access(call.arguments)
    first = Placed.whole(f"{tensor}_{{{indices}}}")
    if LETTER.fullmatch(call.arguments):
        first = Placed.whole(rf"\text{{{NAME}}}")
        places = (token for token in tokens(body.text) if token.text == call.arguments)
        body = body.replaced(*((token.start, token.end, first.text) for token in places))
    elif not tensor:
        return None
    variable, value = read_sides(sheet, [first, body], chain.dialect).terms
    if not isinstance(variable, Tensor) or not isinstance(value, Term):
        return None
    value = replace_tensors(value, lambda tensor: ARGUMENT if tensor is variable else None)
    elsewhere = variable is not ARGUMENT and variable.name in value.symbols
    return None if value.free or elsewhere else value

"""Derivatives that would be zero since the sheet lacks what is differentiated: diff(loss, w) where it defines L.

That something does not depend on a variable is seen only of names that the sheet speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches

from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.summation import operands
from indexcalc.notation.syntax.places import Syntax, Token, error_at, kind, place_of
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Tensor, Term
from indexcalc.walk import parts, subterms

Text = tuple[Syntax, str]  # a tree, and the text in which its positions count


def check_target(term: Term, text: Text, sheet: Sheet, grown: Sheet) -> None:
    """Refuse a target that asks for what the sheet does not have, if it defines anything. Raises IndexcalcError.

    `grown` is the sheet with what the target brought in: the names of its inverses and the like are no one's fault.
    """
    if not sheet.definitions:
        return
    known = names_of(sheet, grown)
    if isinstance(term, Tensor) and term.name not in known and term.name != "pi":
        raise _absent(term.name, [text], sheet)
    check_derivatives([term], [text], grown, known)


def names_of(sheet: Sheet, grown: Sheet) -> set[str]:
    """The names of a sheet, and those that an expression defined when it was read: inverses and the like."""
    return {*sheet.slots, *grown.definitions, *grown.primitives}


def check_sheet(sheet: Sheet, texts: Sequence[Text]) -> None:
    """Refuse derivatives of names that stand nowhere but in what is differentiated. Raises IndexcalcError."""
    terms = [definition.body for definition in sheet.definitions.values()]
    terms += [side for claim in sheet.claims for side in claim.sides]
    if sheet.definitions:
        sides = [side for fact in sheet.facts for side in (fact.left, fact.right)]
        known = {*sheet.definitions, *(name for term in (*terms, *sides) for name in _outside(term))}
        check_derivatives(terms, texts, sheet, known)


def check_derivatives(terms: Iterable[Term], texts: Sequence[Text], sheet: Sheet, known: Collection[str]) -> None:
    """Refuse a derivative by what the body does not depend on, if one of its names is not known."""
    for term in terms:
        for each in subterms(term):
            if isinstance(each, Derivative) and not sheet.depends(each.body.symbols, each.variable.name):
                unknown = sorted(each.body.symbols.difference(known, ("pi",)))
                if unknown and not _is_written(each.variable.name, unknown[0], sheet, texts):
                    raise _absent(unknown[0], texts, sheet)


def _is_written(variable: str, name: str, sheet: Sheet, texts: Iterable[Text]) -> bool:
    """Whether what depends on a variable is written wherever a name is differentiated by it: where(c > 0, y, y)."""
    found = []
    for tree, _ in texts:
        for each in tree.iter_subtrees():
            if kind(each) != "diff":
                continue
            numerator, *others = ({str(token) for token in _tokens(side)} for side in operands(each))
            if name in numerator and any(variable in side for side in others):
                found.append(sheet.depends(numerator & sheet.slots.keys(), variable))
    return bool(found) and all(found)


def _outside(term: Term) -> Iterator[str]:
    """The names in a term that stand outside of what is differentiated."""
    if isinstance(term, Derivative):
        yield term.variable.name
    elif isinstance(term, Tensor):
        yield term.name
    else:
        for part in parts(term):
            yield from _outside(part)


def _absent(name: str, texts: Iterable[Text], sheet: Sheet) -> IndexcalcError:
    names = [each for each in sheet.order if each in sheet.slots and each != name]
    alike = [each for each in sheet.definitions if each[0].casefold() == name[0].casefold()]  # L for loss
    meant = get_close_matches(name, names, n=1, cutoff=0.6) or alike
    remedy = f"Did you mean {meant[0]}?" if meant else f"It defines {', '.join(sheet.definitions)}"
    places = (place_of(token, text) for tree, text in texts for token in _tokens(tree) if str(token) == name)
    place = next(places, None)
    cause = f"the sheet does not say what {name} is"
    return IndexcalcError(cause, remedy) if place is None else error_at(cause, remedy, place)


def _tokens(tree: Syntax) -> Iterator[Token]:
    for child in tree.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _tokens(child)

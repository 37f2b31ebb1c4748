r"""The slips that can be undone at one place of a formula: signs, factors, indices, signs of sums, transpositions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexcalc.audit.mending.brackets import missing_brackets
from indexcalc.audit.mending.mends import Mend, Patch, begin, end_of_script, everywhere, is_placed
from indexcalc.audit.mending.numbers import left_over_numbers, missing_number, missing_numbers
from indexcalc.audit.mending.powers import other_letters, other_powers
from indexcalc.context.loose import binds
from indexcalc.context.names import is_transposed
from indexcalc.notation.formula import (
    Applied,
    Big,
    Bracket,
    Formula,
    Mark,
    Name,
    Product,
    Quotient,
    Relation,
    Scripted,
    Sequence,
    Signed,
    Sum,
    changed,
    walk,
)
from indexcalc.notation.writing.formulas import written_back

TURNED = Mark("transposed")


@dataclass(frozen=True)
class Surroundings:
    """What may have been meant: the text of the document's formula, letters of indices, signs of sums, transposition.

    sums: by the letter that they bind, as written elsewhere. turned: how the document transposes. names: the factors.
    """

    text: str
    letters: tuple[Name, ...]
    sums: tuple[Big, ...]
    turned: str = r"^\top"
    names: tuple[Formula, ...] = ()

    def of(self, formula: Formula) -> str:
        """Its text."""
        return self.text[slice(*formula.span)]


def mends(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """A formula with one slip undone, likely ones first."""
    yield from _opposite(formula)
    yield from everywhere(formula, lambda part: _signs(part, around), in_scripts=True)
    yield from everywhere(formula, missing_brackets)
    yield from _wherever_it_stands(formula, around)
    yield from everywhere(formula, lambda part: _other_letters(part, around), in_scripts=True)
    yield from everywhere(formula, lambda part: _transposed(part, around))
    yield from everywhere(formula, left_over_numbers)
    yield from everywhere(formula, lambda part: other_powers(part, around.text))
    yield from everywhere(formula, lambda part: _missing_sums(part, around))
    yield from _missing_sum(formula, around)
    yield from missing_numbers(formula)
    yield from everywhere(formula, missing_number)
    yield from other_letters(formula, around.names, around.text)


# ----- Signs ---------------------------------------------------------------------------------------------------------


def _opposite(formula: Formula) -> Iterator[Mend]:
    """The side with the other sign."""
    why = "the sign is wrong"
    if isinstance(formula, Sum):
        bracket = Bracket("(", formula)
        start, end = formula.span
        yield Mend("sign", Signed("-", bracket), ((start, start, "-("), (end, end, ")")), why)
    elif not isinstance(formula, Signed):
        yield Mend("sign", Signed("-", formula), ((begin(formula), begin(formula), "-"),), why)


def _signs(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """a - b for a + b; x for -x."""
    match formula:
        case Signed("-", body):
            yield Mend("sign", body, ((begin(formula), begin(body), ""),), "the sign is wrong")
        case Sum(terms):
            for place, (sign, term) in enumerate(terms):
                if sign not in "+-" or not is_placed(term):
                    continue
                other = "+" if sign == "-" else "-"
                new = replace(formula, terms=(*terms[:place], (other, term), *terms[place + 1 :]))
                before = formula.span[0] if place == 0 else terms[place - 1][1].span[1]
                gap = around.text[before : begin(term)]
                at = gap.rfind(sign)
                written = "" if place == 0 and other == "+" else other
                patches: tuple[Patch, ...] = ((before + at, before + at + 1, written),)
                if at < 0:
                    patches = ((begin(term), begin(term), other),) if place == 0 else ()
                yield Mend("sign", new, patches, f"the sign of {around.of(term).strip()} is wrong")


# ----- Transpositions ------------------------------------------------------------------------------------------------


def _transposed(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """x for x^T, and the reverse, of what stands as a factor or term."""
    match formula:
        case Scripted(base, below, above, 0) if is_transposed(above) and not isinstance(above, Sequence):
            assert above is not None
            bare = base if below is None else replace(formula, above=None)
            text = around.of(formula)
            at = formula.span[0] + text.rfind("^")
            patches: tuple[Patch, ...] = ((at, end_of_script(around.text, above), ""),) if "^" in text else ()
            yield Mend("transposition", bare, patches, f"a transposition is left over: {text}")
        case Name() | Scripted(Name() | Bracket(), _, None, 0):
            yield from _turned(formula, around)
        case Bracket("(" | "["):
            yield from _turned(formula, around)


def _turned(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    turned = (
        replace(formula, above=TURNED)
        if isinstance(formula, Scripted)
        else Scripted(formula, None, TURNED, span=formula.span)
    )
    end = formula.span[1]
    patches: tuple[Patch, ...] = ((end, end, around.turned),) if is_placed(formula) else ()
    yield Mend("transposition", turned, patches, f"a transposition is missing: {around.of(formula)}")


# ----- Indices -------------------------------------------------------------------------------------------------------


def _other_letters(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """Another letter below a name, or below the sign of a sum; two letters that are exchanged."""
    below = formula.below if isinstance(formula, Scripted | Big) else None
    if below is None:
        return
    names = _letters_of(below)
    for name in names:
        for other in around.letters:
            if other.letter != name.letter:
                yield _renamed(formula, ((name, other),), around)
    if len(names) == 2 and names[0] != names[1] and isinstance(formula, Scripted):
        yield _renamed(formula, ((names[0], names[1]), (names[1], names[0])), around)


def _wherever_it_stands(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """Another letter below what stands several times: y_i for y_j in a whole product."""
    several: dict[Formula, list[list[Name]]] = {}
    for part in walk(formula):
        if isinstance(part, Scripted) and part.below is not None:
            several.setdefault(part, []).append(_letters_of(part.below))
    for first, each in several.items():
        for names in zip(*each, strict=True) if len(each) > 1 else ():
            for other in around.letters:
                if other.letter not in {name.letter for name in each[0]}:
                    pairs = tuple((name, other) for name in names)
                    why = f"{around.of(first)} has a wrong index: {names[0].letter} for {other.letter}"
                    yield Mend("index", _put_in(formula, pairs), _exchanged(pairs, around), why)


def _letters_of(below: Formula) -> list[Name]:
    """The letters below a name or a sign; of a relation those at its ends."""
    if isinstance(below, Relation):
        return [each for each in below.sides if isinstance(each, Name)]
    return [each for each in walk(below) if isinstance(each, Name) and len(each.letter) <= 3]


def _renamed(formula: Formula, pairs: tuple[tuple[Name, Name], ...], around: Surroundings) -> Mend:
    assert isinstance(formula, Scripted | Big)
    assert formula.below is not None
    new = replace(formula, below=_put_in(formula.below, pairs))
    shown = around.of(formula) if isinstance(formula, Scripted) else f"{formula.sign}_{around.of(formula.below)}"
    letters = ", ".join(f"{old.letter} for {other.letter}" for old, other in pairs[:1])
    why = f"{shown} has a wrong index: {letters}" if len(pairs) == 1 else f"the indices of {shown} are exchanged"
    return Mend("index" if len(pairs) == 1 else "exchange", new, _exchanged(pairs, around), why)


def _put_in(formula: Formula, pairs: tuple[tuple[Name, Name], ...]) -> Formula:
    """A formula with letters in the places of others."""
    for old, new in pairs:
        if formula is old:
            return replace(new, span=old.span)
    return changed(formula, lambda part: _put_in(part, pairs))


def _exchanged(pairs: tuple[tuple[Name, Name], ...], around: Surroundings) -> tuple[Patch, ...]:
    """The same in the text; nothing if a letter does not stand there."""
    if not all(_is_there(old, around) for old, _ in pairs):
        return ()
    return tuple((*old.span, _spelled(other)) for old, other in pairs)


def _spelled(name: Name) -> str:
    """The text of a letter: parted from what stands behind it, where it is a command."""
    text = written_back(name)
    return f"{text} " if text.startswith("\\") else text


def _is_there(name: Name, around: Surroundings) -> bool:
    """Whether a letter stands in the text where its formula says."""
    return around.of(name).strip() in (name.letter, f"\\{name.letter}")


# ----- Sums ----------------------------------------------------------------------------------------------------------


def _missing_sum(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """A sum over the side as a whole."""
    if isinstance(formula, Sum):
        start, end = formula.span
        for sign in around.sums:
            new = replace(sign, body=Bracket("(", formula), span=(0, 0))
            patches = ((start, start, f"{_sign(sign)} \\left("), (end, end, r"\right)"))
            yield Mend("sum", new, patches, f"the sum over {_bound(sign)} is missing")
        return
    yield from _summed(formula, around)


def _missing_sums(formula: Formula, around: Surroundings) -> Iterator[Mend]:
    """A sum over a term, over what stands behind a factor, or over what stands in brackets or in a fraction."""
    match formula:
        case Sum(terms):
            bodies = [term for _, term in terms]
        case Signed(_, body) | Applied(_, body) if body is not None and not isinstance(body, Sum | Bracket):
            bodies = [body]
        case Bracket(_, body) | Big(_, _, _, body) if body is not None and not isinstance(body, Sum | Sequence):
            bodies = [body]
        case Quotient(above, below):
            bodies = [each for each in (above, below) if not isinstance(each, Sum)]
        case Product(factors):
            yield from _summed_from(formula, factors, around)
            return
        case _:
            return
    for body in bodies:
        for mend in _summed(body, around):
            yield mend.at(formula, body)


def _summed(body: Formula, around: Surroundings) -> Iterator[Mend]:
    names = {part.letter for part in walk(body) if isinstance(part, Name)}
    for sign in (each for each in around.sums if names.issuperset(binds(each.below))):
        patches: tuple[Patch, ...] = ((begin(body), begin(body), f"{_sign(sign)} "),) if is_placed(body) else ()
        new = replace(sign, body=body, span=(0, 0))
        yield Mend("sum", new, patches, f"the sum over {_bound(sign)} is missing")


def _summed_from(
    formula: Product, factors: tuple[tuple[str, Formula], ...], around: Surroundings
) -> Iterator[Mend]:
    """A sum over the factors from one on."""
    for place in range(1, len(factors)):
        operator, first = factors[place]
        if operator not in ("", "juxtaposed", "times"):
            continue
        rest = factors[place:]
        body = first if len(rest) == 1 else Product((("", first), *rest[1:]), span=(first.span[0], formula.span[1]))
        for mend in _summed(body, around):
            whole = replace(formula, factors=(*factors[:place], (operator, mend.formula)))
            yield Mend("sum", whole, mend.patches, mend.why)


def _sign(sign: Big) -> str:
    return written_back(replace(sign, body=None)).strip()


def _bound(sign: Big) -> str:
    return ", ".join(binds(sign.below))

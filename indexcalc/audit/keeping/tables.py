"""What is known of the names of a document, sorted by name, so that a change of it can be laid to the names it is of.

A name is filed under its letter: W for W_h, W_squared and the W of a layer. All fields of what is known are filed, one
by one: what belongs to no name counts for every step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from indexcalc.audit.judging import Judge
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.prose import Prose
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import Ledger
from indexcalc.context.letters import Letters
from indexcalc.context.names import letter_of
from indexcalc.notation.formula import Formula, Name, walk

ENDLESS = 1 << 60
MANY = 2  # how many names a letter stands below: whether at none, at one or at several
TALLIED = ("below", "above")  # of letters it counts only at how many names they stand


# What is filed by name or told apart by the keys of steps; what is only made while steps are judged.
PROSE = frozenset(
    "facts sums means sections solving under spoken assumed open braced named chosen conditional supposed sentences "
    "conventions".split()
)
MEANINGS = frozenset(
    "known definitions ranges slots spelled bodies facts opaque primitives chance given_derivatives depends "
    "derivatives given convention serial said places".split()
)


def letter_in(name: str) -> str:
    """The letter under which a name is filed; a question mark for those that no document writes."""
    return "?" if name.startswith("?") else name.partition("_")[0]


def related(letter: str) -> Iterator[str]:
    """The letters under which something may be filed that is asked of a letter: its other case, its differential."""
    yield letter
    if letter[:1].isalpha():
        yield letter[0].swapcase() + letter[1:]
    yield f"d{letter}"
    if letter[:1] == "d" and len(letter) > 1:
        yield letter[1:]


@dataclass
class Filed:
    """What is filed under a letter: what is said, and the places of what is said, from where on it holds."""

    words: list[object] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass
class Tables:
    """What a document says of each letter, and what it says of none."""

    by_letter: dict[str, Filed] = field(default_factory=lambda: defaultdict(Filed))
    whole: list[object] = field(default_factory=list)
    beside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # letters that one leads to


def tables(judge: Judge) -> Tables:
    """What is known of the names of a document that was read, before anything is judged."""
    found = Tables()
    known, meanings = judge.known, judge.meanings
    _file_fields(known, found, but=("letters", "ledger", "settled", "alike", "arguments"))
    for name, stand in known.arguments.items():  # where they stand shifts with the text before
        _file(found, name, ("arguments", tuple(stand)), *stand.values())
    _file_fields(known.letters, found)
    _file_ledger(known.ledger, found)
    for name, other in known.aliases.items():
        found.beside[letter_in(name)].add(letter_in(other))
        found.beside[letter_in(other)].add(letter_in(name))
    _file_prose(judge, found)
    chance = meanings.chance
    if chance.expectations:  # what hangs on what by chance is not told apart by names
        names = (frozenset(each) for each in (chance.varying, chance.constant, chance.apart))
        found.whole.append((*names, frozenset(chance.independent), *sorted(chance.expectations)))
    for pair in sorted(meanings.depends):
        found.by_letter[letter_in(pair[0])].words.append(("depends", pair))
    for pair, place in meanings.said.items():
        _file(found, pair[0], ("said", pair), place)
    for place, name, variable, slots, body, text in meanings.derivatives:
        _file(found, name, ("derivative", variable, len(slots), text), place)
        found.beside[letter_in(name)] |= {letter_in(each) for each in body.symbols}
    for name, ranges in sorted(meanings.slots.items()):
        found.by_letter[letter_in(name)].words.append(("slots", name, len(ranges)))
    _file_definitions(judge, found)
    return found


def _file(found: Tables, name: str, words: object, *places: int) -> None:
    filed = found.by_letter[letter_in(name)]
    filed.words.append(words)
    filed.places += places


def _file_others(known: Prose | Meanings, filed: frozenset[str], found: Tables) -> None:
    """File what is not filed by name, nor told apart in the keys of steps: it counts for every step."""
    for each in fields(known):
        if each.name not in filed:
            found.whole.append((each.name, _frozen(each.name, getattr(known, each.name))))


def _file_fields(known: Knowledge | Letters, found: Tables, but: tuple[str, ...] = ()) -> None:
    for each in fields(known):
        if each.name not in but:
            _file_field(each.name, getattr(known, each.name), found)


def _file_field(field: str, value: object, found: Tables) -> None:
    match value:
        case dict():
            for key, inner in sorted(value.items(), key=lambda pair: str(pair[0])):
                if isinstance(key, str):
                    _file(found, key, (field, key, _frozen(field, inner)))
                else:
                    found.whole.append((field, key, _frozen(field, inner)))
        case set() | frozenset():
            for inner in sorted(value, key=repr):
                first = inner if isinstance(inner, str) else inner[0] if isinstance(inner, tuple) else None
                if isinstance(first, str):
                    _file(found, first, (field, inner))
                else:
                    found.whole.append((field, inner))
        case _:
            found.whole.append((field, _frozen(field, value)))


def _frozen(field: str, value: object) -> object:
    match value:
        case set() | frozenset():
            return min(len(value), MANY) if field in TALLIED else frozenset(value)
        case list():
            return len(value) if field == "shaped" else tuple(value)
        case dict():
            return tuple(sorted((key, _frozen(field, each)) for key, each in value.items()))
    return value


def _file_ledger(ledger: Ledger, found: Tables) -> None:
    for (name, trait), entries in sorted(ledger.entries.items()):
        for each in sorted(entries, key=lambda each: (each.place, -each.strength)):
            value = each.value if isinstance(each.value, int | str | tuple) else repr(each.value)
            words = (trait, name, value, each.strength, each.inferred, each.end < ENDLESS)
            _file(found, name, words, each.place, *([each.end] if each.end < ENDLESS else []))


def _file_prose(judge: Judge, found: Tables) -> None:
    prose = judge.prose
    found.whole.append(tuple(word for _, word in prose.conventions))
    _file_others(prose, PROSE, found)
    _file_others(judge.meanings, MEANINGS, found)
    for fact in prose.facts:
        _file(found, fact.name, ("said", fact.name, fact.fact, fact.words), fact.place)


def _file_definitions(judge: Judge, found: Tables) -> None:
    """File the definitions, in their order, with the names that each of them leads to."""
    arguments: set[str] = set()
    for many in judge.meanings.definitions.by_letter.values():
        for each in many:
            read = judge.meanings.bodies.get((id(each), ()))
            status = read if read is None or isinstance(read, str) else (len(read[0]), tuple(sorted(read[1].symbols)))
            about = (each.kind, each.parameters, each.conditions, each.lost, each.in_case, each.by, each.text)
            _file(found, each.name, ("defined", each.use, each.body, about, each.given is None, status), each.place)
            arguments.update(each.parameters)
            leads = {letter for formula in (each.body, *each.conditions) for letter in letters_of(formula)}
            leads |= {letter_in(name) for name in each.parameters} | {label.text for label in each.use.labels}
            leads |= {letter_in(name) for name in each.given[1].symbols} if each.given is not None else set()
            found.beside[letter_in(each.name)] |= leads
    for name in sorted(arguments):
        _file(found, name, ("an argument", name))
    for statement in judge.meanings.given_derivatives:
        letters = {letter for side in statement.sides for letter in letters_of(side.formula)}
        for letter in letters:
            found.beside[letter] |= letters


def letters_of(formula: Formula) -> Iterator[str]:
    """The letters under which the names in a formula are filed."""
    return (letter_in(letter_of(part)) for part in walk(formula) if isinstance(part, Name))

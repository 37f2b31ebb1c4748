"""From the trees of statements to a sheet: definitions, facts, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering import primitives
from indexcalc.notation.lowering.algebra import declare
from indexcalc.notation.lowering.conditions import check_compared
from indexcalc.notation.lowering.contradictions import as_comparison
from indexcalc.notation.lowering.facts import Facts, free_in_fact
from indexcalc.notation.lowering.functions import check_declared, undeclared
from indexcalc.notation.lowering.partners import settled
from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.lowering.terms import Lowering
from indexcalc.notation.syntax.names import is_made, names_epsilon
from indexcalc.notation.syntax.places import Place, Syntax, error_at, kind, place_of, subtrees
from indexcalc.notation.syntax.usage import NO_USAGE, Usage
from indexcalc.sheet import Claim, Definition, Fact, Sheet
from indexcalc.terms import Derivative, Range, Term
from indexcalc.walk import holds


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement: its tree, and the text in which the positions of the tree count."""

    tree: Syntax
    text: str
    dialect: str = "text"

    @property
    def kind(self) -> str:
        """index, function, definition, assume, check or notation."""
        return kind(self.tree)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return place_of(self.tree, self.text)


@dataclass(frozen=True, eq=False)
class Source:
    """What a sheet was made from: its statements, and the expressions (with their texts) that were read with it.

    ranks: of names that no statement need write with their indices, for matrix notation to know them. spare: letters
    that matrix notation may take for its sums. usage: what the document shows of the names in it.
    """

    statements: tuple[Statement, ...]
    survey: Survey
    also: tuple[tuple[Syntax, str], ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    spare: tuple[str, ...] = ()
    usage: Usage = NO_USAGE


def source_of(sheet: Sheet) -> Source:
    """What a sheet was made from; for a sheet made by hand, what its letters and slots say."""
    if sheet.source is not None:
        source: Source = sheet.source
        return source
    survey = Survey()
    nowhere = Place(sheet.text, 0, len(sheet.text))
    for letter, range in sheet.letters.items():
        survey.ranges.meet(letter, nowhere)
        declare(survey, letter, range, nowhere)
    for name, ranges in sheet.slots.items():
        survey.uses[name] = (len(ranges), nowhere)
        survey.order[name] = None
        for slot, range in enumerate(ranges):
            declare(survey, (name, slot), range, nowhere)
    return Source((), survey)


def build(
    statements: Sequence[Statement],
    text: str,
    also: Sequence[tuple[Syntax, str]] = (),
    before: Source | None = None,
) -> Sheet:
    """The sheet of some statements; `also`: further expressions, with their texts, that name letters and tensors.

    `before`: the source of the sheet that this one continues.
    """
    survey = Survey()
    statements = [_settled(statement) for statement in statements]
    for statement in statements:
        survey.visit(statement.tree, statement.text)
    for tree, its_text in also:
        survey.visit(tree, its_text)
    survey.finish()
    survey.functions = survey.unknown_functions()
    source = Source((), survey) if before is None else before
    source = replace(source, statements=tuple(statements), survey=survey, also=tuple(also))
    return _Builder(survey).sheet(source, text)


def _settled(statement: Statement) -> Statement:
    """The statement whose sums bind what they run over."""
    if statement.dialect != "latex":
        return statement
    tree = statement.tree
    sides = iter(settled(subtrees(tree)))
    children = [child if isinstance(child, str) else next(sides) for child in tree.children]
    return replace(statement, tree=type(tree)(tree.data, children, tree.meta))


def completed(sheet: Sheet, source: Source) -> Sheet:
    """The sheet with the letters, slots and names of a survey that went on from its own."""
    survey = source.survey
    tensors = survey.tensors()
    letters = {letter: survey.ranges.range_of(letter) for letter in survey.ranges.letters}
    slots = {**_slots(survey), **{name: sheet.slots[name] for name in sheet.primitives}}
    written = frozenset(survey.ranges.range_of(letter) for letter in survey.written)
    survey.functions = survey.unknown_functions()
    return replace(
        sheet,
        letters=letters,
        slots=slots,
        order=tuple(tensors),
        written=written,
        remarks=undeclared(survey),
        source=source,
    )


def _slots(survey: Survey) -> dict[str, tuple[Range, ...]]:
    return {
        name: tuple(survey.ranges.range_of((name, slot)) for slot in range(survey.uses[name][0]))
        for name in survey.tensors()
    }


class _Builder:
    """Lowers statements one by one."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.lowering = Lowering(survey)
        self.definitions: dict[str, Definition] = {}
        self.places: dict[str, Place] = {}
        self.facts = Facts()
        self.claims: list[Claim] = []
        self.primitives: dict[str, Statement] = {}
        self.varied: dict[str, int] = {}
        self.definite: list[str] = []
        self.notation: dict[str, str] = {}

    def sheet(self, source: Source, text: str) -> Sheet:
        """The sheet itself."""
        for statement in source.statements:
            match statement.kind:
                case "definition":
                    self._define(statement)
                case "assume":
                    self._assume(statement)
                case "check":
                    self._claim(statement)
                case "notation":
                    name, spelling = map(str, statement.tree.children)
                    self.notation[name] = spelling[1:-1]
                case "function":
                    check_declared(statement.tree, statement.text, self.survey)
                case "hidden":
                    self._define(statement)
                case "primitive":
                    self.primitives[str(statement.tree.children[0])] = statement
                case "symmetry" | "posdef":
                    found = primitives.symmetries(statement, self.survey.ranges)
                    for fact in found.facts:
                        self.facts.state(fact, statement.place)
                    self.varied |= found.varied
                    self.definite += found.definite
                case "index" | "declare":
                    pass
                case other:
                    raise TypeError(f"no rule for {other}")
        self._check_cycles()
        self.facts.check_arguments(self._known(source))
        sheet = completed(
            Sheet(
                text=text,
                definitions=self.definitions,
                facts=tuple(self.facts.stated),
                claims=tuple(self.claims),
                notation=self.notation,
                varied=self.varied,
                definite=frozenset(self.definite),
            ),
            source,
        )
        for name, statement in self.primitives.items():
            sheet = primitives.added(sheet, name, statement, self.lowering)
        return sheet

    def _known(self, source: Source) -> set[str]:
        """The names that definitions, claims and declarations speak of."""
        terms = [each.body for each in self.definitions.values()] + [
            side for each in self.claims for side in each.sides
        ]
        declared = [each for each in source.statements if each.kind == "declare"]
        tokens = (str(token) for each in declared for token in each.tree.scan_values(lambda _: True))
        return {*self.definitions, *self.primitives, *tokens, *(name for term in terms for name in term.symbols)}

    # ----- Definitions

    def _define(self, statement: Statement) -> None:
        left, body = statement.tree.children
        assert not isinstance(left, str) and not isinstance(body, str)
        name, place = str(left.children[0]), place_of(left, statement.text)
        self._check_name(name, left, place)
        letters = self._axes(left, statement.text)
        self.lowering.missing = lambda letter: _missing_on_the_left(letter, name, letters, place)
        term = self.lowering.term(body, statement.text, letters)
        axes = tuple(map(self.lowering.index, letters))
        made = Definition(name, axes, term, recognised=not is_made(name))
        self.definitions[name], self.places[name] = made, place

    def _check_name(self, name: str, left: Syntax, place: Place) -> None:
        if name in self.places:
            raise error_at(f"{name} is defined twice", "Give one of them another name", place, self.places[name])
        if name in self.survey.sizes:
            raise error_at(
                f"{name} is the name of a size",
                "Give the tensor or the size another name",
                place,
                self.survey.sizes[name],
            )
        slots = len(indices_of(left).children) if kind(left) == "tensor" else 0
        if (name == "delta" and slots) or names_epsilon(name, slots):
            what = "the Kronecker delta" if name == "delta" else "the permutation symbol"
            raise error_at(f"{name} is {what}", "Use another name", place)
        if name == "pi" and not slots:
            raise error_at("pi is the number 3.14159...", "Use another name", place)

    def _axes(self, left: Syntax, text: str) -> list[str]:
        if kind(left) == "name":
            return []
        letters: list[str] = []
        for child in indices_of(left).children:
            letter = str(child if isinstance(child, str) else child.children[0])
            if letter.isdecimal() or letter in letters:
                what = "a number" if letter.isdecimal() else f"the index {letter} twice"
                raise error_at(
                    f"the left side of a definition holds {what}",
                    "Use a different letter for every index",
                    place_of(left, text),
                )
            letters.append(letter)
        return letters

    def _check_cycles(self) -> None:
        """Refuse definitions that need themselves."""
        done: set[str] = set()
        for name in self.definitions:
            path: dict[str, None] = {}
            pending = [name]
            while pending:
                current = pending[-1]
                if current in done or current in path:
                    if current not in done and current != next(reversed(path)):
                        chain = list(path)
                        raise self._cycle(chain[chain.index(current) :])
                    pending.pop()
                    if current not in done:
                        path.popitem()
                        done.add(current)
                    continue
                path[current] = None
                pending += self._uses(current)
                if current in self._uses(current):
                    raise self._cycle([current])

    def _uses(self, name: str) -> list[str]:
        if name in self.primitives:
            symbols = primitives.operands_of(self.primitives[name])
        else:
            symbols = sorted(self.definitions[name].body.symbols, reverse=True)
        return [use for use in symbols if use in self.definitions or use in self.primitives]

    def _cycle(self, names: list[str]) -> IndexcalcError:
        chain = ", ".join(f"{a} needs {b}" for a, b in zip(names, [*names[1:], names[0]], strict=True))
        return error_at(
            f"a definition needs itself: {chain}",
            "Give the new value another name",
            *(self.places[name] for name in names),
        )

    # ----- Facts and claims

    def _assume(self, statement: Statement) -> None:
        sides = [each for each in statement.tree.children if not isinstance(each, str)]
        relations = [each for each in statement.tree.children if isinstance(each, str)]
        for relation in relations:
            if str(relation) in ("==", "!="):
                raise error_at(
                    f"a fact holds no {relation}",
                    "Write assume A = B, or one of < <= > >=",
                    place_of(relation, statement.text),
                )
        free = free_in_fact(sides, self.lowering.summation)
        terms = self._sides(sides, statement.text, free)
        for side, term in zip(sides, terms, strict=True):
            if holds(term, Derivative):
                remedy = "Write check to claim it, or define a tensor and differentiate that"
                raise error_at("a fact holds no derivative", remedy, place_of(side, statement.text))
        spots = [place_of(side, statement.text) for side in sides]
        self.facts.sides += zip(terms, spots, strict=True)
        places = pairwise(spots)
        for left, relation, right in zip(terms, relations, terms[1:], strict=False):
            one, other = next(places)
            self.facts.state(as_comparison(Fact(left, str(relation), right)), Place(one.text, one.start, other.end))

    def _claim(self, statement: Statement) -> None:
        sides = [each for each in statement.tree.children if not isinstance(each, str)]
        free = self.lowering.summation.free(sides[0])
        terms, axes = self._sides(sides, statement.text, free), tuple(map(self.lowering.index, free))
        check_compared(terms, axes, place_of(sides[0], statement.text))
        spans = tuple(place_of(side, statement.text).span for side in sides)
        self.claims.append(Claim(terms, axes, spans))

    def _sides(self, sides: Sequence[Syntax], text: str, free: Sequence[str]) -> tuple[Term, ...]:
        self.lowering.missing = missing_on_the_first_side
        return tuple(self.lowering.term(side, text, free) for side in sides)


def _missing_on_the_left(letter: str, name: str, letters: Sequence[str], place: Place) -> tuple[str, str, list[Place]]:
    return (
        f"the index {letter} occurs only once here and is not on the left side",
        f"Write {name}[{','.join([*letters, letter])}] to keep it, or sum[{letter}](...) for a sum over it",
        [place],
    )


def missing_on_the_first_side(letter: str) -> tuple[str, str, list[Place]]:
    """What to say of an index that a later side of a claim has in excess."""
    return (
        f"the index {letter} occurs only once here and is not free on the first side",
        f"Write sum[{letter}](...) for a sum over it",
        [],
    )

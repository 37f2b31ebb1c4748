"""Names before brackets: which are functions, and which only depend on what stands there."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field

from indexcalc.context.functions.signatures import note_signatures
from indexcalc.context.knowledge import Knowledge, argument_names
from indexcalc.context.ledger import GUESSED, SHOWN, STATED, Evidence
from indexcalc.context.names import Use, script_items, written
from indexcalc.context.said import Said
from indexcalc.notation.formula import (
    Applied,
    Bracket,
    Derivative,
    Formula,
    Nabla,
    Name,
    Numeral,
    Product,
    Scripted,
    Sequence,
    items_of,
    named_in,
    walk,
)

BY_ELEMENT = "by element"  # of a function: of a vector it is taken for each element
ACTIVATIONS = frozenset(("sigma", "phi", "varphi", "psi"))  # letters of functions that layers take for each element
FUNCTION_LETTERS = frozenset("f g h phi psi varphi F G H".split())


@dataclass
class Calls:
    """How a name stands before brackets: with what in them; and how often without."""

    brackets: list[Formula] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    primes: bool = False
    by_element: bool = False  # its derivative is a factor of a product that is taken element by element
    defines: bool = False
    bare: bool = False


def find_functions(said: list[Said], known: Knowledge) -> None:
    """Which names before brackets are functions, and which depend on what stands there only."""
    found: dict[str, Calls] = defaultdict(Calls)
    for each in said:
        for side in each.sides:
            _calls(side, each.place, known, found)
        definer = _definer(each, known)
        if definer:
            found[definer].defines = True
    for name, calls in found.items():
        _judge_calls(name, calls, known)
        note_signatures(name, zip(calls.brackets, calls.places, strict=True), calls.bare, known)
        for bracket, place in zip(calls.brackets, calls.places, strict=True):
            uses = (known.use(item) for item in items_of(bracket) if isinstance(item, Name | Scripted))
            for use in (each for each in uses if each is not None and each.name != name):
                first = known.arguments.setdefault(name, {})
                first[use.name] = min(first.get(use.name, place), place)


def _calls(side: Formula, place: int, known: Knowledge, found: dict[str, Calls]) -> None:
    applied: set[int] = set()
    for part in walk(side):
        factors = part.factors if isinstance(part, Product) else ()
        for (_, each), (operator, following) in itertools.pairwise(factors):
            if (
                operator == "juxtaposed"
                and isinstance(following, Bracket)
                and following.mark in "({"
                and isinstance(each, Name | Scripted)
            ):
                use = known.use(each)
                inner = (
                    following.body.body
                    if following.mark == "{" and isinstance(following.body, Bracket)
                    else following.body
                )
                if use is None or use.transposed or (following.mark == "{" and inner is following.body):
                    continue
                applied.add(id(each))
                calls = found[use.name]
                calls.brackets.append(inner)
                calls.places.append(place)
                calls.primes = calls.primes or use.primes > 0
                by_element = use.primes > 0 and any(operator == "hadamard" for operator, _ in factors)
                calls.by_element = calls.by_element or by_element
        if isinstance(part, Applied) and isinstance(part.argument, Name | Scripted):
            continue
    for part in walk(side):
        if isinstance(part, Name | Scripted) and id(part) not in applied:
            use = known.use(part)
            if use is not None and use.name in found and not (isinstance(part, Name) and _inside_scripted(part, side)):
                found[use.name].bare = True


def _inside_scripted(name: Name, side: Formula) -> bool:
    return any(isinstance(part, Scripted) and part.base is name for part in walk(side))


def _definer(said: Said, known: Knowledge) -> str:
    """The name of the function that a statement defines; empty for any other."""
    if len(said.sides) < 2 or said.relations[0] not in ("equality", "definition"):
        return ""
    call = definition_call(said.sides[0]) or turned_call(said.sides[0], said.sides[1], known)
    if call is None:
        return ""
    use = known.use(call[0])
    return use.name if use is not None and not use.primes and argument_names(call[1]) is not None else ""


def definition_call(formula: Formula) -> tuple[Formula, Formula] | None:
    """The name and the arguments of f(x, y); none of anything else."""
    if isinstance(formula, Product) and len(formula.factors) == 2 and formula.factors[1][0] == "juxtaposed":
        first, second = formula.factors[0][1], formula.factors[1][1]
        if isinstance(second, Bracket) and isinstance(first, Name | Scripted) and second.mark in "({":
            inner = second.body.body if second.mark == "{" and isinstance(second.body, Bracket) else second.body
            return first, inner
    return None


def bracketed(left: Formula, known: Knowledge) -> Use | None:
    """A name with its indices in brackets, T[i,k]; none of what is not written so."""
    if isinstance(left, Product) and len(left.factors) == 2 and isinstance(left.factors[1][1], Bracket):
        first, second = left.factors[0][1], left.factors[1][1]
        if (
            isinstance(second, Bracket)
            and second.mark == "["
            and isinstance(first, Name)
            and known.has(first.letter, "indexed")
        ):
            items = (item for part in items_of(second.body) for item in script_items(part))
            return Use(first.letter, (), tuple(items))
    return None


def turned_call(left: Formula, right: Formula, known: Knowledge) -> tuple[Formula, Formula] | None:
    r"""The name and the arguments of a function on the right of which the left side says what it is: e^x = f(x).

    None where a name by itself or a derivative stands on the left, or the left side speaks of the function or of none
    of its arguments: it defines something else, or nothing.
    """
    call = definition_call(right)
    own = known.use(left) if isinstance(left, Name | Scripted) else None
    if call is None or definition_call(left) or isinstance(left, Derivative | Nabla) or (own and own.power is None):
        return None
    use, arguments = known.use(call[0]), argument_names(call[1])
    if use is None or use.power is not None or arguments is None:
        return None
    spoken = {other.name for part in named_in(left) if (other := known.use(part)) is not None}
    return call if use.name not in spoken and spoken & set(arguments) else None


def _judge_calls(name: str, calls: Calls, known: Knowledge) -> None:
    spellings = {written(bracket) for bracket in calls.brackets}
    plain = all(argument_names(bracket) is not None for bracket in calls.brackets)
    place = min(calls.places, default=0)

    def tell(trait: str, value: object, strength: int, why: str) -> None:
        known.ledger.tell(Evidence(name, trait, value, strength, place, why))

    if calls.by_element or (calls.primes and name.split("_")[0] in ACTIVATIONS):
        tell(BY_ELEMENT, True, SHOWN, "a prime stands at it")
    if calls.defines:
        tell("kind", "function", STATED, "a formula says what it is of its arguments")
        if plain and (calls.bare or len(spellings) == 1):
            tell("depends", True, SHOWN, "it stands with and without its arguments")
    elif calls.primes:
        tell("kind", "function", SHOWN, "a prime stands at it")
    elif plain:
        tell("kind", "function", SHOWN, "names in brackets stand behind it")
        usual = name.split("_")[0] in FUNCTION_LETTERS or name in ("sigma", "Phi")
        if (
            calls.bare
            or (len(spellings) == 1 and not usual)
            or any(isinstance(bracket, Sequence) for bracket in calls.brackets)
        ):
            tell("depends", True, SHOWN, "what stands in brackets says on what it depends")
    elif not calls.bare and any(argument_names(bracket) is not None for bracket in calls.brackets):
        tell("kind", "function", SHOWN, "it stands before brackets only, also before one with a name in it")
    elif not calls.bare and (name in FUNCTION_LETTERS or name in ("sigma", "phi", "psi")):
        tell("kind", "function", GUESSED, "it stands before brackets only")
    elif any(isinstance(bracket, Sequence) for bracket in calls.brackets):
        tell("kind", "function", SHOWN, "several arguments stand behind it")


def parameter(name: str, formula: Formula) -> str:
    r"""The name of a parameter; of \sigma^2 that of the square."""
    is_square = isinstance(formula, Scripted) and isinstance(formula.above, Numeral) and formula.above.exact == 2
    return f"{name}_squared" if is_square else name


def calls(name: str, formula: Formula, known: Knowledge) -> bool:
    """Whether a name stands before a bracket in a formula."""
    firsts = (call[0] for part in walk(formula) if isinstance(part, Product) if (call := definition_call(part)))
    uses = (known.use(each) for each in firsts)
    return any(use is not None and use.name == name for use in uses)

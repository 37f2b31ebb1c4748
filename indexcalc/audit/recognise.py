r"""What a statement is: a definition, a function, a naming, a fact, an update, an equation to be solved, or a claim.

One ordered table, FORMS: the first form that fits the first relation of a statement says what it is; what fits none
is a claim. A form looks at what is written and at what is known of the names, never at a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexcalc.audit.fields.laws import exchanged, is_symbol, is_zero
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.steps import SPACES
from indexcalc.context.functions.calls import bracketed, definition_call, parameter, turned_call
from indexcalc.context.knowledge import Knowledge, argument_names
from indexcalc.context.names import Use
from indexcalc.context.space.permutation import symbol_of
from indexcalc.context.space.vectors import is_triple
from indexcalc.context.spoken import is_of_spaces, is_place, is_turned, names_of
from indexcalc.meaning.chance.expectations import is_moment
from indexcalc.meaning.chance.integrals import integral_of
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Cases,
    Derivative,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Product,
    Scripted,
    Sequence,
    Signed,
    Table,
    items_of,
    walk,
)
from indexcalc.notation.laid import Laid


@dataclass(frozen=True)
class Form:
    """What the first relation of a statement is. name: of what is defined. use: how it stands on the left.

    kind: definition, function, gradient, fact, naming, values, update, logarithm, claim. side: which says what it is.
    """

    kind: str
    name: str = ""
    use: Use | None = None
    parameters: tuple[str, ...] = ()
    why: str = ""
    side: int = 1


CLAIM = Form("claim")


def form_of(statement: Statement, known: Knowledge) -> Form:
    """What the first relation of a statement is, as far as it shows by itself."""
    left, right = statement.sides[0].formula, statement.sides[1].formula
    for form in FORMS:
        found = form(left, right, statement, known)
        if found is not None:
            return found
    return CLAIM


def _not_understood(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """Vectors that are listed, empty sides."""
    right = right.body if isinstance(right, Bracket) and isinstance(right.body, Table) else right
    pair = (left, right)
    listed = (isinstance(side, Bracket) and isinstance(side.body, Sequence) and side.mark != "<" for side in pair)
    is_one = statement.is_listing and len({use.letter for side in pair for use in _uses(side, known)}) == 1
    if is_one or (any(listed) and not (is_triple(left, known) or is_triple(right, known))):
        return Form("values", why="elements are listed")
    if isinstance(left, Mark) or (isinstance(right, Mark) and right.sign == "empty"):
        return Form("values", why="a side is empty")
    is_matrix = isinstance(right, Laid) or (isinstance(right, Table) and right.mark not in ("|", "||"))
    if (is_matrix and isinstance(left, Name | Scripted)) or isinstance(left, Sequence) or isinstance(right, Sequence):
        return Form("values", why="elements are listed")
    return None


def _values(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """Numbers that are put in: x = 2, p_2 = 0.8; what delta is."""
    if is_of_spaces(left) and is_of_spaces(right):
        return Form("values", why=SPACES)
    use = _whole(left, known)
    number = right.body if hasattr(right, "sign") and hasattr(right, "body") else right
    if (
        use is not None
        and use.letter == "delta"
        and isinstance(right, Numeral | Cases)
        and "delta" not in known.letters.taken
        and len({item.text for item in use.indices}) == 2
    ):
        return Form("values", why="the Kronecker delta is explained")
    if use is not None and known.letters.is_permutation(use.letter, len(use.indices)) and symbol_of(left, right):
        return Form("values", why="the permutation symbol is explained")
    is_known = use is not None and (
        known.letters.is_permutation(use.letter, len(use.indices))
        or (use.letter in ("delta", "epsilon") and use.letter not in known.letters.taken and len(use.indices) > 1)
    )
    if (
        use is not None
        and isinstance(number, Numeral)
        and len(statement.links) == 1
        and use.power is None
        and not is_known
        and not _is_trace(use)
    ):
        return Form("values", use.name, use, why="a number is put in")
    if use is not None and not statement.display and is_place(use, right, known):
        return Form("values", use.name, use, why="a condition on an index")
    if (
        isinstance(left, Name)
        and isinstance(right, Name)
        and not statement.display
        and not (left.font == "bold" or right.font == "bold")
    ):
        return Form("values", left.letter, use, why="a condition")
    if (
        any(isinstance(each, Mark) and each.sign == "dots" for each in walk(right))
        and isinstance(left, Name)
        and left.letter in known.letters.bound
    ):
        return Form("values", why="how far an index runs")
    return None


def _fact(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """What is assumed of one name: that it adds up to one, is symmetric, or has an inverse."""
    if is_turned(left, right, known) and not _is_symbol(left, known):
        return Form("fact", min(names_of(left, known)))
    if len(statement.links) != 1:
        return None
    if is_moment(left, right, statement.display, known):
        return Form("fact", min(names_of(left, known)))
    alone = _whole(left, known)
    if alone is not None and alone.primes and any(use.name == alone.name for use in _uses(right, known)):
        return Form("values", why="a law of a function, without its argument")
    if alone is not None and not statement.display and _are_blocks(alone, _whole(right, known)):
        return Form("fact", alone.name)
    names = {use.name for use in _uses(left, known) if not known.is_size(use.name) and not _is_index_alone(use, known)}
    others = {use.name for use in _uses(right, known) if not _is_index_alone(use, known)}
    if alone is not None and _is_trace(alone) and isinstance(right, Numeral) and not is_symbol(alone, known):
        return Form("fact", alone.name)
    is_one = isinstance(right, Numeral) and right.exact == 1
    if is_one and isinstance(left, Big) and left.sign == "sum" and len(names) == 1:
        return Form("fact", min(names))
    whole = integral_of(left) if is_one else None  # \int p(x) dx = 1
    density = _of_call(whole.body, known) if whole is not None else None
    if density is not None and density.power is None:
        return Form("fact", density.name)
    if len(names) == 1 and names == others and _is_element(left, known):
        return None if _is_symbol(left, known) else Form("fact", min(names))
    is_unit = isinstance(right, Scripted | Name) and (others in ({"delta"}, {"I"}) or not others)
    if not is_unit or not names or not isinstance(left, Product | Big):
        return None
    return None if any(isinstance(each, Derivative | Nabla) for each in walk(left)) else Form("fact", min(names))


def _whole(formula: Formula, known: Knowledge) -> Use | None:
    return known.use(formula) if isinstance(formula, Name | Scripted) else None


def _are_blocks(one: Use, other: Use | None) -> bool:
    r"""Whether two blocks beside the diagonal of a symmetric matrix stand on the sides: S_{yx} = S_{xy}^\top."""
    if other is None or one.letter != other.letter or one.transposed == other.transposed:
        return False
    return len(one.labels) == 2 and one.labels == other.labels[::-1] != other.labels


def _symmetry(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """The symmetries of a tensor, as many as stand there: C_{ijkl} = C_{jikl} = C_{klij}."""
    use = exchanged(statement, known)
    is_open = use is not None and not known.letters.is_permutation(use.letter, len(use.indices))
    return Form("fact", use.name) if use is not None and is_open and not is_symbol(use, known) else None


def _is_trace(use: Use) -> bool:
    """Whether a letter stands twice below a name."""
    letters = [item.text for item in use.indices if item.kind == "letter"]
    return len(set(letters)) < len(letters)


def _is_symbol(formula: Formula, known: Knowledge) -> bool:
    """Whether a formula is a delta or an epsilon with its indices, by its sign; a strain epsilon_ij is none."""
    return is_symbol(next(iter(_uses(formula, known))), known)


def _is_index_alone(use: Use, known: Knowledge) -> bool:
    return not use.indices and use.name in known.letters.bound


def _is_element(side: Formula, known: Knowledge) -> bool:
    body = side.body if isinstance(side, Signed) else side
    return isinstance(body, Name | Scripted) and known.use(body) is not None


def _function(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """f(x, y) = ..., and the other way round."""
    call, turned = definition_call(left), turned_call(left, right, known)
    call = turned or call
    if call is None:
        return None
    use = known.use(call[0])
    names = argument_names(call[1])
    if use is None or names is None or use.primes or use.power is not None:
        return None
    if not known.is_function(use.name) or len(set(names)) < len(names):
        return None
    return Form("function", use.name, use, tuple(map(parameter, names, items_of(call[1]))), side=0 if turned else 1)


def _logarithm(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    r"""\log L(\theta) = ... says what L is."""
    if not isinstance(left, Applied) or left.function != "log" or left.argument is None or left.above is not None:
        return None
    if is_zero(right):
        return None  # an equation
    inner = left.argument.body if isinstance(left.argument, Bracket) else left.argument
    call = definition_call(inner)
    use = known.use(call[0]) if call else known.use(inner) if isinstance(inner, Name | Scripted) else None
    if use is None or use.power is not None or use.transposed or use.name in names_of(right, known):
        return None
    return Form("logarithm", use.name, use, tuple(argument_names(call[1]) or ()) if call else ())


def _gradient(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """A derivative by itself on the left: what it is may be given, where the document does not define its numerator."""
    bare = left
    if isinstance(bare, Derivative) and bare.body is not None:
        use = _of_call(bare.body, known)
        if use is not None and not use.primes:
            return Form("gradient", use.name, use)
    if isinstance(bare, Nabla) and bare.sign == "nabla" and bare.body is not None:
        use = _of_call(bare.body, known)
        if use is not None:
            return Form("gradient", use.name, use)
    return None


def _of_call(formula: Formula, known: Knowledge) -> Use | None:
    call = definition_call(formula)
    return _whole(call[0] if call else formula, known)


def _update(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """x_{t+1} = x_t - ..., a' = a + ...: the next value of something."""
    use = _whole(left, known)
    if use is None:
        return None
    shifted = any(item.kind == "shifted" and item.offset > 0 for item in use.indices) or any(
        label.offset > 0 for label in use.labels
    )
    later = use.primes > 0 or any(label.text in ("new", "+", "plus", "next") for label in use.labels)
    for other in _uses(right, known):
        if (
            other.letter == use.letter
            and (shifted or later)
            and (other.indices != use.indices or other.labels != use.labels or other.primes != use.primes)
            and not (use.labels and other.labels and use.labels[-1].text == "+" and other.labels[-1].text == "-")
        ):  # x^+ and x^- are two points beside each other
            return Form("update", use.name, use, why="an update: the left side is the next value")
    return None


def _definition(left: Formula, right: Formula, statement: Statement, known: Knowledge) -> Form | None:
    """A name, at different letters or at none, on the left."""
    use = known.use(left) if isinstance(left, Name | Scripted) else bracketed(left, known)
    if use is None or use.transposed or use.primes > 1:
        return None
    if use.power is not None and not (
        use.name in known.squares and isinstance(use.power, Numeral) and use.power.exact == 2
    ):
        return None
    letters = [item.text for item in use.indices]
    if any(item.kind not in ("letter",) for item in use.indices) or len(set(letters)) < len(letters):
        return None
    if use.letter in ("delta", "epsilon") and len(letters) in (2, 3) and use.letter not in known.letters.taken:
        return None
    if known.letters.is_permutation(use.letter, len(letters)):
        return None
    if known.is_size(use.name) and not letters and isinstance(right, Numeral | Mark):
        return Form("values", use.name, use, why="a size is given")
    if any(
        other.name == use.name and other.primes == use.primes and not _is_at_another_place(other, letters)
        for other in _uses(right, known)
    ):
        return None
    alone = _whole(right, known)
    if alone is not None and alone.letter == use.letter and set(alone.labels) == set(use.labels):
        return None
    return Form("definition", use.name, use)


def _is_at_another_place(use: Use, letters: list[str]) -> bool:
    """Whether a name stands at a place that is reckoned from a letter of the left side, as in a recurrence."""
    return any(item.kind == "shifted" and item.offset and item.text in letters for item in use.indices)


def _uses(formula: Formula, known: Knowledge) -> Iterator[Use]:
    inner = {id(part.base) for part in walk(formula) if isinstance(part, Scripted)}
    kinds = (part.below for part in walk(formula) if isinstance(part, Scripted) and isinstance(part.base, Bars))
    inner |= {id(each) for kind in kinds if kind is not None for each in walk(kind)}  # of norms
    for part in walk(formula):
        if isinstance(part, Name | Scripted) and id(part) not in inner:
            use = known.use(part)
            if use is not None:
                yield use


FORMS: tuple[Callable[[Formula, Formula, Statement, Knowledge], Form | None], ...] = (
    _not_understood,
    _values,
    _symmetry,
    _fact,
    _function,
    _logarithm,
    _gradient,
    _update,
    _definition,
)


def naming(statement: Statement, known: Knowledge, place: int) -> Use | None:
    """The bare name, or the name with its arguments, that a later side of a chain is.

    It may be a name for the side before.
    """
    side = statement.sides[place].formula
    if is_zero(side):
        return None
    call = definition_call(side)
    if call is not None and argument_names(call[1]) is not None:
        side = call[0]
    use = known.use(side) if isinstance(side, Name | Scripted) else None
    if use is None or use.power is not None or use.transposed or use.primes or known.is_size(use.name):
        return None
    letters = [item.text for item in use.indices]
    if any(item.kind != "letter" for item in use.indices) or len(set(letters)) < len(letters):
        return None
    return use

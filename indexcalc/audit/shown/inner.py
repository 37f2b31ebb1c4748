r"""Names that a chain gives to what stands in a function: h = \tanh(W x + b) = \tanh(z), and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import is_new
from indexcalc.context.names import Use
from indexcalc.notation.formula import Applied, Bracket, Formula, Name, Product, Scripted

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def named_inside(judge: Judge, statement: Statement, place: int) -> tuple[Use, Formula] | None:
    """The new name for what stands in a function on one of two sides, and what it is; none if there is none."""
    before, after = (statement.sides[each].formula for each in (place - 1, place))
    for sides in ((after, before), (before, after)):
        found = _inside(*sides)
        use = judge.known.use(found[0]) if found is not None else None
        if found is None or use is None or use.power is not None or use.primes or use.transposed:
            continue
        others = [each.formula for each in statement.sides[: place - 1]]
        is_plain = all(item.kind == "letter" for item in use.indices)
        if is_plain and is_new(judge, use, (found[1], *others), statement.start):
            return use, found[1]
    return None


def _inside(named: Formula, meant: Formula) -> tuple[Formula, Formula] | None:
    """What stands in the same function on two sides, where it is a name on the first of them and none on the other."""
    match named, meant:
        case Applied(), Applied():
            if (named.function, named.below, named.above) != (meant.function, meant.below, meant.above):
                return None
            return _argument(named.argument, meant.argument)
        case Product((first, one)), Product((second, other)):
            is_call = isinstance(first[1], Name | Scripted) and isinstance(one[1], Bracket)
            return _argument(one[1], other[1]) if is_call and (first, one[0]) == (second, other[0]) else None
    return None


def _argument(named: Formula | None, meant: Formula | None) -> tuple[Formula, Formula] | None:
    one, other = (each.body if isinstance(each, Bracket) else each for each in (named, meant))
    is_name = isinstance(one, Name | Scripted)
    return (one, other) if is_name and one and other and not isinstance(other, Name | Scripted) else None

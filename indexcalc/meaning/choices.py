r"""Cases: values under conditions. The conditions must leave no gap."""

from __future__ import annotations

from itertools import product

from indexcalc.context.names import written
from indexcalc.meaning.conditions import SIGNS, condition_term
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bracket, Cases, Conditions, Formula, Relation, Sequence
from indexcalc.terms import ONE, ZERO, Product, Sum, Term, Where, indicator, negative

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def cases(formula: Cases, scope: Scope, read: Read) -> Value:
    """The value of cases, each row where its condition holds and none of those above it does."""
    rows = [(read(value, scope), condition) for value, condition in formula.rows]
    orders = {value.order for value, _ in rows if value.term is not ZERO}
    if orders - {0}:
        raise UnclearError("cases whose values have open axes")
    conditions = [condition for _, condition in rows]
    if conditions[-1] is not None and not _covers(conditions):
        raise UnclearError("the conditions of the cases leave a gap")
    result = rows[-1][0].term
    for value, condition in reversed(rows[:-1]):
        if condition is None:
            raise UnclearError("`otherwise` stands before another case")
        result = _where(condition, value.term, result, scope, read)
    return Value(result)


def _where(condition: Formula, then: Term, otherwise: Term, scope: Scope, read: Read) -> Term:
    match condition:
        case Bracket(_, body):
            return _where(body, then, otherwise, scope, read)
        case Conditions(items, "and") | Sequence(items):
            result = then
            for item in reversed(items):
                result = _where(item, result, otherwise, scope, read)
            return result
        case Conditions(items, "or"):
            result = otherwise
            for item in reversed(items):
                result = _where(item, then, result, scope, read)
            return result
        case Relation(sides, relations) if len(sides) > 2:
            result = then
            for left, relation, right in reversed(list(zip(sides, relations, sides[1:], strict=False))):
                result = _where(Relation((left, right), (relation,)), result, otherwise, scope, read)
            return result
        case Relation((left, right), (relation,)):
            return _chosen(left, relation, right, then, otherwise, scope, read)
    raise UnclearError("the condition of a case is not understood")


def _chosen(
    left: Formula, relation: str, right: Formula, then: Term, otherwise: Term, scope: Scope, read: Read
) -> Term:
    sign = SIGNS.get(relation)
    if sign is None:
        raise UnclearError(f"the relation {relation} is no condition of a case")
    if sign == "!=":
        return _chosen(left, "=", right, otherwise, then, scope, read)
    try:
        condition = condition_term(Relation((left, right), (relation,)), scope)
    except UnclearError:
        first, second = read(left, scope), read(right, scope)
        if first.order or second.order:
            raise
        condition = indicator(sign, first.term, second.term)
    if condition in (ONE, ZERO):
        return then if condition is ONE else otherwise
    if isinstance(condition, Sum | Product):
        return Sum(Product(condition, then), Product(Sum(ONE, negative(condition)), otherwise))
    return Where(condition, then, otherwise)


def _covers(conditions: list[Formula | None]) -> bool:
    """Whether at least one of the conditions holds, whatever is compared with what."""
    atoms: dict[tuple[str, str], None] = {}
    forms = [_form(condition, atoms) for condition in conditions]
    if any(form is None for form in forms) or len(atoms) > 6:
        return False
    orders = product("<=>", repeat=len(atoms))
    return all(any(_holds(form, dict(zip(atoms, order, strict=True))) for form in forms) for order in orders)


def _form(condition: Formula | None, atoms: dict[tuple[str, str], None]) -> object:
    """A condition as nested tuples over comparisons of pairs."""
    match condition:
        case Bracket(_, body):
            return _form(body, atoms)
        case Conditions(items, word):
            return (word, *(_form(item, atoms) for item in items))
        case Sequence(items):
            return ("and", *(_form(item, atoms) for item in items))
        case Relation(sides, relations):
            found: list[object] = ["and"]
            for left, relation, right in zip(sides, relations, sides[1:], strict=False):
                sign = SIGNS.get(relation, "")
                pair = (written(left), written(right))
                if pair[::-1] in atoms:
                    pair = pair[::-1]
                    sign = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
                atoms.setdefault(pair)
                found.append((pair, sign))
            return tuple(found)
    return None


def _holds(form: object, order: dict[tuple[str, str], str]) -> bool:
    if not isinstance(form, tuple):
        return False
    if form[0] in ("and", "or"):
        inner = [_holds(each, order) for each in form[1:]]
        return all(inner) if form[0] == "and" else any(inner)
    pair, sign = form
    return order[pair] in {"==": "=", "!=": "<>", "<": "<", ">": ">", "<=": "<=", ">=": "=>"}.get(sign, "")

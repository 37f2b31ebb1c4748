"""What a sheet lets one replace: its facts, and its definitions read from right to left.

    assume sum[q](y[p,q]) = 1        sum[q](y[r,q]*x[r]) -> x[r]
    assume Q[k,i]*Q[k,j] = delta[i,j]
    assume A[i,j] = A[j,i]           no rule: the slots of A are sorted (see `canonical`), or, with a sign, tried out
                                     (see `collect`); so C[i,j,k,l] = C[k,l,i,j], of which the least order is taken
    a[p,q] = exp(z[p,q])/S[p]        exp(z[r,s])/S[r] -> a[r,s]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexcalc.budget import TooLargeError, spend
from indexcalc.canonical import Canonical, Orders, Symmetries
from indexcalc.rewrite.expand import Expansion, Polynomial
from indexcalc.rewrite.match import Answers, Rule, apply_rule, unify
from indexcalc.rewrite.monomial import Monomial, atom, power_terms
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Contraction,
    Indicator,
    Key,
    Number,
    Power,
    Product,
    Size,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    indicator,
    negative,
)
from indexcalc.walk import substitute

Signs = dict[tuple[int, ...], int]  # orders of slots, each with the sign that it gives a tensor
MOST_FOLLOWING = 150  # inequalities, those that are stated included
MOST_REPLACEMENTS = 200  # a fact may lead in circles, such as x[i] = 1/(1/x[i])


def canonical_of(sheet: Sheet) -> Canonical:
    """The canonical form under the symmetries that the facts state."""
    return Canonical(symmetries(sheet, 1), symmetries(sheet, -1), orders(sheet))


def symmetries(sheet: Sheet, sign: int = 1) -> Symmetries:
    """For each tensor that the facts call symmetric (or antisymmetric) the groups of slots that may be permuted."""
    groups: dict[str, tuple[tuple[int, ...], ...]] = {}
    for fact in sheet.facts:
        order, found = _permutation_of(fact)
        if found == sign and isinstance(fact.left, Tensor) and (pair := _moved(order)) and len(pair) == 2:
            groups[fact.left.name] = joined(groups.get(fact.left.name, ()), pair)
    return groups


def orders(sheet: Sheet) -> Orders:
    """For each tensor of which slots move together the orders of its slots that the facts allow."""
    found = permutations_of(sheet)
    return {
        name: tuple(order for order, sign in closure(given).items() if sign == 1)
        for name, given in found.items()
        if any(len(_moved(order)) > 2 for order in given)
    }


def permutations_of(sheet: Sheet) -> dict[str, Signs]:
    """For each tensor the orders of its slots that the facts name, with their signs."""
    found: dict[str, Signs] = {}
    for fact in sheet.facts:
        order, sign = _permutation_of(fact)
        if sign and isinstance(fact.left, Tensor):
            found.setdefault(fact.left.name, {})[order] = sign
    return found


def closure(given: Signs) -> Signs:
    """All orders that come of these, one after the other, with their signs."""
    found = pending = {tuple(range(len(next(iter(given))))): 1}
    while pending:
        new = {
            tuple(one[place] for place in other): sign * turn
            for one, sign in pending.items()
            for other, turn in given.items()
        }
        pending = {order: sign for order, sign in sorted(new.items()) if order not in found}
        found = {**found, **pending}
    return found


def _moved(order: tuple[int, ...]) -> set[int]:
    return {place for place, source in enumerate(order) if place != source}


def joined(groups: Iterable[tuple[int, ...]], pair: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """The groups of slots, with those that hold one of a pair made one."""
    groups, touched = tuple(groups), set(pair)
    whole = touched.union(*(group for group in groups if touched.intersection(group)))
    return (*(group for group in groups if not touched.intersection(group)), tuple(sorted(whole)))


def permutation(left: Term, right: Term) -> tuple[tuple[int, ...], int]:
    """The order in which T[i,j,k,l] = T[k,l,i,j] takes the slots, and its sign; no order for other sides."""
    number, right = coefficient_and_rest(right)
    if not (isinstance(left, Tensor) and isinstance(right, Tensor)) or left.name != right.name or abs(number) != 1:
        return (), 0
    if len(left.free) < len(left.slots) or left.slots == right.slots or set(left.slots) != set(right.slots):
        return (), 0
    return tuple(left.slots.index(slot) for slot in right.slots), int(number)


def _permutation_of(fact: Fact) -> tuple[tuple[int, ...], int]:
    return permutation(fact.left, fact.right) if fact.relation == "=" else ((), 0)


def _is_symmetry(fact: Fact) -> bool:
    """Whether a fact is the business of the canonical form, or of collecting like terms."""
    order, sign = _permutation_of(fact)
    return sign == 1 or (sign == -1 and len(_moved(order)) == 2)


def _renaming(left: Term, right: Term) -> set[tuple[str, str, tuple[int, ...]]]:
    """Which tensor is which other one, in which order of its slots, where two sides say that alone."""
    if not (isinstance(left, Tensor) and isinstance(right, Tensor)) or left.name == right.name:
        return set()
    if len(left.free) < len(left.slots) or len(left.slots) != len(right.slots) or left.free != right.free:
        return set()
    return {(left.name, right.name, tuple(left.slots.index(slot) for slot in right.slots))}


def symmetric_facts(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that are the business of the canonical form."""
    return [fact for fact in facts if _is_symmetry(fact)]


def fact_rules(sheet: Sheet, expansion: Expansion, all_forms: bool = False) -> list[Rule]:
    """The facts that are equations, as rules from left to right.

    For a proof in all forms: a fact of several addends is solved for one of them, and an inequality is one of its
    indicator, [x < y] = 1. What is printed is not rewritten by these.
    """
    rules: list[Rule] = []
    renamed: set[tuple[str, str, tuple[int, ...]]] = set()
    following = [fact for fact in ordered(sheet.facts) if fact not in sheet.facts] if all_forms else []
    for fact in (*sheet.facts, *following):
        if fact.relation != "=":
            each_form = [
                pair for equation in _indicators(fact) for pair in solved(equation, expansion)
            ] if all_forms else []
        elif _is_symmetry(fact) or _renaming(fact.right, fact.left) & renamed:
            continue  # with A[i,j] = B[j,i], that B[i,j] = A[j,i] only leads in a circle
        else:
            renamed |= _renaming(fact.left, fact.right)
            each_form = list(_oriented(fact, expansion)) or (list(solved(fact, expansion)) if all_forms else [])
        free = fact.left.free | fact.right.free  # y[j] + sum[k](1[k != j]*y[k]) = 1 is left without its j
        rules += [Rule(left, right, free & (left.free | right.free), fact) for left, right in each_form]
    return rules


def _indicators(fact: Fact) -> Iterator[Fact]:
    """An inequality as equations of its indicator, and of that of the tie that it excludes."""
    small, large = (fact.left, fact.right) if "<" in fact.relation else (fact.right, fact.left)
    strict = fact.relation in ("<", ">")
    if strict:
        yield Fact(indicator("<", small, large), "=", ONE)
        yield Fact(indicator("==", small, large), "=", ZERO)
    yield Fact(indicator("<", large, small), "=", ZERO)


def solved(fact: Fact, expansion: Expansion) -> Iterator[tuple[Monomial, Term]]:
    """An equation solved for the addend with the most sums, of the highest degree, that holds all its free indices.

    sum[k,l](p[k,l]) - sum[k](p[k,k]) = 1, which is the sum over all pairs that differ, gives the first sum.
    """
    try:
        polynomial = expansion(Sum(fact.left, negative(fact.right)))
    except TooLargeError:
        return
    free = fact.left.free | fact.right.free
    fitting = [each for each in polynomial if each.powers and each.free == free and _stands_alone(each, polynomial)]
    if fitting:
        lead = max(fitting, key=lambda each: (len(each.bound), not _holds_tie(each), _degree(each), _key(each)))
        yield lead, negative(expansion.term([each for each in polynomial if each is not lead]))


def _stands_alone(monomial: Monomial, polynomial: Polynomial) -> bool:
    """Whether a monomial divides none of the others."""
    others = (each for each in polynomial if each is not monomial)
    return not any(monomial.powers.keys() <= each.powers.keys() for each in others)


def _holds_tie(monomial: Monomial) -> bool:
    return any(isinstance(base, Indicator) and base.relation == "==" for base in monomial.powers)


def _key(monomial: Monomial) -> Key:
    return Product(*power_terms(monomial.powers)).key


def _degree(monomial: Monomial) -> float:
    exponents = (exponent.value for exponent in monomial.powers.values() if isinstance(exponent, Number))
    return float(sum(max(-100, min(100, value)) for value in exponents))


def _oriented(fact: Fact, expansion: Expansion) -> Iterator[tuple[Monomial, Term]]:
    left, right = fact.left, fact.right
    polynomial = expansion(left)
    if not left.symbols:
        left, right, polynomial = right, left, expansion(right)
    if len(polynomial) == 1:
        yield polynomial[0], right
        return
    # a[i] + b[i] = 1 is solved for the addend that is a tensor alone and comes last.
    for monomial in reversed(polynomial):
        base = next(iter(monomial.powers), ONE)
        alone = len(monomial.powers) == 1 and not monomial.bound and isinstance(base, Tensor)
        others = [each for each in polynomial if each is not monomial]
        if alone and base.free == left.free and not any(base in each.powers for each in others):
            rest = expansion.term(others)
            yield monomial, Sum(right, negative(rest))
            return


def definition_rules(definition: Definition, expansion: Expansion) -> list[Rule]:
    """A definition as rules from right to left; none if it is not worth recognising."""
    name, variables = Tensor(definition.name, definition.axes), frozenset(definition.axes)
    return [Rule(*_without_roots(left, name), variables, definition) for left in _patterns(definition, expansion)]


def _without_roots(left: Monomial, right: Term) -> tuple[Monomial, Term]:
    """sqrt(3)*sqrt(J) -> v as sqrt(J) -> v/sqrt(3): a root of a number may be merged with other numbers elsewhere."""
    roots = {base: exponent for base, exponent in left.powers.items() if isinstance(base, Number)}
    if not roots or len(roots) == len(left.powers):
        return left, right
    rest = {base: exponent for base, exponent in left.powers.items() if base not in roots}
    inverse = (Power(base, Product(MINUS_ONE, exponent)) for base, exponent in roots.items())
    return Monomial(left.coefficient, left.bound, rest), Product(right, *inverse)


def _patterns(definition: Definition, expansion: Expansion) -> Iterator[Monomial]:
    """What to look for: the factors of the body; a body that is a sum, over indices or not, also as one factor."""
    if set(definition.axes) - definition.body.free:
        return  # a broadcast axis could not be told from the body
    try:
        polynomial = expansion(definition.body)
    except (TooLargeError, TypeError):
        return
    if len(polynomial) > 1:
        yield atom(expansion.canonical(expansion.term(polynomial)))
    elif polynomial:
        only = polynomial[0]
        bases = [base for base in only.powers if not isinstance(base, Size)]
        alone = len(bases) == 1 and isinstance(bases[0], Tensor) and only.powers[bases[0]] is ONE
        if bases and not (alone and not only.bound):
            yield only
            whole = expansion.canonical(expansion.term(polynomial))
            if isinstance(whole, Contraction):
                yield atom(whole)


def replaced(polynomial: Polynomial, rules: Sequence[Rule], expansion: Expansion) -> Polynomial:
    """The polynomial with the rules applied until none fits; the same object if none did."""
    return replaced_by(polynomial, rules, expansion)[0]


def replaced_by(
    polynomial: Polynomial, rules: Sequence[Rule], expansion: Expansion
) -> tuple[Polynomial, tuple[Fact | Definition, ...]]:
    """The polynomial with the rules applied until none fits, and the sources of those that did."""
    pending, done, used, left = list(reversed(polynomial)), [], list[Fact | Definition](), MOST_REPLACEMENTS
    fit = Answers(lambda monomial: _first_fit(monomial, rules, expansion), expansion.budget)
    while pending:
        monomial = pending.pop()
        found = fit(monomial) if left else None
        if found is None:
            done.append(monomial)
        else:
            left -= 1
            used += [] if found[1] in used else [found[1]]
            pending += reversed(found[0])
    return (expansion.collect(done) if used else polynomial), tuple(used)


def _leads_on(new: Polynomial, old: Monomial, expansion: Expansion) -> bool:
    """Whether a replacement is no step back: A[i,j] = delta[i,j]*A[i,i] says nothing of A[i,i].

    One that only exchanges letters, u[i]*v[j] = v[i]*u[j], leads to the least of the forms.
    """
    if len(new) != 1 or _factors(new[0]) != _factors(old):
        return True
    return expansion.term(new).key < expansion.term([old]).key


def _factors(monomial: Monomial) -> list[tuple[str, str]]:
    """What the factors are, whatever their indices."""
    found = ((type(base).__name__, base.name if isinstance(base, Tensor) else "") for base in monomial.powers)
    return sorted(found)


def _first_fit(
    monomial: Monomial, rules: Sequence[Rule], expansion: Expansion
) -> tuple[Polynomial, Fact | Definition] | None:
    symbols = frozenset[str]().union(*(base.symbols for base in monomial.powers))
    for rule in rules:
        if rule.symbols <= symbols:
            spend(len(monomial.powers))
            found = apply_rule(rule, monomial, expansion.canonical)
            if found is not None:
                rest, right = found
                factors = (Number(rest.coefficient), *power_terms(rest.powers), right)
                new = expansion.polynomial(Contraction(rest.bound, Product(*factors)))
                if _leads_on(new, monomial, expansion):
                    return new, rule.source
    return None


# ----- Inequalities that follow from one another: a < b and b <= c give a < c ----------------------------------------


def ordered(facts: Sequence[Fact]) -> list[Fact]:
    """The inequalities among some facts, as `<` and `<=`, and those that follow from two of them and so on."""
    found = list(dict.fromkeys(_rising(fact) for fact in facts if fact.relation != "="))
    for fact in found:  # the list grows while it is gone through
        for other in found[: found.index(fact) + 1]:
            for one, two in ((fact, other), (other, fact)):
                new = _chained(one, two)
                if new is not None and new not in found and len(found) < MOST_FOLLOWING:
                    found.append(new)
    return found


def _rising(fact: Fact) -> Fact:
    if "<" in fact.relation:
        return fact
    return Fact(fact.right, fact.relation.replace(">", "<"), fact.left)


def _chained(one: Fact, other: Fact) -> Fact | None:
    """What follows where the larger side of one is the smaller side of the other, for some values of its indices."""
    open_ = other.left.free | other.right.free
    binding = next(unify(other.left, one.right, {}, open_), None)
    if binding is None or not other.right.free <= binding.keys():
        return None
    larger = substitute(other.right, binding)
    if isinstance(one.left, Number) and isinstance(larger, Number):
        return None
    return Fact(one.left, "<" if "<" in (one.relation, other.relation) else "<=", larger)

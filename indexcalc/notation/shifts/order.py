"""Recurrences: definitions that read themselves at other places, and the order in which their places can be worked out.

Each definition has one axis along which the others of its circle are read at the same place or at smaller ones (or all
at greater ones); what is read at the same place forms no circle. Where one axis does not settle it, two do, in
lexicographic order: d[i,j] reads d[i-1,j] and d[i,j-1].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import product

from indexcalc.affine import Form, constant, of_index
from indexcalc.errors import IndexcalcError
from indexcalc.notation.syntax.places import Place, error_at
from indexcalc.sheet import Definition
from indexcalc.terms import NO_PERIOD, Binder, Constraint, Delta, Index, Product, Tensor, Term, factors_of
from indexcalc.walk import parts

MOST_CHOICES = 500  # of axes


@dataclass(frozen=True)
class Edge:
    """One definition reads another: how much smaller the place is on each pair of axes, where that is a number."""

    reader: str
    read: str
    steps: Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Order:
    """The order of working a circle out: loops from the outside in, then the definitions within one step.

    loops: for each the axis of each definition, and its direction (1 upwards, -1 downwards).
    """

    loops: tuple[tuple[Mapping[str, int], int], ...]
    names: tuple[str, ...]


def circles(definitions: Mapping[str, Definition]) -> list[tuple[str, ...]]:
    """The definitions that need themselves, together with those that they need for it."""
    direct = {name: each.body.symbols & definitions.keys() for name, each in definitions.items()}
    try:
        TopologicalSorter(direct).prepare()
        return []
    except CycleError:
        pass
    reached = {name: _reached(name, direct) for name in definitions}
    found: dict[str, tuple[str, ...]] = {}
    for name in definitions:
        if name in reached[name] and name not in found:
            circle = tuple(each for each in definitions if each in reached[name] and name in reached[each])
            found |= dict.fromkeys(circle, circle)
    return list(dict.fromkeys(found.values()))


def _reached(name: str, direct: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        for use in direct[pending.pop()]:
            if use not in found:
                found.add(use)
                pending.append(use)
    return found


def order_of(circle: Sequence[Definition]) -> Order | None:
    """The order in which a circle can be worked out; none if there is none."""
    edges = [edge for each in circle for edge in edges_of(each, {other.name for other in circle})]
    return _order(circle, edges, ())


def _order(
    circle: Sequence[Definition], edges: list[Edge], loops: tuple[tuple[Mapping[str, int], int], ...]
) -> Order | None:
    names = [each.name for each in circle]
    graph = {name: {edge.read for edge in edges if edge.reader == name} for name in names}
    try:
        return Order(loops, tuple(TopologicalSorter(graph).static_order()))
    except CycleError:
        pass
    if len(loops) == max((len(each.axes) for each in circle), default=0):
        return None
    used = {name: {axes[name] for axes, _ in loops} for name in names}
    choices = [[axis for axis in range(len(each.axes)) if axis not in used[each.name]] for each in circle]
    for number, chosen in enumerate(product(*choices)):
        if number > MOST_CHOICES:
            break
        axes = dict(zip(names, chosen, strict=True))
        for direction in (1, -1):
            steps = [edge.steps.get((axes[edge.reader], axes[edge.read])) for edge in edges]
            if any(step is None or step * direction < 0 for step in steps) or not any(steps):
                continue
            left = [edge for edge, step in zip(edges, steps, strict=True) if not step]
            found = _order(circle, left, (*loops, (axes, direction)))
            if found is not None:
                return found
    return None


def edges_of(definition: Definition, names: set[str]) -> Iterator[Edge]:
    """What a definition reads of some tensors."""
    for tensor, equations in _reads(definition.body, names, ()):
        steps = {}
        for axis, own in enumerate(definition.axes):
            for slot, index in enumerate(tensor.slots):
                step = _step(own, index, equations)
                if step is not None:
                    steps[axis, slot] = step
        yield Edge(definition.name, tensor.name, steps)


def _reads(
    term: Term, names: set[str], around: tuple[Form, ...]
) -> Iterator[tuple[Tensor, tuple[Form, ...]]]:
    """The elements of some tensors, each with the forms that are 0 wherever it counts."""
    if names.isdisjoint(term.symbols):
        return
    if isinstance(term, Tensor):
        yield term, around
        return
    if isinstance(term, Product):
        around = (*around, *_equations(term))
    if isinstance(term, Binder):  # a letter that is bound anew is another one
        around = tuple(each for each in around if set(each.free).isdisjoint(term.bound))
        if not isinstance(term.body, Product):
            around = (*around, *_equations(term.body))
    for part in parts(term):
        yield from _reads(part, names, around)


def _equations(term: Term) -> list[Form]:
    found = []
    for each in factors_of(term):
        match each:
            case Constraint("==", form, period) if period == NO_PERIOD:
                found.append(form)
            case Delta((one, other)) if one.place is not None or other.place is not None:  # h[3] where t is 4
                found.append(_place(one) - _place(other))
    return found


def _place(index: Index) -> Form:
    return of_index(index) if index.place is None else constant(index.place)


def _step(own: Index, index: Index, equations: Sequence[Form]) -> int | None:
    """How much smaller the place of an index is than that of another one."""
    if own is index:
        return 0
    if own.place is not None:
        return None
    wanted = of_index(own) - _place(index)
    for equation in equations:
        for sign in (1, -1):
            rest = wanted - equation.times(sign)
            if rest.is_constant:
                return rest.constant
    return None


def check_order(definitions: Mapping[str, Definition], place_of: Callable[[str], Place]) -> None:
    """Refuse definitions that need themselves in a way that no order can settle. Raises IndexcalcError."""
    for circle in circles(definitions):
        if order_of([definitions[name] for name in circle]) is None:
            raise _refusal(circle, [definitions[name] for name in circle], place_of)


def _refusal(circle: tuple[str, ...], members: list[Definition], place_of: Callable[[str], Place]) -> IndexcalcError:
    reads = []
    for each in members:
        for edge in edges_of(each, set(circle)):
            places = []
            for slot in range(len(next(other for other in members if other.name == edge.read).axes)):
                found = [(axis, step) for (axis, at), step in edge.steps.items() if at == slot]
                places.append(_said(each.axes[found[0][0]].name, -found[0][1]) if found else "...")
            left = f"{each.name}[{','.join(axis.name for axis in each.axes)}]" if each.axes else each.name
            reads.append(f"{left} needs {edge.read}[{','.join(places)}]" if places else f"{left} needs {edge.read}")
    chain = ", ".join(dict.fromkeys(reads))
    cause = f"a definition needs itself at the same place, or at smaller and greater ones: {chain}"
    remedy = "Read it at smaller places only, or at greater ones only; give another value another name"
    return error_at(cause, remedy, *(place_of(name) for name in circle))


def _said(letter: str, step: int) -> str:
    return letter if not step else f"{letter}{step:+d}"

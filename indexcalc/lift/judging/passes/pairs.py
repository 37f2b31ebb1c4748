"""A forward and a backward function: what the first one keeps is given to the second one."""

from __future__ import annotations

from collections.abc import Mapping as Names
from collections.abc import Sequence

from indexcalc.lift.judging.passes.gradients import (
    Flow,
    Gradients,
    called_with,
    flows_into,
    names_of,
    nonempty,
    positional,
)
from indexcalc.lift.judging.results import as_result
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.values import Function, Listed, Mapping, Value

CACHES = frozenset("cache caches ctx context saved residuals res residual memory tape stash state".split())


def of_pair(reader: Reader, forward: Function, backward: Function, flow: Flow) -> Gradients:
    """Two functions: what the first one keeps is given to the second one."""
    value = called_with(reader, forward, {})
    local = dict(reader.left)
    inputs, parameters = names_of(forward), names_of(backward)
    spec = backward.node.args
    needed = parameters[: len(parameters) - len(spec.defaults)]
    caches = [name for name in parameters if name in CACHES]
    items = value if isinstance(value, tuple) else (value,)
    kept = items[len(items) - 1] if caches and len(items) > 1 else None
    fresh = [name for name in needed if name not in inputs and reader.given(name) is None and name not in local]
    if not caches and len(items) > 1 and len(fresh) == len(items) and _is_no_array(reader, items[-1]):
        kept, caches = items[-1], [_name_of_kept(fresh)]
    outputs = [as_result(reader, each) for each in (items[:-1] if kept is not None else items)]
    open_names = [name for name in needed if name not in caches and name not in inputs and reader.given(name) is None]
    flows = flows_into(outputs, flow)
    given: dict[str, Value] = dict.fromkeys(caches, kept if kept is not None else value)
    for name, each in zip(_upstream(open_names, local, len(flows)), flows, strict=False):
        given[name] = reader.state.store.new(each)
    given |= {name: local[name] for name in open_names if name in local and name not in given}
    back = called_with(reader, backward, given)
    found = Gradients(list(zip(outputs, flows, strict=True)))
    positional(reader, found, inputs, back, backward, strict=False)
    return nonempty(found)


GRADIENTS = ("d", "g", "up", "delta")  # how names of what flows back begin


def _is_no_array(reader: Reader, value: Value) -> bool:
    return isinstance(value, tuple) or isinstance(reader.content(value), Listed | Mapping)


def _name_of_kept(names: Sequence[str]) -> str:
    """The parameter that takes what is kept: the one whose name is none of a gradient, else the last one."""
    others = [name for name in names if not name.lower().startswith(GRADIENTS)]
    return others[0] if len(others) == 1 else names[-1]


def _upstream(names: Sequence[str], local: Names[str, Value], count: int) -> list[str]:
    """The parameters of a backward pass that take what flows back."""
    fresh = [name for name in names if name not in local]
    return (fresh or list(names))[:count]

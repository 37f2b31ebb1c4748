"""Arrays spread over devices: each statement of jax code says where its result lives.

A range is spread over an axis of a mesh, `sharding={"b": "data"}`. The code runs

    under jax.jit           with axes of the mesh that jax calls explicit as with those that it calls automatic: within
                            the function all are automatic, and the result of every statement is constrained
    within jax.shard_map    on the part of each device: what is summed over a spread index is summed over the devices,
                            a size counts all of them. What needs places, such as a diagonal, along a spread index is
                            refused there
    without a mesh          as if nothing were spread
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indexcalc.codegen.programs.program import Axes, Einsum, Map, Normal, Reduce, SizeOf, Value
from indexcalc.codegen.targets.jax import JaxPen
from indexcalc.codegen.writing.signature import Argument
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Range

Spread = Mapping[Range, str]  # for a range the axis of the mesh
HELPERS = {
    "on_mesh": '''
def on_mesh(function, places, *arrays):
    """A function whose statements say where they live, on the mesh of jax.set_mesh or of its arguments.

    places: for each result the axes of the mesh on its axes.
    """
    mesh = jax.sharding.get_abstract_mesh()
    if mesh.empty:
        known = [getattr(jax.typeof(array).sharding, "mesh", mesh) for array in arrays]
        known += [getattr(array.sharding, "mesh", mesh) for array in arrays if not isinstance(array, jax.core.Tracer)]
        mesh = next((getattr(each, "abstract_mesh", each) for each in known if not each.empty), mesh)
        if mesh.empty:
            return function(*arrays)
        with jax.sharding.use_abstract_mesh(mesh):
            return on_mesh(function, places, *arrays)
    if not mesh.explicit_axes:
        return function(*arrays)
    out = tuple(partition(each, mesh.explicit_axes) for each in places)
    out = out if len(out) > 1 else out[0]
    return jax.sharding.auto_axes(function, axes=mesh.explicit_axes, out_sharding=out)(*arrays)
''',
    "partition": '''
def partition(axes, free):
    """Where an array lives, by those axes of the mesh that are free."""
    return jax.sharding.PartitionSpec(*(axis if axis in free else None for axis in axes))
''',
    "placed": '''
def placed(array, *axes):
    """An array that lives on these axes of the mesh, one for each of its own (None: on all devices)."""
    mesh = jax.sharding.get_abstract_mesh()
    if mesh.empty or not mesh.auto_axes:
        return array
    return jax.lax.with_sharding_constraint(array, partition(axes, mesh.auto_axes))
''',
    "gathered": '''
def gathered(array, *axes, by=jax.lax.psum):
    """What each device has of a sum (or of an extreme), put together over axes of the mesh within jax.shard_map."""
    over = tuple(axis for axis in axes if axis in jax.sharding.get_abstract_mesh().manual_axes)
    return by(array, over) if over else array
''',
    "parts": '''
def parts(axis):
    """In how many parts an axis of an array comes: 1 but within jax.shard_map."""
    return jax.lax.axis_size(axis) if axis in jax.sharding.get_abstract_mesh().manual_axes else 1
''',
    "check_whole": '''
def check_whole(*axes):
    """Raise ValueError within jax.shard_map over these axes: the function needs all places along them."""
    if set(axes) & set(jax.sharding.get_abstract_mesh().manual_axes):
        raise ValueError(f"along {', '.join(axes)} all places are needed: call the function under jax.jit instead")
''',
}
EXTREMES = {"max": "jax.lax.pmax", "min": "jax.lax.pmin"}


def spread_ranges(sheet: Sheet, ranges: Iterable[Range], sharding: Mapping[str, str], backend: str) -> Spread:
    """The axis of the mesh for each range, by the name of an index or of a size. Raises IndexcalcError."""
    if not sharding:
        return {}
    if backend != "jax":
        raise IndexcalcError(f"code for {backend} is not spread over devices", 'Choose backend="jax"')
    found: dict[Range, str] = {}
    for name, range in sheet.ranges_named(ranges, sharding):
        axis = sharding[name]
        if not isinstance(axis, str):
            raise IndexcalcError(f"{name} is spread over {axis!r}", 'Name one axis of the mesh, such as "data"')
        if found.setdefault(range, axis) != axis:
            cause = f"{name} is spread over {axis}, and its range over {found[range]}"
            raise IndexcalcError(cause, "Give each range one axis of the mesh")
    return found


class SpreadPen(JaxPen):
    """Writes behind every statement where its result lives; `spread` is set before it writes."""

    reserved = frozenset(HELPERS)

    def wants_name(self, value: Value) -> bool:
        """Whether a value gets a statement: each sum does, so that it says where it lives."""
        is_sum = isinstance(value.op, Einsum | Reduce) and set(value.letters) > set(value.axes)
        return super().wants_name(value) or (is_sum and not value.is_free)

    def statement(self, value: Value, name: str) -> list[str]:
        """The lines of a statement; its result is put together where devices have parts of it, and placed."""
        lines = super().statement(value, name)
        over = dict.fromkeys(self.spread[each.range] for each in self._summed(value) if each.range in self.spread)
        if over:
            kind = f", by={EXTREMES[value.op.kind]}" if isinstance(value.op, Reduce) else ""
            lines = [*lines, f"{name} = gathered({name}, {', '.join(map(repr, over))}{kind})"]
        if value.axes:
            lines = [*lines, f"{name} = placed({name}, {', '.join(map(repr, places(value.axes, self.spread)))})"]
        return lines

    @staticmethod
    def _summed(value: Value) -> list[Index]:
        """The indices that a value sums over, or takes an extreme over."""
        if not isinstance(value.op, Einsum | Reduce):
            return []
        return [index for index in value.letters if index not in value.axes]

    def write(self) -> list[str]:
        """All statements; before them what is checked and counted where devices have parts."""
        body = super().write()
        self.before = "\n\n\n".join(each.strip("\n") for each in HELPERS.values()) + "\n"
        whole = self._needed_whole()
        begin = [f"check_whole({', '.join(map(repr, whole))})"] if whole else []
        sizes = dict.fromkeys(each.op.range for each in self.program.values if isinstance(each.op, SizeOf))
        given = set(self.given.values())  # a size that is given counts all places anyway
        for range in (each for each in sizes if each in self.spread and each.size is None):
            if self.size(range) in given:
                continue
            begin.append(f"{self.size(range)} *= parts({self.spread[range]!r})")
        return [*begin, *body]

    def _needed_whole(self) -> list[str]:
        """The axes of the mesh along which something needs to know all places."""
        found: dict[str, None] = {}
        for value in self.program.values:
            if value.is_free or isinstance(value.op, Einsum | Map):
                continue
            letters = list(value.op.over if isinstance(value.op, Normal) else value.letters)
            if isinstance(value.op, Reduce):
                letters = [] if value.op.kind in EXTREMES else self._summed(value)
            found |= dict.fromkeys(self.spread[each.range] for each in letters if each.range in self.spread)
        for use in self.program.uses:
            twice = [each for each in use.axes if use.indices.count(each) > 1]
            fixed = [each for each in use.indices if each.place is not None]
            found |= dict.fromkeys(self.spread[each.range] for each in (*twice, *fixed) if each.range in self.spread)
        return list(found)

    def wrapped(self, lines: list[str], arguments: Sequence[Argument]) -> list[str]:
        """The lines of the function: all of its statements in one that runs on the mesh."""
        names = ", ".join(each.identifier for each in arguments if each.size is None and not each.is_function)
        found = []
        for result in self.program.results:
            kept = tuple(dict.fromkeys(each for each in result.pattern if each.place is None))
            found.append(places(tuple(each for each in kept if each in result.use.axes), self.spread))
        own = self.fresh.take("on_devices")
        inner = (f"    {line}" for line in lines)
        return ["", f"def {own}({names}):", *inner, "", f"return on_mesh({own}, {found}, {names})"]


def places(axes: Axes, spread: Spread) -> tuple[str | None, ...]:
    """The axis of the mesh on each axis of an array; each is taken once, by the first that may have it."""
    taken: list[str | None] = []
    for index in axes:
        axis = spread.get(index.range)
        taken.append(None if axis in taken else axis)
    return tuple(taken)

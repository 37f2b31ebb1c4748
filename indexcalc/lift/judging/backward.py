"""A hand-written backward pass against the derivative of its forward, with no formula given."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexcalc.audit.proving.proof import Verdict
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array, Axis, number
from indexcalc.lift.arrays.combine import sum_over
from indexcalc.lift.errors import TOO_MUCH, LabelsError, LiftError, UnreadableError
from indexcalc.lift.judging.code import judged, verdict_of
from indexcalc.lift.judging.comments import comments_of, lengths_in, parameters_stated, stated_in
from indexcalc.lift.judging.concrete import RIGHT, together, too_much
from indexcalc.lift.judging.given import as_labels
from indexcalc.lift.judging.lengths import shaped
from indexcalc.lift.judging.passes.forms import gradients_of
from indexcalc.lift.judging.passes.gradients import Gradients
from indexcalc.lift.judging.results import default_library
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Mapping as Dictionary
from indexcalc.lift.reading.values import Value
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import ONE, Contraction, Derivative, Index, Product, Range, Sum, Tensor, Term

Shape = Sequence[str | int]
Shapes = Mapping[str, Shape | Mapping[str, Any] | str | float]


def check_backward(code: str, shapes: Shapes | None = None) -> dict[str, Verdict]:
    """The verdict on each gradient that a backward pass gives, by the input that it belongs to.

    shapes: the axes of the inputs, as names or numbers; those that comments or annotations state need not be given. An
    input that is no array is given as it is: a number, a text, a dictionary (of these, and of shapes). Raises
    IndexcalcError for a shape that cannot be read.
    """
    found = _for_shapes(code, dict(shapes or {}))
    if any(str(each) in ("undecided", "unreadable") for each in found.values()):
        return _for_sizes(code, dict(shapes or {}), found)
    return found


def _for_shapes(code: str, shapes: dict[str, Any]) -> dict[str, Verdict]:
    found = _with_labels(code, shapes)
    if any(str(each) == "refuted" for each in found.values()):
        return _but_for_small(code, shapes, found)
    return found


NAME = re.compile(r"[A-Za-z_]\w*")
SIZES = ((3, 4, 2, 5, 6), (4, 2, 5, 3, 6))  # of the names in shapes, in their order; further ones go on from 7


def _for_sizes(code: str, shapes: dict[str, Any], found: dict[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts, with those for some sizes in place of what cannot be judged for all."""
    try:
        every = {**stated_shapes(code, parsed(code)), **shapes}
    except LiftError:
        return found
    rows = [each for value in every.values() for each in (value.values() if isinstance(value, Mapping) else [value])]
    texts = [str(size) for row in rows if isinstance(row, list | tuple) for size in row]
    names = list(dict.fromkeys(name for text in texts for name in NAME.findall(text)))
    if not names or any(str(each) == "refuted" or too_much(each) for each in found.values()):
        return found
    by_sizes: dict[str, dict[str, Verdict]] = {}
    for sizes in SIZES:
        known = dict(zip(names, [*sizes, *range(7, 7 + len(names))], strict=False))
        words = ", ".join(f"{name} = {size}" for name, size in known.items())
        by_sizes[words] = _for_shapes(code, {name: _sized(each, known) for name, each in every.items()})
    gradients = {name for each in by_sizes.values() for name in each}
    if any(each.keys() != gradients for each in by_sizes.values()):
        return found
    judged_: dict[str, Verdict] = {}
    for name in next(iter(by_sizes.values())):
        verdicts = {words: each[name] for words, each in by_sizes.items()}
        known_ = all(str(each) in (*RIGHT, "refuted") for each in verdicts.values())
        best = together(verdicts) if known_ else None
        own = found.get(name)
        judged_[name] = own if own is not None and str(own) in RIGHT else best or own or next(iter(verdicts.values()))
    return judged_ if any(str(each) in (*RIGHT, "refuted") for each in judged_.values()) else found


def _sized(given: Any, known: Mapping[str, int]) -> Any:
    """A shape with numbers in place of names, inside dictionaries too."""
    if isinstance(given, Mapping):
        return {key: _sized(each, known) for key, each in given.items()}
    if not isinstance(given, list | tuple):
        return given
    return [each if isinstance(each, int) else NAME.sub(lambda m: str(known[m.group()]), str(each)) for each in given]


SMALL = 1e-3  # a constant up to this is there to keep clear of a division by 0 or a logarithm of 0


def _but_for_small(code: str, shapes: dict[str, Any], found: dict[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts; one that is refuted for the sake of small constants alone, which only the forward adds, is open."""
    tree = ast.parse(textwrap.dedent(code))
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value <= SMALL:
            lines.append(node.lineno)
            node.value = 0.0
    if not lines:
        return found
    without = _with_labels(ast.unparse(tree), shapes)
    words = f"it is right but for the small constant in line {lines[0]}, which it leaves out"
    return {
        name: Verdict("undecided", words)
        if str(each) == "refuted" and str(without.get(name)) in ("proved", "agrees")
        else each
        for name, each in found.items()
    }


def _with_labels(code: str, shapes: dict[str, Any]) -> dict[str, Verdict]:
    """The verdicts, with what is used as labels taken for such."""
    known: dict[str, Range] = {}
    for _ in range(6):
        try:
            return _checked(code, shapes, known)
        except LabelsError as error:
            if error.name in known:
                return {"": verdict_of(error)}
            known[error.name] = error.range
        except LiftError as error:
            return {"": verdict_of(error)}
        except RecursionError:
            return {"": verdict_of(UnreadableError(TOO_MUCH[1]))}
    return {"": Verdict("unreadable", "what is a label here is not known")}


def _checked(code: str, shapes: dict[str, Any], labels: Mapping[str, Range]) -> dict[str, Verdict]:
    tree = parsed(code)
    shapes = {**stated_shapes(code, tree), **shapes}
    leaves = {name: _leaf(name, shape, labels) for name, shape in shapes.items() if isinstance(shape, list | tuple)}
    leaves |= {
        name: shaped(name, shape)
        for each in shapes.values()
        if isinstance(each, Mapping)
        for name, shape in each.items()
        if isinstance(shape, list | tuple)
    }
    reader = Reader(leaves, default_library(tree))
    reader.randoms = reader.objects = True
    reader.sheet = Sheet()
    reader.names |= {name: constant_value(reader, each) for name, each in shapes.items() if name not in leaves}
    found = gradients_of(reader, tree, cotangent)
    return {name: _verdict(found, name, leaves, (labels, reader.sheet)) for name in found.gradients}


def constant_value(reader: Reader, given: object) -> Value:
    """An input that is no array, as it is given. Raises IndexcalcError for what is none either."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return reader.state.store.new(number(given, "bool" if isinstance(given, bool) else ""))
    if isinstance(given, Mapping):
        items = {
            str(key): reader.given(str(key)) if isinstance(each, list | tuple) else constant_value(reader, each)
            for key, each in given.items()
        }
        return reader.state.store.new(Dictionary(items))
    raise IndexcalcError(f"{given!r} is no shape and no value of an input", "Give a list of lengths, or a number")


def _leaf(name: str, shape: Sequence[str | int], labels: Mapping[str, Range]) -> Array:
    value = shaped(name, shape)
    if name not in labels:
        return value
    assert isinstance(value.term, Tensor)
    return as_labels(value, name, value.term.slots, labels[name])


def stated_shapes(code: str, tree: ast.Module) -> dict[str, Sequence[str | int]]:
    """The shapes of inputs that comments, docstrings and annotations state; none that is stated in two ways."""
    comments = comments_of(code)
    known = lengths_in(comments.values())
    found: dict[str, set[tuple[str, ...]]] = {}
    stated = [each for line, text in comments.items() for each in stated_in(text, line, known)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            stated += parameters_stated(node, comments, known)
    for each in stated:
        for name in each.names:
            found.setdefault(name, set()).add(each.shape)
    return {name: next(iter(shapes)) for name, shapes in found.items() if len(shapes) == 1}


def cotangent(output: Array, name: str) -> Array:
    """What flows back into an output: a tensor of its shape that nothing is known of."""
    slots = [Index("i", index.range, index.serial) for index in output.indices]
    return Array(output.axes, Tensor(name, tuple(slots))).numbered()


@dataclass(frozen=True)
class Question:
    """What is differentiated, and by which element."""

    total: Term
    variable: Tensor


def _verdict(
    found: Gradients, name: str, leaves: Mapping[str, Array], known: tuple[Mapping[str, Range], Sheet]
) -> Verdict:
    labels, grown = known
    given = found.gradients[name]
    if isinstance(given, LiftError):
        return verdict_of(given)
    if name not in leaves:
        return Verdict("undecided", f"the shape of {name} is not said")
    leaf = leaves[name]
    variable, axes = _variable(leaf)
    addends: list[Term] = []
    for output, flow in found.outputs:
        if output.hidden is not None:
            return Verdict("undecided", "an output may be minus infinity")
        addends.append(sum_over(output.axes, output.term if flow is None else Product(output.term, flow.term)))
    target = Derivative(Sum(*addends), variable)
    sheet = _sheet([target, given.term], [*leaves.values()], labels)
    if grown.primitives:
        letters = {**sheet.letters, **grown.letters}
        sheet = replace(grown, facts=sheet.facts, letters=letters, slots=_slots(sheet, grown))
    flat = list(axes)
    wanted = _along(leaf, flat)
    return judged(target, tuple(flat), sheet, given, wanted=wanted, labels=tuple(labels))


def _variable(leaf: Array) -> tuple[Tensor, tuple[Index, ...]]:
    """An element of an input with letters of its own, which are the axes of its gradient."""
    term = leaf.term
    if not isinstance(term, Tensor):
        raise UnreadableError("the gradient by labels")
    taken: dict[str, int] = {}
    letters: list[Index] = []
    for slot in term.slots:
        base = slot.range.label if slot.range.label.isidentifier() else "i"
        taken[base] = taken.get(base, 0) + 1
        letters.append(Index(base if taken[base] == 1 else f"{base}_{taken[base]}", slot.range))
    return Tensor(term.name, tuple(letters)), tuple(letters)


def _along(leaf: Array, letters: Sequence[Index]) -> tuple[Axis, ...]:
    """The axes of an input with these letters."""
    left = iter(letters)
    return tuple(Axis(tuple(next(left) for _ in axis.factors), axis.length) for axis in leaf.axes)


def _sheet(terms: Sequence[Term], leaves: Sequence[Array], labels: Mapping[str, Range]) -> Sheet:
    """A sheet with the tensors of terms as leaves; rows of labels sum to 1."""
    slots: dict[str, tuple[Range, ...]] = {}
    for term in terms:
        for each in tensors(term):
            slots.setdefault(each.name, tuple(slot.range for slot in each.slots))
    ranges = dict.fromkeys(range for each in slots.values() for range in each)
    letters = {range.label: range for range in ranges if range.label.isidentifier()}
    facts = []
    for leaf in leaves:
        if leaf.choice is not None:
            facts.append(Fact(Contraction((leaf.choice[0],), leaf.choice[1]), "=", ONE))
    return Sheet(facts=tuple(facts), letters=letters, slots=slots, order=tuple(slots))


def _slots(sheet: Sheet, grown: Sheet) -> dict[str, tuple[Range, ...]]:
    """The slots of the tensors of a sheet and of the one that was grown, with those inside its definitions."""
    found = {**sheet.slots, **grown.slots}
    for each in grown.definitions.values():
        for tensor in tensors(each.body):
            found.setdefault(tensor.name, tuple(slot.range for slot in tensor.slots))
    for made in grown.primitives.values():
        for operand in made.operands:
            found.setdefault(operand.name, tuple(slot.range for slot in operand.slots))
    return found


def tensors(term: Term) -> list[Tensor]:
    """The tensors in a term."""
    from indexcalc.walk import subterms

    return [each for each in subterms(term) if isinstance(each, Tensor) and each.name != "pi"]

"""Following a piece of code beside formulas: the verdict on each name that both have.

A name that the code has not bound stands for the tensor of the text that goes by it. One that it binds is judged by
the formulas of it; behind that it stands for the tensor again where it was right, where nothing can be read of it, and
where the text says nothing of how it is made (data): so that an error counts where it is made, and only there.

What is guessed from names alone refutes nothing, unless the code makes the value of the very tensors that the formula
is made of, in the axes of the formula.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from indexcalc.audit.proving.proof import Verdict
from indexcalc.lift.arrays.array import Array, whole_number
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.beside.binding import is_literal, is_number, lengths_named, times_bound
from indexcalc.lift.beside.comparisons import Compared, compared_in
from indexcalc.lift.beside.fixing import mended
from indexcalc.lift.beside.found import Bound, Found
from indexcalc.lift.beside.known import Formula, Known, together
from indexcalc.lift.beside.numbers import judged_numbers, with_numbers
from indexcalc.lift.errors import TOO_MUCH, LiftError, UnreadableError
from indexcalc.lift.judging.changes import changed
from indexcalc.lift.judging.code import verdict_of
from indexcalc.lift.judging.given import as_places, leaf
from indexcalc.lift.judging.results import as_result, default_library
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Function, Ref, Thing, Unknown, Value
from indexcalc.terms import Range

RIGHT = ("proved", "agrees")
MOST_BOUND = 12  # values of one name that are judged


def follow(code: str, known: Known) -> list[Found]:
    """The verdicts on what code gives the names of a text, by line; empty where there are none."""
    try:
        tree = parsed(code)
    except LiftError as error:
        return [Found(error.line or 1, "", "", verdict_of(error))]
    plain = _Following(tree, known)
    plain.go()
    written = _Following(tree, known, written=True)
    if any(map(is_literal, tree.body)):
        written.go()
    through = _Following(tree, known, through=True)
    if plain.derived:
        through.go()
    plain.compared = through.compared
    open_names = plain.unsettled()
    doubts: list[_Following] = []
    if not known.declared and any(str(each.verdict) == "refuted" for each in plain.bound):
        for flipped in [*({name} for name in sorted(open_names)), open_names]:
            other = _Following(tree, known, frozenset(flipped))
            other.go()
            doubts.append(other)
    return with_numbers(plain.results(doubts), written.results([]))


@dataclass
class _Following:
    tree: ast.Module
    known: Known
    flipped: frozenset[str] = frozenset()  # matrices that are taken to be stored the other way round
    written: bool = False  # whether names stand for numbers where these are written out
    through: bool = False  # whether names stand for what the code makes of them: not for tensors of the text
    bound: list[Bound] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    derived: set[str] = field(default_factory=set)
    depth: int = 0
    scope: int = 0
    numbers: dict[str, Any] = field(default_factory=dict)  # of tensors whose numbers are written out

    def go(self) -> None:
        """Go through the code, then through its functions."""
        self.names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        self.names |= {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}
        self.times = times_bound(self.tree)
        self.lengths = lengths_named(self.tree, self.times)
        found = {name: self._given(name) for name in sorted(self.names)}
        given: dict[str, Value] = {name: value for name, value in found.items() if value is not None}
        reader = self.reader = Reader(given, default_library(self.tree))
        reader.randoms = reader.forgiving = reader.objects = True
        reader.seen, reader.lenient = self._seen, self._failed
        try:
            reader.block(self.tree.body)
            functions = [each for each in reader.state.frame.names.values() if isinstance(each, Function)]
            for function in functions:
                self._function(reader, function)
        except LiftError as error:
            self.stopped = error
        except RecursionError:
            self.stopped = UnreadableError(TOO_MUCH[1])

    def _given(self, name: str) -> Array | None:
        tensor = self.known.tensor(name)
        if tensor is not None:
            return self._leaf(tensor)
        size = self.known.size(name)
        return None if size is None else whole_number(Whole.atom(size))

    def _leaf(self, tensor: str) -> Array:
        value = leaf(tensor, self.known.slots[tensor])
        if (range := self.known.places.get(tensor)) is not None:
            return as_places(value, range)
        if tensor in self.flipped:
            value = replace(value, axes=value.axes[::-1]).numbered()
        return value

    # What is seen

    def _seen(self, node: ast.stmt, reader: Reader) -> None:
        steps = reader.steps
        self._look(node, reader)
        reader.steps = steps  # to judge is not to read

    def _look(self, node: ast.stmt, reader: Reader) -> None:
        if reader.depth != self.depth or reader.within or reader.nesting:
            return
        self.compared += compared_in(node, reader, self.derived, self.known)
        for name in changed(node):
            value = reader.state.frame.names.get(name)
            size = self.known.size(name) or (Range(name) if name in self.lengths else None)
            if self.through and name not in self.lengths:
                size = None
            if size is not None and isinstance(value, Ref) and is_number(reader.content(value)):
                reader.bind(name, whole_number(Whole.atom(size)))
                continue
            tensor = self.known.tensor(name)
            if isinstance(value, Unknown) and tensor is not None:
                self._failed(node, UnreadableError(value.why, value.line))
            elif isinstance(value, Ref) and isinstance(reader.content(value), Array):
                self._binds(reader, node, name, value)

    def _binds(self, reader: Reader, node: ast.stmt, name: str, value: Ref) -> None:
        array = reader.state.store.array(value)
        rank = None if array.mask is not None else array.rank
        tensor = self.known.tensor(name, rank)
        if self.written and not (array.term.symbols - {"pi"}):
            self._of_numbers(node, name, tensor, array)
            return
        if self.through:
            if tensor is not None and not array.term.symbols:
                self._stand(reader, name, tensor)
            return
        formulas = [] if is_literal(node) else self.known.of(name, node.lineno, rank)
        if tensor is not None and (not formulas or self._is_data(array)):  # not even of p = p / p.sum()
            self._stand(reader, name, tensor)
        if not formulas or (tensor is not None and self._is_data(array)):
            return
        if len([each for each in self.bound if (each.name, each.scope) == (name, self.scope)]) >= MOST_BOUND:
            return
        verdict = self._judged(formulas, array)
        if str(verdict) == "refuted" and formulas[-1].terms is not None:
            verdict = mended(node, name, reader, verdict, formulas[-1])
        if name in self.derived and str(verdict) == "undecided":
            return
        self.bound.append(Bound(node.lineno, name, formulas, verdict, array.term.symbols, self.scope))
        if tensor is not None and (str(verdict) in RIGHT or self.times.get(name, 0) < 2):
            self._stand(reader, name, tensor)
        elif str(verdict) == "refuted" and self.times.get(name, 0) < 2 and formulas[-1].value is not None:
            reader.bind(name, formulas[-1].value())

    def _of_numbers(self, node: ast.stmt, name: str, tensor: str | None, array: Array) -> None:
        """A value that is made of numbers alone: it is judged where the numbers of all that its formula needs are."""
        formulas = [] if array.mask is not None else self.known.of(name, node.lineno, array.rank)
        verdict, given = judged_numbers(node, formulas, array, self.numbers)
        if verdict is not None:
            self.bound.append(Bound(node.lineno, name, formulas, verdict, frozenset(), self.scope))
        if tensor is not None and given is not None:
            self.numbers[tensor] = given

    def _is_data(self, value: Array) -> bool:
        """Whether an array is made of nothing that the text names: numbers, and arrays that nothing is known of."""
        return not any(name in self.known.slots for name in value.term.symbols)

    def _stand(self, reader: Reader, name: str, tensor: str) -> None:
        """Let a name stand for its tensor from here on."""
        value = reader.state.frame.names.get(name)
        if isinstance(value, Ref) and isinstance(reader.content(value), Array):
            if reader.state.store.array(value).rank != len(self.known.slots[tensor]):
                return
        reader.bind(name, self._leaf(tensor))

    def _judged(self, formulas: Sequence[Formula], array: Array) -> Verdict:
        verdicts = []
        for formula in formulas:
            try:
                verdicts.append(formula.judge(self._unflipped(formula, array)))
            except LiftError as error:
                verdicts.append(verdict_of(error))
        found = together(verdicts)
        assert found is not None
        return found

    def _unflipped(self, formula: Formula, array: Array) -> Array:
        """The array in the axes of the formula, where what it is of, or by, is taken to be stored the other way."""
        if not formula.by and formula.of in self.flipped and array.rank == 2:
            return replace(array, axes=array.axes[::-1]).numbered()
        if formula.by in self.flipped and array.rank >= 2:
            axes = (*array.axes[:-2], array.axes[-1], array.axes[-2])
            return replace(array, axes=axes).numbered()
        return array

    def _failed(self, node: ast.stmt, error: LiftError) -> None:
        steps = self.reader.steps
        if self.reader.depth == self.depth:
            self.compared += compared_in(node, self.reader, self.derived, self.known)
        for name in changed(node):
            tensor = self.known.tensor(name)
            formulas = self.known.of(name, node.lineno)
            if formulas:
                verdict = verdict_of(error)
                self.bound.append(Bound(error.line or node.lineno, name, formulas, verdict, frozenset(), self.scope))
            if tensor is not None:
                self.reader.bind(name, self._leaf(tensor))
        self.reader.steps = steps

    # Functions

    def _function(self, reader: Reader, function: Function) -> None:
        """Go through a function of the code, its parameters being the tensors that go by their names."""
        node = function.node
        if not isinstance(node, ast.FunctionDef):
            return
        spec = node.args
        names = [each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
        if all(self.known.tensor(name) is None for name in names):
            return
        optional = {each.arg for each in spec.args[len(spec.args) - len(spec.defaults) :]}
        optional |= {each.arg for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default}
        keywords: dict[str, Value] = {}
        for name in names:
            value = self._given(name)
            if value is not None:
                keywords[name] = reader.state.store.new(value)
            elif name == "self":
                keywords[name] = reader.state.store.new(Thing({}, "self"))
            elif name not in optional:
                keywords[name] = Unknown(f"nothing is said of {name}")
        self.scope, self.depth = node.lineno, 1
        outer, self.times = self.times, times_bound(node)
        try:
            value = reader.run(function, [], keywords)
            self._returns(reader, node, value)
        except LiftError as error:
            self._returns_not(node, error)
        finally:
            self.scope, self.depth, self.times = 0, 0, outer

    def _own(self, node: ast.FunctionDef) -> list[Formula]:
        """The formula of what a function returns: the last one in its own text, or the one of its name."""
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        inside = [each for each in self.known.formulas if first <= each.line <= (node.end_lineno or first)]
        inside = [each for each in inside if not (each.declared and each.by)]
        named = [each for each in self.known.formulas if each.of == self.known.tensor(node.name) and not each.by]
        return named or inside[-1:]

    def _returns(self, reader: Reader, node: ast.FunctionDef, value: Value) -> None:
        formulas = self._own(node)
        if not formulas or isinstance(value, tuple) or value is None:
            return
        returned = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
        line = returned[-1].lineno if returned else node.lineno
        name = f"{node.name}()"
        if returned and isinstance(returned[-1].value, ast.Name):
            own = returned[-1].value.id
            if any(each.scope == node.lineno and each.name == own for each in self.bound):
                return
        try:
            array = as_result(reader, value)
        except LiftError as error:
            self.bound.append(Bound(line, name, formulas, verdict_of(error), frozenset(), node.lineno))
            return
        verdict = self._judged(formulas, array)
        self.bound.append(Bound(line, name, formulas, verdict, array.term.symbols, node.lineno))

    def _returns_not(self, node: ast.FunctionDef, error: LiftError) -> None:
        formulas = self._own(node)
        if formulas:
            line = error.line or node.lineno
            self.bound.append(Bound(line, f"{node.name}()", formulas, verdict_of(error), frozenset(), node.lineno))

    # What came of it

    stopped: LiftError | None = None

    def unsettled(self) -> frozenset[str]:
        """The matrices that nothing right says the order of axes of."""
        settled: set[str] = set()
        for each in self.bound:
            if str(each.verdict) in RIGHT:
                settled |= each.symbols
                settled |= {name for formula in each.formulas for name in (formula.of, formula.by)}
        spoken = {name for each in self.bound for name in each.symbols}
        spoken |= {name for each in self.bound for formula in each.formulas for name in (formula.of, formula.by)}
        return frozenset(
            name for name in spoken - settled if len(self.known.slots.get(name, ())) == 2 and not self.known.declared
        )

    def results(self, others: Sequence[_Following]) -> list[Found]:
        """The claims by line: of a name that is bound several times the right one, if there is one."""
        found: list[Found] = []
        groups: dict[tuple[str, int], list[Bound]] = {}
        for each in self.bound:
            groups.setdefault((each.name, each.scope), []).append(each)
        for group in groups.values():
            found += self._of_group(group, others)
        found += [Found(each.line, each.text, each.other, each.verdict) for each in self.compared]
        return sorted(found, key=lambda each: each.line)

    def _of_group(self, group: Sequence[Bound], others: Sequence[_Following]) -> Iterable[Found]:
        right = [each for each in group if str(each.verdict) in RIGHT]
        for each in right or group[-1:]:
            verdict = each.verdict
            if str(verdict) == "refuted" and len(group) > 1:
                words = f"{each.name} is bound {len(group)} times, and none of its values is that of the formula"
                verdict = verdict if self.known.declared else Verdict("undecided", words)
            elif str(verdict) == "refuted" and not self.known.declared:
                verdict = self._sure(each, others)
            if self.known.declared or str(verdict) not in ("unreadable", "skipped"):
                text = each.formulas[-1].text
                yield Found(each.line, each.name, text, verdict)

    def _sure(self, bound: Bound, others: Sequence[_Following]) -> Verdict:
        """A refutation by a formula that only names belong to, or why it is none."""
        formula = bound.formulas[-1]
        for other in others:
            for each in other.bound:
                same = (each.line, each.name, each.scope) == (bound.line, bound.name, bound.scope)
                if same and str(each.verdict) in RIGHT:
                    names = ", ".join(sorted(other.flipped))
                    return Verdict("undecided", f"it is right if {names} is stored with its axes in the other order")
        if bound.verdict.counterexample is None:
            return Verdict("undecided", bound.verdict.reason)
        own = frozenset(name for name in bound.symbols if name in self.known.slots)
        if bound.symbols - own:
            return Verdict("undecided", "it is made of more than the formula speaks of")
        leaves = frozenset().union(*(self.known.leaves.get(name, {name}) for name in own))
        if not formula.by and leaves != formula.needs:
            return Verdict("skipped", "it is made of other things than the formula")
        return bound.verdict

"""What is asked of indexcalc for one problem, and what it must answer."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

import indexcalc as ic
from tests.trials.language import El, Node, Slope, inside, respelled, spoiled, write
from tests.trials.making import FAMILIES, Problem
from tests.trials.truth import UnfitError, World, value

LARGEST = 4000  # elements of a result
ROUNDING = 1e-7  # of the largest value: nested functions lose digits
SMALL = 1e-3  # relative difference that counts as one, of a false claim
ORDINARY = ("numpy", "einsum")
LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "plain": lambda array: array,
    "columns": np.asfortranarray,
    "strided": lambda array: np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array,
    "backwards": lambda array: array[::-1].copy()[::-1] if array.ndim else array,
}


@dataclass(frozen=True)
class Outcome:
    """What came of a problem: faults, and how often what was asked."""

    faults: tuple[str, ...]
    counts: Mapping[str, int]


def outcome(problem: Problem, backends: tuple[str, ...] = ORDINARY) -> Outcome:
    """What came of one problem: its targets, and by chance products with Jacobians or claims."""
    trial = _Trial(problem, backends)
    faults = [*trial.of_targets()]
    chance = trial.random.random()
    if chance < 0.3:
        faults += trial.of_products()
    elif chance < 0.7:
        faults += trial.of_claims()
    return Outcome(tuple(faults), trial.counts)


class _Trial:
    def __init__(self, problem: Problem, backends: tuple[str, ...]) -> None:
        self.problem, self.backends = problem, backends
        self.world = problem.world()
        self.random = random.Random(f"check {problem.seed}")
        self.counts: dict[str, int] = {}

    def count(self, what: str) -> None:
        """One more of these."""
        self.counts[what] = self.counts.get(what, 0) + 1

    # Numbers

    def of_targets(self) -> Iterator[str]:
        """Each target alone, and all as one program."""
        wanted = {}
        for node, axes in self.problem.targets:
            try:
                true = self._true(self.world, node, axes)
            except UnfitError as unfit:
                self.count(f"unfit: {unfit}")
                continue
            self.count(f"derivatives of order {len(node.variables)}")
            text = write(node)
            wanted[text] = true, axes
            yield from self._compared(text, partial(ic.derive, self.problem.sheet, text), true, axes)
        if len(wanted) > 1:
            self.count("several targets")
            yield from self._many("derive", lambda: ic.derive(self.problem.sheet, list(wanted)), wanted)

    def _true(self, world: World, node: Node, axes: tuple[str, ...], **directions: Any) -> np.ndarray:
        if np.prod([world.letters[axis] for axis in axes]) > LARGEST:
            raise UnfitError("a large result")
        return value(node, world, axes, **directions)

    def _compared(self, what: str, derive: Callable[[], Any], true: np.ndarray, axes: tuple[str, ...]) -> Iterator[str]:
        """The numbers of a target by every backend, its file too; its texts read back."""
        try:
            result = derive()
            if result.axes != axes:
                yield f"{what}: axes {result.axes} instead of {axes}"
                return
        except Exception as error:
            yield f"{what}: {type(error).__name__}: {error}"
            return
        for backend in self.backends:
            yield from self._numbers(f"{what} by {backend}", result, backend, true)
        if len(str(result)) < 4000:
            yield from self._read_back(what, result, true)

    def _numbers(self, what: str, result: Any, backend: str, true: np.ndarray) -> Iterator[str]:
        self.count(backend)
        layout = self.random.choice(sorted(LAYOUTS)) if backend in ("numpy", "einsum", "numba") else "plain"
        try:
            function = result.compile(backend)
            given = self._given(function, layout)
            found = _array(function(**given))
            yield from _differences(f"{what} ({layout})", found, true)
            if backend == "auto" or self.random.random() < 0.5:
                return
            self.count(f"{backend}, file")
            own = _loaded(result.code(backend))
            given = {name: _of_library(backend, each) for name, each in given.items()}
            found = _array(own(**{_identifier(own, name): each for name, each in given.items()}))
            yield from _differences(f"{what}, file", found, true)
        except UnfitError:
            return  # a definition that is given has no number
        except Exception as error:
            yield f"{what}: {type(error).__name__}: {error}"

    def _given(self, function: Any, layout: str, extra: Mapping[str, np.ndarray] | None = None) -> dict[str, Any]:
        """The arguments of a compiled function: arrays, and sizes that no array has."""
        known: dict[str, Any] = {**self.world.arrays, **(extra or {})}
        given: dict[str, Any] = {}
        for name in function.arguments:
            if name in known:
                array = known[name].astype(int) if name in self.problem.whole else known[name]
                given[name] = LAYOUTS[layout](array) if array.ndim else array.item()
            elif name in self.world.sizes:
                given[name] = self.world.sizes[name]
            elif name.removeprefix("n_") in self.world.letters:
                given[name] = self.world.letters[name.removeprefix("n_")]
            elif name in self.problem.definitions:
                letters, body = self.problem.definitions[name]
                given[name] = value(body, self.world, letters)
        return given

    def _read_back(self, what: str, result: Any, true: np.ndarray) -> Iterator[str]:
        """The value of the short form, as it is printed in one dialect or the other."""
        if set(result.sheet.definitions) - set(self.problem.definitions):
            return  # it names adjoints
        axes = f"[{','.join(result.axes)}]" if result.axes else ""
        self.count("read back")
        try:
            again = ic.derive(f"{self.problem.sheet}\nback{axes} = {result}", f"back{axes}")
            function = again.compile("einsum")
            found = _array(function(**self._given(function, "plain")))
            yield from _differences(f"{what} read back from {result}", found, true)
        except Exception as error:
            yield f"{what} read back from {result}: {type(error).__name__}: {error}"
        if self.random.random() < 0.3 and len(result.latex()) < 2000:
            yield from self._judged(self.problem.sheet, str(result.target), result.latex(), is_true=True)

    # Products with Jacobians

    def of_products(self) -> Iterator[str]:
        """gradient, vjp, jvp and hvp of the last definition."""
        output, inputs = self.problem.output, self.problem.inputs
        if not inputs:
            return
        letters, _ = self.problem.definitions[output]
        whole = El(output, letters)
        random = np.random.default_rng(self.problem.seed + 1)
        along = {name: random.normal(size=self.world.arrays[name].shape) for name in inputs}
        back = random.normal(size=[self.world.letters[letter] for letter in letters])
        extra = {f"{name}_dot": array for name, array in along.items()} | {f"{output}_bar": back}
        try:
            jacobians = {name: self._jacobian(whole, name) for name in inputs}
            pushed = value(whole, self.world, letters, along)
            hessian = {name: self._hessian(whole, name, along) for name in inputs} if not letters else {}
        except UnfitError:
            return
        sheet = self.problem.sheet
        bars = {f"{name}_bar": (np.tensordot(back, jacobian, back.ndim), None) for name, jacobian in jacobians.items()}
        asked: dict[str, Any] = {"vjp": (ic.vjp, bars), "jvp": (ic.jvp, {f"{output}_dot": (pushed, None)})}
        if not letters:
            asked["gradient"] = ic.gradient, {f"{name}_bar": (each, None) for name, each in jacobians.items()}
            asked["hvp"] = ic.hvp, {f"{name}_hvp": (each, None) for name, each in hessian.items()}
        for what in self.random.sample(sorted(asked), 2):
            function, wanted = asked[what]
            yield from self._many(what, partial(function, sheet, output, list(inputs)), wanted, extra)

    def _free(self, name: str, taken: tuple[str, ...]) -> tuple[str, ...]:
        """Letters for the slots of a leaf, none of them taken or twice."""
        letters: list[str] = []
        for family in self.problem.leaves[name].ranges:
            letters.append(next(each for each in FAMILIES[family] if each not in (*taken, *letters)))
        return tuple(letters)

    def _jacobian(self, whole: El, name: str) -> np.ndarray:
        own = self._free(name, tuple(map(str, whole.slots)))
        axes = (*map(str, whole.slots), *own)
        return self._true(self.world, Slope(whole, (El(name, own),)), axes)

    def _hessian(self, whole: El, name: str, along: Mapping[str, np.ndarray]) -> np.ndarray:
        own = self._free(name, ())
        return self._true(self.world, Slope(whole, (El(name, own),)), own, directions=along)

    def _many(
        self, what: str, derive: Callable[[], Any], wanted: Mapping[str, Any], extra: Any = None
    ) -> Iterator[str]:
        try:
            results = derive()
        except Exception as error:
            if "Use another letter in one of them" in str(error):
                return  # a letter of no declared range, which runs over two
            yield f"{what}: {type(error).__name__}: {error}"
            return
        for backend in self.backends:
            self.count(f"{what} by {backend}")
            try:
                function = results.compile(backend)
                found = function(**self._given(function, "plain", extra))
                for name, (true, _) in wanted.items():
                    yield from _differences(f"{what} {name} by {backend}", _array(found[name]), true)
            except UnfitError:
                return
            except Exception as error:
                yield f"{what} by {backend}: {type(error).__name__}: {error}"

    # Claims

    def of_claims(self) -> Iterator[str]:
        """The same formula in other words, and with a slip: of both, and of their derivatives."""
        name = self.random.choice(list(self.problem.definitions))
        letters, body = self.problem.definitions[name]
        if any(isinstance(each, Slope) for each in inside(body)):
            return
        right = respelled(body, self.random)
        yield from self._claim(name, letters, right, is_true=True)
        wrong = spoiled(body, self.random, self._alike(body, letters))
        yield from self._claim(name, letters, wrong, is_true=False)

    def _alike(self, body: Node, letters: tuple[str, ...]) -> Callable[[Any], list[Any]]:
        def found(slot: Any) -> list[Any]:
            if isinstance(slot, int):
                return [slot - 1] if slot > 1 else [slot + 1]
            family = next(each for each in FAMILIES if slot in each)
            return [each for each in letters if each in family and each != slot] or [1]

        return found

    def _claim(self, name: str, letters: tuple[str, ...], other: Node, is_true: bool) -> Iterator[str]:
        try:
            definitions = {}
            for each, body in self.problem.definitions.items():
                definitions[each] = body
                if each == name:
                    definitions["other"] = letters, other
            world = replace(self.world, definitions=definitions)
            sheet = replace(self.problem, definitions=definitions).sheet
            pairs = [(El(name, letters), El("other", letters), letters)]
            pairs += self._slopes(name, letters)
            for left, right, axes in pairs:
                one, two = self._true(world, left, axes), self._true(world, right, axes)
                scale = max(np.abs(one).max(initial=0), np.abs(two).max(initial=0), 1e-9)
                same = np.abs(one - two).max(initial=0) / scale
                if (same > ROUNDING) if is_true else (same < SMALL):
                    continue
                yield from self._judged(sheet, write(left), write(right), is_true)
        except UnfitError:
            return

    def _slopes(self, name: str, letters: tuple[str, ...]) -> list[tuple[Node, Node, tuple[str, ...]]]:
        used = {each.name for each in inside(self.problem.definitions[name][1]) if isinstance(each, El)}
        movable = [each for each in sorted(used) if each in self.problem.leaves
                   and self.problem.leaves[each].fact in ("", "positive")]  # fmt: skip
        if not movable:
            return []
        variable = self.random.choice(movable)
        own = self._free(variable, letters)
        sides = (Slope(El(each, letters), (El(variable, own),)) for each in (name, "other"))
        return [(*sides, (*letters, *own))]

    def _judged(self, sheet: str, left: str, right: str, is_true: bool) -> Iterator[str]:
        try:
            verdict = ic.equal(sheet, left, right)
        except Exception as error:
            yield f"{left} = {right}: {type(error).__name__}: {error}\n{sheet}"
            return
        kind = "true" if is_true else "false"
        self.count(f"{kind} claims {verdict}")
        if str(verdict) in (("refuted", "unreadable") if is_true else ("proved",)):
            yield f"{kind} claim {left} = {right} is {verdict}: {verdict.reason}\n{sheet}"
        if str(verdict) == "agrees" and not is_true:
            yield f"weak: false claim {left} = {right} agrees: {verdict.reason}\n{sheet}"


# ----- Helpers ---------------------------------------------------------------------------------------------------


def _differences(what: str, found: np.ndarray, true: np.ndarray) -> Iterator[str]:
    if found.shape != true.shape:
        yield f"{what}: shape {found.shape} instead of {true.shape}"
        return
    scale = max(1.0, float(np.abs(true).max(initial=0)))
    apart = np.abs(found - true).max(initial=0)
    if not apart <= ROUNDING * scale:
        yield f"{what}: the numbers differ by {apart:.3g} of {scale:.3g}"


def _array(found: Any) -> np.ndarray:
    found = found.compute() if hasattr(found, "compute") else found
    return np.asarray(found.detach() if hasattr(found, "detach") else found, dtype=float)


def _of_library(backend: str, given: Any) -> Any:
    """An argument as an array of the library for which a file is written."""
    if not isinstance(given, np.ndarray) or backend not in ("torch", "dask"):
        return given
    if backend == "dask":
        return importlib.import_module("dask.array").from_array(given)
    return importlib.import_module("torch").as_tensor(given)


def _loaded(source: str) -> Callable[..., Any]:
    """The function of a generated file for a derivative; helpers stand around it."""
    space: dict[str, Any] = {}
    exec(compile(source, "generated", "exec"), space)
    return next(each for name, each in space.items() if name.startswith("diff_"))


def _identifier(function: Callable[..., Any], name: str) -> str:
    """The parameter of a generated function for a tensor."""
    code = getattr(function, "__wrapped__", function).__code__
    names = code.co_varnames[: code.co_argcount]
    plain = name.replace("'", "_prime")
    return plain if plain in names else next((each for each in names if each.rstrip("_") == plain), plain)

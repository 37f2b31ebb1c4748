"""Where letters run: over the axes on which they stand alone, as declared, or as far as everything that is read exists.

An axis that some place is shifted on gives a letter no range where the letter stands alone on another axis; it may be
longer. A letter that nothing tells runs over the places at which all elements exist that its binder reads: those of a
left side from 1 on, those of a sum from the first such place; ends that depend on letters around are conditions.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.affine import Form, constant, form, of_index, size_form
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index, Range
from indexcalc.notation.lowering.ranges import Key, Slot
from indexcalc.notation.shifts.counts import counted, least_of, made_range, most_of, spelled
from indexcalc.notation.shifts.forms import Written
from indexcalc.notation.shifts.meeting import Meeting
from indexcalc.notation.shifts.scopes import Access, Scope
from indexcalc.notation.syntax.places import error_at

ONE = constant(1)


@dataclass
class Reckoner(Meeting):
    """The ranges of scopes and axes."""

    def reckon(self) -> None:
        """Let axes and letters share ranges, and note where declared letters begin."""
        self.join()
        for letter, said in self.declared.items():
            if said.first != Written((), 1):
                self.firsts[self.ranges.root(letter)] = self.sized(said.first)

    # ----- Ranges

    def range_of(self, key: Key) -> Range:
        """The range of a scope or an axis."""
        root = self.ranges.root(key)
        known = self.found.get(root)
        if known is None:
            known = self.found[root] = self._range(root, key)
        return known

    def _range(self, root: Key, key: Key) -> Range:
        first = self.firsts.get(root)
        declared = next((d for letter, d in self.declared.items() if self.ranges.root(letter) == root), None)
        if declared is not None and (first is not None or not self._label(declared.size)):
            return made_range([self.sized(declared.size)], first)
        known = self.ranges.classes[root]
        if known.label:
            plain = known.range
            return plain if first is None else Range(plain.label, plain.named, plain.size, (), counted(first))
        if self._is_told(root) or (key not in self.scopes and root not in self.owners):
            return Range(self._fresh_label(root), named=False, first=None if first is None else counted(first))
        owner = self.scopes[self.owners.get(root, key if isinstance(key, str) else "")]
        return self._reckoned(owner)

    def _fresh_label(self, root: Key) -> str:
        scoped = [each for each in self.scopes.values() if self.ranges.root(each.name) == root]
        wanted = scoped[0].letter if scoped else f"{root[0]}.{int(root[1]) + 1}"
        label = wanted
        while self.labels.setdefault(label, root) != root or label in self.ranges.labels:
            label += "_"
        return label

    def index(self, scope: str) -> Index:
        """The index of a scope."""
        return Index(self.scopes[scope].letter, self.range_of(scope))

    def first(self, key: Key) -> Form:
        """What the text calls the first place of a letter or an axis."""
        self.range_of(key)
        return self.firsts.get(self.ranges.root(key), ONE)

    def sized(self, place: Written) -> Form:
        """A form of sizes."""
        sizes = [(self.range_of_size(name), times) for name, times in place.names]
        return form((), sizes, place.constant)

    def range_of_size(self, name: str) -> Range:
        """The range of which a name is the size."""
        key = self.ranges.labels.get(name)
        return Range(name) if key is None else Range(self.ranges.classes[self.ranges.root(key)].label)

    def value(self, place: Written) -> Form:
        """The value of a place, in positions of indices."""
        found = constant(place.constant)
        for name, times in place.names:
            if name in self.scopes:
                found = found + (of_index(self.index(name)) + self.first(name) - ONE).times(times)
            else:
                found = found + size_form(self.range_of_size(name)).times(times)
        return found

    def position(self, place: Written, slot: Slot) -> Form:
        """The position on an axis that a place means."""
        return self.value(place) - self.first(slot) + ONE

    # ----- Ends

    def _reckoned(self, scope: Scope) -> Range:
        if scope.name in self.pending:
            raise self._open(scope)
        self.pending.append(scope.name)
        try:
            lows, highs = self._ends(scope)
        finally:
            self.pending.remove(scope.name)
        if not highs:
            bare = scope.letter.rstrip("'")  # i' without anything that tells it runs like i
            if bare != scope.letter and bare in self.declared:
                return self.range_of(bare)
            raise self._open(scope)
        first = self._first(scope, lows)
        if first != ONE:
            self.firsts[self.ranges.root(scope.name)] = first
        forms = least_of([(high - first.times(divisor) + constant(divisor), divisor) for high, divisor in highs])
        return made_range([each for each, _ in forms], None if first == ONE else first, [each for _, each in forms])

    def _open(self, scope: Scope) -> IndexcalcError:
        letter = scope.letter
        return error_at(
            f"nothing tells where the index {letter} ends",
            f"Write a line such as index {letter} : n",
            scope.place,
        )

    def _first(self, scope: Scope, lows: list[tuple[Form, Access]]) -> Form:
        least = max([1, *(low.constant for low, _ in lows if low.is_constant)])
        symbolic = list(dict.fromkeys(low for low, _ in lows if not low.is_constant))
        later = [low for low in symbolic if not (constant(least) - low).is_positive()]
        if scope.kind != "sum" and (least > 1 or later):
            access = next(each for low, each in lows if low in later or low == constant(least))
            raise self._late(scope, access, later[0] if later else constant(least))
        if len(later) == 1 and (later[0] - constant(least)).is_positive():
            return later[0]
        conditions = self.conditions.setdefault(scope.name, [])
        conditions += [constant(0) - low for low in later]  # made whole by `ends_of`
        return constant(least)

    def _late(self, scope: Scope, access: Access, first: Form) -> IndexcalcError:
        letter, begin = scope.letter, spelled(first)
        cause = f"{letter} would begin at {begin}, where {access.said} exists, and a left side begins at 1"
        shifted = f"x[{letter}+1] - x[{letter}]"
        remedy = f"Write index {letter} : n and outside {access.name} = 0, or shift the places: {shifted}"
        return error_at(cause, remedy, access.place, scope.place)

    def _ends(self, scope: Scope) -> tuple[list[tuple[Form, Access]], list[tuple[Form, int]]]:
        lows: list[tuple[Form, Access]] = []
        highs: list[tuple[Form, int]] = []
        for access in scope.reads:
            for slot, place in enumerate(access.places):
                if self._tells(scope, access, slot, place):
                    self._ends_of(scope, access, slot, lows, highs)
        return lows, highs

    def _tells(self, scope: Scope, access: Access, slot: int, place: Written) -> bool:
        """Whether a place that is read may say where a letter ends."""
        if place.period or scope.name not in dict(place.names) or access.name in ("delta", "eps"):
            return False
        if access.name in self.outside or access.name in self.together.get(access.owner, ()):
            return False
        names = {name for _, condition in access.conditions for name, _ in condition.names}
        same = self.ranges.root((access.name, slot)) == self.ranges.root(scope.name)
        return scope.name not in names and not same

    def _ends_of(
        self,
        scope: Scope,
        access: Access,
        slot: int,
        lows: list[tuple[Form, Access]],
        highs: list[tuple[Form, int]],
    ) -> None:
        place, key = access.places[slot], (access.name, slot)
        times = dict(place.names)[scope.name]
        rest = Written(tuple(pair for pair in place.names if pair[0] != scope.name), place.constant)
        around = Written(tuple(pair for pair in rest.names if pair[0] in scope.outer), 0)
        inside = Written(tuple(pair for pair in rest.names if pair[0] not in scope.outer), rest.constant)
        outer, inner = self.value(around), self.value(inside) - self.first(key) + ONE
        size = size_form(self.range_of(key))
        most, least = most_of(inner), inner.least() or inner
        if around.names:
            conditions = self.conditions.setdefault(scope.name, [])
            own = form(((PLACEHOLDER, times),), (), 0)
            conditions += [size - own - outer - most, own + outer + least - ONE]
        # times*v + rest lies between 1 and the size
        upper = size - most - (outer.least() or outer)
        lower = ONE - least - most_of(outer)
        is_based = any(name == access.name for name, _ in self.bases)  # then places before the first one may exist
        if times > 0:
            highs.append((upper, times))
            if is_based:
                return
            if lower.is_constant or times == 1:
                lows.append((lower if times == 1 else constant(-(-lower.constant // times)), access))
        else:
            highs.append((lower.times(-1), -times))
            low = upper.times(-1)
            if low.is_constant or times == -1:
                lows.append((low if times == -1 else constant(-(-low.constant // -times)), access))

    def ends_of(self, scope: str) -> list[Form]:
        """The conditions under which a letter is within ends that its range does not say: forms, not below 0."""
        own = of_index(self.index(scope)) + self.first(scope) - ONE
        found = []
        for each in self.conditions.get(scope, []):
            if PLACEHOLDER in each.free:
                found.append(each.put({PLACEHOLDER: own}))
            else:
                found.append(own + each)
        return list(dict.fromkeys(found))


PLACEHOLDER = Index("~", Range("~"))  # stands for the letter whose range is reckoned

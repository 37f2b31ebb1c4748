"""The canonical form: terms that differ only in the names of bound indices become one object.

Factors and addends are sorted by construction, so only the bound indices must be labelled. At each binder they are told
apart by refinement: an index is ranked by what the body looks like from where it stands, until nothing changes. Ties
that remain are tried one after the other, and the least result wins; an index whose first result equals the best one
found stands in a symmetric place and is not tried further, nor is one to which the symmetries found so far lead (McKay,
"Practical graph isomorphism", 1981, in small).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from indexcalc.terms import (
    Binder,
    Constraint,
    Contraction,
    Delta,
    Index,
    Product,
    Range,
    Reduction,
    Sum,
    Tensor,
    Term,
    in_order,
)
from indexcalc.walk import mapped, parts, substitute

Symmetries = Mapping[str, tuple[tuple[int, ...], ...]]  # for a tensor the groups of slots that may be permuted
Orders = Mapping[str, tuple[tuple[int, ...], ...]]  # for a tensor every order of its slots that leaves it the same
CANONICAL_LETTER = "_"
LONG = 8  # from more indices on, only what stands around an index is looked at
MOST_VIEWS = 300_000  # of a part from an index, about a second; as for labellings, the best so far is taken then
MOST_LABELLINGS = 500  # above it the best labelling so far is taken: equal terms may then be missed, never confused


class Canonical:
    """The canonical form under given symmetries of tensors; keeps what it has worked out.

    Symmetries are groups of slots that are sorted. A tensor of which slots move together, C[i,j,k,l] = C[k,l,i,j], has
    its orders instead, of which the least is taken. Antisymmetries are kept beside them: a sign is the business of who
    collects like terms.
    """

    def __init__(
        self,
        symmetries: Symmetries | None = None,
        antisymmetries: Symmetries | None = None,
        orders: Orders | None = None,
    ) -> None:
        self.symmetries = dict(symmetries or {})
        self.antisymmetries = dict(antisymmetries or {})
        self.orders = dict(orders or {})
        self.symmetric = frozenset(self.symmetries) | frozenset(self.orders)
        self._known: dict[Term, Term] = {}

    def __call__(self, term: Term) -> Term:
        if not term.height and self.symmetric.isdisjoint(term.symbols):
            return term
        known = self._known.get(term)
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[term] = self._canonical(term)
        return known

    def _canonical(self, term: Term) -> Term:
        if isinstance(term, Tensor):
            return self._sorted_slots(term)
        if isinstance(term, Binder):
            return _Labelling(self, term).best()
        return mapped(term, self)

    def _sorted_slots(self, term: Tensor) -> Tensor:
        if term.name in self.orders:
            ways = (tuple(term.slots[place] for place in order) for order in self.orders[term.name])
            return Tensor(term.name, min(ways, key=lambda way: [index.key for index in way]))
        slots = list(term.slots)
        for group in self.symmetries.get(term.name, ()):
            for place, index in zip(group, in_order(slots[place] for place in group), strict=True):
                slots[place] = index
        return Tensor(term.name, tuple(slots))


class _Labelling:
    """The search for the least labelling of the indices of one binder."""

    def __init__(self, canonical: Canonical, term: Binder) -> None:
        self.canonical, self.term, self.tried = canonical, term, 0
        self.labels = self._labels()
        self.work = 0  # how many parts were looked at
        self.seen: dict[tuple[Term, Index], str] = {}  # factors as they look from an index, in this round
        self.around: dict[Term, dict[Index, list[Term]]] = {}
        self.whole: dict[Term, str] = {}  # addends as they look from nowhere, in this round
        self.plain: dict[Term, str] = {}  # their factors

    def _labels(self) -> dict[Range, list[Index]]:
        """The new indices, by range: above all that is bound inside, and none that is free."""
        labels: dict[Range, list[Index]] = {}
        serial = self.term.body.height
        for index in sorted(self.term.bound, key=lambda index: index.range.label):
            serial += 1
            while Index(CANONICAL_LETTER, index.range, serial) in self.term.free:
                serial += 1
            labels.setdefault(index.range, []).append(Index(CANONICAL_LETTER, index.range, serial))
        return labels

    def best(self) -> Term:
        """The term under the labelling that gives the least key."""
        if len(self.labels) == len(self.term.bound):
            return self._labelled(self.term.bound)
        return self._search({index: index.range.label for index in self.term.bound})

    def _search(self, colours: dict[Index, str]) -> Term:
        colours = self._refined(colours)
        tie = _first_tie(colours)
        if not tie:
            return self._labelled(_by_colour(colours))
        best = first = None
        first_order: list[Index] = []
        orbits = _Orbits(colours)
        for candidate in tie:
            if self.tried > MOST_LABELLINGS or (best is not None and self.work > MOST_VIEWS):
                break
            if any(orbits.of(candidate) is orbits.of(before) for before in tie[: tie.index(candidate)]):
                continue
            marked = {**colours, candidate: colours[candidate] + "<"}
            order = self._greedy_order(marked)
            greedy = self._labelled(order)
            if greedy is first:
                orbits.join(zip(first_order, order, strict=True))
                continue
            found = self._search(marked)
            if first is None:
                first, first_order = greedy, order
            best = found if best is None or found.key < best.key else best
        return best or self._labelled(self._greedy_order(colours))

    def _greedy_order(self, colours: dict[Index, str]) -> list[Index]:
        """The order of breaking every further tie at its first index."""
        while tie := _first_tie(colours := self._refined(colours)):
            colours[tie[0]] += "<"
        return _by_colour(colours)

    def _refined(self, colours: dict[Index, str]) -> dict[Index, str]:
        """Rank the indices by their view of the body until the number of ranks stops growing."""
        if len(colours) > LONG and isinstance(self.term.body, Product):
            return self._refined_locally(colours)
        ranks = len(set(colours.values()))
        while ranks < len(colours):
            self.whole, self.plain, self.seen = {}, {}, {}
            times = Counter(colours.values())  # what is alone in its colour stays so, whatever it looks like
            views = {
                index: f"{colour}|{self._view_from(index, colours) if times[colour] > 1 else ''}"
                for index, colour in colours.items()
            }
            order = {view: rank for rank, view in enumerate(sorted(set(views.values())))}
            colours = {index: f"{index.range.label}:{order[view]:03}" for index, view in views.items()}
            if len(order) == ranks:
                break
            ranks = len(order)
        return dict(colours)

    def _refined_locally(self, colours: dict[Index, str]) -> dict[Index, str]:
        """The same where an index sees the factors around it only: looked at again is what stands beside a change.

        Of a class that falls apart the largest part keeps its colour, so that a long chain is worked off from its ends.
        """
        colours, around = dict(colours), self._around(self.term.body)
        beside = {each: [n for part in around.get(each, ()) for n in part.free if n in colours] for each in colours}
        classes: dict[str, list[Index]] = {}
        for index, colour in colours.items():
            classes.setdefault(colour, []).append(index)
        views: dict[Index, str] = {}
        turn, open_ = 0, set(colours)
        while open_:
            turn += 1
            for index in open_:
                marked = {**{each: colours[each] for each in beside[index]}, index: "*"}
                views[index] = " ".join(sorted(self._view(part, marked) for part in around.get(index, ())))
            self.work += len(open_)
            changed: list[Index] = []
            for colour in sorted({colours[index] for index in open_}):
                groups: dict[str, list[Index]] = {}
                for index in classes[colour]:
                    groups.setdefault(views[index], []).append(index)
                ordered = sorted(groups, key=lambda view: (-len(groups[view]), view))
                classes[colour] = groups[ordered[0]]
                for place, view in enumerate(ordered[1:], 1):
                    name = f"{colour}.{turn:04}.{place:04}"
                    classes[name] = groups[view]
                    colours |= dict.fromkeys(groups[view], name)
                    changed += groups[view]
            open_ = {each for index in changed for each in beside[index] if len(classes[colours[each]]) > 1}
        return colours

    def _view_from(self, index: Index, colours: dict[Index, str]) -> str:
        """What the body looks like from an index.

        With many indices only the factors around it are looked at, in each addend: as the other factors look the same
        from anywhere, this tells the same indices apart.
        """
        marked = {**colours, index: "*"}
        if len(colours) > LONG:
            return self._view_around(self.term.body, index, colours, marked)
        return self._view(self.term.body, marked)

    def _view_around(self, term: Term, index: Index, colours: Mapping[Index, str], marked: Mapping[Index, str]) -> str:
        inside = self._around(term).get(index, []) if isinstance(term, (Sum, Product)) else []
        if isinstance(term, Product):
            return " ".join(sorted(self._view_around(part, index, colours, marked) for part in inside))
        if isinstance(term, Sum):
            for part in inside:
                if part not in self.whole:
                    self.whole[part] = _hash_of(" ".join(sorted(self._views(part, colours))))
            views = (f"{self.whole[part]}>{self._view_around(part, index, colours, marked)}" for part in inside)
            return f"({' + '.join(sorted(views))})"
        view = self.seen.get((term, index))
        if view is None:
            self.work += 1
            view = self.seen[term, index] = self._view(term, marked)
        return view

    def _views(self, term: Term, colours: Mapping[Index, str]) -> list[str]:
        """The factors of an addend, or itself, as they look from nowhere."""
        found = []
        for part in term.fields if isinstance(term, Product) else (term,):
            if part not in self.plain:
                self.plain[part] = self._view(part, colours)
            found.append(self.plain[part])
        return found

    def _around(self, term: Term) -> dict[Index, list[Term]]:
        """The factors or addends in which each index stands."""
        found = self.around.get(term)
        if found is None:
            found = self.around[term] = {}
            for part in parts(term):
                for index in part.free:
                    found.setdefault(index, []).append(part)
        return found

    def _labelled(self, order: Iterable[Index]) -> Term:
        """The term with its bound indices named in this order."""
        self.tried += 1
        labels = {range: iter(new) for range, new in self.labels.items()}
        renaming = {index: next(labels[index.range]) for index in order}
        body = self.canonical(substitute(self.term.body, renaming))
        if isinstance(self.term, Reduction):
            return Reduction(self.term.kind, renaming.values(), body)
        return Contraction(renaming.values(), body)

    def _view(self, term: Term, colours: Mapping[Index, str]) -> str:
        """A term as text in which indices are replaced by colours: the same for terms that differ in names."""
        if not term.height and colours.keys().isdisjoint(term.free):
            return repr(self.canonical(term).key)
        if isinstance(term, Tensor):
            views = [_colour(slot, colours) for slot in term.slots]
            orders = self.canonical.orders.get(term.name, ())
            views = min(([views[place] for place in order] for order in orders), default=views)
            for group in self.canonical.symmetries.get(term.name, ()):
                for place, view in zip(group, sorted(views[place] for place in group), strict=True):
                    views[place] = view
            return f"{term.name}[{','.join(views)}]"
        if isinstance(term, Binder):
            inner = {**colours, **{index: f"bound {index.range.label}" for index in term.bound}}
            views = [self._view(term.body, inner)]
        elif inside := parts(term):
            views = [self._view(part, colours) for part in inside]
        elif isinstance(term, Constraint):
            seen = [f"{times}{_colour(index, colours)}" for index, times in term.form.letters]
            turned = [f"{-times}{_colour(index, colours)}" for index, times in term.form.letters]
            # Only the sign tells an equation from itself turned round.
            views = [*(min(sorted(seen), sorted(turned)) if term.relation == "==" else sorted(seen))]
            views += [repr((sorted((abs(t), r.label) for r, t in term.form.sizes), abs(term.form.constant)))]
            views += [repr(term.period.key)]
        else:
            views = [_colour(field, colours) for field in term.fields if isinstance(field, Index)]
        if isinstance(term, (Sum, Product, Delta)):
            views.sort()
        name = next((field for field in term.fields if isinstance(field, str)), "")
        return f"{term.rank}{name}({' '.join(views)})"


def _hash_of(text: str) -> str:
    """A short text for a long one, the same in every process."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _colour(index: Index, colours: Mapping[Index, str]) -> str:
    """What stands for an index: its colour if it is bound here, its own name otherwise."""
    return colours.get(index) or f"free {index.key}"


class _Orbits:
    """Which indices the symmetries found so far lead to one another."""

    def __init__(self, indices: Iterable[Index]) -> None:
        self._above = {index: index for index in indices}

    def of(self, index: Index) -> Index:
        """The index that stands for all of an orbit."""
        while self._above[index] is not index:
            index = self._above[index]
        return index

    def join(self, pairs: Iterable[tuple[Index, Index]]) -> None:
        """Take a symmetry, which leads from the one of each pair to the other."""
        for one, other in pairs:
            self._above[self.of(one)] = self.of(other)


def _by_colour(colours: dict[Index, str]) -> list[Index]:
    return sorted(colours, key=lambda index: colours[index])


def _first_tie(colours: dict[Index, str]) -> list[Index]:
    """The indices of the least colour that several share; empty if all differ."""
    classes: dict[str, list[Index]] = {}
    for index in in_order(colours):
        classes.setdefault(colours[index], []).append(index)
    return next((classes[colour] for colour in sorted(classes) if len(classes[colour]) > 1), [])


canonical = Canonical()

"""Reading matrix notation: shapes are inferred from the inside out, and elements are written with indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from indexcalc.errors import IndexcalcError
from indexcalc.notation.matrices import nodes, sums
from indexcalc.notation.matrices.known import Known
from indexcalc.notation.matrices.nodes import CLOSE, OPEN
from indexcalc.notation.matrices.products import folded, scaled
from indexcalc.notation.matrices.shapes import ANY, ATOM, Group, Letters, Matrix
from indexcalc.notation.syntax.names import REDUCTIONS, counted
from indexcalc.notation.syntax.places import Syntax, Token, error_at, kind, place_of

NO_BASE: tuple[tuple[str, ...], ...] = ()
RESERVED = ("eye", "ones")
MOST_PRIMES = 12  # of a letter for an axis; further ones get numbers, so that names stay short


Functions = Mapping[str, Callable[["Reading", Syntax], Matrix]]


class Reading:
    """Reads the trees of one text.

    made: the statements that define what primitives are applied to, and these. functions: those of matrix notation.
    """

    def __init__(self, known: Known, text: str, made: dict[str, list[Syntax]], functions: Functions) -> None:
        self.known, self.text, self.made, self.functions = known, text, made, functions
        self.taken: set[str] = set()

    def error(self, cause: str, remedy: str, *trees: Syntax | Token) -> IndexcalcError:
        """An error at some trees."""
        return error_at(cause, remedy, *(place_of(tree, self.text) for tree in trees))

    def start(self, tree: Syntax) -> None:
        """Begin with a statement: letters that are made for it are none of those in it."""
        tokens = tree.scan_values(lambda each: isinstance(each, str))
        self.taken = {str(each) for each in tokens}

    def fresh(self, base: Sequence[str], like: Syntax) -> Group:
        """Letters for an axis, which nothing in the statement has."""
        found = []
        for letter in base:
            primed = (letter + "'" * primes for primes in range(MOST_PRIMES))
            plain = letter.rstrip("'")
            numbered = (f"{plain}{number}" for number in count(2))
            letter = next(each for each in chain(primed, numbered) if each not in self.taken)
            self.taken.add(letter)
            found.append(letter)
        return found

    def number(self, tree: Syntax) -> Syntax:
        """A tree that has to be a number, with indices."""
        found = self.read(tree)
        if not found.is_number:
            what = found.what
            raise self.error(
                f"{what} stands where a number has to stand", "Write an element of it, such as (...)[i,j]", tree
            )
        return found.element([])

    def read(self, tree: Syntax) -> Matrix:
        """What a formula is."""
        rule = RULES.get(kind(tree))
        return rule(self, tree) if rule is not None else self._inside(tree)

    # ----- Numbers -----------------------------------------------------------------------------------------------

    def plain(self, tree: Syntax, text: str, level: int = ATOM) -> Matrix:
        """A number."""
        return Matrix(tree, 0, NO_BASE, lambda _: tree, text, level)

    def _inside(self, tree: Syntax) -> Matrix:
        """A node of the notation with indices, whose parts are numbers."""
        children = [child if isinstance(child, str) else self._part(child) for child in tree.children]
        new = nodes.node(tree, tree.data, children)
        return self.plain(new, self._text(tree, new))

    def _text(self, tree: Syntax, new: Syntax) -> str:
        words = [str(each) if isinstance(each, str) else self.read(each).text for each in tree.children]
        match kind(tree):
            case "indicator":
                return f"{words[0]}[{words[1]}]"
            case "condition":
                return " ".join(words)
            case "where":
                return f"where({', '.join(words)})"
        return nodes.text_of(new)

    def _part(self, tree: Syntax) -> Syntax:
        return tree if kind(tree) in ("indices", "number") else self.number(tree)

    def _reduce(self, tree: Syntax) -> Matrix:
        head, inside, body = tree.children
        assert not isinstance(body, str) and not isinstance(inside, str)
        found = self.read(body)

        def element(letters: Letters) -> Syntax:
            return nodes.node(tree, tree.data, [head, inside, found.element(letters)])

        bound = ",".join(map(str, inside.children))
        return replace(
            found, tree=tree, element=element, text=f"{head}[{bound}]({found.text})", level=ATOM, direct=None
        )

    def _diff(self, tree: Syntax) -> Matrix:
        numerator, *variables = (self.read(child) for child in tree.children if not isinstance(child, str))
        parts = [numerator, *variables]

        def element(letters: Letters) -> Syntax:
            rest, found = list(letters), []
            for part in parts:
                found.append(part.element(rest[: part.rank]))
                del rest[: part.rank]
            return nodes.node(tree, tree.data, found)

        base = tuple(letters for part in parts for letters in part.base)
        text = f"diff({', '.join(part.text for part in parts)})"
        return Matrix(tree, len(base), base, element, text)

    # ----- Names -------------------------------------------------------------------------------------------------

    def _name(self, tree: Syntax) -> Matrix:
        name = str(tree.children[0])
        if name in RESERVED and name not in self.known.ranks:
            return (
                self._eye(tree)
                if name == "eye"
                else Matrix(tree, ANY, NO_BASE, lambda _: nodes.number(tree, "1"), name)
            )
        rank = self._rank(name)
        if not rank:
            return self.plain(tree, name)
        base = tuple((letter,) for letter in self.known.axes(name))

        def element(letters: Letters) -> Syntax:
            return nodes.access(tree, name, [each for group in letters for each in group])

        direct = name, (None,) * rank
        return Matrix(tree, rank, base, element, name, direct=direct, symmetric=name in self.known.symmetric)

    def _rank(self, name: str) -> int:
        known = self.known
        if name not in known.ranks and name in known.bare and name not in known.reading:
            tree, text = known.bare[name]
            body = tree.children[1]
            assert not isinstance(body, str)
            known.reading.append(name)
            inner = Reading(known, text, self.made, self.functions)
            inner.start(tree)
            found = inner.read(body)
            known.reading.pop()
            if found.rank == ANY:
                raise inner.error("nothing gives the size of ones here", "Write it beside a matrix", body)
            known.ranks[name] = found.rank
            known.letters[name] = tuple(letters[0] if len(letters) == 1 else "" for letters in found.base)
            known.symmetric.update([name] if found.symmetric else ())
        return known.ranks.get(name, 0)

    def _eye(self, tree: Syntax) -> Matrix:
        def element(letters: Letters) -> Syntax:
            (first, second) = letters
            pairs = zip(first, second, strict=True)
            return nodes.product(tree, [nodes.access(tree, "delta", pair) for pair in pairs])

        return Matrix(tree, 2, ((), ()), element, "eye", symmetric=True, sizeless=True)

    def _tensor(self, tree: Syntax) -> Matrix:
        name, inside = str(tree.children[0]), tree.children[1]
        assert not isinstance(inside, str)
        slots = [str(each if isinstance(each, str) else each.children[0]) for each in inside.children]
        if name == "eye":
            return self.plain(nodes.access(tree, "delta", slots), nodes.text_of(nodes.access(tree, "delta", slots)))
        if name == "ones":
            return self.plain(nodes.number(tree, "1"), "1")
        if ":" not in slots:
            return self.plain(tree, nodes.text_of(tree))
        letters = self.known.axes(name) if name in self.known.ranks else ("",) * len(slots)
        if len(letters) != len(slots):
            raise self.error(f"{name} has {len(letters)} indices", f"Write {name}[{','.join(letters)}]", tree)
        base = tuple((letter,) for letter, slot in zip(letters, slots, strict=True) if slot == ":")

        def element(given: Letters) -> Syntax:
            rest = iter([each for group in given for each in group])
            return nodes.access(tree, name, [next(rest) if slot == ":" else slot for slot in slots])

        direct = name, tuple(None if slot == ":" else slot for slot in slots)
        return Matrix(tree, len(base), base, element, nodes.text_of(tree), direct=direct)

    # ----- Arithmetic --------------------------------------------------------------------------------------------

    def _element(self, tree: Syntax) -> Matrix:
        inner, inside = tree.children
        assert not isinstance(inner, str) and not isinstance(inside, str)
        found = self.read(inner)
        slots = [str(each) for each in inside.children]
        if found.rank not in (ANY, len(slots)):
            raise self.error(
                f"{found.what} has {counted(found.rank)}, and here {len(slots)} stand",
                "Give each axis one index",
                inside,
            )
        if any(len(letters) > 1 for letters in found.base):
            raise self.error("an axis of vec or kron has no single index", "Write the element with indices", tree)
        kept = [place for place, slot in enumerate(slots) if slot == ":"]

        def element(letters: Letters) -> Syntax:
            rest = iter(letters)
            return found.element([next(rest) if slot == ":" else [slot] for slot in slots])

        shown = [slot if slot.isdecimal() or slot == ":" else f"{OPEN}{slot}{CLOSE}" for slot in slots]
        base = tuple(found.base[place] for place in kept) if found.base else NO_BASE
        return Matrix(tree, len(kept), base, element, f"{found.within(ATOM)}[{','.join(shown)}]")

    def _call(self, tree: Syntax) -> Matrix:
        name = str(tree.children[0])
        if name in self.functions and name not in self.known.ranks:
            return self.functions[name](self, tree)
        arguments = [self.read(child) for child in tree.children[1:] if not isinstance(child, str)]
        if name in self.known.ranks or name in self.known.bare:
            head = self._name(nodes.node(tree, "name", [tree.children[0]]))
            if not head.is_number or any(not each.is_number for each in arguments):
                return scaled(self, tree, [head, *arguments])
        rank = sums.common(self, arguments) if arguments and name not in REDUCTIONS else 0
        head_token = tree.children[0]

        def element(letters: Letters) -> Syntax:
            return nodes.node(tree, "call", [head_token, *(each.element(letters) for each in arguments)])

        text = f"{name}({', '.join(each.text for each in arguments)})"
        whole = Matrix(
            tree, rank, sums.base_of(arguments, rank), element, text, row=any(each.row for each in arguments)
        )
        return replace(whole, symmetric=rank == 2 and all(each.symmetric for each in arguments))

    def _bound(self, tree: Syntax) -> Matrix:
        return self.functions["bound"](self, tree)


RULES: dict[str, Callable[[Reading, Syntax], Matrix]] = {
    "name": Reading._name,
    "number": lambda reading, tree: reading.plain(tree, str(tree.children[0])),
    "tensor": Reading._tensor,
    "sum": sums.added,
    "negative": sums.negative,
    "product": folded,
    "power": sums.power,
    "transposed": sums.transposed,
    "element": Reading._element,
    "call": Reading._call,
    "bound": Reading._bound,
    "reduce": Reading._reduce,
    "diff": Reading._diff,
}

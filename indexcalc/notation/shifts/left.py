"""Left sides: rules, bases at fixed places, and a letter that is shifted by a number."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.shifts.conditions import Names
from indexcalc.notation.shifts.forms import Written, said, written
from indexcalc.notation.syntax.places import Place, Syntax, Token, error_at, kind, place_of


@dataclass(frozen=True, eq=False)
class Left:
    """The left side of a definition: its name, for each axis a letter or a place, and the body for these."""

    name: str
    slots: tuple[str | Written, ...]
    body: Syntax
    text: str
    place: Place
    tokens: tuple[Place, ...]

    @property
    def is_base(self) -> bool:
        """Whether it gives the value at fixed places."""
        return any(not isinstance(slot, str) for slot in self.slots)

    @property
    def letters(self) -> tuple[str, ...]:
        """Its letters."""
        return tuple(slot for slot in self.slots if isinstance(slot, str))


def left_side(statement: Statement, names: Names) -> Left:
    """The left side of a definition. Raises IndexcalcError for places that define no single element."""
    left, body = statement.tree.children
    assert not isinstance(left, str) and not isinstance(body, str)
    name, place = str(left.children[0]), place_of(left, statement.text)
    children = indices_of(left).children if kind(left) == "tensor" else []
    slots: list[str | Written] = []
    shifts: list[tuple[str, int]] = []
    for child in children:
        form = written(child, statement.text)
        letters = [word for word, _ in form.names if word not in names.sizes]
        _check(name, form, letters, child, statement.text)
        if not letters:
            slots.append(form)
        elif form.is_plain:
            slots.append(letters[0])
        else:
            slots.append(letters[0])
            shifts.append((letters[0], form.constant))
    if len(shifts) > 1:
        cause = f"more than one letter is shifted on the left side {said(left, statement.text)}"
        raise error_at(cause, "Shift only one letter, or write the letters plainly on the left", place)
    found = [slot for slot in slots if isinstance(slot, str)]
    twice = next((letter for letter in found if found.count(letter) > 1), "")
    if twice:
        cause = f"the left side of a definition holds the index {twice} twice"
        raise error_at(cause, "Use a different letter for every index", place)
    for letter, shift in shifts:
        body = shifted_body(body, letter, -shift)
    tokens = tuple(place_of(child, statement.text) for child in children)
    return Left(name, tuple(slots), body, statement.text, place, tokens)


def _check(name: str, form: Written, letters: list[str], child: Syntax | Token, text: str) -> None:
    place = place_of(child, text)
    if form.period:
        raise error_at("a left side counts no places modulo a period", "Write a letter there", place)
    if len(letters) > 1:
        whole = said(child, text)
        other = letters[0] + "'" if "m" in letters else "m"
        cause = f"{whole} on the left side of {name} names two letters in one place: an element has several right sides"
        first, second = letters[:2]
        remedy = f"Write one letter on the left: {name}[{other}] = ... with {other}-{first} in place of {second}"
        raise error_at(cause, remedy, place)
    if letters and (dict(form.names)[letters[0]] != 1 or len(form.names) > 1):
        cause = f"{said(child, text)} on the left side of {name} gives values to some places only"
        raise error_at(cause, f"Write {name}[{letters[0]}] and shift the places on the right", place)


def shifted_body(tree: Syntax, letter: str, shift: int) -> Syntax:
    """An expression with letter+shift in place of a letter."""

    def word(sign: Token, kind_of: str, text: str) -> Token:
        return type(sign)(kind_of, text, start_pos=sign.start_pos, end_pos=sign.end_pos)

    def place(node: Syntax | Token) -> Syntax | Token:
        if not isinstance(node, str):
            return type(node)(node.data, [place(each) for each in node.children], node.meta)
        if str(node) != letter or not node.type.endswith("INDEX"):
            return node
        sign = word(node, "MINUS" if shift < 0 else "PLUS", "-" if shift < 0 else "+")
        return type(tree)("place__shifted", [node, sign, word(node, "INDEX", str(abs(shift)))], tree.meta)

    def inside(node: Syntax, in_condition: bool) -> Syntax:
        if kind(node) == "indices":
            return type(node)(node.data, [place(each) for each in node.children], node.meta)
        if in_condition and kind(node) == "name" and str(node.children[0]) == letter:
            token = node.children[0]
            assert isinstance(token, str)
            sign = word(token, "MINUS" if shift < 0 else "PLUS", "-" if shift < 0 else "+")
            number = type(node)("place__number", [word(token, "NUMBER", str(abs(shift)))], node.meta)
            return type(node)("place__sum", [node, sign, number], node.meta)
        if kind(node) == "reduce" and letter in map(str, indices_of(node).children):
            return node
        deeper = in_condition or kind(node) == "condition"
        children = [each if isinstance(each, str) else inside(each, deeper) for each in node.children]
        return type(node)(node.data, children, node.meta)

    return inside(tree, False)

"""Texts with spellings of other languages: those that can be read as they are meant are, others are refused.

Without this they would be read, as names like any other: dL/dw as a quotient of two numbers, e^x as a power of one,
y_i as a number, Sum[i](...) as a product with a tensor. A name that the sheet has in other places is an ordinary name,
and so is one in a bracket of its own: (e)^x.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.notation.syntax import foreign
from indexcalc.notation.syntax.names import REDUCTIONS
from indexcalc.notation.syntax.places import Place, Syntax, Token, error_at, kind, place_of, subtrees

Advice = foreign.Advice
DIFFERENTIAL = re.compile(r"[d∂]\d?(?P<name>\w*)")
SCRIPTED = re.compile(r"(?P<name>[^\W_]+)_(?P<letters>[^\W\d_]+)")


@dataclass
class _Seen:
    """What some texts name.

    ranks: the most indices that a name has. uses: how often it occurs. suspects: those of its uses that look like
    something else, with what to say of them. letters: those of indices in the text at hand. scripted, quotients: what
    is judged when all is seen.
    """

    ranks: dict[str, int] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    suspects: list[tuple[str, Advice, Place]] = field(default_factory=list)
    scripted: list[tuple[str, Place, set[str]]] = field(default_factory=list)
    quotients: list[tuple[str, str, Place]] = field(default_factory=list)
    called: list[tuple[Syntax, str]] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


def read_as_meant(
    trees: Iterable[tuple[Syntax, str]],
    ranks: Mapping[str, int] | None = None,
    known: Collection[str] = (),
    letters: Collection[str] = (),
) -> None:
    """Give functions the names that they have here, and refuse what would be misread.

    Parameters
    ----------
    trees: in the ASCII dialect, each with the text in which its positions count. Names of functions are changed there.
    ranks: of the names that the sheet has already. known: its functions and sizes. letters: its indices.
    """
    seen = _Seen(dict(ranks or {}), known={*(ranks or {}), *known})
    for tree, text in trees:
        seen.letters = set()
        _visit(tree, text, seen)
    for call, _ in seen.called:
        _rename(call, seen)
    _check_differentials(seen)
    _check_scripts(seen, letters)
    suspected = Counter(name for name, _, _ in seen.suspects)
    found = [
        (place, advice)
        for name, advice, place in seen.suspects
        if name not in seen.known and seen.uses[name] == suspected[name]
    ]
    if found:
        place, advice = min(found, key=lambda each: each[0].start)
        raise error_at(*advice, place)


def _rename(call: Syntax, seen: _Seen) -> None:
    name = call.children[0]
    assert isinstance(name, str)
    meant = foreign.function_name(str(name))
    if meant != name and str(name) not in seen.known and not seen.uses[str(name)]:
        call.children[0] = name.update(value=meant)


# ----- Looking through a tree ------------------------------------------------------------------------------------


def _visit(root: Syntax, text: str, seen: _Seen) -> None:
    """Look at every node; not by recursion, since how deep a text nests is not known yet."""
    pending = [root]
    while pending:
        tree = pending.pop()
        _look(tree, text, seen)
        pending += subtrees(tree) if kind(tree) != "tensor" else []


def _look(tree: Syntax, text: str, seen: _Seen) -> None:
    match kind(tree):
        case "definition" | "function":
            head = tree.children[0]
            names = tree.children if kind(tree) == "function" else [head if isinstance(head, str) else head.children[0]]
            seen.known |= {str(name) for name in names}
        case "index":
            seen.known.add(str(tree.children[-1]))
        case "reduce":
            seen.letters.update(_letters(tree.children[1]))
        case "name":
            _name(tree, text, seen)
        case "tensor":
            _tensor(tree, text, seen)
        case "call":
            _call(tree, text, seen)
        case "power":
            _power(tree, text, seen)
        case "product":
            _product(tree, text, seen)


def _name(tree: Syntax, text: str, seen: _Seen) -> None:
    name = str(tree.children[0])
    seen.uses[name] += 1
    seen.ranks.setdefault(name, 0)
    if name in foreign.NAMES:
        seen.suspects.append((name, foreign.NAMES[name], place_of(tree, text)))
    elif "_" in name:
        seen.scripted.append((name, place_of(tree, text), seen.letters))


def _tensor(tree: Syntax, text: str, seen: _Seen) -> None:
    name, indices = str(tree.children[0]), tree.children[1]
    slots = 0 if isinstance(indices, str) else len(indices.children)
    seen.uses[name] += 1
    seen.ranks[name] = max(slots, seen.ranks.get(name, 0))
    seen.letters.update(_letters(indices))
    if (name, slots) in foreign.TENSORS:
        seen.suspects.append((name, foreign.TENSORS[name, slots], place_of(tree, text)))


def _letters(indices: Syntax | Token) -> set[str]:
    return set() if isinstance(indices, str) else {str(each) for each in indices.children}


def _call(tree: Syntax, text: str, seen: _Seen) -> None:
    name, place = str(tree.children[0]), place_of(tree.children[0], text)
    seen.called.append((tree, text))
    if name in foreign.CALLS and name not in FUNCTIONS:
        seen.suspects.append((name, foreign.CALLS[name], place))
    elif name in REDUCTIONS and name not in FUNCTIONS:
        advice = f"{name} needs its indices in square brackets", f"Write {name}[k](...)"
        seen.suspects.append((name, advice, place))
    else:
        return
    seen.uses[name] += 1


def _power(tree: Syntax, text: str, seen: _Seen) -> None:
    base, caret, exponent = tree.children
    if isinstance(base, str) or isinstance(exponent, str) or not isinstance(caret, str):
        return
    if kind(base) == "name" and str(base.children[0]) == "e" and _is_bare(base, text, caret):
        seen.suspects.append(("e", foreign.TO_THE, place_of(tree, text)))
    if kind(base) == "name" and str(base.children[0]) == "d" and kind(exponent) == "number":
        place = place_of(tree, text)
        if found := foreign.SECOND.match(text, place.end):
            whole = Place(text, place.start, found.end())
            advice = f"{text[whole.start : whole.end]} is a quotient of numbers here", "Write diff(L, w[i], w[j])"
            seen.suspects.append(("d", advice, whole))
    if kind(exponent) == "name" and str(exponent.children[0]) in foreign.EXPONENTS and _is_bare(exponent, text, caret):
        seen.suspects.append((str(exponent.children[0]), foreign.TRANSPOSED, place_of(tree, text)))


def _is_bare(side: Syntax, text: str, caret: Token) -> bool:
    """Whether no bracket stands between a side of a power and its sign."""
    first, second = sorted((place_of(side, text), place_of(caret, text)))
    return not text[first.end : second.start].strip()


def _product(tree: Syntax, text: str, seen: _Seen) -> None:
    before: Syntax | None = None
    sign: Token | None = None
    for child in tree.children:
        if isinstance(child, str):
            sign = child
            continue
        if before is not None and sign is None:
            _applied(before, text, seen)
            _reduction(before, child, text, seen)
        elif before is not None and sign is not None and str(sign) == "/":
            if _is_bare(before, text, sign) and _is_bare(child, text, sign):
                _quotient(before, child, text, seen)
        before, sign = child, None


def _applied(name: Syntax, text: str, seen: _Seen) -> None:
    """tr A, nabla L."""
    word = str(name.children[0])
    if kind(name) == "name" and word in foreign.BEFORE:
        seen.suspects.append((word, foreign.BEFORE[word], place_of(name, text)))


def _reduction(tensor: Syntax, body: Syntax, text: str, seen: _Seen) -> None:
    """Sum[i](x[i]), softmax[i](x[i])."""
    between = text[place_of(tensor, text).end : place_of(body, text).start]
    name = str(tensor.children[0])
    if kind(tensor) != "tensor" or "(" not in between:
        return
    if name in foreign.OF_VECTORS:
        seen.suspects.append((name, foreign.CALLS[name], place_of(tensor, text)))
    elif name.lower() in foreign.REDUCTIONS:
        meant = foreign.REDUCTIONS[name.lower()]
        indices = text[place_of(tensor.children[0], text).end : place_of(tensor, text).end].strip()
        remedy = f"Write {meant}{indices}(...), or {name}{indices}*(...) for a tensor of this name"
        advice = f"{name} is no word of this language", remedy
        seen.suspects.append((name, advice, place_of(tensor, text)))


def _quotient(one: Syntax, other: Syntax, text: str, seen: _Seen) -> None:
    """dL/dw, dy[i]/dx[j], d/dw: whether L and w are names is seen at the end."""
    heads = [str(each.children[0]) for each in (one, other) if kind(each) in ("name", "tensor", "call")]
    if len(heads) == 2 and all(map(DIFFERENTIAL.fullmatch, heads)):
        start, end = place_of(one, text).start, place_of(other, text).end
        seen.quotients.append((heads[0], heads[1], Place(text, start, end)))


# ----- What only all texts together tell -------------------------------------------------------------------------


def _check_differentials(seen: _Seen) -> None:
    for above, below, place in seen.quotients:
        parts = [match["name"] for match in map(DIFFERENTIAL.fullmatch, (above, below)) if match]
        numerator, variable = parts[0], parts[1].rstrip("0123456789")
        if (not numerator or numerator in seen.ranks) and variable in seen.ranks:
            letters = ["", "[i]", "[i,j]"]
            forms = [f"{name}{letters[min(seen.ranks.get(name, 0), 2)]}" for name in (numerator or "L", variable)]
            written = place.text[place.start : place.end]
            advice = f"{written} is a quotient of two numbers here", f"Write diff({forms[0]}, {forms[1]})"
            seen.suspects.append((above, advice, place))


def _check_scripts(seen: _Seen, known: Collection[str]) -> None:
    """y_i where y is a tensor and i an index; or where y is nothing else, and i an index of the same statement."""
    for name, place, letters in seen.scripted:
        match = SCRIPTED.fullmatch(name)
        if match is None:
            continue
        head, wanted = match["name"], match["letters"]
        fits = letters.union(known).issuperset(wanted) if head in seen.ranks else letters.issuperset(wanted)
        if fits and seen.ranks.get(head, len(wanted)) == len(wanted):
            remedy = f"Write {head}[{','.join(wanted)}], or {head}{wanted} for a number"
            seen.suspects.append((name, (f"{name} is a number here, without an index", remedy), place))

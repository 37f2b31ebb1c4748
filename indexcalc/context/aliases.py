r"""One tensor under two letters, and two under one.

A matrix and its small elements, a vector with an arrow and its elements without; a total and what it is the sum of: E
and E_n, where the text says that E = \sum_n E_n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from indexcalc.context.functions.calls import definition_call
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.loose import binds
from indexcalc.context.names import Use, letter_of, script_items, split_formula, written
from indexcalc.context.said import Said, spaces
from indexcalc.notation.formula import Big, Formula, Name, Product, Scripted, Sequence, Signed, walk


def arrows(uses: Iterable[Use], known: Knowledge) -> None:
    r"""\vec{n}, of which the elements are n_i, is n: without an arrow it stands with one index and never alone."""
    letters = known.letters
    names = {use.name for use in uses}
    for name in sorted(names):
        plain = name.removesuffix("_vec")
        if name != plain and plain in names and letters.kinds.get(plain) == {1} and plain not in letters.bare:
            if not letters.counts.get(name):
                known.aliases[name] = plain


def capitals(known: Knowledge) -> None:
    """Capital letters that stand alone, of which the small ones with two indices are the elements.

    A small letter that stands alone, or with one index, is a vector beside them: a_j, and A with the elements a_jk.
    """
    letters = known.letters
    for name, count in list(letters.counts.items()):
        head, _, tail = name.partition("_")
        capital = "_".join([head.upper(), tail]) if tail else head.upper()
        if count != 2 or len(head) != 1 or not head.islower() or name in known.aliases:
            continue
        if (
            capital in letters.bare | set(known.ledger.names())
            and not letters.kinds.get(capital)
            and (name not in letters.bare or (letters.kinds.get(name) == {1, 2} and name not in known.rows))
        ):
            if known.axes(capital) in (0, 2) and capital not in letters.sizes and capital not in known.letters.bound:
                beside = name in known.banded or (letters.kinds.get(name) == {1, 2} and name not in known.rows)
                element = f"{name}_c" if beside else name  # x_n, of \mathbf{x}, is no row of X
                known.aliases[element] = capital
                known.columns |= {capital} if name in known.columns else set()
                known.rows |= {capital} if name in known.rows else set()
                letters.counts[capital] = 2
                known.ledger.entries[capital, "axes"].clear()
                known.believe(capital, 0, SHOWN, 0, f"{name} with two indices are its elements")


def totals(said: Iterable[Said], known: Knowledge) -> None:
    r"""Names that the text defines as the sum of what they name with an index.

    E = \sum_n E_n, or J = \sum_i s_i^2 beside J_i = s_i^2. A sum of anything else, x = \sum_i x_i e_i, is the tensor.
    """
    defined = [each for each in said if len(each.sides) > 1 and each.relations[0] in ("equality", "definition")]
    parts: dict[str, set[str]] = {}
    for each in defined:
        use = _head(each.sides[0], known)
        if use is not None and use.indices:
            parts.setdefault(use.name, set()).update(written(side) for side in map(_core, each.sides[1:]))
    for each in defined:
        use = _head(each.sides[0], known)
        if use is None or use.indices or use.transposed or not known.letters.kinds.get(use.name):
            continue
        for summand, letters in (found for side in each.sides[1:] for found in _summands(side)):
            own = _head(summand, known)
            is_own = own is not None and own.name == use.name and {str(item.text) for item in own.indices} <= letters
            if (is_own and own is not None and own.indices) or written(_core(summand)) in parts.get(use.name, ()):
                known.totals.add(use.name)


def _head(formula: Formula, known: Knowledge) -> Use | None:
    """The name that a side is, or of which it is a value: E(w, v)."""
    call = definition_call(formula)
    name = call[0] if call else formula
    return known.use(name) if isinstance(name, Name | Scripted) else None


def _core(formula: Formula) -> Formula:
    """A formula without its sign and the factors before its last one."""
    match formula:
        case Signed(_, body):
            return _core(body)
        case Product(factors) if definition_call(formula) is None and factors[-1][0] != "over":
            return factors[-1][1]
    return formula


def _summands(side: Formula) -> Iterator[tuple[Formula, frozenset[str]]]:
    """What the sums of a side add up, with the letters that they bind."""
    bound = frozenset(letter for each in walk(side) if isinstance(each, Big) for letter in binds(each.below))
    for each in walk(side):
        if isinstance(each, Big) and each.sign == "sum" and each.body is not None and not isinstance(each.body, Big):
            yield each.body, bound


def told_apart(said: list[Said]) -> set[str]:
    r"""Letters of which a place tells tensors apart: b_1 \in \mathbb{R}^m and b_2 \in \mathbb{R}^k are two vectors.

    Those of matrices too, X_1 \in \mathbb{R}^{m \times n}, if no letter stands in their place.
    """
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for each in said:
        for first, shape in spaces(each):
            for item in first.items if isinstance(first, Sequence) else (first,):
                parts = split_formula(item)
                below = script_items(parts[1]) if parts else []
                if parts and len(below) == 1 and below[0].kind == "place":
                    found[letter_of(parts[0])].add(shape)
    lettered = {name for each in said for side in each.sides for part in walk(side) if (name := _lettered(part))}
    matrices = {letter for letter, shapes in found.items() if any(len(shape) > 1 for shape in shapes)}
    return {letter for letter, shapes in found.items() if len(shapes) > 1} | (matrices - lettered)


def _lettered(formula: Formula) -> str:
    """The letter of a name below which one letter stands alone."""
    parts = split_formula(formula) if isinstance(formula, Scripted) else None
    below = script_items(parts[1]) if parts else []
    return letter_of(parts[0]) if parts and len(below) == 1 and below[0].kind in ("letter", "shifted") else ""

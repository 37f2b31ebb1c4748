r"""What a text states of tensors and fields without claiming it: symmetries, equations that are zero, error terms."""

from __future__ import annotations

from indexcalc.audit.outline.statements import Statement
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import loose
from indexcalc.context.names import Use
from indexcalc.notation.formula import (
    Derivative,
    Formula,
    Nabla,
    Name,
    Numeral,
    Opaque,
    Scripted,
    Signed,
    Sum,
    base_of,
    walk,
)

SYMBOLS = {"delta": 2, "epsilon": 3}  # and how many indices they have
ERROR = Name("epsilon")  # the usual letter of what a model leaves unexplained


def is_zero(formula: Formula) -> bool:
    """Whether a side is nothing but 0."""
    match formula:
        case Numeral(text="0"):
            return True
        case Name("0", "bold"):
            return True
        case Scripted(base=base, above=None, primes=0):
            return is_zero(base)
        case Opaque("vec", (inner,)):
            return is_zero(inner)
    return False


def is_symbol(use: Use, known: Knowledge) -> bool:
    """Whether a name is delta or epsilon with its number of indices, or another sign that the text explains as epsilon.

    A strain epsilon_ij is none.
    """
    if not use.labels and known.letters.is_permutation(use.letter, len(use.indices)):
        return True
    return SYMBOLS.get(use.name) == len(use.indices) and use.name not in known.letters.taken


def exchanged(statement: Statement, known: Knowledge) -> Use | None:
    """The element of a tensor that a statement says is the same with its letters in another order; or none."""
    elements = [_element(side.formula, known) for side in statement.sides]
    uses = [use for use in elements if use is not None]
    if len(uses) < len(elements) or any(link.kind != "equality" for link in statement.links):
        return None
    scripts = [tuple(item.text for item in use.indices) for use in uses]
    is_one = len({use.name for use in uses}) == len({tuple(sorted(each)) for each in scripts}) == 1
    is_another = len(set(scripts)) == len(scripts) and len(set(scripts[0])) == len(scripts[0])
    return uses[0] if is_one and is_another else None


def _element(side: Formula, known: Knowledge) -> Use | None:
    """An element of a tensor at letters, with any sign; none of anything else."""
    body = side.body if isinstance(side, Signed) else side
    use = known.use(body) if isinstance(body, Name | Scripted) else None
    is_plain = use is not None and use.power is None and not use.transposed and not use.primes
    return use if use is not None and is_plain and all(item.kind == "letter" for item in use.indices) else None


def is_field_law(statement: Statement, known: Knowledge) -> bool:
    r"""Whether a statement says that something made of derivatives of fields is zero: \partial_i u_i = 0.

    As a fraction a derivative is one of a field where its letter is summed over: \frac{\partial u_i}{\partial x_i} = 0.
    """
    if len(statement.sides) != 2 or statement.links[0].kind != "equality":
        return False
    left, right = (side.formula for side in statement.sides)
    signs = (part for part in walk(left) if isinstance(part, Nabla))
    of_fields = any(part.sign == "partial" or part.way in ("dot", "cross", "square") for part in signs)
    return is_zero(right) and (of_fields or _is_contracted(left, known))


def _is_contracted(formula: Formula, known: Knowledge) -> bool:
    """Whether a letter of what a fraction differentiates by is summed over, where the text leaves out signs of sums."""
    if not known.implied:
        return False
    variables = [each for part in walk(formula) if isinstance(part, Derivative) for each, _ in part.variables]
    uses = [known.use(each) for each in variables if isinstance(each, Name | Scripted)]
    letters = {item.text for use in uses if use is not None for item in use.indices if item.kind == "letter"}
    counts = loose(formula, known, {})
    return any(counts[letter] > 1 for letter in letters)


def error_term(body: Formula) -> Formula | None:
    r"""The error term of a model, y = X \beta + \epsilon; none of what has none."""
    terms = [each for _, each in body.terms] if isinstance(body, Sum) else []
    found = (each for each in terms if isinstance(each, Name | Scripted) and base_of(each) == ERROR)
    return next(found, None)

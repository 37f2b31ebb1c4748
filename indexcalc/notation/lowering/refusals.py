"""What can be parsed but would be misread: refused, with what to write instead."""

from __future__ import annotations

from difflib import get_close_matches

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.summation import operands
from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.syntax.names import CALLED, COMPOSED, REDUCTIONS, check_name
from indexcalc.notation.syntax.places import Syntax, Token, error_at, kind, place_of

NOT_ELEMENTWISE = ("det", "diag", "inv", "logsoftmax", "norm", "softmax", "trace", "transpose")
ALIKE = 0.75  # how much an unknown function may resemble a known one


def check_product(tree: Syntax, text: str, survey: Survey) -> None:
    """Refuse a/b c, a/b(c) where b is no function, and 2 3."""
    before: tuple[Syntax | None, str] = (None, "")  # the factor before, and the sign in front of it
    sign: Token | None = None
    for child in tree.children:
        if isinstance(child, str):
            sign = child
            continue
        factor, its_sign = before
        divides = sign is not None and sign.type.endswith("OVER")
        if factor is not None and sign is None:
            if its_sign == "/":
                raise _ambiguous_quotient(tree, text)
            if kind(factor) == kind(child) == "number":
                places = place_of(factor, text), place_of(child, text)
                raise error_at("two numbers stand side by side", "Write 2*3 for a product", *places)
        if divides and sign is not None and _is_product(child, survey) and not _between(sign, "(", child, text):
            raise _ambiguous_quotient(tree, text)
        before, sign = (child, "/" if divides else ""), None


def _is_product(tree: Syntax, survey: Survey) -> bool:
    """Whether this looks like a call and is a product: c(x + 1) with a scalar c."""
    return kind(tree) == "call" and survey.is_factor(str(tree.children[0]))


def _between(first: Syntax | Token, bracket: str, second: Syntax | Token, text: str) -> bool:
    """Whether a bracket stands between two neighbours."""
    return bracket in text[place_of(first, text).end : place_of(second, text).start]


def _ambiguous_quotient(tree: Syntax, text: str) -> IndexcalcError:
    return error_at(
        "a/b c can be read as (a/b)*c and as a/(b*c)",
        "Write brackets, or a/b*c for (a/b)*c",
        place_of(tree, text),
    )


def check_power(tree: Syntax, text: str, survey: Survey) -> None:
    """Refuse c(x)^2 where c is no function."""
    base, caret, _ = tree.children
    if isinstance(base, str) or not _is_product(base, survey) or _between(base, ")", caret, text):
        return
    name = base.children[0]
    raise error_at(
        f"{name} is no function here, so {name}(x)^2 can be read in two ways",
        f"Write {name}*(x)^2 or ({name}*(x))^2",
        place_of(tree, text),
    )


def check_call(tree: Syntax, arguments: int, text: str, survey: Survey) -> None:
    """Refuse a wrong number of arguments, a name that looks like a slip, and a tensor without its indices."""
    name = str(tree.children[0])
    if name in CALLED and not survey.is_factor(name):
        _check_arity(tree, arguments, text)
    elif survey.is_factor(name):
        _check_factor(tree, arguments, text, survey)
    else:
        _check_unknown(tree, arguments, text, survey)


def _check_arity(tree: Syntax, arguments: int, text: str) -> None:
    name = str(tree.children[0])
    wanted = FUNCTIONS[name].arity if name in FUNCTIONS else 2
    if arguments != wanted:
        remedy = f"It takes {wanted}" + (f"; over an index write {name}[k](...)" if name in REDUCTIONS else "")
        raise error_at(f"{name} has {arguments} argument{'s' * (arguments > 1)}", remedy, place_of(tree, text))
    if name not in FUNCTIONS:
        return
    lowest = FUNCTIONS[name].lowest
    for order in operands(tree)[: FUNCTIONS[name].orders]:
        if kind(order) != "number" or not str(order.children[0]).isdecimal() or int(str(order.children[0])) < lowest:
            meaning = " for the first derivative of digamma(x)" if name == "polygamma" else ""
            orders = FUNCTIONS[name].orders
            letters = ", ".join((*[str(lowest)] * orders, *"ab"[: wanted - orders - 1], "x"))
            raise error_at(
                f"the order of {name} is a whole number from {lowest} on",
                f"Write {name}({letters}){meaning}",
                place_of(order, text),
            )


def _check_factor(tree: Syntax, arguments: int, text: str, survey: Survey) -> None:
    name = str(tree.children[0])
    if arguments > 1:
        raise error_at(
            f"{name} is no function here, and a bracket with a comma is no factor",
            f"Write {name}[i,j] for an element of a tensor",
            place_of(tree, text),
        )
    if name in survey.uses and survey.uses[name][0]:
        raise error_at(
            f"{name} is a tensor, and stands here without its indices",
            f"Write {name}[i]*(...) for a product, {name}[i] for an element",
            place_of(tree.children[0], text),
        )


def _check_unknown(tree: Syntax, arguments: int, text: str, survey: Survey) -> None:
    name, place = str(tree.children[0]), place_of(tree.children[0], text)
    if name in REDUCTIONS:
        raise error_at(f"{name} needs its indices in square brackets", f"Write {name}[k](...)", place)
    check_name(name, place, primes=True)
    known = () if name.rstrip("'") in survey.declared else (*FUNCTIONS, *COMPOSED, *REDUCTIONS, *NOT_ELEMENTWISE)
    meant = next(iter(get_close_matches(name.rstrip("'"), known, n=1, cutoff=ALIKE)), "")
    if meant in NOT_ELEMENTWISE:
        raise error_at(
            f"{meant} is not a function of single elements",
            "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k]))",
            place,
        )
    if meant:
        raise error_at(f"the function {name} is unknown", f"Did you mean {meant}?", place)
    if arguments > 1:
        raise error_at(
            f"the function {name} of {arguments} arguments is unknown",
            "An unknown function takes one argument; elements are written x[i,j]",
            place_of(tree, text),
        )

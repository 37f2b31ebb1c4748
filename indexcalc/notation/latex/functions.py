"""Functions in LaTeX: with brackets, with braces, before a bare factor; with a power or a base of their own."""

from __future__ import annotations

from lark import Token, Tree

from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.scripts import Scripts, token
from indexcalc.notation.latex.scripts import node as make
from indexcalc.notation.latex.sums import Sums
from indexcalc.notation.latex.words import FUNCTION_NAMES, base_name, items_of
from indexcalc.notation.syntax.foreign import function_name
from indexcalc.notation.syntax.places import NAMES, Syntax, kind

CLOSED = ("bracket", "braces", "group")
BLACKBOARD = ("\\mathbb", "\\mathds")
OPERATOR = ("an operator such as an expectation stands here", "Write it out as a sum")
VECTORS = (
    "a matrix without indices",
    "Write its elements: (AB)_{ij} as a_{ik} b_{kj}",
)


def is_operator(head: Syntax) -> bool:
    r"""Whether a letter is written like that of an expectation, \mathbb{E}."""
    return kind(head) == "font" and str(head.children[0]) in BLACKBOARD


def with_its_call(part: Syntax, beside: Syntax | None, words: Words) -> Syntax | None:
    r"""\log of \sigma(s), for \log \sigma and the bracket beside it if \sigma is a function; else none."""
    if kind(part) != "applied" or beside is None or bracket_of(beside) is None:
        return None
    *head, name = part.children
    if not isinstance(name, Tree) or kind(name) not in NAMES or words.rank(base_name(name) or "") is not None:
        return None
    call = make("product", [name, beside], name)
    return make("applied", [*head, make("bracket", [make("list", [call], name)], name)], part)


class Functions(Sums):
    """Translates calls of functions, and powers."""

    def called(self, name: str, head: Syntax, bracket: Syntax) -> Syntax | None:
        """A name before a bracket: a call, an element of a vector of functions, or none for a product."""
        if is_operator(head):
            raise self.error(*OPERATOR, head)
        scripts = self._scripts_of(bracket)
        name = self.words.spelled.get(self._bare(head), name)
        rank = self.words.rank(name)
        if rank and scripts.below is not None and scripts.above is None:
            return self.placed(name, scripts.below, head)
        if rank is not None:
            return None
        known = function_name(FUNCTION_NAMES.get(name, name))
        return self._call(known, bracket_of(bracket) or bracket, scripts, head)

    def _scripts_of(self, tree: Syntax) -> Scripts:
        return self.scripts(tree.children[1:] if kind(tree) == "scripted" else ())

    def _call(self, name: str, bracket: Syntax, scripts: Scripts, head: Syntax | Token) -> Syntax:
        if scripts.below is not None or scripts.primes:
            raise self.error(*VECTORS, bracket)
        arguments = [self.expression(each) for each in self._arguments(bracket)]
        called = token("CALLED", name, head)
        while len(arguments) > 2 and name in ("max", "min"):
            arguments = [*arguments[:-2], make("call", [called, *arguments[-2:]], bracket)]
        call = make("call", [called, *arguments], bracket)
        return self.raised(call, scripts.above)

    def _arguments(self, bracket: Syntax) -> list[Syntax]:
        return items_of(bracket) if kind(bracket) in ("bracket", "braces") else [bracket]

    def _applied(self, tree: Syntax) -> Syntax:
        head, *parts, argument = tree.children
        assert isinstance(head, Token) and isinstance(argument, Tree)
        name = str(head).removeprefix("\\")
        own, after = self.scripts(parts), self._scripts_of(argument)
        inner = bracket_of(argument)
        if inner is None or kind(argument) != "scripted":
            inner, after = inner or argument, Scripts(None, None, "")
        call = self._call(FUNCTION_NAMES[name], inner, after, head)
        if own.below is not None:
            call = self._to_base(name, call, own.below)
        if own.above is not None and [kind(item) for item in items_of(own.above)] == ["negative"]:
            raise self.error(
                rf"\{name}^{{-1}} may be the inverse function or the reciprocal",
                rf"Write \arc{name}(x), or 1/\{name}(x)" if name in ("sin", "cos", "tan") else rf"Write 1/\{name}(x)",
                own.above,
            )
        return self.raised(call, own.above)

    def _to_base(self, name: str, call: Syntax, below: Syntax) -> Syntax:
        r"""\log_2(x) is log(x)/log(2); \log_e is \log."""
        items = items_of(below)
        if name not in ("log", "ln") or len(items) != 1:
            raise self.error(rf"\{name} has an index", "Write the index at its argument", below)
        if base_name(items[0]) == "e":
            return call
        other = make("call", [token("CALLED", "log", below), self.expression(items[0])], below)
        return make("product", [call, token("OVER", "/", below), other], call)

    def raised(self, base: Syntax, above: Syntax | None) -> Syntax:
        """A power, if there is an exponent."""
        if above is None:
            return base
        caret = token("POWER", "^", above)
        return make("power", [base, caret, self._exponent(above)], base)

    def _exponent(self, above: Syntax) -> Syntax:
        items = items_of(above)
        if len(items) != 1 or kind(items[0]) == "transposed":
            raise self.error("this is no exponent", "Write a power as x^{2}", above)
        return self.expression(items[0])


def bracket_of(tree: Syntax) -> Syntax | None:
    """A bracket, perhaps with scripts."""
    inner = tree.children[0] if kind(tree) == "scripted" else tree
    return inner if isinstance(inner, Tree) and kind(inner) in CLOSED else None

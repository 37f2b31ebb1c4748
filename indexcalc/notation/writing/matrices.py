r"""Writing terms of at most two free indices in matrix notation, in the ASCII form and in LaTeX.

    sum[n](X[n,i]*(sum[j](X[n,j]*w[j]) - y[n]))   is   X.T @ (X @ w - y)   and   X^\top \left( X w - y \right)

Each addend is a graph: its indices are the nodes, a matrix is an edge, a vector stands at a node. An index that is
summed and joins two edges is a product of matrices; parallel edges are a product entry by entry; a vector at a joint is
a diagonal matrix. What is left between the free indices is what is written. The text reads back as the same term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexcalc.notation.latex.names import spelled_name
from indexcalc.notation.writing import latex as in_latex
from indexcalc.notation.writing import text as in_text
from indexcalc.notation.writing.chains import IDENTITY, Atom, Chain, NoMatrixError, applied, entrywise, written
from indexcalc.notation.writing.graph import Graph
from indexcalc.sheet import Primitive, Sheet
from indexcalc.terms import (
    MINUS_ONE,
    Call,
    Contraction,
    Delta,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    coefficient_of,
    factors_of,
    terms_of,
)


@dataclass(frozen=True)
class MatrixForm:
    """A term in matrix notation: its text and its LaTeX."""

    text: str
    latex: str


def write_matrix(term: Term, sheet: Sheet, axes: Sequence[Index]) -> MatrixForm:
    """The matrix form of a term whose axes are rows and columns. Raises NoMatrixError with the reason."""
    if len(axes) > 2:
        raise NoMatrixError(f"the result has {len(axes)} axes, and a matrix has two")
    if any(axis.place is not None for axis in axes):
        raise NoMatrixError("a place is named, which matrix notation has no word for")
    writer = _Writer(sheet)
    return MatrixForm(*(writer.sum(term, tuple(axes), is_latex) for is_latex in (False, True)))


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    # ----- Sums --------------------------------------------------------------------------------------------------

    def sum(self, term: Term, axes: tuple[Index, ...], is_latex: bool) -> str:
        """A sum of products."""
        parts = sorted(self._parts(term, axes), key=lambda each: coefficient_of(each) < 0)
        text = ""
        for part in parts:
            word = self.product(part, axes, is_latex)
            number = -1 if word.startswith("-") else 1
            word = word.removeprefix("-")
            sign = ("-" if number < 0 else "") if not text else (" - " if number < 0 else " + ")
            text += sign + word
        return text

    def _parts(self, term: Term, axes: tuple[Index, ...]) -> list[Term]:
        """The addends; a product with a bracket that has no form alone is multiplied out."""
        found: list[Term] = []
        for part in terms_of(term):
            try:
                self.product(part, axes, False)
                found.append(part)
            except NoMatrixError:
                opened = _multiplied_out(part)
                if opened is part:
                    raise
                found += terms_of(opened)
        return found

    def product(self, term: Term, axes: tuple[Index, ...], is_latex: bool) -> str:
        """A product, with a minus in front if it has one."""
        number, rest = coefficient_and_rest(term)
        scalars, chain = self._chain(rest, axes)
        for scalar in scalars:
            number *= scalar.value if isinstance(scalar, Number) else 1
        scalars = [scalar for scalar in scalars if not isinstance(scalar, Number)]
        upper, lower = [], []
        size = -number if number < 0 else number
        if size != 1 or (not scalars and not chain):
            upper.append(self._scalar(Number(size), is_latex))
        for scalar in scalars:
            match scalar:
                case Power(_, Number(value)) if value < 0:
                    lower.append(self._scalar(Power(scalar, MINUS_ONE), is_latex))
                case _:
                    upper.append(self._scalar(scalar, is_latex))
        word = _assembled(upper, lower, written(chain, is_latex) if chain else "", is_latex)
        return f"-{word}" if number < 0 else word

    def _scalar(self, term: Term, is_latex: bool) -> str:
        """A factor without free indices."""
        if isinstance(term, Power) and not isinstance(term.base, Tensor | Number):
            base = self._scalar(term.base, is_latex)
            exponent = (in_latex if is_latex else in_text).write(term.exponent, self.sheet)
            return f"{base}^{{{exponent}}}" if is_latex else f"{base}^{_bracketed_if(exponent)}"
        if isinstance(term, Sum):
            inner = self.sum(term, (), is_latex)
            return rf"\left( {inner} \right)" if is_latex else f"({inner})"
        if isinstance(term, Call) and term.indices:
            length = self._norm(term)
            if length is not None:
                return written(length, is_latex)
            (argument,) = term.arguments
            inner = self.sum(argument, (), is_latex)
            if is_latex:
                return (
                    rf"\{term.function}\left( {inner} \right)"
                    if term.function in LATEX
                    else _upright(term.function, inner)
                )
            return f"{term.function}({inner})"
        if isinstance(term, Contraction):
            scalars, chain = self._chain(term, ())
            if scalars or not chain:
                word = self.product(term, (), is_latex)
                return word if not word.startswith("-") else rf"\left( {word} \right)" if is_latex else f"({word})"
            text = written(chain, is_latex)
            return text if len(chain) == 1 else rf"\left( {text} \right)" if is_latex else f"({text})"
        if isinstance(term, Derivative):
            return self._derivative(term, ()).write(is_latex)
        if isinstance(term, Tensor) and term.name in self.sheet.primitives:
            return self._number_of(self.sheet.primitives[term.name], is_latex)
        if term.indices:
            raise NoMatrixError("a factor has no form without indices")
        return in_latex.write(term, self.sheet) if is_latex else in_text.write(term, self.sheet)

    def _norm(self, term: Call) -> Chain | None:
        """norm(x) for sqrt(sum[i](x[i]^2))."""
        if term.function != "sqrt" or not isinstance(term.arguments[0], Contraction):
            return None
        inner = term.arguments[0]
        factors = factors_of(inner.body)
        if len(factors) == 1 and isinstance(factors[0], Power) and factors[0].exponent is Number(2):
            base = factors[0].base
        elif len(factors) == 2 and factors[0] is factors[1]:
            base = factors[0]
        else:
            return None
        text = [self.sum(base, inner.bound, is_latex) for is_latex in (False, True)]
        return (Atom(f"norm({text[0]})", rf"\left\| {text[1]} \right\|"),)

    def _number_of(self, made: Primitive, is_latex: bool) -> str:
        if not is_latex:
            return made.name
        inner = self._operand(made)
        if made.kind == "det":
            return rf"\det\left( {inner} \right)"
        return rf"\log \left| \det\left( {inner} \right) \right|"

    # ----- Products ----------------------------------------------------------------------------------------------

    def _chain(self, term: Term, axes: tuple[Index, ...]) -> tuple[list[Term], Chain]:
        """The scalars of a product, and the product of the rest between the axes."""
        graph = Graph(self.factor, self._matrix_at, axes)
        graph.add(term)
        return graph.scalars, graph.whole()

    def factor(self, term: Term, row: Index, column: Index | None) -> Chain:
        """A factor with one free index or with two."""
        axes = (row,) if column is None else (row, column)
        match term:
            case Tensor(name, slots):
                if any(slot.place is not None for slot in slots):
                    raise NoMatrixError("a place is named, which matrix notation has no word for")
                return self._tensor(name, slots, axes)
            case Delta():
                return IDENTITY
            case Call(function, (argument,)):
                chains = [(Atom(self.sum(argument, axes, False), self.sum(argument, axes, True)),)]
                latex = rf"\{function}" if function in LATEX else rf"\operatorname{{{function}}}"
                return applied(function, latex, *chains)
            case Sum():
                text, latex = self.sum(term, axes, False), self.sum(term, axes, True)
                return (Atom(f"({text})", rf"\left( {latex} \right)"),)
            case Power(base, Number(value)) if value == 2:
                inner = self.factor(base, row, column)
                return entrywise(inner, inner)
            case Derivative():
                return (self._derivative(term, axes),)
        raise NoMatrixError("a factor has no form without indices")

    def _tensor(self, name: str, slots: tuple[Index, ...], axes: tuple[Index, ...]) -> Chain:
        if len(slots) > 2:
            raise NoMatrixError(f"{name} has {len(slots)} indices, and a matrix has two")
        made = self.sheet.primitives.get(name)
        if made is not None and "#" in name:
            raise NoMatrixError(f"{name} is taken along a further index")
        atom = Atom(name, spelled_name(name, self.sheet, 0)) if made is None else self._primitive(made)
        if len(slots) == 2 and self._is_symmetric(name):
            atom = Atom(atom.text, atom.latex, symmetric=True, inverse=atom.inverse)
        return (atom,) if slots == axes or len(slots) == 1 else (atom.transposed,)

    def _derivative(self, term: Derivative, axes: tuple[Index, ...]) -> Atom:
        """A derivative that has not been worked out: diff(f, w), as long as it has two axes at most."""
        slots = term.variable.slots
        inner = tuple(axis for axis in axes if axis in term.body.free)
        own = (*inner, *slots)
        if len(own) > 2 or set(own) != set(axes) or len(set(own)) < len(own) or not term.body.free <= set(inner):
            raise NoMatrixError("a derivative has more axes than a matrix")
        name, latex = term.variable.name, spelled_name(term.variable.name, self.sheet, 0)
        body = [_opened(self.sum(term.body, inner, is_latex)) for is_latex in (False, True)]
        short = isinstance(term.body, Tensor)
        over = rf"\frac{{\partial {body[1]}}}{{\partial {latex}}}"
        whole = over if short else rf"\frac{{\partial}}{{\partial {latex}}} \left( {body[1]} \right)"
        return Atom(f"diff({body[0]}, {name})", whole, turned=own != axes)

    def _matrix_at(self, tensor: Tensor) -> Chain:
        """The matrix of which a tensor at twice one index is the diagonal."""
        axes = (tensor.slots[0], Index("~", tensor.slots[1].range))
        return self._tensor(tensor.name, axes, axes)

    def _primitive(self, made: Primitive) -> Atom:
        if made.kind == "inv":
            inner = self._operand(made)
            simple = "\\" not in inner.replace(r"\mathbf", "") and " " not in inner
            return Atom(made.name, inner, inverse=inner if simple else rf"\left( {inner} \right)")
        inner = self._operand(made)
        if made.kind in ("solve", "solve_matrix"):
            right = spelled_name(made.operands[1].name, self.sheet, 0)
            base = inner if " " not in inner else rf"\left( {inner} \right)"
            return Atom(made.name, rf"{base}^{{-1}} {right}")
        return Atom(made.name, rf"\operatorname{{{made.kind}}}\left( {inner} \right)")

    def _operand(self, made: Primitive) -> str:
        """The LaTeX of what a primitive is applied to."""
        operand, matrix = made.operands[0], made.matrices[0]
        if operand.name.startswith("("):
            return self.sum(self.sheet.definitions[operand.name].at(operand.slots), matrix, True)
        return spelled_name(operand.name, self.sheet, 0)

    def _is_symmetric(self, name: str) -> bool:
        """Whether a fact says that a matrix is its own transpose; of an inverse, that its matrix is."""
        made = self.sheet.primitives.get(name)
        if made is not None and made.kind == "inv":
            return self._is_symmetric(made.operands[0].name)
        return any(
            isinstance(fact.left, Tensor)
            and isinstance(fact.right, Tensor)
            and fact.left.name == fact.right.name == name
            and fact.left.slots == fact.right.slots[::-1]
            for fact in self.sheet.facts
        )


LATEX = frozenset(("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh"))


def _multiplied_out(term: Term) -> Term:
    """A product with its first bracket multiplied out; the same term if it has none."""
    bound, body = (term.bound, term.body) if isinstance(term, Contraction) else ((), term)
    factors = factors_of(body)
    for place, factor in enumerate(factors):
        if isinstance(factor, Sum):
            others = (*factors[:place], *factors[place + 1 :])
            return Sum(*(Contraction(bound, Product(*others, each)) for each in factor.terms))
    return term


def _opened(text: str) -> str:
    """A text without brackets around all of it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return text[1:-1] if place == len(text) - 1 and place else text
    return text


def _upright(function: str, inner: str) -> str:
    if function == "sqrt":
        return rf"\sqrt{{{inner}}}"
    return rf"\operatorname{{{function}}}\left( {inner} \right)"


def _bracketed_if(text: str) -> str:
    return text if text.isalnum() else f"({text})"


def _assembled(upper: list[str], lower: list[str], chain: str, is_latex: bool) -> str:
    """Scalars, then the product of matrices, then what divides."""
    if is_latex:
        above = " ".join(upper) or ("1" if lower else "")
        front = rf"\frac{{{above}}}{{{' '.join(lower)}}}" if lower else above
        return " ".join(filter(None, (front, chain)))
    words = "*".join([*upper, *([chain] if chain else [])]) or "1"
    return words + "".join(f"/{each}" for each in lower)

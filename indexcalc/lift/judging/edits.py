"""Small changes of code, each with the sentence that says what was wrong before it."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexcalc.lift.judging import memory
from indexcalc.lift.judging.memory import Change, changed

REDUCTIONS = {"mean": "sum", "sum": "mean", "average": "sum", "var": "std", "std": "var", "max": "min", "min": "max"}
MOST_ADDENDS = 5  # of a result that get a factor each
AXIS_WORDS = ("axis", "dim")


@dataclass(frozen=True)
class Edit:
    """What was wrong, the code without it, and the statement that was changed, as it should be."""

    sentence: str
    code: str
    fix: str


def edits(code: str, tensors: Sequence[str], sizes: Sequence[str]) -> Iterator[Edit]:
    """The code with one change each: the likeliest slips first. tensors, sizes: variables that are given."""
    tree = ast.parse(code)
    places = [(statement, node) for statement in _statements(tree) for node in _parts(statement)]
    for rule in FIRST:
        for statement, node in places:
            for sentence, undo in rule(node):
                yield from _emitted(tree, statement, sentence)
                undo()
    yield from _of_result(tree, sizes, tensors)
    for node in [each for each in ast.walk(tree) if isinstance(each, ast.For)]:
        for sentence, undo in memory.accumulated(node):
            yield from _emitted(tree, node, sentence, node)
            undo()
    for statement, node in places:
        for sentence, undo in _name(node, tensors):
            yield from _emitted(tree, statement, sentence)
            undo()


def _emitted(tree: ast.Module, statement: ast.stmt, sentence: str, within: ast.stmt | None = None) -> Iterator[Edit]:
    try:
        fixed = ast.fix_missing_locations(copy.deepcopy(statement))
        yield Edit(sentence, ast.unparse(ast.fix_missing_locations(tree)), _line(fixed, within))
    except (ValueError, RecursionError):
        return


def _line(statement: ast.stmt, within: ast.stmt | None) -> str:
    """The first line of a statement as it should be; of a loop the line that was changed in its body, if one was."""
    rows = ast.unparse(statement).split("\n")
    return next((row.strip() for row in rows if "+=" in row), rows[0]) if within is not None else rows[0]


def _statements(tree: ast.Module) -> list[ast.stmt]:
    kinds = (ast.For, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)
    return [each for each in ast.walk(tree) if isinstance(each, kinds)]


def _parts(statement: ast.stmt) -> list[ast.AST]:
    return list(ast.walk(statement.iter if isinstance(statement, ast.For) else statement))


# ----- The changes: each makes one in the tree, and yields the sentence and what undoes it ------------------------


def _axis(node: ast.AST) -> Change:
    """axis=0 for axis=1."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg in AXIS_WORDS and isinstance(value, ast.Constant | ast.UnaryOp):
            old = ast.unparse(value)
            for new in ("0", "1", "2", "-1"):
                if new != old:
                    yield f"{keyword.arg}={old} should be {keyword.arg}={new}", changed(keyword, "value", _parsed(new))
    reduces = node.func.attr in (*REDUCTIONS, "softmax", "argmax", "prod", "cumsum", "log_softmax", "logsumexp")
    last = len(node.args) - 1
    if reduces and last >= 0 and isinstance(node.args[last], ast.Constant):
        old = ast.unparse(node.args[last])
        for new in ("0", "1", "2"):
            if new != old and old.isdigit():
                yield f"axis {old} should be axis {new}", changed(node, "args", [*node.args[:last], _parsed(new)])


def _reduction(node: ast.AST) -> Change:
    """sum for mean."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REDUCTIONS:
        old, new = node.func.attr, REDUCTIONS[node.func.attr]
        yield f"{old} should be {new}", changed(node.func, "attr", new)


def _transposition(node: ast.AST) -> Change:
    """W for W.T, and W.T for W."""
    for field in ("left", "right", "value"):
        child = getattr(node, field, None)
        if isinstance(node, ast.Attribute) or not isinstance(child, ast.expr):
            continue
        if isinstance(child, ast.Attribute) and child.attr == "T":
            text = ast.unparse(child)
            yield f"the transposition {text} is one too many", changed(node, field, child.value)
        elif isinstance(child, ast.Name | ast.Call | ast.BinOp | ast.Attribute) and not isinstance(node, ast.Subscript):
            text = ast.unparse(child)
            new = ast.Attribute(child, "T", ast.Load())
            yield f"a transposition is missing: {text[:40]} should be transposed", changed(node, field, new)


def _operator(node: ast.AST) -> Change:
    """* for @, / for *, + for -."""
    pairs: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
        ast.Mult: (ast.MatMult, ast.Div),
        ast.MatMult: (ast.Mult,),
        ast.Add: (ast.Sub,),
        ast.Sub: (ast.Add,),
        ast.Div: (ast.Mult,),
    }
    signs = {ast.Mult: "*", ast.MatMult: "@", ast.Add: "+", ast.Sub: "-", ast.Div: "/"}
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for new in pairs.get(type(node.op), ()):
            yield f"{signs[type(node.op)]} should be {signs[new]}", changed(node, "op", new())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub):
        sign = signs[type(node.op)]
        left, right = node.left, node.right
        undo = changed(node, "left", right)
        node.right = left
        yield f"the sides of {sign} are exchanged", undo
        node.right = right


def _sign(node: ast.AST) -> Change:
    """A minus that is missing, or one too many."""
    if isinstance(node, ast.Assign | ast.Return | ast.Expr | ast.AugAssign) and node.value is not None:
        value = node.value
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
            yield "the minus is one too many", changed(node, "value", value.operand)
        elif not isinstance(value, ast.Tuple):
            yield "a minus is missing", changed(node, "value", ast.UnaryOp(ast.USub(), value))


def _keep(node: ast.AST) -> Change:
    """keepdims that is missing, or one too many."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    kept = [each for each in node.keywords if each.arg in ("keepdims", "keepdim")]
    if kept:
        rest = [each for each in node.keywords if each not in kept]
        yield f"{kept[0].arg} keeps an axis of length 1", changed(node, "keywords", rest)
    elif node.func.attr in REDUCTIONS:
        word = "keepdim" if any(each.arg == "dim" for each in node.keywords) else "keepdims"
        more = [*node.keywords, ast.keyword(word, ast.Constant(True))]
        yield f"{word}=True is missing", changed(node, "keywords", more)


def _subscripts(node: ast.AST) -> Change:
    """Letters of an einsum exchanged in its output, or in one operand."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and "->" in node.value):
        return
    old = node.value
    words = re.split(r"(,|->)", old)
    for place, word in enumerate(words):
        letters = [letter for letter in dict.fromkeys(word) if letter.isalpha()]
        for n, first in enumerate(letters):
            for second in letters[n + 1 :]:
                swapped = word.translate(str.maketrans({first: second, second: first}))
                new = "".join([*words[:place], swapped, *words[place + 1 :]])
                yield f"the subscripts {old!r} should be {new!r}", changed(node, "value", new)


def _option(node: ast.AST) -> Change:
    """ddof and unbiased."""
    if isinstance(node, ast.keyword) and node.arg in ("ddof", "correction") and isinstance(node.value, ast.Constant):
        new = 0 if node.value.value else 1
        yield f"{node.arg}={node.value.value!r} should be {node.arg}={new}", changed(node, "value", ast.Constant(new))
    spread = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("std", "var")
    if isinstance(node, ast.Call) and spread and not any(each.arg == "unbiased" for each in node.keywords):
        more = [*node.keywords, ast.keyword("unbiased", ast.Constant(False))]
        yield "unbiased=False is missing: torch divides by one less", changed(node, "keywords", more)


def _constant(node: ast.AST) -> Change:
    """2 for 1, and other neighbours."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Pow):
        for field in ("left", "right"):
            child = getattr(node, field)
            if isinstance(child, ast.Constant) and isinstance(child.value, int | float):
                for new in (1, 2, 3, 0.5):
                    if new != child.value:
                        yield f"the number {child.value} should be {new}", changed(child, "value", new)


def _name(node: ast.AST, tensors: Sequence[str]) -> Change:
    """Another array."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in tensors:
        old = node.id
        for new in tensors:
            if new != old:
                yield f"the array {old} should be {new}", changed(node, "id", new)


def _of_result(tree: ast.Module, sizes: Sequence[str], tensors: Sequence[str]) -> Iterator[Edit]:
    """A factor of the whole result: 2, 1/2, a size."""
    factors: Mapping[str, str] = {
        "/ 2": "a division by 2 is missing",
        "* 2": "the factor 2 is missing",
        **{f"/ {name}": f"a division by {name} is missing" for name in sizes},
        **{f"* {name}": f"the factor {name} is missing" for name in sizes},
        **{f"/ len({name})": f"a division by len({name}) is missing" for name in tensors},
        **{f"* len({name})": f"the factor len({name}) is missing" for name in tensors},
    }
    last = tree.body[-1] if tree.body else None
    while isinstance(last, ast.FunctionDef):
        last = last.body[-1] if last.body else None
    if not isinstance(last, ast.Expr | ast.Return | ast.Assign) or last.value is None:
        return
    parts: list[tuple[ast.AST, str]] = [(last, "value")]
    for node in ast.walk(last.value):  # and of an addend
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            parts += [(node, "left"), (node, "right")]
    for part, field in parts[:MOST_ADDENDS]:
        value = getattr(part, field)
        for text, sentence in factors.items():
            sign, _, name = text.partition(" ")
            operator = ast.Div() if sign == "/" else ast.Mult()
            undo = changed(part, field, ast.BinOp(value, operator, _parsed(name)))
            yield from _emitted(tree, last, sentence)
            undo()


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


FIRST = (
    _axis,
    _reduction,
    _subscripts,
    _transposition,
    _operator,
    _sign,
    _keep,
    memory.along,
    memory.copied,
    memory.assigned_back,
    memory.updated,
    memory.bounded,
    memory.typed,
    _option,
    _constant,
)

"""Reading as a whole: the grammars, the acceptance cases, and that no input does any harm."""

import json
import logging
import random
import re
from pathlib import Path

import pytest
from lark import Lark, logger

from indexcalc.errors import IndexcalcError
from indexcalc.notation.parsing import STARTS, grammar_path
from indexcalc.notation.reader import dialect_of, parse_sheet, read_chain, read_expression
from indexcalc.sheet import Sheet

CASES = Path(__file__).parents[3] / "shared" / "corpus" / "open_cases.jsonl"
SHEET = """# softmax regression
index p, r : m
index q, s, k : n
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))
CE = -1/m * sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
check diff(a[p,q], z[r,s]) = a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])
f[p] = where(p == 1, max(x[p,1], 0.5), g'(2^x[p,1])) + 1[b[q]*b[q] > 3]; notation a = "a^{L}"
"""


# ----- Grammars


class Records(logging.Handler):
    """Keeps what lark says."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def test_no_conflict_of_the_grammar_is_resolved_silently():
    records = Records()
    level = logger.level
    logger.addHandler(records)
    logger.setLevel(logging.DEBUG)
    try:
        Lark.open(str(grammar_path("text.lark")), parser="lalr", lexer="contextual", start=STARTS["text"], debug=True)
    finally:
        logger.removeHandler(records)
        logger.setLevel(level)
    assert not [message for message in records.messages if "conflict" in message.lower()]


@pytest.mark.parametrize("text", [r"\frac{a}{b}", "a_{ij}", r"\sigma", "{a}"])
def test_latex_is_told_by_its_braces_and_backslashes(text):
    assert dialect_of(text) == "latex"


@pytest.mark.parametrize("text", ["a_ij", "x[i,j]*y_hat", "a^2", "", "n_o"])
def test_all_else_is_ascii(text):
    assert dialect_of(text) == "text"


# ----- Acceptance cases


def cases():
    """The cases with texts in the ASCII dialect."""
    if not CASES.is_file():
        return []
    found = map(json.loads, CASES.read_text().splitlines())
    return [case for case in found if case["kind"] in ("derive", "claim", "evaluate")]


@pytest.mark.skipif(not CASES.is_file(), reason="the acceptance cases are not here")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_the_acceptance_cases_are_read(case):
    texts = [case[key] for key in ("target", "expected", "left", "right") if key in case]
    first, *_ = read_chain(parse_sheet(case["sheet"]), texts)
    assert [index.name for index in first.axes] == case["axes"]


@pytest.mark.skipif(not CASES.is_file(), reason="the acceptance cases are not here")
def test_the_chains_of_the_acceptance_cases_are_read():
    for case in map(json.loads, CASES.read_text().splitlines()):
        if case["kind"] == "chain" and case["twin"][0]:
            sheet = "".join(re.findall(r"```indexcalc\n(.*?)```", case["document"], flags=re.DOTALL))
            first, *_ = read_chain(parse_sheet(sheet), [text for text in case["twin"] if text])
            assert [index.name for index in first.axes] == case["axes"]


# ----- Bounded input

BRACKETS = 10_000
LARGE = {
    "brackets": "(" * BRACKETS + "x" + ")" * BRACKETS,
    "functions": "exp(" * BRACKETS + "x" + ")" * BRACKETS,
    "open brackets": "[" * BRACKETS,
    "powers": "^".join(["x"] * BRACKETS),
    "signed powers": "x" + "^-x" * BRACKETS,
    "quotients": "1/3/" * BRACKETS + "x",
    "long name": "x" * 1000,
    "many primes": "x[i" + "'" * 1000 + "]",
    "many digits": "9" * 1000,
    "large numbers": "*".join(["9^999"] * 1000),
    "fractions": "+".join(f"1/{n}" for n in range(1, 3000)),
    "line of a megabyte": "x+" * 500_000 + "x",
    "name of a megabyte": "x" * 1_000_000,
    "blanks": " " * 1_000_000 + "x",
    "where": "where(i == j, " * 60 + "(" * 60,
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_what_is_too_large_is_refused(text):
    for read in (lambda: read_expression(Sheet(), text), lambda: parse_sheet(f"s = {text}")):
        with pytest.raises(IndexcalcError) as caught:
            read()
        assert len(str(caught.value)) < 1000


WIDE = {
    "sum": ("+".join(f"x{n}[i]" for n in range(5000)), 5000),
    "product": ("*".join(f"x{n}" for n in range(5000)), 5000),
    "signs": ("-" * 10_001 + "x", 2),
    "indices": ("x[" + ",".join(f"i{n}" for n in range(2000)) + "]", 2),
}


@pytest.mark.parametrize(("text", "fields"), WIDE.values(), ids=WIDE)
def test_what_is_only_wide_is_read(text, fields):
    assert len(read_expression(Sheet(), text).term.fields) == fields


def test_many_definitions_in_a_row_are_read():
    sheet = parse_sheet("\n".join(f"h{n}[i] = tanh(w[i,j]*h{n - 1}[j])" for n in range(1, 500)))
    assert len(sheet.in_order) == 499


# ----- Fuzzing

PIECES = (
    *("(", ")", "[", "]", "+", "-", "*", "/", "^", "**", "=", "==", "!=", "<", ">", ",", ";", ":", "\n", " ", "#", '"'),
    *("'", "x", "i", "j", "m", "2", ".5", "3.", "1e999", "9^9^9", "0", "x[i]", "delta[i,j]", "eps[i,j,k]", "i'", "pi"),
    *(
        "sum[i](",
        "prod[k](",
        "where(",
        "diff(",
        "1[",
        "index ",
        "assume ",
        "check ",
        "notation ",
        "exp(",
        "max(",
        "f(x)",
    ),
    *("é", "²", "∑", "\t", "\x00", "𝒙", "_", "@", "sum", "delta", "where", "1e-400", "99999999999999999999", "$", "&"),
)


def mangled(source, text):
    """A text with a few pieces put in, taken out or replaced."""
    for _ in range(source.randint(1, 4)):
        start = source.randint(0, len(text))
        end = min(len(text), start + source.choice((0, 0, 1, 2, 5)))
        text = text[:start] + source.choice((*PIECES, "", "")) + text[end:]
    return text


def scribbled(source):
    """A text of pieces, or of any characters."""
    if source.random() < 0.7:
        return "".join(source.choice(PIECES) for _ in range(source.randint(1, 20)))
    tops = (0x7F, 0x2FFF, 0xD7FF, 0x10FFFF)
    return "".join(chr(source.randint(0, source.choice(tops))) for _ in range(source.randint(1, 30)))


def read_whatever(text):
    """Read a text as a sheet and as an expression; anything but an IndexcalcError goes through."""
    for read in (parse_sheet, lambda text: dialect_of(text) == "text" and read_expression(Sheet(), text)):
        try:
            read(text)
        except IndexcalcError as error:
            assert error.line >= 1
            assert error.column >= 1
            assert "^" in str(error)


@pytest.mark.parametrize("seed", range(300))
def test_scribble_is_read_or_refused(seed):
    read_whatever(scribbled(random.Random(seed)))


@pytest.mark.parametrize("seed", range(300))
def test_a_mangled_sheet_is_read_or_refused(seed):
    read_whatever(mangled(random.Random(seed), SHEET))


@pytest.mark.parametrize("line", SHEET.splitlines()[1:])
def test_a_line_that_is_cut_off_anywhere_is_read_or_refused(line):
    for end in range(len(line)):
        read_whatever(line[:end])

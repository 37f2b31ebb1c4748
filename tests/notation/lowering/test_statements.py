"""From statements to a sheet; the full text of every message."""

import pytest

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.reader import extend, parse_sheet, read_expression, read_statements
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Contraction, Index, Number, Product, Range, Sum, Tensor

REFUSED = [
    (
        "a[i] = 1\nb = 2\na[j] = 2",
        "line 3, column 1: a is defined twice.\n"
        "    a[i] = 1\n"
        "    ^^^^\n"
        "    a[j] = 2\n"
        "    ^^^^\n"
        "Give one of them another name.",
    ),
    (
        "a = b + 1\nb = c\nc = a",
        "line 1, column 1: a definition needs itself: a needs b, b needs c, c needs a.\n"
        "    a = b + 1\n"
        "    ^\n"
        "    b = c\n"
        "    ^\n"
        "    c = a\n"
        "    ^\n"
        "Give the new value another name.",
    ),
    (
        "a = a + 1",
        "line 1, column 1: a definition needs itself: a needs a.\n"
        "    a = a + 1\n"
        "    ^\n"
        "Give the new value another name.",
    ),
    (
        "a[i,i] = 3",
        "line 1, column 1: the left side of a definition holds the index i twice.\n"
        "    a[i,i] = 3\n"
        "    ^^^^^^\n"
        "Use a different letter for every index.",
    ),
    (
        "a[1] = 3",
        "line 1, column 1: the left side of a definition holds a number.\n"
        "    a[1] = 3\n"
        "    ^^^^\n"
        "Use a different letter for every index.",
    ),
    (
        "delta[i,j] = 3",
        "line 1, column 1: delta is the Kronecker delta.\n    delta[i,j] = 3\n    ^^^^^^^^^^\nUse another name.",
    ),
    (
        "eps[i,j,k] = 3",
        "line 1, column 1: eps is the permutation symbol.\n    eps[i,j,k] = 3\n    ^^^^^^^^^^\nUse another name.",
    ),
    (
        "pi = 3",
        "line 1, column 1: pi is the number 3.14159...\n    pi = 3\n    ^^\nUse another name.",
    ),
    (
        "exp = 3",
        "line 1, column 1: exp is a function.\n    exp = 3\n    ^^^\nWrite exp(...), or give the tensor another name.",
    ),
    (
        "m = 3\nindex i : m",
        "line 1, column 1: m is the name of a size.\n"
        "    m = 3\n"
        "    ^\n"
        "    index i : m\n"
        "          ^\n"
        "Give the tensor or the size another name.",
    ),
    (
        "index i : m\nm[i] = 3",
        "line 2, column 1: m is the name of a size, and here a tensor.\n"
        "    index i : m\n"
        "          ^\n"
        "    m[i] = 3\n"
        "    ^^^^\n"
        "Give one of them another name.",
    ),
    (
        "index i : 0",
        "line 1, column 7: 0 is no size.\n"
        "    index i : 0\n"
        "          ^\n"
        "A size is at least 1 and has at most 12 digits.",
    ),
    (
        "index 1 : m",
        "line 1, column 7: an index is a letter here.\n    index 1 : m\n          ^\nWrite index i, j : n.",
    ),
    (
        "assume a == b",
        "line 1, column 10: a fact holds no ==.\n"
        "    assume a == b\n"
        "             ^^\n"
        "Write assume A = B, or one of < <= > >=.",
    ),
    (
        "assume a != b",
        "line 1, column 10: a fact holds no !=.\n"
        "    assume a != b\n"
        "             ^^\n"
        "Write assume A = B, or one of < <= > >=.",
    ),
    (
        "assume diff(x^2, x) = 0",
        "line 1, column 8: a fact holds no derivative.\n"
        "    assume diff(x^2, x) = 0\n"
        "           ^^^^^^^^^^^^\n"
        "Write check to claim it, or define a tensor and differentiate that.",
    ),
    (
        "index i : n\nindex i : m",
        "line 2, column 7: the index i would need two sizes, n and m.\n"
        "    index i : n\n"
        "          ^\n"
        "    index i : m\n"
        "          ^\n"
        "Use another letter for one of them, or give both ranges the same size.",
    ),
    (
        "index i : n\nindex j : m\ns = x[i]*y[j]*z[i]*x[j]",
        "line 3, column 20: the index j would need two sizes, m and n.\n"
        "    index i : n\n"
        "          ^\n"
        "    index j : m\n"
        "          ^\n"
        "    s = x[i]*y[j]*z[i]*x[j]\n"
        "                       ^^^^\n"
        "Use another letter for one of them, or give both ranges the same size.",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda value: "" if "\n" in value else value)
def test_a_statement_is_refused(text, message):
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet(text)
    assert str(caught.value) == message


M, N, T = Range("m"), Range("n"), Range("t", named=False)
SOFTMAX_REGRESSION = """
# softmax regression
index p, r : m
index q, s, k : n
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))
CE = -1/m * sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
dw[t,s] = diff(CE, w[t,s])
check diff(a[p,q], z[r,s]) = a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])
notation a = "a^{L}"
"""


def test_a_whole_sheet_is_read():
    sheet = parse_sheet(SOFTMAX_REGRESSION)
    assert list(sheet.definitions) == ["z", "a", "CE", "dw"]
    assert sheet.letters == {"p": M, "r": M, "q": N, "s": N, "k": N, "t": T}
    assert sheet.slots["w"] == (T, N)
    assert sheet.slots["CE"] == ()
    assert sheet.order == ("z", "b", "x", "w", "a", "CE", "y", "dw")
    assert sheet.written == {M, N}
    assert sheet.notation == {"a": "a^{L}"}
    assert list(sheet.leaves) == ["b", "x", "w", "y"]


def test_a_definition_has_its_axes_and_its_sums():
    p, q, t = Index("p", M), Index("q", N), Index("t", T)
    summed = Contraction([t], Product(Tensor("x", [p, t]), Tensor("w", [t, q])))
    assert parse_sheet(SOFTMAX_REGRESSION).definitions["z"] == Definition("z", (p, q), Sum(Tensor("b", [q]), summed))


def test_a_claim_has_the_free_indices_of_its_first_side():
    text = "check x[i]*y[j] = y[j]*x[i] = x[i]*delta[j,k]*y[k]"
    (claim,) = parse_sheet(text).claims
    assert [index.name for index in claim.axes] == ["i", "j"]
    assert [text[span.start : span.end] for span in claim.spans] == ["x[i]*y[j]", "y[j]*x[i]", "x[i]*delta[j,k]*y[k]"]


INDEX = Index("i", Range("i", named=False))
FACTS = [
    ("assume x[i] > 0", [(Tensor("x", [INDEX]), ">", Number(0))]),
    ("assume x[i] = 1", [(Tensor("x", [INDEX]), "=", Number(1))]),
    ("assume 0 < x[i] <= 1", [(Number(0), "<", Tensor("x", [INDEX])), (Tensor("x", [INDEX]), "<=", Number(1))]),
]


@pytest.mark.parametrize(("text", "facts"), FACTS)
def test_a_fact_is_read(text, facts):
    assert parse_sheet(text).facts == tuple(Fact(*fact) for fact in facts)


WORDS = [  # the words of statements are ordinary names elsewhere
    ("index = 3", "index"),
    ("index[i] = x[i]", "index"),
    ("check = 3", "check"),
    ("assume [i] = x[i]", "assume"),
    ("notation = 3", "notation"),
]


@pytest.mark.parametrize(("text", "name"), WORDS)
def test_a_tensor_may_have_the_name_of_a_statement(text, name):
    assert list(parse_sheet(text).definitions) == [name]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing", "index i : 3"])
def test_a_sheet_may_define_nothing(text):
    assert parse_sheet(text).definitions == {}


def test_definitions_may_stand_in_any_order():
    assert [each.name for each in parse_sheet("a = b + 1\nb = c^2\nc = 3*x").in_order] == ["c", "b", "a"]


# ----- Adding to a sheet


def test_a_sheet_is_extended():
    sheet = parse_sheet("index i : n\nf = x[i]*y[i]")
    longer = extend(sheet, read_statements("g = f^2\nassume x[i] > 0"))
    assert list(sheet.definitions) == ["f"]
    assert list(longer.definitions) == ["f", "g"]
    assert longer.facts[0].left is Tensor("x", [Index("i", Range("n"))])


def test_a_statement_may_join_the_ranges_of_a_sheet():
    sheet = parse_sheet("f = x[i]*x[i]\ng = y[j]*y[j]")
    longer = extend(sheet, read_statements("h = x[k]*y[k]"))
    assert set(longer.letters.values()) == {Range("i", named=False)}
    assert longer.definitions["g"].body.indices == {Index("j", Range("i", named=False))}


def test_an_error_in_another_text_is_told_in_words():
    sheet = parse_sheet("f = 1\ng = x[i]*x[i]")
    with pytest.raises(IndexcalcError) as caught:
        extend(sheet, read_statements("h = x[i,j]*x[i,j]"))
    assert str(caught.value) == (
        "line 1, column 5: x has 2 indices here and one index elsewhere (compare 'x[i]' in line 2 of the sheet).\n"
        "    h = x[i,j]*x[i,j]\n"
        "        ^^^^^^\n"
        "Give it the same number everywhere."
    )


def test_statements_of_a_document_have_its_positions():
    text = "Prose.\n\na = (b\n\nMore."
    with pytest.raises(IndexcalcError) as caught:
        list(read_statements(text, span=Span(8, 14)))
    assert (caught.value.line, caught.value.column) == (3, 5)


def test_a_sheet_made_by_hand_can_be_read_with():
    sheet = Sheet(letters={"i": N, "t": T}, slots={"x": (N,), "y": (T,)})
    reading = read_expression(sheet, "x[k]*y[j]*n")
    assert [index.range for index in reading.axes] == [N, T]

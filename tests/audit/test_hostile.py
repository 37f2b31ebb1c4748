"""Random strings and mutated documents: only verdicts and clear errors, nothing executed."""

import json
import random
import re

import pytest

from indexcalc.audit.checking import check_document
from indexcalc.audit.documents.document import FORMATS
from indexcalc.errors import IndexcalcError

DOCUMENT = r"""
```indexcalc
index p, r : m
index q, s : n
a[p,q] = exp(z[p,q])/sum[s](exp(z[p,s]))
assume sum[q](y[p,q]) = 1
check diff(a[p,q], z[r,s]) = a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])
```

$$
\begin{align}
\frac{\partial a_{pq}}{\partial z_{rs}} &= {\color{Cyan} a_{pq}} \delta_{pr} \left( \delta_{qs} - a_{ps} \right) \\
&= \begin{cases} a_{pq} (1 - a_{pq}) & \text{if } p = r, q = s \\ -a_{pq} a_{ps} & \text{if } p = r, q \neq s \\
0 & \text{otherwise} \end{cases}
\end{align}
$$

for all $p, r = 1, \ldots, m$ and $\sigma(\mathbf{z})_j = \exp(\mathbf{z})_j$.

\[ \mathbf{A}^\top \mathbf{1} = \begin{pmatrix} a_{11} + \ldots + a_{m1} \\ \vdots \\ a_{1n} + \ldots + a_{mn} \end{pmatrix} \]

$$ \begin{pmatrix} 1 & 2 \end{pmatrix} \begin{pmatrix} 3 \\ 4 \end{pmatrix} = 11 $$
"""
PARTS = re.findall(r"\\[A-Za-z]+|\\.|.", DOCUMENT, re.DOTALL)
MORE = [
    "{",
    "}",
    "$$",
    "```",
    "\\left(",
    "\\end{cases}",
    "&",
    "\\\\",
    "_{",
    "^",
    "=",
    "\x00",
    "1e999",
    "9^9^9^9",
    "0/0",
    "\\ldots",
]


def mutated(source):
    """The document with a few slips."""
    parts = list(PARTS)
    for _ in range(source.randint(1, 6)):
        place = source.randrange(len(parts))
        match source.randrange(4):
            case 0:
                del parts[place : place + source.randint(1, 30)]
            case 1:
                parts.insert(place, source.choice(MORE + PARTS))
            case 2:
                parts[place:place] = parts[place : place + source.randint(1, 20)]
            case 3:
                other = source.randrange(len(parts))
                parts[place], parts[other] = parts[other], parts[place]
    return "".join(parts) + "\n"


def noise(source):
    """Some parts in no order, or any characters."""
    if source.random() < 0.5:
        return "$$" + "".join(source.choice(MORE + PARTS) for _ in range(source.randint(1, 80))) + "$$\n"
    return "".join(chr(source.randrange(1, 0x3000)) for _ in range(source.randint(1, 80))) + "\n"


def only_verdicts(text, format):
    """Check a text, and that what comes of it can be shown."""
    try:
        report = check_document(text, format)
    except IndexcalcError as error:
        assert str(error)
        return
    json.dumps(report.as_json(), allow_nan=False)
    assert report.text()
    assert {str(claim.verdict) for claim in report.claims} <= set(report.counts)


@pytest.mark.parametrize("seed", range(150))
def test_mutated_documents(seed):
    source = random.Random(seed)
    only_verdicts(mutated(source), source.choice(["markdown", "latex", "text"]))


@pytest.mark.parametrize("seed", range(150))
def test_noise(seed):
    source = random.Random(seed)
    only_verdicts(noise(source), source.choice(FORMATS))


@pytest.mark.parametrize(
    "mark",
    [
        "{",
        "}",
        "(",
        "\\left(",
        "a=",
        "a,",
        "&",
        "\\\\",
        "\\mathbf{",
        "\\text{",
        "$",
        "`",
        "\\[",
        "\\ldots ",
        "x_{",
        "^",
        "-",
    ],
)
def test_a_mark_many_times(mark):
    for text in (
        mark * 2000,
        f"$${mark * 2000}$$",
        f"$$a = {mark * 2000}$$",
        f"```indexcalc\ncheck a = {mark * 2000}\n```",
    ):
        only_verdicts(text + "\n", "markdown")


def test_nothing_is_executed(tmp_path):
    target = tmp_path / "made"
    attack = f"__import__('pathlib').Path('{target}').touch()"
    text = f"```python\n{attack}\n```\n\n```indexcalc\ncheck {attack} = 1\n```\n\n$$ \\text{{{attack}}} = {attack} $$\n\nIn [1]:\n{attack}\n"
    for format in FORMATS:
        only_verdicts(text, format)
    assert not target.exists()


def test_a_document_that_is_too_large():
    with pytest.raises(IndexcalcError, match="characters, more than"):
        check_document("a\n" * 10_000_001, "markdown")


def test_a_formula_that_is_too_long():
    (claim,) = check_document("$$ a = " + "b + " * 20_000 + "c $$\n").claims
    assert str(claim.verdict) == "unreadable"
    assert "longer than 50000 characters" in claim.reason


@pytest.mark.parametrize(
    "claim",
    [
        "9^9^9^9*x = x",
        "2^(9^9) = 1",
        "4^(123456789123/2)*x = x",
        "(x + y)^(10^9) = z",
        "(x + y)^(-10^9) = 2*z",
        "exp(9^9^9) = log(2^(9^9))",
        "sum[i](9^9^9*x[i]) = 9^9^9",
    ],
)
def test_powers_that_no_memory_holds(claim):
    only_verdicts(f"```indexcalc\ncheck {claim}\n```\n", "markdown")


@pytest.mark.parametrize("format", ["latex", "markdown", "text"])
@pytest.mark.parametrize("unit", ["\\", "\\def\\a{", "x ", "x \t"])
def test_long_texts_take_a_time_in_proportion(unit, format):
    """Minutes if each place were tried with all that is behind it."""
    only_verdicts(unit * (300_001 // len(unit)) + "\n", format)


def test_a_sum_of_many_terms_is_read_in_time_linear_in_them():
    """A sum is made once, not once for each of its terms, so that 1500 of them are no more work than a long text."""
    terms = [f"{number} a_{{{number}}}" for number in range(2, 1500)]
    (claim,) = check_document(f"$$ {' + '.join(terms)} = {' + '.join(reversed(terms))} $$\n").claims
    assert str(claim.verdict) == "proved"

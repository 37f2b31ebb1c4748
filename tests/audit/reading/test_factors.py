"""Names before brackets: functions, or factors where that leaves less wrong."""

import pytest

from indexcalc.audit.checking import check_document


def report(*formulas):
    (file,) = check_document("".join(f"$$ {formula} $$\n\n" for formula in formulas), "markdown").files
    return file


def verdicts(file):
    return [claim.verdict.word for claim in file.claims]


@pytest.mark.parametrize(
    "formulas",
    [
        (r"c (1 - x)^2 = c (1 - 2 x + x^2)",),
        (r"\lambda \left( x_i + y_i \right)^2 = \lambda (x_i^2 + 2 x_i y_i + y_i^2)",),
        (r"f = c (1 - x)^2", r"\frac{\partial f}{\partial x} = -2 c (1 - x)"),
        (r"B \left( \frac{7}{10} \right)^2 = \frac{49}{100} B",),
        (r"\frac{\partial}{\partial B} \left( B \left( \frac{7}{10} \right)^{B^2} \right) = \left( \frac{7}{10} \right)^{B^2} "
         r"+ 2 B^2 \log\left( \frac{7}{10} \right) \left( \frac{7}{10} \right)^{B^2}",),
    ],
)  # fmt: skip
def test_a_factor_before_a_bracket(formulas):
    assert set(verdicts(report(*formulas))) == {"proved"}


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (r"f(x)^2 + f(x) = f(x) (1 + f(x))", "proved"),
        (r"f(x + h) - f(x - h) = -(f(x - h) - f(x + h))", "proved"),
        (r"\frac{\partial}{\partial x} f(x + h) = f'(x + h)", "proved"),
        (r"f(x + y) = f(x) + f(y)", "refuted"),
    ],
)
def test_a_function_stays_one(formula, word):
    assert verdicts(report(formula)) == [word]


def test_a_slip_behind_a_factor_is_named_and_the_reading_is_noted():
    file = report(r"c (1 - x)^2 = c (1 - 2 x - x^2)")
    assert verdicts(file) == ["refuted"]
    assert "the sign of x^2 is wrong" in file.claims[0].reason
    assert file.claims[0].fix
    assert [(note.kind, note.text) for note in file.notes] == [
        ("reading", "c before a bracket: a factor, not a function")
    ]


def test_the_index_before_a_bracket_is_no_name():
    assert verdicts(report(r"x_i (1 - y) = x_i + y x_i")) == ["refuted"]
    assert not [note for note in report(r"x_i (1 - y) = x_i + y x_i").notes if note.kind == "reading"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (r"$L = \frac12 x_i x_i + \lambda (a_i x_i - b)$. $$ \frac{\partial L}{\partial x_k} = x_k + \lambda a_k $$", r"+ 2 \lambda"),
        (r"$$ L = c\,(x_i x_i - 1) $$ $$ \frac{\partial L}{\partial x_k} = 2 c x_k + \lambda 0 $$", r"+ c +"),
        (
            r"$$ W = \mu (E_{ij} E_{ij}) + \frac12 \lambda (E_{kk})^2 $$"
            r"$$ \frac{\partial W}{\partial E_{ab}} = 2 \mu E_{ab} + \lambda E_{kk} \delta_{ab} $$",
            r"+ 2 \lambda",
        ),
        (
            r"$$ U = 4 \epsilon \left[ (s/r)^{12} - (s/r)^6 \right] $$ $$ \frac{\partial U}{\partial r} = 4 \epsilon \left[ "
            r"-12 \frac{s^{12}}{r^{13}} + 6 \frac{s^6}{r^7} \right] + \lambda 0 $$",
            r"+ \epsilon +",
        ),
        (
            r"$$ C_{ijkl} = \lambda \delta_{ij} \delta_{kl} + \mu (\delta_{ik} \delta_{jl} + \delta_{il} \delta_{jk}) $$"
            r"With $\varepsilon_{ij} = \varepsilon_{ji}$, "
            r"$$ C_{ijkl} \varepsilon_{kl} = 2 \mu \varepsilon_{ij} + \lambda \varepsilon_{kk} \delta_{ij} $$",
            r"+ 2 \lambda",
        ),
    ],
)  # fmt: skip
def test_multipliers(text, wrong):
    start, _, end = text.rpartition(r"+ \lambda")
    for each, word in ((text, "proved"), (f"{start}{wrong}{end}", "refuted")):
        assert verdicts(check_document(f"{each}\n", "markdown").files[0]) == [word]


@pytest.mark.parametrize("formula", [r"f(x) = f x", r"f(x_i) x_i = f x_i x_i", r"f'(x) + f(x) = f' + f x"])
def test_a_name_that_is_also_applied_to_something_else_is_no_factor(formula):
    text = rf"$$ y = f(x) + f'(x) $$ $$ {formula} $$"
    assert "proved" not in verdicts(check_document(f"{text}\n", "markdown").files[0])

r"""LaTeX: formulas, headings, theorems, and what is left out."""

import pytest

from tests.audit.documents.regions import formulas, of_kind, regions, words


@pytest.mark.parametrize(
    "text",
    [
        r"\[ u = v \]",
        "$$ u = v $$",
        "\\[ u = v % $ and \\]\n\\]",
        r"\begin{theorem}[Name] If \[ u = v \] \end{theorem}",
        "\\newcommand{\\be}{\\begin{displaymath}}\\newcommand{\\ee}{\\end{displaymath}}\n\\[ u = v \\]",
        r"\[ \bbox[yellow]{u = v} \]",
        r"\[ \label{q} u = v \]",
        "\\documentclass{article}\n$preamble$\n\\begin{document}\n\\[u = v\\]\n\\end{document}\n$behind$",
    ],
)
def test_displays(text):
    assert formulas(text, "latex") == [("D", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "if $u = v$ then",
        r"if \(u = v\) then",
        r"\colorbox{yellow}{$u = v$}",
        "\\begin{tabular}{l|r}\na & $u = v$ \\\\\n\\end{tabular}",
        "\\section{The case $u = v$}",
        r"\footnote{As $u = v$.}",
        r"costs 5\% or \$6, $u = v$",
        r"\item $u = v$",
        "$u\n= v$ % $w$",
        r"\newcommand{\claim}{\ensuremath{u = v}} As \claim{} says",
        r"\newcommand{\same}[2]{\ensuremath{#1 = #2}} As \same{u}{v} says \samething",
    ],
)
def test_formulas_in_lines(text):
    assert formulas(text, "latex") == [("I", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        r"\verb|$u$| and \verb+$v$+ and \verb*!$u$!",
        r"\lstinline|$u$| and \lstinline{$v$} and \mintinline{python}|$u$|",
        "% $u$",
        r"\begin{verbatim}$u$\end{verbatim}",
        r"\begin{lstlisting}[language=C]$u$\end{lstlisting}",
        r"\begin{comment}$u$\end{comment}",
        r"\begin{tikzpicture}\node {$u$};\end{tikzpicture}",
        r"\input{a$u$b} \includegraphics[width=2cm]{$u$.png} \url{http://$u$}",
        r"\newcommand{\R}{$u$}",
        r"\newenvironment{e}{$u$}{$v$}",
    ],
)
def test_what_is_no_formula(text):
    assert formulas(text, "latex") == []


@pytest.mark.parametrize(
    "definition",
    [
        r"\newcommand{\be}{\begin{align}}\newcommand{\ee}{\end{align}}",
        r"\def\be{\begin{align}}\def\ee{\end{align}}",
        "\\newcommand\\be{\n\\begin{align}\n}\n\\newcommand\\ee{\\end{align}}",
    ],
)
def test_short_forms_of_environments(definition):
    (formula,) = (each for each in regions(f"{definition}\n\\be a &= b \\ee", "latex") if each.kind == "formula")
    assert (formula.text, formula.environment) == (r"\begin{align} a &= b \end{align}", "align")


def test_environments_of_the_document():
    text = r"""\newenvironment{eq}{\begin{equation}}{\end{equation}}
\newtheorem{thm}{Theorem}[section]
\begin{thm}[Name] If
\begin{eq}
u = v
\end{eq}
\end{thm}
\begin{proof}
So $w$.
\end{proof}
Then $z$.
"""
    found = [each for each in regions(text, "latex") if each.kind == "formula"]
    assert [(each.environment, each.within) for each in found] == [
        ("equation", ("theorem",)),
        ("", ("proof",)),
        ("", ()),
    ]


def test_headings_and_paragraphs():
    text = "\\section{One}\nText.\n\nMore $u$.\n\\subsection*{Two $v$ of}\nEnd."
    found = regions(text, "latex")
    assert [(each.kind, each.level, each.text.strip()) for each in found] == [
        ("heading", 2, "One"),
        ("prose", 0, "Text."),
        ("prose", 0, "More"),
        ("formula", 0, "u"),
        ("prose", 0, "."),
        ("heading", 3, "Two"),
        ("formula", 0, "v"),
        ("heading", 3, "of"),
        ("prose", 0, "End."),
    ]
    numbers = [each.paragraph for each in found]
    assert numbers[0] == numbers[1] < numbers[2] == numbers[3] == numbers[4] < numbers[5] == numbers[8]


def test_words():
    text = r"A \emph{symmetric} matrix~$W$ \cite{a,b}, see \href{http://x}{the page} in \cref{q}.\label{z}"
    assert words(text, "latex") == ["A symmetric matrix", ", see the page in ."]


def test_statements_in_comments():
    text = "% a remark\n% indexcalc: index p : m\n  % indexcalc: a[p] = b[p]\nText % indexcalc: no\n"
    assert of_kind("sheet", text, "latex") == ["index p : m\n a[p] = b[p]"]
    preamble = "\\documentclass{article}\n% indexcalc: c = 1\n\\begin{document}\nText\n\\end{document}"
    assert of_kind("sheet", preamble, "latex") == ["c = 1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{numcases}{} u = v \\ w = z \end{numcases}", r"\begin{aligned} u = v \\ w = z \end{aligned}"),
        (r"\begin{subnumcases}{f =} u & a \\ v & b \end{subnumcases}", r"f = \begin{cases} u & a \\ v & b \end{cases}"),
        (r"\begin{empheq}[left=a, right=b]{align*} u &= v \end{empheq}", r"\begin{align*} u &= v \end{align*}"),
    ],
)
def test_environments_around_others(text, expected):
    assert formulas(f"So\n{text}\nholds.", "latex") == [("D", expected)]

r"""Markdown in its dialects: what is a formula, and what is not."""

import pytest

from indexcalc.audit.documents.document import read
from tests.audit.documents.regions import formulas, of_kind, regions, words


@pytest.mark.parametrize(
    "text",
    [
        "We have $u = v$ here",
        "We have $ u = v $ here",
        r"We have \(u = v\) here",
        r"We have \\(u = v\\) here",
        "We have $`u = v`$ here",
        "We have {math}`u = v` here",
        "We have `$u = v$`{=latex} here",
        "In a $$u = v$$ in the line",
        "*We* have $u = v$**here**",
        "[see $u = v$](http://x.org/a_b_c)",
        "- a list\n  - with $u = v$",
        "> a quotation\nof $u = v$",
        "| a | b |\n|---|---|\n| $u = v$ | 2 |",
        "<span>$u = v$</span>",
        "# The case $u = v$\n",
        "The case $u = v$\n---\n",
        "a[^1]\n\n[^1]: As $u = v$.",
        'a <script type="math/tex">u = v</script>',
    ],
)
def test_formulas_in_lines(text):
    assert formulas(text) == [("I", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "$$u = v$$",
        "so that\n$$u = v$$\nholds",
        "so that $$\nu = v\n$$ holds",
        "```math\nu = v\n```",
        "~~~math\nu = v\n~~~",
        "```{math}\nu = v\n```",
        "```{math} u = v\n```",
        "```{math}\n:label: q\n\nu = v\n```",
        "```{math}\n---\nlabel: q\n---\nu = v\n```",
        ":::{math}\nu = v\n:::",
        "::::{note}\n:::{math}\nu = v\n:::\n::::",
        "````{note}\n```{math}\nu = v\n```\n````",
        "````{prf:theorem} Title\n:label: t\n\n$$u = v$$\n````",
        "```{admonition} Title\n:class: tip\n$$u = v$$\n```",
        "```{eval-rst}\n.. math:: u = v\n```",
        "::: {.proof}\n$$u = v$$\n:::",
        "::: theorem\n$$u = v$$\n:::",
        "```{=latex}\n\\[ u = v \\]\n```",
        "> [!NOTE]\n> $$\n> u = v\n> $$",
        "1. first\n\n   $$u = v$$\n\n2. second",
        "* item\n\t$$u = v$$",
        "$$\n\nu = v\n\n$$",
        "$$ u = v $$ {#eq-q}",
        "$$ u = v $$ (q)",
        "<div>\n\n$$u = v$$\n\n</div>",
        '<script type="math/tex; mode=display">u = v</script>',
        "{% katex display %}\nu = v\n{% endkatex %}",
        "{{< katex display=true >}}\nu = v\n{{< /katex >}}",
        "{{< hint info >}}\n$$u = v$$\n{{< /hint >}}",
        "$$ u = v % a remark\n$$",
        "$$ \\colorbox{yellow}{$u = v$} $$",
        "$$ \\bbox[5px, border: 2px solid red]{u = v} $$",
        "$$ \\require{cancel} u = v $$",
    ],
)
def test_displays(text):
    assert formulas(text) == [("D", "u = v")]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6",
        "It costs $5, or 6$ at most",
        "from $10-$20 each",
        r"it costs \$5 and \$6",
        "US$ and CA$ are two",
        "    $$u = v$$",
        "text\n\n\t$$u = v$$\n",
        "```\n$$u = v$$\n```",
        "```python\n$$u = v$$\n```",
        "```{code-cell} ipython3\n$$u = v$$\n```",
        "```{r, echo=FALSE}\n$$u = v$$\n```",
        "```{python}\n#| label: x\n$$u = v$$\n```",
        "```{=html}\n$$u = v$$\n```",
        "`` a ` $u = v$ ``",
        "[a](http://x.org/$u$/$v$)",
        "[id]: http://x.org/$u$",
        "<!-- $$u = v$$ -->",
        "<!--\n\n$$u = v$$\n\n-->",
        "[//]: # (A remark on $u$)",
        "% a remark of MyST on $u$",
        "<code>$u$</code> and <pre>\n$u$\n\n$v$</pre>",
        "<a href='$u$'>",
        "---\ntitle: The cost of $u$\n---\n",
        "{{< highlight python >}}\n\nx = '$$u$$'\n{{< / highlight >}}",
        "{% highlight python %}\n\nx = '$$u$$'\n{% endhighlight %}",
        r"a \[1\] and \[see b\]",
        r"brackets \(as here, in words\)",
    ],
)
def test_what_is_no_formula(text):
    assert formulas(text) == []


def test_kramdown_writes_two_dollars_for_one():
    text = "At time $$t$$,\nlet $$h_t$$ be\n\n$$ h_t = 2 $$\n\nand the\ncell $$c_t$$.\n"
    assert formulas(text) == [("I", "t"), ("I", "h_t"), ("D", "h_t = 2"), ("I", "c_t")]
    assert formulas(f"{text}Then $x$.")[3] == ("D", "c_t")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$\na\n- b\n+ c\n$$", "a - b + c"),
        ("$$\na\n= b\n===\n$$", "a = b ==="),
        ("$$\na\n> b\n# c\n$$", "a > b # c"),
        ("$$\n\\begin{align}\na &= b\n\n    &= c\n\\end{align}\n$$", "\\begin{align} a &= b &= c \\end{align}"),
        ("> $$\n> a\n> - b\n> $$", "a - b"),
        ("- item\n  $$\n  a\n  - b\n  $$", "a - b"),
        ("- item\n  $$\na\n- b\n$$", "a - b"),
    ],
)
def test_what_stands_in_a_display_begins_no_block(text, expected):
    assert formulas(text) == [("D", expected)]


def test_a_display_ends_with_its_quotation():
    assert formulas("> $$\n> a = b\n\nand\n\n$$c = d$$") == [("D", "c = d")]


def test_environments_that_stand_in_the_text():
    cases = "\\begin{cases}\nu & v\n\n- w\n\\end{cases}"
    assert formulas(f"So\n{cases}\n") == [("D", " ".join(cases.split()))]
    assert formulas("So \\begin{thing} $u$ \\end{thing}") == [("I", "u")]


def test_what_belongs_to_a_region():
    text = """\
# Title

```{prf:theorem} Name
:label: one

Let $W$ be

$$
\\begin{align*}
a &= b \\label{two}
\\end{align*}
$$
```

> - in $q$
"""
    found = [each for each in regions(text) if each.kind in ("heading", "formula")]
    assert [(each.kind, each.level, each.environment, each.label, each.within) for each in found] == [
        ("heading", 1, "", "", ()),
        ("formula", 0, "", "", ("theorem",)),
        ("formula", 0, "align*", "two", ("theorem",)),
        ("formula", 0, "", "", ("quote", "item")),
    ]
    assert [read(text, "markdown").lines.at(each.span.start)[0] for each in found] == [1, 6, 8, 15]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("```{math}\n:label: q\nu = v\n```", "q"),
        ("```{math}\n---\nlabel: q\n---\nu = v\n```", "q"),
        ("$$ u = v $$ (q)", "q"),
        ("$$\nu = v\n$$ {#eq-q}", "eq-q"),
        ("$$ u = v \\label{q} $$", "q"),
    ],
)
def test_labels(text, label):
    (formula,) = regions(text)
    assert (formula.label, " ".join(formula.text.split())) == (label, "u = v")


def test_the_parts_of_a_directive():
    assert formulas("```{math}\nu = v\n\nw = z\n```") == [("D", "u = v"), ("D", "w = z")]


@pytest.mark.parametrize(
    "text",
    [
        "```indexcalc\ntensor X[i,j]\n```",
        "```{indexcalc}\ntensor X[i,j]\n```",
        "<!-- indexcalc: tensor X[i,j] -->",
        "text <!-- indexcalc:\ntensor X[i,j]\n--> more",
        "<!-- indexcalc:\n\ntensor X[i,j]\n\n-->\n",
        "[//]: # (indexcalc: tensor X[i,j])",
        "% indexcalc: tensor X[i,j]",
        "- item\n\n  ```indexcalc\n  tensor X[i,j]\n  ```",
    ],
)
def test_declarations(text):
    assert of_kind("sheet", text) == ["tensor X[i,j]"]


def test_words():
    text = "A **symmetric** matrix_with_marks, _as_ in [the book](http://a.b/c(d)) <b>of</b> x * y.\n\n- and &c\n"
    assert words(text) == ["A symmetric matrix_with_marks, as in the book of x * y.", "and &c"]


def test_entities_stand_for_characters():
    assert formulas("$a &lt; b$ and $$a &amp;= b$$") == [("I", "a < b"), ("D", "a &= b")]


def test_the_body_of_an_unknown_fence_is_code():
    text = "```{mermaid}\n$u$\n```\n\n```{bash}\n$v$\n```\n"
    assert of_kind("code", text) == ["$u$", "$v$"]
    assert [each.language for each in regions(text)] == ["mermaid", "bash"]


def test_what_jekyll_leaves_alone_is_markdown():
    assert formulas("{% raw %}\n\nWith\n\n$$ a = b $$\n\n{% endraw %}\n") == [("D", "a = b")]
    assert formulas("{{< raw >}}\n\n$$ a = b $$\n\n{{< /raw >}}\n") == []

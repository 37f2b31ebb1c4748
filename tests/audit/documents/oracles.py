"""Random Markdown and LaTeX, and the formulas that markdown-it-py and pylatexenc see in them.

    python -m tests.audit.documents.oracles --count 20000

compares them with ours, by hand, on many seeds.
"""

from __future__ import annotations

import argparse
import random

from tests.audit.documents.regions import formulas

FORMULAS = [
    "a = b",
    "a_{ij} \\\\ b",
    "x^2",
    "\\text{if } y",
    "\\{z\\}",
    "a\n= b",
    "a\n+ b",
    "x < y\n& z",
    "\\frac{a}{b}",
]
LOOSE = 0.8  # of blocks that have a blank line before them
WORDS = [
    "so",
    "we have",
    "*emphasis*",
    "`code $c$`",
    "and",
    "[link](http://a.b/$c$)",
    "**of** it",
    "costs \\$5",
    "(here)",
]


def inline(source):
    """A line of words and formulas."""
    parts = []
    for _ in range(source.randint(1, 5)):
        formula = source.choice(FORMULAS).replace("\n", " ")
        parts.append(source.choice([source.choice(WORDS), source.choice(WORDS), f"${formula}$"]))
    return "so " + " ".join(parts)


def block(source, depth=0):
    """Some lines of Markdown, as a list."""
    formula = source.choice(FORMULAS)
    match source.randrange(11 if depth < 3 else 8):
        case 0 | 1 | 2:
            return [inline(source) for _ in range(source.randint(1, 3))]
        case 3:
            return ["$$", *formula.split("\n"), "$$"]
        case 4:
            return [f"$${formula}$$".replace("\n", " ")]
        case 5:
            mark = source.choice(["```", "~~~~", "```python"])
            return [mark, f"$${formula}$$".replace("\n", " "), mark.rstrip("python")]
        case 6:
            return [source.choice(["# ", "## "]) + inline(source)]
        case 7:
            return ["    indented $c$"] if not depth else ["<!-- $c$ -->"]
        case 8:
            return [f"> {line}" if line else ">" for line in blocks(source, depth + 1)]
        case _:
            mark = source.choice(["- ", "* ", "1. ", "1) "])
            lines = blocks(source, depth + 1)
            return [mark + lines[0], *(" " * len(mark) + line if line else "" for line in lines[1:])]


def blocks(source, depth=0):
    """The lines of some blocks, with blank lines between them."""
    lines = inline(source).split("\n") if depth else []
    for _ in range(source.randint(1, 4)):
        new = block(source, depth)
        apart = "$$" in (new[0][:2], lines[-1][-2:] if lines else "") or source.random() < LOOSE
        lines += [""] if lines and apart else []
        lead = " " * source.choice([0, 0, 0, 1, 3])
        lines += [lead + line if line else "" for line in new]
    return lines


def markdown(seed):
    """A random document in Markdown."""
    return "\n".join(blocks(random.Random(seed))) + "\n"


def seen_by_markdown_it(text):
    """The formulas that markdown-it-py finds, with its plugin for dollars."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    found = []
    for token in MarkdownIt("commonmark").use(dollarmath_plugin, allow_labels=False).parse(text):
        if token.type == "math_block":
            found.append(("D", " ".join(token.content.split())))
        for child in token.children or ():
            if child.type.startswith("math_inline"):
                found.append(("D" if "double" in child.type else "I", " ".join(child.content.split())))
    return found


LATEX = [
    "words and more",
    "${}$",
    "\\({}\\)",
    "\\[ {} \\]",
    "\\begin{{equation}}\n{}\n\\end{{equation}}",
    "\\begin{{align*}}\n{}\n\\end{{align*}}",
    "% a comment with $c$\n",
    "\\verb|$c$|",
    "\\begin{{verbatim}}\n$c$ {}\n\\end{{verbatim}}",
    "\\emph{{of ${}$}}",
    "\\textbf{{so}} 5\\% of \\$6",
    "\n\n",
    "\\begin{{itemize}} \\item ${}$ \\end{{itemize}}",
    "\\footnote{{as ${}$}}",
    "\\begin{{tabular}}{{ll}} $ {} $ & b \\\\ \\end{{tabular}}",
]


def latex(seed):
    """A random text in LaTeX."""
    source = random.Random(seed)
    parts = [source.choice(LATEX).format(source.choice(FORMULAS)) for _ in range(source.randint(1, 12))]
    return " ".join(parts) + "\n"


def seen_by_pylatexenc(text):
    """The formulas that pylatexenc finds."""
    from pylatexenc.latexwalker import LatexEnvironmentNode, LatexMathNode, LatexWalker

    found = []

    def walk(nodes):
        for node in nodes or ():
            if isinstance(node, LatexMathNode):
                inner = "".join(each.latex_verbatim() for each in node.nodelist)
                found.append(("DI"[node.displaytype == "inline"], " ".join(inner.split())))
            elif isinstance(node, LatexEnvironmentNode) and node.environmentname in ("equation", "align*"):
                found.append(("D", " ".join(node.latex_verbatim().split())))
            else:
                arguments = getattr(node, "nodeargd", None)
                walk(arguments.argnlist if arguments and getattr(arguments, "argnlist", None) else ())
                walk(getattr(node, "nodelist", None))

    walk(LatexWalker(text, tolerant_parsing=False).get_latex_nodes()[0])
    return found


def differences(seed):
    """What we and the others see differently in the texts of a seed."""
    found = []
    for text, format, other in (
        (markdown(seed), "markdown", seen_by_markdown_it),
        (latex(seed), "latex", seen_by_pylatexenc),
    ):
        ours, theirs = formulas(text, format), other(text)
        if ours != theirs:
            found.append((format, text, ours, theirs))
    return found


def main():
    """Compare many seeds, and print what differs."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    wrong = 0
    for seed in range(options.start, options.start + options.count):
        for format, text, ours, theirs in differences(seed):
            wrong += 1
            print(f"----- seed {seed}, {format}\n{text}\nours   {ours}\ntheirs {theirs}")
    print(f"{wrong} of {2 * options.count} texts are seen differently")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

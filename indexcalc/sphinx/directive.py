"""The directive: what a sheet in a page becomes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from indexcalc.api import check, derive, parse
from indexcalc.display.formulas import chain_html, equations_html
from indexcalc.errors import IndexcalcError
from indexcalc.pictures.draw import KINDS, draw
from indexcalc.render import chains_of, escaped, reason
from indexcalc.results import Derivation, Expression, Step, equations_of
from indexcalc.sheet import Sheet

BACKENDS = ("einsum", "numpy", "numba", "jax", "torch", "dask")
logger = logging.getLogger(__name__)


def _backend(text: str) -> str:
    return str(directives.choice(text, BACKENDS))


def _kind(text: str) -> str:
    return str(directives.choice(text, KINDS))


class SheetDirective(SphinxDirective):  # type: ignore[misc]
    """A sheet with a target, the derivation of which is shown."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, object]] = {
        "steps": directives.flag,
        "source": directives.flag,
        "code": _backend,
        "picture": _kind,
    }

    def run(self) -> list[nodes.Node]:
        """The nodes that stand for the sheet."""
        text = "\n".join(self.content)
        try:
            sheet = parse(text)
            found = [*self._source(text), *self._definitions(sheet), *self._checks(text, sheet)]
            if self.arguments:
                found += self._derivation(derive(sheet, self.arguments[0]))
        except IndexcalcError as error:
            self._warn(str(error))
            return [nodes.literal_block(str(error), str(error))]
        return found

    def _warn(self, words: str) -> None:
        logger.warning("indexcalc: %s", words, location=self.get_location(), type="indexcalc")

    def _source(self, text: str) -> Iterator[nodes.Node]:
        if "source" in self.options:
            yield nodes.literal_block(text, text, language="none")

    def _definitions(self, sheet: Sheet) -> Iterator[nodes.Node]:
        pairs = equations_of(sheet)
        if pairs and "source" not in self.options:
            if self.env.app.builder.format == "html":
                yield nodes.raw("", equations_html(pairs, "definitions"), format="html")
            else:
                rows = [f"{left.latex()} &= {right.latex()}" for left, right in pairs]
                yield _math("\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}")

    def _checks(self, text: str, sheet: Sheet) -> Iterator[nodes.Node]:
        """The claims of the sheet, typeset with their verdicts."""
        claims = check(f"{text}\n", format="sheet").claims if sheet.claims else ()
        for claim in claims:
            if str(claim.verdict) in ("refuted", "unreadable"):
                self._warn(f"{claim.verdict}: {claim.text}: {claim.reason}")
        rows = iter(claims)
        for claimed in sheet.claims:
            sides = [Expression(side, sheet, claimed.axes).latex() for side in claimed.sides]
            verdicts = ", ".join(str(each.verdict) for each in islice(rows, len(sides) - 1))
            yield _math(f"{' = '.join(sides)} \\qquad \\text{{({verdicts})}}")

    def _derivation(self, found: Derivation) -> Iterator[nodes.Node]:
        steps = "steps" in self.options
        for chain in chains_of(found, steps):
            if self.env.app.builder.format == "html":
                yield nodes.raw("", chain_html(chain, steps), format="html")
            else:
                yield _math(_aligned(chain, steps))
        if "picture" in self.options:
            yield nodes.raw("", draw(found, self.options["picture"]), format="html")
        if "code" in self.options:
            source = found.code(backend=self.options["code"]).split("\n\n\ndef checked")[0].rstrip("\n")
            yield nodes.literal_block(source, source, language="python")


def _math(latex: str) -> nodes.math_block:
    return nodes.math_block(latex, latex, nowrap=False, number=None, label=None)


def _aligned(chain: tuple[Step, ...], reasons: bool) -> str:
    first, *rest = chain
    rows = [f"{first.expression.latex()} &{'' if rest else '{}'}"]
    for step in rest:
        words = f" && \\text{{{escaped(reason(step))}}}" if reasons else ""
        rows.append(f"&= {step.expression.latex()}{words}")
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"

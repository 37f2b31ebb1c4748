"""A directive for Sphinx and MyST, with `extensions = ["indexcalc.sphinx"]`: a sheet, typeset and checked on build.

    ```{indexcalc} diff(L, w[k])
    :code: numpy
    :picture: graph
    L = sum[i]((x[i,j]*w[j] - y[i])^2)
    check diff(L, x[i,j]) = 2*w[j]*(x[i,k]*w[k] - y[i])
    ```

The definitions are shown, then the derivation of the target, if there is one. A `check` that is refuted, and a sheet
that cannot be read, are warnings of the build, so that `sphinx-build -W` fails.

With `html_math_renderer = "indexcalc"` all formulas of a site are MathML, which needs no script and no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive to a build."""
    from pygments.lexers.special import TextLexer

    from indexcalc.sphinx.directive import SheetDirective
    from indexcalc.sphinx.mathematics import display_math, inline_math

    app.add_directive("indexcalc", SheetDirective)
    app.add_lexer("indexcalc", TextLexer)
    app.add_html_math_renderer("indexcalc", (inline_math, None), (display_math, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}

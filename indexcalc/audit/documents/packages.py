r"""Macros that widely used packages define, in the language of the documents themselves.

A document that defines one of these names itself means its own. Sources: the manual of the package physics, 1.3, which
MathJax reads as well, and that of commath, 0.3.
"""

from __future__ import annotations

from functools import cache

from indexcalc.audit.documents.definitions import Macro, definitions

# The order, the numerator and the variable: \dv[n]{f}{x}; or the variable alone, \dv{x}, before what it is applied to.
ORDINARY = (
    r"\IfNoValueTF{#4}{\frac{d\IfNoValueF{#2}{^{#2}}}{d #3\IfNoValueF{#2}{^{#2}}}}"
    r"{\frac{d\IfNoValueF{#2}{^{#2}} #3}{d #4\IfNoValueF{#2}{^{#2}}}}\IfNoValueF{#5}{\left(#5\right)}"
)
PARTIAL = (
    r"\IfNoValueTF{#4}{\frac{\partial\IfNoValueF{#2}{^{#2}}}{\partial #3\IfNoValueF{#2}{^{#2}}}}"
    r"{\IfNoValueTF{#5}{\frac{\partial\IfNoValueF{#2}{^{#2}} #3}{\partial #4\IfNoValueF{#2}{^{#2}}}}"
    r"{\frac{\partial^{2} #3}{\partial #4 \partial #5}}}"
)
PHYSICS = "\n".join(
    (
        *(rf"\NewDocumentCommand{{{name}}}{{s o m g d()}}{{{ORDINARY}}}" for name in (r"\dv", r"\derivative")),
        *(rf"\NewDocumentCommand{{{name}}}{{s o m g g}}{{{PARTIAL}}}" for name in (r"\pdv", r"\partialderivative")),
        r"\NewDocumentCommand{\vb}{s m}{\mathbf{#2}}",
        r"\NewDocumentCommand{\va}{s m}{\vec{#2}}",
        r"\NewDocumentCommand{\vu}{s m}{\hat{#2}}",
        r"\NewDocumentCommand{\vdot}{}{\cdot}",
        r"\NewDocumentCommand{\cross}{}{\times}",
        r"\NewDocumentCommand{\grad}{}{\nabla}",
        r"\NewDocumentCommand{\laplacian}{}{\nabla^{2}}",
        r"\NewDocumentCommand{\abs}{s o m}{\left\lvert #3 \right\rvert}",
        r"\NewDocumentCommand{\norm}{s o m}{\left\lVert #3 \right\rVert}",
        r"\NewDocumentCommand{\mqty}{s d() d[] g}{\IfNoValueTF{#2}{\IfNoValueTF{#3}"
        r"{\begin{matrix} #4 \end{matrix}}{\begin{bmatrix} #3 \end{bmatrix}}}{\begin{pmatrix} #2 \end{pmatrix}}}",
        r"\NewDocumentCommand{\pmqty}{m}{\begin{pmatrix} #1 \end{pmatrix}}",
        r"\NewDocumentCommand{\bmqty}{m}{\begin{bmatrix} #1 \end{bmatrix}}",
        r"\NewDocumentCommand{\qty}{s d() d[] g}{\IfNoValueTF{#2}{\IfNoValueTF{#3}"
        r"{\IfNoValueF{#4}{\left\{ #4 \right\}}}{\left[ #3 \right]}}{\left( #2 \right)}}",
    )
)
ORDER = r"\IfNoValueF{#1}{^{#1}}"
COMMATH = "\n".join(
    (
        *(
            rf"\NewDocumentCommand{{\{size}{name}}}{{o m m}}{{\frac{{{sign}{ORDER} #2}}{{{sign} #3{ORDER}}}}}"
            for name, sign in (("pd", r"\partial"), ("od", "d"))
            for size in ("", "d", "t")
        ),
        r"\NewDocumentCommand{\dif}{}{d}",
    )
)


@cache
def packaged() -> dict[str, Macro]:
    """The macros of the packages, by name."""
    return {macro.name: macro for macro, _, _ in definitions(f"{PHYSICS}\n{COMMATH}") if macro is not None}

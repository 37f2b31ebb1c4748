"""LaTeX as MathML, which browsers typeset without a script, by the package latex2mathml where it is installed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import escape, unescape
from importlib.util import find_spec
from xml.etree import ElementTree

ATTRIBUTES = frozenset(  # of MathML that only say how a formula looks; a document's links and styles are left out
    "accent accentunder columnalign columnlines columnspacing columnwidth depth display displaystyle fence form "
    "height largeop linethickness lspace mathvariant maxsize minsize movablelimits notation rowalign rowlines "
    "rowspacing rspace scriptlevel separator stretchy symmetric voffset width xmlns".split()
)
ESCAPED = re.compile(r"\\([_%#&$])")  # signs that LaTeX has with a backslash
OTHERS = (IndexError, KeyError, ValueError, StopIteration, RecursionError)  # that the package raises for odd formulas
LONGEST = 8000  # characters of a formula that is typeset; a longer one is shown as it is written


@cache
def is_there() -> bool:
    """Whether formulas can be typeset."""
    return find_spec("latex2mathml") is not None


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool = False) -> str:
    """A formula as MathML with its LaTeX as the text alternative; as code where it cannot be typeset."""
    if not is_there() or len(latex) > LONGEST:
        return code(latex)
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    own = (each for each in vars(exceptions).values() if isinstance(each, type) and issubclass(each, Exception))
    refused: tuple[type[Exception], ...] = (*OTHERS, *own)
    try:
        known = latex.replace("{aligned}", "{align*}")  # the same table under the name that the package knows
        element = convert_to_element(known, display="block" if display else "inline")
        text = _written(element, latex)
    except refused:
        return code(latex)
    return text


def _written(element: ElementTree.Element, latex: str) -> str:
    """The element as text. The package leaves what stands in texts as it is, so that it could be HTML: here none is."""
    for each in element.iter():
        for name in [name for name in each.attrib if name not in ATTRIBUTES]:
            del each.attrib[name]
        each.text = ESCAPED.sub(r"\1", unescape(each.text)) if each.text else each.text  # it writes signs as entities
        each.tail = unescape(each.tail) if each.tail else each.tail
    element.set("alttext", latex)
    return ElementTree.tostring(element, encoding="unicode")


def code(text: str) -> str:
    """A text as code, in HTML."""
    return f"<code>{escape(text)}</code>"

r"""How a text speaks of exponentials of matrices: e^A is that of the whole matrix, or of each of its elements."""

from __future__ import annotations

import re

OF_MATRICES = re.compile(
    r"\bmatrix[- ]exponential|\bexponentials? of (?:a|an|the|any|square)?\s*(?:square )?matri"
    r"|\bmatri(?:x|zen)exponential|\bexponentielles? d[e'](?: la |une )?\s*matrice|\u77e9\u9635\u6307\u6570",
    re.IGNORECASE,
)
OF_ELEMENTS = re.compile(
    r"\b(?:element|entry|component|coordinate)[- ]?wise|\beach (?:element|entry)|\bentry by entry|\bsoftmax",
    re.IGNORECASE,
)

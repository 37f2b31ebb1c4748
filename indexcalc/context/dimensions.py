r"""What the prose says of the shapes of names, and of matrices as a whole.

"an invertible $n \times n$ matrix $A$", "$U$ is $n \times k$", "columns $u$, $v$ of length $n$", "$S$ of order $d$";
"$V$ positive definite", "both matrices are symmetric"; "all entries are taken as independent". Formulas that are sizes
stand as words in the text that is searched, so that they do not part a noun from its adjectives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from indexcalc.context.sentences import CLOSE, MARK, OPEN, Sentence
from indexcalc.context.told import COPULA, DENIED, FACTS, LIST, ONE, OPEN_ENDED, Told, only_shapes

Sizes = Mapping[int, tuple[str, ...]]

SIZE = "SIZE"
WORDS = r"(?:[\w-]+,?\s+)"
BARE = r"(?:(?!(?:with|by|of|and|or|to|in|from|for|into|is|are|be|as|on)\b)[\w-]+\s+)"
# What stands between names and what they are of: no other thing, "$s$ and the rod of length $l$".
GAP = rf"(?:(?!\b(?:and|or|while|with|where|whose)\s+(?:the|an?|its)\b)[^.;{OPEN}])"
SIZED = (
    re.compile(rf"(?P<list>{LIST})\s+{BARE}{{0,2}}?{SIZE}(?P<size>\d+)\s+{BARE}{{0,2}}?matri", re.IGNORECASE),
    re.compile(rf"(?P<list>{LIST})(?:{COPULA}|\s*\(|\s+(?=an?\b))\s*{WORDS}{{0,5}}?{SIZE}(?P<size>\d+)", re.IGNORECASE),
    re.compile(
        rf"{SIZE}(?P<size>\d+)\s+{WORDS}{{0,3}}?(?:matri(?:x|ces)|arrays?|tensors?)\s+"
        rf"(?:(?:called|named|denoted(?: by)?|by)\s+)?(?P<list>{LIST})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<list>{LIST}){GAP}{{0,60}}?\bof\s+(?:the\s+)?(?:shape|size|dimensions?|order|type)\s+{SIZE}(?P<size>\d+)",
        re.IGNORECASE,
    ),
)
LENGTH = re.compile(
    rf"(?P<list>{LIST}){GAP}{{0,60}}?\bof\s+(?:the\s+)?length\s+(?P<size>{ONE})", re.IGNORECASE
)
ORDER = re.compile(rf"(?P<list>{LIST}){GAP}{{0,80}}?\bof\s+(?:the\s+)?order\s+(?P<size>{ONE})", re.IGNORECASE)
SQUARE = re.compile(rf"\bsquare\s+{WORDS}{{0,2}}?matri(?:x|ces)\s+(?P<list>{LIST})", re.IGNORECASE)
FACT = "|".join(FACTS)
VERB = re.compile(r"\s*,?\s*(?:is|are|be|being|both|all|denotes?|represents?)\b", re.IGNORECASE)
BEHIND = re.compile(
    rf"(?P<list>{LIST})(?:{COPULA})?\s*(?:\(\s*|,\s*)?(?:an?\s+{BARE}{{0,2}}?)?(?:(?:both|all|also|real)\s+)*(?P<fact>{FACT})(?![\w-])"
    rf"(?!\s+(?:(?!of\b|and\s+{OPEN})[\w-]+\s+){{0,3}}?{OPEN})",
    re.IGNORECASE,
)
PAIR = re.compile(
    rf"(?P<first>{ONE})\s*(?:,|and)\s+{WORDS}{{0,2}}(?P<second>{ONE})\s*\(\s*both\s+{WORDS}{{0,2}}?(?P<fact>{FACT})(?![\w-])"
    rf"(?P<rest>[^)]*)",
    re.IGNORECASE,
)
ALL = re.compile(
    rf"\b(?:both|all|these|all of the(?:se)?|both of the(?:se)?)\s+(?:the\s+)?(?:two\s+)?(?:matrices|covariances)\s+"
    rf"(?:are|being|shall be)\s+{WORDS}{{0,2}}?(?P<fact>{FACT})(?![\w-])",
    re.IGNORECASE,
)
INDEPENDENT = re.compile(
    r"\b(?:entries|elements|components)\b[^.;]{0,40}\bindependent\b|\bindependent\s+(?:entries|elements|components|variables)\b"
    r"|\b(?:ignor|disregard)\w*\s+(?:the\s+|its\s+|their\s+)?symmetry\b",
    re.IGNORECASE,
)
JOINT = re.compile(
    r"\b(?:one|the same|a single|single)\s+variable\b|\bboth\s+(?:places|entries|elements)\b|\bmove\s+together\b",
    re.IGNORECASE,
)


def dimensions(sentence: Sentence, sizes: Sizes) -> Iterator[Told]:
    """What a sentence says of shapes, and of matrices behind which it says what they are.

    trait: shape (the names of the sizes), fact, fact of all.
    """
    text = re.sub(r"\s+", " ", MARK.sub(lambda mark: _size_word(int(mark[1]), sizes), sentence.text))
    for pattern in SIZED:
        for match in pattern.finditer(text):
            yield _told(_meant(match), "shape", sizes[int(match["size"])], sentence, match)
    for match in SQUARE.finditer(text):
        yield _told(match["list"], "axes", 2, sentence, match)
    denied = DENIED.search(MARK.sub(" ", text)) is not None and not only_shapes(text)
    if denied or OPEN_ENDED.search(re.sub(r"\bas if\b", "", text, flags=re.IGNORECASE)):
        return
    text = re.sub(rf"\(\s*{SIZE}\d+\s*\)\s*", "", text)  # P (n x n) and R (m x m) are ...
    for match in PAIR.finditer(text):
        both = match["first"] + match["second"]
        yield _told(both, "fact", _fact(match), sentence, match)
        size = re.search(rf"{SIZE}(\d+)", match["rest"])
        if size:
            yield _told(both, "shape", sizes[int(size[1])], sentence, match)
    for match in BEHIND.finditer(text):
        yield _told(_meant(match), "fact", _fact(match), sentence, match)
    for match in ALL.finditer(text):
        yield Told((), "fact of all", _fact(match), sentence.start, match.group())


def _meant(match: re.Match[str]) -> str:
    """The formulas of a list of which something is said: without a verb or a plural behind it only the last one."""
    behind = match.string[match.end("list") : match.end() + 4]
    if match.start("list") > match.start() or VERB.match(behind) or "matrices" in behind:
        return str(match["list"])
    return f"{OPEN}{MARK.findall(match['list'])[-1]}{CLOSE}"


def lengths(sentence: Sentence) -> Iterator[tuple[Told, int]]:
    """Vectors of a length and matrices of an order, each with the number of the formula that is the size."""
    text = re.sub(r"\s+", " ", sentence.text)
    for pattern, axes in ((LENGTH, 1), (ORDER, 2)):
        for match in pattern.finditer(text):
            yield _told(match["list"], "axes", axes, sentence, match), int(MARK.findall(match["size"])[0])


def convention(sentence: Sentence) -> str:
    """How a sentence wants derivatives by a symmetric matrix: independent, joint, or nothing said."""
    text = MARK.sub(" ", re.sub(r"\s+", " ", sentence.text))
    return "independent" if INDEPENDENT.search(text) else "joint" if JOINT.search(text) else ""


def _size_word(number: int, sizes: Sizes) -> str:
    return f"{SIZE}{number}" if number in sizes else f"{OPEN}{number}{CLOSE}"


def _fact(match: re.Match[str]) -> str:
    """The fact that words state; some want to know what stands behind them."""
    start = match.start("fact")
    return next(fact for word, fact in FACTS.items() if re.compile(word, re.IGNORECASE).match(match.string, start))


def _told(marks: str, trait: str, value: object, sentence: Sentence, match: re.Match[str]) -> Told:
    words = MARK.sub("…", match.group()).strip()
    return Told(tuple(int(number) for number in MARK.findall(marks)), trait, value, sentence.start, words)

r"""What the prose says of names, in words.

"a symmetric matrix $A$", "$t$ is a one-hot vector", "the mean of the $x_n$".

The words stand in tables by language, English first. What a sentence denies, or leaves open, is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexcalc.context.sentences import CLOSE, MARK, OPEN, Sentence

ONE = f"{OPEN}\\d+{CLOSE}"
# One way only to read a gap: with two, a row of thirty formulas would be tried in as many ways as there are subsets.
LIST = rf"{ONE}(?:\s*(?:(?:,|and the|and|or|, and|y|et|und|e|\u548c|\u4e0e|\u3001)\s*)?{ONE})*"

# Nouns with the number of axes of what they call so.
NOUNS: dict[str, int] = {
    r"matri(?:x|ces)": 2,
    r"(?:column |row )?vectors?": 1,
    r"scalars?|(?:real )?numbers?|(?<=\ba )constant|constants": 0,
    # other languages
    r"matriz|matrices|matrice|matrizen|matrix|матриц\w*|\u77e9\u9635": 2,
    r"vector(?:es)?|vecteurs?|vektor(?:en)?|vettor[ei]|вектор\w*|\u5411\u91cf": 1,
}
STANDING = re.compile(r"(row|column)\b", re.IGNORECASE)  # at the beginning of a noun
BASIS = re.compile(
    rf"(?P<list>{LIST})[^.:{OPEN}]{{0,25}}(?:{ONE}[-\s]*(?:th|st|nd|rd)?\s+)?(?:(?:standard|canonical|natural|Euclidean|orthonormal|coordinate)\s+)"
    r"(?:(?:unit|orthonormal|basis|base|coordinate)\s+)*(?:vectors?|basis)\b",
    re.IGNORECASE,
)
FUNCTIONS = r"functions?|sigmoids?(?!\s+function)|fonctions?|funktion(?:en)?|funci\wn(?:es)?|функци\w+|\u51fd\u6570"

# Adjectives with the fact that they state of a tensor.
FACTS: dict[str, str] = {
    r"anti-?\s?symmetric|skew(?:-?\s?symmetric)?": "antisymmetric",
    r"symmetric|covariance|positive[\s-](?:semi-?)?definite|sym\wtrique|symmetrisch\w*|(?:gram|kernel|precision)(?=\s+matri)|sim\wtric[ao]": "symmetric",
    r"(?:orthogonal|orthonormal)(?! project)": "orthogonal",
    r"traceless|trace-free": "traceless",
    r"(?<!block )(?<!off )diagonal(?=\s*(?:and [\w-]+ |real |square |positive |constant )?matri|\s*\W*\Z)": "diagonal",
    r"lower[\s-]+triangular": "lower triangular",
    r"upper[\s-]+triangular": "upper triangular",
    r"idempotent(?:e[sn]?|a)?": "idempotent",
    r"unit(?: normal)?(?= vectors?| normals?)|unit normals?|(?:(?:of|has|have) )?unit[\s-](?:length|norm)": "unit",
    r"(?:real |positive |known |unknown |fixed )*constants?|deterministic|non-?random|fixed": "constant",
    r"one[\s-]hot(?:[\s-]?encoded)?|1-hot": "sums to one",
}
JOINED = frozenset(("symmetric", "orthogonal", "idempotent"))  # what a matrix may be beside something else
SUMS = re.compile(
    rf"(?P<list>{LIST})(?:\s*(?:'s)?\s*(?:which|that|must|all|should|always|then|elements?|entries|values)?)*\s*(?:sums?|adds?)\s+(?:up\s+)?to\s+(?:one|1|{ONE})"
    rf"|(?:elements?|entries|components|rows|probabilities)\s+(?:of\s+)?(?P<of>{LIST})\s+(?:sum|add)\s+(?:up\s+)?to\s+(?:one|1|{ONE})",
    re.IGNORECASE,
)
IS_ONE = re.compile(
    rf"\bsum(?:mation)?\s+(?:of\s+)?(?P<sum>{ONE})\s+(?:is|equals?|must be)\s+(?:equal\s+to\s+|always\s+)?(?:1\b|one\b|(?P<one>{ONE}))",
    re.IGNORECASE,
)
# What a formula that is a sum itself is said to be: "$\\sum_j y_j$ is 1".
SUM_IS_ONE = re.compile(
    rf"(?P<sum>{ONE})\s*(?:(?:always|which|that|must|here)\s+)*"
    r"(?:is|be|equals?|(?:adds?|sums?)\s+(?:up\s+)?to|ist|ergibt|est|vaut|es|vale|\u662f|\u4e3a|\u7b49\u4e8e|\ub294|\uc740|\u306f)"
    r"\s*(?:(?:equal\s+to|always|\w?gale?\s+\w|igual\s+a|gleich)\s+)?(?:1(?!\d|[.,-]\w)|one\b)",
    re.IGNORECASE,
)
MEANS = re.compile(
    rf"(?P<list>{LIST})\s*(?:,\s*)?(?:is|are|be|denotes?|represents?|being|:)?\s*(?:the\s+)?(?:respective\s+|sample\s+|arithmetic\s+|empirical\s+)*(?:means?|averages?)\b(?:\s*(?:value\s+)?(?:of|over|for)\s+(?:all\s+)?(?:the\s+)?(?P<of>{LIST}))?",
    re.IGNORECASE,
)
MEAN_IS = re.compile(
    rf"\b(?:the|with|sample|arithmetic|empirical)\s+(?:means?|averages?)\s+(?:values?\s+|is\s+|are\s+)?(?P<list>{LIST})",
    re.IGNORECASE,
)
NUMBER_OF = re.compile(
    rf"(?P<list>{LIST})\s*(?:is|are|being|denotes?|represents?|=|:|,)?\s*(?:the\s+)?(?:total\s+)?number of\b|\bnumber of [\w\s-]{{0,30}}?\(?(?P<of>{ONE})",
    re.IGNORECASE,
)
# A distribution says what things are together: "independent variables" of a regression are none of these.
IID = r"(?<!linearly )(?<!linear )\bindependent\b|\bi\.?\s?i\.?\s?d\b\.?"
INDEPENDENT = re.compile(
    rf"(?P<list>{LIST})(?:\s*,)?(?:\s+(?:is|are|be|being|were|which|that|both|all|also|assumed|to|mutually|pairwise|jointly|statistically|drawn))*"
    rf"\s+(?:{IID})(?:\s+(?:of|from)\s+(?:the\s+(?:\w+\s+)?)?(?P<of>{LIST})|(?!\s+(?:of|from|variables?)\b))"
    rf"|(?:{IID})(?:\s+(?:and|identically|distributed|standard|normal|gaussian|random\s+variables?|zero[\s-]mean))*(?:\s+(?!(?:variables?|columns?|rows?|vectors?|entries|components|solutions|of|from|to|in)\b)\w+){{0,2}}\s+(?P<behind>{LIST})",
    re.IGNORECASE,
)
SPREAD = rf"(?:[^.;{OPEN}]{{0,30}}?\b(?:co)?variances?(?:\s+matri(?:x|ces))?\s+(?P<spread>{LIST}))?"
ZERO_MEAN = r"zero[\s-]means?|means?[\s-](?:of\s+)?zero"
MOMENTS = (
    re.compile(rf"(?P<list>{LIST})[^.;{OPEN}]{{0,60}}?\b(?:{ZERO_MEAN})\b{SPREAD}", re.IGNORECASE),
    re.compile(rf"\b(?:{ZERO_MEAN})\s+(?:(?!(?:co)?variance|and\b)[\w-]+\s+){{0,3}}(?P<list>{LIST}){SPREAD}", re.IGNORECASE),
)
ROWS = re.compile(
    rf"(?P<list>{ONE})[^.{OPEN}]{{0,25}}?\b(?P<kind>row|column)s?\b\s*(?:{ONE}\s*)?(?:of|in)\b", re.IGNORECASE
)
DENIED = re.compile(
    r"\b(?:not|non|never|neither|nor|cannot|necessarily|unless|whether|contrary|hope|without|false|wrong|arbitrary|any|no longer|general)\b|n't\b|\?|:\s*no\b|\bno\b"
    r"|\b(?:nicht|keine?[nmrs]?|weder|ohne|pas|jamais|sans|nunca|sin|tampoco|не|нет|без)\b|\u4e0d|\u975e|\u672a|\u6ca1|\u306a\u3044|\uc54a|\uc544\ub2c8",
    re.IGNORECASE,
)
# The sizes in "a symmetric $n \\times n$ matrix $A$", of which nothing is said.
SIZES = re.compile(rf"(?<=\w ){ONE}\s+(?=(?:(?:real|square)\s+)*matri(?:x|ces)\s+{ONE})")
OPEN_ENDED = re.compile(
    r"\b(?:if|when|whenever|provided|only if|wenn|falls|si|lorsque|quand|cuando|quando|se|если|когда)\b|\u5982\u679c|\u82e5",
    re.IGNORECASE,
)
OUTSIDE = re.compile(
    r"\bzero[\s-]?padd(?:ed|ing)\b|\bpadd(?:ed|ing)\s+(?:with|by)\s+zeros?\b|"
    r"\b(?:zeros?|vanish\w*)\s+(?:everywhere\s+)?(?:outside|beyond|elsewhere|before|behind|after|at\s+(?:both|the)\s+ends)\b",
    re.IGNORECASE,
)
SOLVING = re.compile(
    r"\b(?:set|sets|setting|equat(?:e|es|ing)|put|putting|requir\w+)\b(?!\s+(?:the|all|its|their)\s+(?:rest|others?|remaining|entries|elements|off-diagonal)\b)[^.]*?\b(?:to|equal(?:s|\s+to)?|=)\s*(?:be\s+)?(?:zero|0\b|"
    + ONE
    + r")"
    r"|\bnormal equations?\b|\bfirst[- ]order (?:necessary )?conditions?\b|\bat (?:the|an?) (?:optim|minim|maxim|extrem)\w*"
    r"|\bstationar\w+ (?:point|condition)|\bvanish\w*\b(?!\s+(?:outside|beyond|elsewhere))|\b(?:minimi[sz]er|maximi[sz]er|optimum)\b",
    re.IGNORECASE,
)
UNDER = re.compile(
    r"(?:\b(?:for|if|when|where|case|suppose|assume|assuming|with|whenever|si|quando|wenn|falls|cuando|lorsque|pour)|\u5f53|\u5982\u679c|:)\s*(?:the\s+case\s+(?:where\s+|when\s+)?|that\s+|\*\*|__|\()*\Z",
    re.IGNORECASE,
)
# What begins a sentence that gives the reason for the display before it, or stands in it.
REASON = re.compile(
    r"\A[\s*_>-]*(?:note|here|where|since|because|as|for|recall|remember|nota|hier|denn|weil|da|wobei|car|puisque|o\xf9|porque|pues)\b"
    r"|\b(?:since|because|due\s+to|owing\s+to|by\s+definition|wegen|car|puisque|porque|так\s+как|vì)\b|\u56e0\u4e3a|\u5176\u4e2d",
    re.IGNORECASE,
)
# Words that may stand between the conditions of a heading that names a case.
ALSO = frozenset(("and", "but", "case", "et", "mais", "cas", "und", "aber", "fall", "y", "pero", "caso", "e", "mas", "и", "но"))
ASSUMED = re.compile(r"\b(?:let|suppose|assume|assuming|given|provided|with)\s+(?:(?:that|also|now|again)\s+)*\Z", re.IGNORECASE)
CHOSEN = re.compile(
    r"\b(?:let|suppose|assume|choose|choosing|take|taking|pick|define|defining|denote|instead|initiali[sz]\w+|start\w* with"
    r"|for (?:example|instance)|introduc\w+|sea|sei|soit)\b",
    re.IGNORECASE,
)
# A condition in words that has a verb of its own, no invitation to calculate as in "if we differentiate".
SUPPOSED = re.compile(
    r"\b(?:if|suppose|supposing|assuming|provided|wenn|falls|si|se|если)\s+(?!(?:we|you|one|i|they|wir|man|ihr|on|nous|instead)\b)"
    r"[^.;:]*?\b(?:is|are|were|be|equals?|vanish\w*|holds?|ist|sind|wäre|gleich|est|sont|es|son|sea|sean|fuera|è|sono|é|são|равн\w+)\b"
    r"|\b(?:when|whenever|where|while|as long as)\s+(?!(?:we|you|one|i|they)\b)[^.;:]*?\b(?:is|are)\s+(?:strictly\s+)?"
    r"(?:active|inactive|violated|positive|negative|saturated)\b"
    r"|\b(?:in|on|within|inside)\s+(?:the|its|this|that)\s+(?:active|inactive|positive|negative|linear|violated|saturated)\s+"
    r"(?:region|regime|range|part|branch|case|set|side)\b"
    r"|(?:\u5982\u679c|\u82e5)[^.;:\u3002]*?(?:\u4e3a|\u662f|\u7b49\u4e8e)",
    re.IGNORECASE,
)
FALSE = re.compile(r"\b(?:not|never|no longer|false|wrong)\b|n't\b", re.IGNORECASE)
WHETHER = re.compile(
    r"\b(?:iff?|whether|unless|when|whenever|wenn|falls|si|se|cuando|quando|если|когда|nếu|khi)\s+(?:(?:that|also|even)\s+)*\Z"
    r"|\b(?:if|exists?)\b[^.;]*\bsuch\s+that\s*\Z|\b(?:determine|decide|tell|find(?:\s+out)?)\s+which\b.*\Z|\bwhich\s+of\b.*\Z"
    r"|(?:\u5982\u679c|\u82e5|\u5f53)\s*\Z",
    re.IGNORECASE,
)
NOUN = "|".join(f"(?P<n{place}>{word})" for place, word in enumerate(NOUNS))
BEFORE = re.compile(
    rf"(?P<adjectives>(?:[\w-]+\s+){{0,5}})(?:{NOUN}|(?P<function>{FUNCTIONS}))\s+(?:(?:called|named|denoted(?: by)?|by|is|are|:)\s+)?(?P<list>{LIST})",
    re.IGNORECASE,
)
COPULA = r"(?:\s*,?\s*(?:is|are|be|being|denotes?|represents?|was|were|as|est|sind|ist|es|son|como|comme|als|\u662f)\b|\s*,\s*(?=(?:a|an|the|two|both)\b))"
BEHIND = re.compile(
    rf"(?P<list>{LIST}){COPULA}\s*(?P<adjectives>(?:[\w-]+,?\s+){{0,6}}?)(?:{NOUN}|(?P<function>{FUNCTIONS}))(?![\w-])(?!\s+{ONE})",
    re.IGNORECASE,
)
BEING = re.compile(
    rf"(?P<list>{LIST})(?:{COPULA}|\s*,?\s*(?:both|assumed|known)\b)\s*(?:both|all|also|assumed|taken|to be|known|real|then|again|\s|,)*(?P<adjectives>(?:[\w-]+\s+){{0,3}}[\w-]+)",
    re.IGNORECASE,
)
BOTH = re.compile(
    rf"(?P<list>{LIST})[^{OPEN}.;:]{{0,60}}?,?\s(?:both|all|each)\s+(?P<adjectives>[\w-]+)", re.IGNORECASE
)
BESIDE = re.compile(rf"(?P<adjectives>(?:[\w-]+\s+){{1,4}})(?P<list>{LIST})", re.IGNORECASE)


SUM_ALONE = -2  # in place of the number of a formula: what is one has to be a sum


@dataclass(frozen=True)
class Told:
    """What a sentence says of formulas, by their numbers.

    trait: axes, function, size, fact, mean, is one, row, basis. value: the number of axes, the fact, or further numbers.
    """

    formulas: tuple[int, ...]
    trait: str
    value: object
    place: int
    words: str


def told(sentence: Sentence) -> Iterator[Told]:
    """What a sentence says."""
    for formulas, trait, value, words in _said(sentence.text):
        yield Told(formulas, trait, value, sentence.start, words)


Said = tuple[tuple[int, ...], str, object, str]  # formulas, trait, value, words


@lru_cache(maxsize=2000)
def _said(text: str) -> tuple[Said, ...]:
    """What the words of a sentence say, wherever it stands: a document is read several times."""
    return tuple(_sayings(re.sub(r"\s+", " ", text)))


def _sayings(text: str) -> Iterator[Said]:
    denied = DENIED.search(MARK.sub(" ", text)) is not None
    conditional = OPEN_ENDED.search(text) is not None
    for pattern in (BEFORE, BEHIND):
        for match in pattern.finditer(text):
            yield from _nouns(match)
    for match in NUMBER_OF.finditer(text):
        yield _told(match["list"] or match["of"], "size", True, match)
    for match in ROWS.finditer(text):
        yield _told(match["list"], match["kind"].lower(), True, match)
    for match in MEANS.finditer(text):
        if not denied or only_shapes(text):
            of = tuple(int(number) for number in MARK.findall(match["of"] or ""))
            yield _told(match["list"], "mean", of, match)
    for match in MEAN_IS.finditer(text):
        if not denied or only_shapes(text):
            yield _told(match["list"], "mean", (), match)
    if conditional or (denied and not only_shapes(text)):
        return
    for match in BASIS.finditer(text):
        yield _told(match["list"], "basis", True, match)
    for pattern in (BEFORE, BEHIND, BEING, BOTH, BESIDE):
        for match in pattern.finditer(SIZES.sub("", text)):
            yield from _facts(match)
    for match in INDEPENDENT.finditer(text):
        of = tuple(int(number) for number in MARK.findall(match["of"] or ""))
        yield _told(match["list"] or match["behind"], "independent", of, match)
    for pattern in MOMENTS:
        for match in pattern.finditer(text):
            yield _told(match["list"], "zero mean", (), match)
            if match["spread"]:
                spreads = tuple(int(number) for number in MARK.findall(match["spread"]))
                yield _told(match["list"], "variance", spreads, match)
    for match in SUMS.finditer(text):
        yield _told(match["list"] or match["of"], "fact", "sums to one", match)
    for match in SUM_IS_ONE.finditer(text):
        yield _told(match["sum"], "is one", SUM_ALONE, match)
    for match in IS_ONE.finditer(text):
        yield _told(match["sum"], "is one", int(MARK.findall(match["one"])[0]) if match["one"] else -1, match)


def only_shapes(text: str) -> bool:
    """Whether what a sentence leaves open is only which tensor of a kind is meant: any symmetric matrix."""
    plain = MARK.sub(" ", text)
    found = [match.group().lower() for match in DENIED.finditer(plain)]
    return all(word in ("any", "arbitrary") for word in found)


def _told(numbers: str, trait: str, value: object, match: re.Match[str]) -> Said:
    words = MARK.sub("…", match.group()).strip()
    return tuple(int(number) for number in MARK.findall(numbers)), trait, value, words


def _nouns(match: re.Match[str]) -> Iterator[Said]:
    before = match.string[max(0, match.start() - 12) : match.start()].lower()
    if match.re is BEHIND and re.search(r"\b(?:to|of|from|into)\s+\Z", before):
        return  # the inputs to f are vectors: not f
    before += (match["adjectives"] or "").lower()
    if re.search(
        r"\b(?:no|not|non|elements?|entry|entries|rows?|columns?|norm|inverse|trace|determinant|size|rank|product|number|of)\b",
        before,
    ):
        if "row" in before and "of" in before:
            return
        if re.search(r"\b(?:no|not|non|elements?|entry|entries|norm|trace|determinant|size|rank|number)\b", before):
            return
    if match["function"]:
        if re.search(r"\b(?:linear|affine|quadratic|deterministic)\b", match["adjectives"]) and match.re is BEHIND:
            return  # y is a linear function of x: a variable, which need not be written y(x)
        yield _told(match["list"], "function", True, match)
        if re.search(r"sigmoid|logistic", match.group(), re.IGNORECASE):
            yield _told(match["list"], "standard", "sigmoid", match)
        return
    for place, axes in enumerate(NOUNS.values()):
        if match[f"n{place}"]:
            yield _told(match["list"], "axes", axes, match)
            if stands := STANDING.match(match[f"n{place}"] if axes == 1 else ""):
                yield _told(match["list"], f"{stands[1].lower()} vector", True, match)
            return


def _facts(match: re.Match[str]) -> Iterator[Said]:
    if re.search(r"\bof\b", match["adjectives"]) and match.re is not BESIDE:
        if re.search(
            r"\b(?:blocks?|parts?|submatri(?:x|ces))\b.*\bof\b.*\bsymmetric",
            match["adjectives"] + _noun(match),
            re.IGNORECASE,
        ):
            yield _told(match["list"], "fact", "blocks", match)
        return
    told: set[str] = set()
    for word, fact in FACTS.items():
        if re.search(rf"(?<![\w-])(?:{word})(?![\w-])", match["adjectives"] + " " + _noun(match), re.IGNORECASE):
            if not told or (fact in JOINED and "antisymmetric" not in told):  # symmetric and idempotent
                yield _told(match["list"], "fact", fact, match)
            told.add(fact)


def facts_in(words: str) -> list[str]:
    """The facts of which some words speak, in the order of their table; none of words that deny something."""
    if DENIED.search(words):
        return []
    return [fact for word, fact in FACTS.items() if re.search(rf"(?<![\w-])(?:{word})(?![\w-])", words, re.IGNORECASE)]


def _noun(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next((groups[f"n{place}"] for place in range(len(NOUNS)) if groups.get(f"n{place}")), "")

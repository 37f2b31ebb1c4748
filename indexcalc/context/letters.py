r"""Which letters are indices, which are labels, and which are sizes: known of a whole document.

A letter below (or above) a name is an index

    if it is bound somewhere: \sum_i, i = 1, \dots, n, \delta_{ij}, i \neq j;
    if it stands below two names in one statement: y_i = c x_i;
    if it is one of the letters that are used for indices, and no name of a tensor by itself.

Otherwise it is a label: W_h, S_b, \Sigma_{XY}. A digit is a place where the same name has a letter there, else a label.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from indexcalc.context.names import Item
from indexcalc.notation.dots import LEFT_OUT

USUAL = frozenset("i j k l m n p q r s t a b c d alpha beta gamma mu nu rho sigma lambda kappa tau ell".split())
GREEK_PAIR = frozenset("alpha beta gamma delta mu nu rho sigma lambda kappa tau".split())


@dataclass
class Letters:
    """What was seen of the letters of a document.

    bound: those that a sum or a condition binds. pairs: (letter, letter of the name) where a statement has it below
    several names. bare: the names that stand alone. sizes: names of sizes. counts: for each name how many indices it
    has
    been given. shifted: letters that labels are reckoned from, (t-1). deltas: whether delta is Kronecker's.
    """

    bound: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kinds: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # all the numbers of indices, but 0
    shifted: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)  # letters above the variables of derivatives: no powers
    indexed: set[str] = field(default_factory=set)  # names that have a letter below which is surely an index
    counted: set[str] = field(default_factory=set)  # letters that stand below names with an offset, x_{t-1}
    below: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    single: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by name: those that stand alone
    above: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stated: dict[str, str] = field(default_factory=dict)  # letters that the text says are indices, or labels
    patterns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # p: place, l: letter, -: other
    apart: set[str] = field(default_factory=set)  # letters of which a place tells tensors apart: b_1, b_2, z_{2,i}
    stepped: set[str] = field(default_factory=set)  # names above which a letter counts steps: u_i^{n+1} = u_i^n + ...
    from_zero: set[str] = field(default_factory=set)  # names of which the first element is the one at 0
    zeros: set[tuple[str, int]] = field(default_factory=set)  # those names, each with its number of indices
    taken: set[str] = field(default_factory=set)  # letters such as delta, epsilon, I that the document defines itself
    cartesian: set[str] = field(default_factory=set)  # names of vectors whose elements are named x, y, z
    capitals: set[str] = field(default_factory=set)  # capital letters that are indices of tensors: F_{iI}, C_{IJ}
    tags: set[tuple[str, str]] = field(default_factory=set)  # letters that are labels of a name: those of gates, W_f
    placing: frozenset[str] = frozenset()  # names of whole numbers that say places: t of E_{t_i, d}
    permutations: set[str] = field(default_factory=set)  # letters that the document explains as the permutation symbol

    def is_permutation(self, letter: str, count: int = 3) -> bool:
        """Whether a letter with so many indices is the permutation symbol."""
        return count == 3 and (letter in self.permutations or (letter == "epsilon" and letter not in self.taken))

    def has_numbers_only(self, letter: str) -> bool:
        """Whether numbers alone stand below a letter, as in the invariants I_1, I_2, I_3: they say nothing of the I."""
        return self.patterns.get(letter) == {"p"}

    def is_index(self, letter: str, name: str = "") -> bool:
        """Whether a letter below a name is an index."""
        if letter in LEFT_OUT:
            return True
        if letter in self.stated:
            return self.stated[letter] == "index"
        if letter in self.bound:
            return True
        if (letter, name) in self.tags:
            return False
        if letter in self.counted:
            return False
        if letter in USUAL and letter not in self.bare and name in self.indexed:
            return True
        if letter in self.capitals:
            return True
        if letter in self.bare and letter not in self.sizes:
            return letter in self.shared and letter in "ijklmnpqrst" and len(self.below[letter]) > 1
        if letter in self.shared and (letter in USUAL or letter.islower()):
            return True
        return letter in ("i", "j", "k", "l") or (
            letter.isupper() and letter in self.shared and letter not in self.bare
        )

    def is_apart(self, items: list[Item], name: str) -> bool:
        """Whether the place that stands first below a name is a label of it, and no place."""
        return name in self.apart and bool(items) and items[0].kind == "place" and items[0].mark != "["

    def is_step(self, item: Item) -> bool:
        """Whether a script in brackets above a name counts steps or layers: then it is a label."""
        return item.text in self.shifted or item.text not in self.bound or item.kind != "letter"

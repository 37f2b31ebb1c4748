"""Code against a formula: the verdict on what it computes, without running it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from indexcalc.audit.proving.bounded import prove_within, told_apart_within
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.proving.sizes import Question
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array, Axis, shape_text, whole_number
from indexcalc.lift.arrays.combine import moved
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import LiftError
from indexcalc.lift.judging.concrete import for_sizes, too_much
from indexcalc.lift.judging.given import functions_of, given_values
from indexcalc.lift.judging.onehot import breaks_down, judged_on_own_samples
from indexcalc.lift.judging.results import result_of
from indexcalc.lift.judging.slips import explained
from indexcalc.lift.reading.values import Value
from indexcalc.notation.reader import Reading, parse_sheet, read_target
from indexcalc.sheet import Sheet
from indexcalc.terms import Call, Derivative, Index, Indicator, Range, Term
from indexcalc.walk import parts, substitute, subterms

Names = Mapping[str, str]


def check_code(
    sheet: Sheet | str,
    target: str,
    code: str,
    names: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Verdict:
    """The verdict on code as the right side of target = code.

    names: variable of the code -> tensor or size of the sheet. labels: variable -> the one-hot tensor that its whole
    numbers stand for. Raises IndexcalcError for a sheet, a target or a name that cannot be read.
    """
    whole = parse_sheet(sheet) if isinstance(sheet, str) else sheet
    reading = read_target(whole, target)
    bodies = [reading.term, *(each.body for each in reading.sheet.definitions.values())]
    functions = {name: each for name, each in functions_of(bodies).items() if name not in (names or {})}
    given = {**functions, **given_values(reading.sheet, names or {}, labels or {}, [reading.term])}
    one_hot = tuple((labels or {}).values())
    unread: list[Verdict] = []  # those on code that was not read to its end

    def judge(code: str) -> Verdict:
        try:
            result, reader = result_of(code, given, reading.sheet)
            return judged(reading.term, reading.axes, reader.sheet or reading.sheet, result, labels=one_hot)
        except LiftError as error:
            unread.append(verdict_of(error))
            return unread[-1]

    def read(code: str) -> Term | None:
        return term_along(reading.axes, result_of(code, given, reading.sheet)[0])

    verdict = judge(code)
    if verdict in unread and str(verdict) != "refuted" and not too_much(verdict):
        return _for_sizes(verdict, code, whole, reading, (given, names or {}, labels or {})) or verdict
    if OPEN in verdict.reason and str(verdict) == "undecided":
        closer = _for_sizes(verdict, code, whole, reading, (given, names or {}, labels or {}))
        return closer if closer is not None and str(closer) == "refuted" else verdict
    if str(verdict) != "refuted":
        return verdict
    arrays = {name: value for name, value in given.items() if isinstance(value, Array)}
    tensors = [name for name, value in arrays.items() if value.rank]
    sizes = [name for name, value in arrays.items() if not value.rank and value.whole is not None]
    formula = reading.term, reading.axes, reading.sheet
    return explained(verdict, code, formula, read, judge, (tensors, sizes))


def _for_sizes(
    verdict: Verdict, code: str, sheet: Sheet, reading: Reading, given_known: tuple[Mapping[str, Value], Names, Names]
) -> Verdict | None:
    """The verdict for some sizes, of code that cannot be read, or judged, for all; none where it says nothing."""
    given, names, labels = given_known
    seen: list[Mapping[Range, int]] = []  # sizes that were looked at
    reads = [each for read in reading.sheet.reads for each in read.axes]
    open_ranges = [each for each in reads if not each.named and each.size is None and not each.counts]

    def judge(question: Question, sizes: Mapping[Range, int]) -> Verdict:
        values: dict[str, Value] = dict(given)
        tensors = {
            variable: name for variable, name in names.items() if name in sheet.slots or name in reading.sheet.slots
        }
        values |= given_values(question.sheet, tensors, labels, [question.left])
        for variable in names.keys() - tensors.keys():
            value = given[variable]
            size = next((sizes[each] for each in sizes if Whole.atom(each) == value.whole), None)
            if size is None:
                return verdict
            values[variable] = whole_number(Whole.of(size))
        try:
            result, reader = result_of(code, values, question.sheet)
            wanted = [axis.range.size for axis in question.axes]
            if open_ranges and wanted != [size.number for size in result.shape]:
                return verdict
            brief = bool(seen)
            seen.append(sizes)
            known = reader.sheet or question.sheet
            one_hot = tuple(labels.values())
            return judged(question.left, question.axes, known, result, labels=one_hot, brief=brief)
        except LiftError as error:
            return verdict_of(error)

    try:
        return for_sizes(reading.term, reading.axes, reading.sheet, judge)
    except IndexcalcError:
        return None


def term_along(axes: tuple[Index, ...], result: Array) -> Term | None:
    """The term of an array along indices; none if it has another shape."""
    wanted = tuple(Axis() if axis.range.size == 1 else Axis((axis,)) for axis in axes)
    if result.hidden is not None or shape_fault([axis.size for axis in wanted], result):
        return None
    return aligned(result, wanted).term


def verdict_of(error: LiftError) -> Verdict:
    """The verdict on code that cannot be read to its end."""
    words = f"the code raises an error: {error}" if error.word == "refuted" else str(error)
    return Verdict(error.word, words)


def judged(
    term: Term,
    axes: tuple[Index, ...],
    sheet: Sheet,
    result: Array,
    wanted: tuple[Axis, ...] | None = None,
    labels: Collection[str] = (),
    brief: bool = False,
) -> Verdict:
    """The verdict on a term along axes against the array that code gives.

    wanted: the axes of the array, where they are not one for each index. labels: the tensors that are one-hot.
    brief: whether few samples are enough, where the same was looked at closely for other sizes.
    """
    if wanted is None:
        axes = _order(term, axes, result)
        wanted = tuple(Axis() if axis.range.size == 1 else Axis((axis,)) for axis in axes)
    wrong = shape_fault([axis.size for axis in wanted], result)
    if wrong:
        open_one = open_length(sheet, wanted, result)
        return Verdict("undecided", f"{wrong}; {open_one}") if open_one else Verdict("refuted", wrong)
    if result.hidden is not None:
        return Verdict("undecided", "the result may be minus infinity")
    fixed = {axis: Index("1", axis.range) for axis in axes if axis.range.size == 1}
    term, code_term = substitute(term, fixed), aligned(result, wanted).term
    try:
        cut = any(isinstance(each, Call) and each.function == "trunc" for each in subterms(code_term))
        if cut or length_of(term) + length_of(code_term) > LONGEST:
            return judged_on_own_samples(term, code_term, sheet, axes, labels)
        verdict = (told_apart_within if brief else prove_within)(term, code_term, sheet, axes)
        if str(verdict) == "refuted" and (labels or _is_rounding(verdict)):
            return judged_on_own_samples(term, code_term, sheet, axes, labels)
        if str(verdict) == "refuted" and _counts_places(verdict, term, code_term):
            return Verdict("undecided", "the arrays would be too large to be compared, and places in them are counted")
        if str(verdict) == "agrees" and breaks_down(term, code_term, sheet, axes):
            return Verdict("undecided", "it is no finite number in places where the formula is one; equal elsewhere")
        return verdict
    except IndexcalcError as error:
        return Verdict("undecided", error.cause)


LONGEST = 450  # nodes, written out: longer expressions are compared on samples alone


def length_of(term: Term) -> int:
    """How many nodes a term has when it is written out, what occurs twice counted twice."""
    found: dict[Term, int] = {}
    pending = [term]
    while pending:
        current = pending[-1]
        open_parts = [part for part in parts(current) if part not in found]
        if open_parts:
            pending += open_parts
        else:
            found[current] = 1 + sum(found[part] for part in parts(current))
            pending.pop()
    return found[term]


ROUNDING = 1e-9  # of the larger value: code reckons with some sixteen digits, and its constants have fewer


def _counts_places(verdict: Verdict, *terms: Term) -> bool:
    """Whether a refutation is one for smaller sizes than those of the code, in which places are reckoned with."""
    found = verdict.counterexample
    smaller = {name for name, size in (found.sizes if found else {}).items() if name.isdigit() and int(name) != size}
    return any(
        isinstance(part, Index) and part.range.label in smaller
        for term in terms
        for each in subterms(term)
        if isinstance(each, Indicator)
        for part in (each.left, each.right)
    )


def _is_rounding(verdict: Verdict) -> bool:
    """Whether the sides of a refutation are equal up to what rounding does."""
    found = verdict.counterexample
    if found is None:
        return False
    left, right = float(found.left), float(found.right)
    return abs(left - right) <= ROUNDING * max(abs(left), abs(right))


def _order(term: Term, axes: tuple[Index, ...], result: Array) -> tuple[Index, ...]:
    """The axes of a formula: a letter in both a numerator and a variable may have its place in either of them.

    It is looked for in the numerator first, and in the variable if only that has the shape of the result.
    """
    if not isinstance(term, Derivative):
        return axes
    slots: list[Index] = []
    body: Term = term
    while isinstance(body, Derivative):
        slots = [*body.variable.slots, *slots]
        body = body.body
    shared = [axis for axis in axes if axis in slots and axis in body.free]
    own = [axis for axis in axes if axis not in slots]
    later = (*own, *dict.fromkeys(slot for slot in slots if slot in axes))
    if not shared or len(later) != len(axes):
        return axes
    sizes = [[Whole.atom(axis.range) for axis in order] for order in (axes, later)]
    return later if sizes[0] != list(result.shape) == sizes[1] else axes


def aligned(result: Array, wanted: tuple[Axis, ...]) -> Array:
    """The array with the indices of other axes of its shape."""
    own = {index: Index("o", index.range, index.serial) for index in result.indices}
    result = result.renamed(own)
    for axis, target in zip(result.axes, wanted, strict=True):
        if axis.factors:
            result = moved(result, axis, target)
    return replace(result, axes=wanted)


OPEN = "is not said"  # at the end of what a sheet leaves open


def open_length(sheet: Sheet, wanted: Sequence[Axis], result: Array) -> str:
    """What is left open where only lengths differ that the sheet does not tie to one another; empty if none is.

    In y[i] = x[i+k-1]*w[k] and a gradient g[i], i may end before x does.
    """
    tied = {letter.range for read in sheet.reads for form in read.places for letter, _ in form.letters}
    tied |= {range for read in sheet.reads for range in read.axes}
    words = []
    if len(wanted) != result.rank:
        return ""
    for own, axis in zip(wanted, result.axes, strict=True):
        if own.size == axis.size:
            continue
        atoms = {atom for monomial, _ in (*own.size.terms, *axis.size.terms) for atom in monomial}
        open_one = any(isinstance(atom, Range) and not atom.named and not atom.counts for atom in atoms)
        plain = all(len(each.size.terms) < 2 and each.size.number is None for each in (own, axis))
        if plain or not open_one or not atoms <= tied:
            return ""
        words.append(f"whether {own} is {axis} {OPEN}")
    return ", and ".join(words)


def shape_fault(wanted: list[Whole], result: Array) -> str:
    """What is wrong with the shape of a result; empty if nothing is."""
    found = list(result.shape)
    if found == wanted:
        return ""
    one = Whole.of(1)
    words = f"the result has the shape {shape_text(found)}, the formula {shape_text(wanted)}"
    if [size for size in found if size != one] == [size for size in wanted if size != one]:
        return f"{words}: an axis of length 1 is not the same, even where it broadcasts"
    if sorted(map(str, found)) == sorted(map(str, wanted)):
        return f"{words}: the axes are in another order"
    return words

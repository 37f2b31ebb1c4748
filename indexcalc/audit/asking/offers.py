"""What to ask of an author: the declarations with which undecided steps are decided.

A declaration is offered only after it was tried: the document is read anew with it, and the step is decided then. How
many are tried is bounded, by the size of the document too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from indexcalc.audit.auditing import Audit, audited
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import Declaration
from indexcalc.audit.spelling import spelled_name
from indexcalc.audit.steps import Step
from indexcalc.budget import limited
from indexcalc.context.ledger import DECLARED, STATED, Evidence
from indexcalc.context.spoken import names_of
from indexcalc.errors import IndexcalcError
from indexcalc.meaning.values import Value
from indexcalc.terms import Tensor
from indexcalc.walk import subterms

MOST_TRIALS = 8
MOST_STATEMENTS = 600  # read in all trials together
MOST_OFFERED = 5
NAME = re.compile(r"[^\W\d_]\w*")
LETTERS = "ijkl"


@dataclass(frozen=True)
class Offer:
    """A declaration that may help, of which name, and whether it only says for sure how a step was read.

    What is read as before may be refuted with it as well; what is read anew is offered only where it confirms a step.
    """

    text: str
    name: str
    as_read: bool = False


def asked(
    audit: Audit, claims: Iterable[Claim], declared_only: bool = False
) -> tuple[tuple[Declaration, ...], dict[int, str]]:
    """The declarations that would decide most of the undecided claims; for the places of claims what decides them."""
    steps = {step.statement.links[step.place].position: step for step in audit.steps}
    still_open = {claim.position: claim for claim in claims if str(claim.verdict) == "undecided"}
    open_steps = {place: (steps[place], claim) for place, claim in still_open.items() if place in steps}
    if not open_steps:
        return (), {}
    offers = _offers(audit, open_steps)
    most = min(MOST_TRIALS, MOST_STATEMENTS // max(1, len(audit.judge.readings)))
    found: dict[Offer, dict[int, str]] = {}
    for offer in _most_wanted(offers)[:most]:
        wanted = {place for place, each in offers.items() if offer in each}
        decided = _tried(audit, [offer], wanted, declared_only)
        kept = {place: word for place, word in decided.items() if word in CONFIRMED or offer.as_read}
        if kept:
            found[offer] = kept
    return _chosen(audit, found, {place: claim for place, (_, claim) in open_steps.items()}, declared_only)


def _tried(audit: Audit, offers: list[Offer], places: set[int], declared_only: bool) -> dict[int, str]:
    """The verdicts of the steps at some places that are decided if some declarations stand before the document."""
    texts = [offer.text for offer in offers]
    try:
        other = audited(audit.document, "\n".join(texts) + "\n", declared_only, audit.written, audit.choices)
    except IndexcalcError:
        return {}
    if any(each.problem for each in other.fenced) and not any(each.problem for each in audit.fenced):
        return {}
    other.judge.seeks = any(offer.as_read for offer in offers)  # else only what is confirmed counts
    with limited():  # all its steps together: what takes longer to decide is not asked for
        other.judge.judge([step for step in other.steps if step.statement.links[step.place].position in places])
    words = {claim.position: str(claim.verdict) for claim in other.judge.claims}
    return {place: word for place, word in words.items() if word in (*CONFIRMED, "refuted")}


def _most_wanted(offers: Mapping[int, Iterable[Offer]]) -> list[Offer]:
    """The offers, those first that may decide most steps."""
    counts = Counter(offer for each in offers.values() for offer in dict.fromkeys(each))
    order = {offer: place for place, offer in enumerate(counts)}
    return sorted(counts, key=lambda offer: (-counts[offer], order[offer]))


def _chosen(
    audit: Audit, found: Mapping[Offer, Mapping[int, str]], claims: Mapping[int, Claim], declared_only: bool
) -> tuple[tuple[Declaration, ...], dict[int, str]]:
    """The few offers that decide most steps, tried together: none says of a name what another one denies."""
    chosen: list[Offer] = []
    done: set[int] = set()
    while len(chosen) < MOST_OFFERED:
        named = {offer.name for offer in chosen}
        rest = {offer: found[offer].keys() - done for offer in found if offer.name not in named}
        best = max(rest, key=lambda offer: len(rest[offer]), default=None)
        if best is None or not rest[best]:
            break
        chosen.append(best)
        done |= rest[best]
    words = _tried(audit, chosen, done, declared_only) if len(chosen) > 1 else {}
    declarations: list[Declaration] = []
    asks: dict[int, str] = {}
    for offer in chosen:
        own = {place: word for place, word in found[offer].items() if len(chosen) == 1 or words.get(place) == word}
        own = {place: word for place, word in own.items() if place not in asks}
        if own:
            asks |= dict.fromkeys(own, offer.text)
            lines = tuple(sorted({claims[place].line for place in own}))
            declarations.append(Declaration(offer.text, len(own), lines, tuple(sorted(set(own.values())))))
    return tuple(declarations), asks


# ----- What may help -----


def _offers(audit: Audit, open_steps: Mapping[int, tuple[Step, Claim]]) -> dict[int, list[Offer]]:
    """For the place of each undecided step what may decide it, the likeliest first."""
    return {
        place: list(dict.fromkeys(_for_step(audit, step, claim.reason))) for place, (step, claim) in open_steps.items()
    }


def _for_step(audit: Audit, step: Step, reason: str) -> Iterator[Offer]:
    statement = step.statement
    written = re.search(r"for example: (assume [^.]*(?:\.\d[^.]*)?)\.?$", reason)
    if written:
        yield Offer(written[1], written[1])
    if reason.startswith(("it holds if the elements of", "nothing says what")):
        yield from _sums(audit, step)
    function = re.search(r"what the function (\w+) is", reason)
    if function:
        yield Offer(f"function {function[1]}", function[1], True)
    if reason.startswith("nothing declares"):
        names = [name for name in reason.removeprefix("nothing declares ").split(", ") if NAME.fullmatch(name)]
        yield Offer(f"tensor {', '.join(_shape(audit, name) for name in names)}", names[0] if names else "", True)
    hangs = re.match(r"nothing says that (\w+) depends on (\w+)", reason)
    if hangs:
        name, variable = (_spelled(audit, each) for each in hangs.groups())
        yield Offer(f'notation {hangs[1]} = "{name}({variable})"', hangs[1])
    runs = re.match(r"it holds where indices run to (\d+)", reason)
    if runs:
        for letter in sorted(audit.judge.readings[statement].scope.letters):
            yield Offer(f"index {letter} : {runs[1]}", letter)
    bound = re.match(r"(\w+) is differentiated by, and a fact holds", reason)
    if bound:
        yield Offer(f"symmetric {bound[1]}", bound[1], True)
    yield from _ranks(audit, statement, step.place, reason)


def _sums(audit: Audit, step: Step) -> Iterator[Offer]:
    """That the elements of a tensor in a step add up to one."""
    reading = audit.judge.readings[step.statement]
    for value in reading.values[step.place : step.place + 2]:
        for each in subterms(value.term) if isinstance(value, Value) else ():
            if isinstance(each, Tensor) and each.slots and NAME.fullmatch(each.name):
                letters = LETTERS[: len(each.slots)]
                for letter in reversed(letters):
                    text = f"assume sum[{letter}]({each.name}[{','.join(letters)}]) = 1"
                    yield Offer(text, each.name)


def _shape(audit: Audit, name: str) -> str:
    """A declaration of a name as it was read."""
    return _with_rank(name, len(audit.judge.meanings.slots.get(name, ())))


def _with_rank(name: str, rank: int) -> str:
    letters = ",".join(f"{name}_{letter}" if len(name) == 1 else f"i{name}{letter}" for letter in LETTERS[:rank])
    return f"{name}[{letters}]" if rank else name


def _ranks(audit: Audit, statement: Statement, place: int, reason: str) -> Iterator[Offer]:
    """Other numbers of axes for names of which the text does not say what they are."""
    known = audit.judge.known
    names = set().union(*(names_of(side.formula, known) for side in statement.sides[place : place + 2]))
    lost = re.match(r"what (\S+) is \(line", reason)
    if lost:
        names |= _speaks_of(audit, lost[1])
    weak = re.match(r"nothing says for sure whether (\S+) is", reason)
    if weak and NAME.fullmatch(weak[1]):
        yield Offer(f"tensor {_shape(audit, weak[1])}", weak[1], True)
    if lost:
        yield from _mending(audit, lost[1], names)


def _mending(audit: Audit, lost: str, names: set[str]) -> Iterator[Offer]:
    """Other numbers of axes with which a definition that was lost can be used."""
    known = audit.judge.known
    for name in sorted(names):
        evidence = known.ledger.ask(name, "axes")
        stated = name in known.declared or (evidence is not None and evidence.strength >= STATED)
        if stated or known.count(name) or not NAME.fullmatch(name) or known.is_size(name):
            continue
        for rank in (1, 2, 0):
            if rank != known.rank(name) and _is_usable(audit, lost, name, rank):
                yield Offer(f"tensor {_with_rank(name, rank)}", name)


def _is_usable(audit: Audit, lost: str, name: str, rank: int) -> bool:
    """Whether the definitions of a lost name can be used if another name has so many axes."""
    old = audit.judge.meanings
    entries = old.known.ledger.entries[name, "axes"]
    entries.append(Evidence(name, "axes", rank, DECLARED, 0, "tried"))
    tried = replace(old, ranges=old.ranges.copy(), bodies={}, slots=dict(old.slots), opaque=dict(old.opaque))
    try:
        use = old.spelled.get(lost)
        definitions = old.definitions.by_letter.get(use.letter if use else lost, ())
        return all(not isinstance(tried.body(each, {}), str) for each in definitions)
    finally:
        entries.pop()


def _spelled(audit: Audit, name: str) -> str:
    """A name as the document writes it."""
    use = audit.judge.meanings.spelled.get(name)
    return spelled_name(use) if use else name


def _speaks_of(audit: Audit, name: str) -> set[str]:
    """The names in the definitions of a name, and itself."""
    use = audit.judge.meanings.spelled.get(name)
    found = {name}
    for each in audit.judge.meanings.definitions.by_letter.get(use.letter if use else name, ()):
        found |= names_of(each.body, audit.judge.known)
    return found

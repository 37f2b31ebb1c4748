"""Edits of documents: what is kept from one text to the next must say what a check of the new text from the start says.

    python -m tests.edit_campaign DOCUMENT... [--count 20] [--seed 0]
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from indexcalc.audit.checking import checked
from indexcalc.audit.documents.document import open_document, read
from indexcalc.audit.keeping.session import Session
from indexcalc.audit.reports.report import FileReport

WORDS = (
    "Let $A$ be symmetric.",
    "The matrix $W$ is symmetric.",
    "Here $x$ is a vector and $c$ a number.",
    "The $y_k$ add up to 1.",
    "Nothing more is said of this.",
    "Setting this to zero gives what follows.",
)
DECLARATIONS = ("tensor X[i,j]", "tensor W[j,k]", "assume A[i,j] = A[j,i]", "index i : 3", "tensor y[i]")
FORMULAS = (
    r"L = \frac{1}{2} \sum_i (x_i - y_i)^2",
    r"\frac{\partial L}{\partial x_j} = x_j - y_j",
    r"\frac{\partial L}{\partial x_j} = 2 (x_j - y_j)",
    r"z_i = \sum_j W_{ij} x_j",
    r"\mathcal{Q} = 3 \mathcal{G} + 1",
    r"A_{ij} = A_{ji}",
    r"X \in \mathbb{R}^{m \times n}",
)

KINDS = ("delete", "move", "double", "word", "formula", "heading", "declare", "digit", "letter", "sign")


def blocks(text: str) -> list[str]:
    """The paragraphs of a text, with what parts them."""
    return re.split(r"(\n\s*\n)", text)


def edited(text: str, chance: random.Random) -> tuple[str, str]:
    """A text with one random edit, and what was done."""
    parts = blocks(text)
    place = 2 * chance.randrange((len(parts) + 1) // 2)
    kind = chance.choice(KINDS)
    match kind:
        case "delete":
            del parts[place : place + 2]
        case "move":
            other = 2 * chance.randrange((len(parts) + 1) // 2)
            parts[place], parts[other] = parts[other], parts[place]
        case "double":
            parts[place:place] = [parts[place], "\n\n"]
        case "word":
            parts[place:place] = [chance.choice(WORDS), "\n\n"]
        case "formula":
            parts[place:place] = [f"$$ {chance.choice(FORMULAS)} $$", "\n\n"]
        case "heading":
            parts[place:place] = [f"{'#' * chance.randint(1, 3)} Another part", "\n\n"]
        case "declare":
            parts[place:place] = [f"<!-- indexcalc: {chance.choice(DECLARATIONS)} -->", "\n\n"]
        case _:
            pattern = {"digit": r"\d", "letter": r"(?<![A-Za-z\\])[a-z](?![A-Za-z])", "sign": r"[+-]"}[kind]
            found = [*re.finditer(pattern, text)]
            if found:
                at = chance.choice(found).start()
                new = {"digit": "123456789", "letter": "abhikquvxyz", "sign": "+-"}[kind]
                return f"{text[:at]}{chance.choice(new)}{text[at + 1 :]}", f"{kind} at {at}"
    return "".join(parts), f"{kind} {place // 2}"


def differences(kept: FileReport, anew: FileReport) -> list[str]:
    """In what two reports differ."""
    found = [f"{one}\n     {other}" for one, other in zip(kept.claims, anew.claims, strict=False) if one != other]
    if len(kept.claims) != len(anew.claims):
        found.append(f"{len(kept.claims)} claims and {len(anew.claims)}")
    for name in ("notes", "asked", "unjudged", "error"):
        if getattr(kept, name) != getattr(anew, name):
            found.append(f"{name}: {getattr(kept, name)} {getattr(anew, name)}")
    return found


def campaign(text: str, format: str, count: int, seed: int) -> Iterator[tuple[str, int, int, list[str]]]:
    """Edits one after the other: each with how many steps were judged anew, of how many, and what differs."""
    chance, session = random.Random(seed), Session()
    session.checked(read(text, format, "text"))
    for _ in range(count):
        new, what = edited(text, chance)
        document = read(new, format, "text")
        kept = session.checked(document)
        found = differences(kept, checked(document))
        yield what, session.store.judged, session.store.steps, found
        text = text if chance.random() < 0.3 else new


def main() -> int:
    """Run it on documents."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("documents", nargs="+")
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    wrong = 0
    for name in chosen.documents:
        document = open_document(Path(name))
        for what, judged, steps, found in campaign(document.text, document.format, chosen.count, chosen.seed):
            wrong += bool(found)
            print(f"{name}: {what}: {judged} of {steps} judged anew", *found[:3], sep="\n  ", flush=True)
    print(f"{wrong} reports differ")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

"""A change in one place of a document of 200 formulas: what it takes beside a check from the start, in one process.

    python benchmarks/change.py

The processor's time, so that what else the machine does counts less. Each change is another one; medians of seven.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time

from indexcalc.audit.checking import checked
from indexcalc.audit.documents.document import read
from indexcalc.audit.keeping.session import Session

TURNS = 7
PART = r"""
## Part {k}

The loss of part {k} is
$$ L_{{{k}}} = \frac{{1}}{{2}} \sum_i (x_i - u^{{({k})}}_i)^2 $$
so that
$$ \frac{{\partial L_{{{k}}}}}{{\partial x_j}} = x_j - u^{{({k})}}_j $$
and
$$ z^{{({k})}}_i = \sum_j W_{{ij}} x_j + b_i $$
$$ \frac{{\partial z^{{({k})}}_i}}{{\partial x_k}} = W_{{ik}} $$
"""
PARTS = 50
TEXT = "# Notes\n" + "".join(PART.format(k=k) for k in range(PARTS))
CHANGES = {
    "a claim": lambda text, turn: text.replace("x_j - u^{(20)}_j", f"{turn + 2} x_j - u^{{(20)}}_j"),
    "words": lambda text, turn: text.replace("of part 20 is", f"of part 20, in {turn + 2} words, is"),
    "a definition": lambda text, turn: text.replace("(x_i - u^{(20)}_i)^2", f"(x_i - {turn + 2} u^{{(20)}}_i)^2"),
    "a new formula": lambda text, turn: text.replace("## Part 20", f"$$ Q_{{{turn}}} = 3 G $$\n\n## Part 20"),
}


def seconds(work: Callable[[], object]) -> float:
    """The time of the processor that some work takes."""
    start = process_time()
    work()
    return process_time() - start


def main() -> None:
    """Print a table: for each change its time, how many steps were judged anew, and the ratio to the whole check."""
    whole = read(TEXT, "markdown", "notes.md")
    checked(whole)  # what is loaded once is loaded
    anew = median(seconds(lambda: checked(whole)) for _ in range(TURNS))
    print(f"from the start {1e3 * anew:.0f} ms\n")
    print(f"{'change':<16}{'ms':>8}{'steps':>8}{'ratio':>8}")
    for name, change in CHANGES.items():
        session = Session()
        session.judged(whole)
        texts = [read(change(TEXT, turn), "markdown", "notes.md") for turn in range(TURNS)]
        times = [seconds(partial(session.judged, text)) for text in texts]
        took = median(times)
        print(f"{name:<16}{1e3 * took:>8.0f}{session.store.judged:>8}{took / anew:>8.2f}")


if __name__ == "__main__":
    main()

"""What the tests of documents have in common: regions as short texts."""

from itertools import pairwise

from indexcalc.audit.documents.document import read


def regions(text, format="markdown"):
    """The regions of a text; they stand in order, do not overlap, and their spans hold their places."""
    found = read(text, format).regions
    for before, behind in pairwise(found):
        assert before.span.end <= behind.span.start
        assert before.paragraph <= behind.paragraph
    for each in found:
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert all(each.span.start <= place < max(each.span.end, each.span.start + 1) for place in each.content.places)
    return found


def formulas(text, format="markdown"):
    """The formulas of a text: D for a display, I for one in a line, and what it says."""
    found = (each for each in regions(text, format) if each.kind == "formula")
    return [("DI"[not each.display], " ".join(each.text.split())) for each in found]


def words(text, format="markdown"):
    """The prose of a text, a stretch each."""
    return [" ".join(each.text.split()) for each in regions(text, format) if each.kind == "prose"]


def of_kind(kind, text, format="markdown"):
    """The texts of the regions of one kind."""
    return [each.text.strip() for each in regions(text, format) if each.kind == kind]

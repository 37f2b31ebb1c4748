"""Verdicts that are kept while a document changes: the report is that of a check from the start."""

import pytest

from indexcalc.audit.checking import checked
from indexcalc.audit.documents.document import read
from indexcalc.audit.keeping.session import Session
from tests.edit_campaign import campaign, differences

NOTES = r"""# Loss

Let $X \in \mathbb{R}^{m \times n}$ be data and

$$ L = \frac{1}{2} \sum_i (x_i - y_i)^2 $$

so that

$$ \frac{\partial L}{\partial x_j} = x_j - y_j $$

and

$$ \frac{\partial L}{\partial y_j} = x_j - y_j $$

## Layer

A layer is

$$ z_i = \sum_j W_{ij} x_j + b_i $$

hence

$$ \frac{\partial z_i}{\partial x_k} = W_{ik} $$

$$ \frac{\partial z_i}{\partial b_k} = \delta_{ik} = \delta_{ki} $$

## Form

$$ f = v^\top A v $$

$$ \nabla_v f = 2 A v $$

## Time

$$ h_t = \tanh(u h_{t-1} + r) $$

$$ \frac{\partial c}{\partial g_i} = \frac{\partial c}{\partial a_i} \sigma'(g_i) $$
"""


class Kept:
    """A document that is edited, and the reports on its texts."""

    def __init__(self, text=NOTES):
        self.text, self.session = text, Session()
        self.report()

    def report(self):
        document = read(self.text, "markdown", "notes.md")
        kept = self.session.checked(document)
        assert not differences(kept, checked(document))
        return kept

    def changed(self, old, new):
        """How many steps are judged anew after a change in one place; the report is that of a check from the start."""
        assert self.text.count(old) == 1
        self.text = self.text.replace(old, new)
        self.report()
        return self.session.store.judged


def verdicts(report):
    return {claim.line: str(claim.verdict) for claim in report.claims}


def test_what_has_not_changed_is_not_judged_again():
    kept = Kept()
    assert kept.session.store.judged == kept.session.store.steps > 9
    kept.report()
    assert kept.session.store.judged == 0


def test_a_changed_step_is_judged_alone():
    assert Kept().changed("2 A v $$", "3 A v $$") == 1


def test_words_that_say_nothing_change_nothing():
    kept = Kept()
    assert kept.changed("A layer is", "A layer of the network is, as everybody knows,\n\n\n") == 0


def test_lines_are_those_of_the_new_text():
    kept = Kept()
    before = verdicts(kept.report())
    kept.changed("# Loss", "\n\n\n# Loss")
    assert verdicts(kept.report()) == {line + 3: word for line, word in before.items()}


def test_a_definition_changes_what_rests_on_it():
    kept = Kept()
    assert verdicts(kept.report())[23] == "proved"
    judged = kept.changed(r"\sum_j W_{ij} x_j + b_i", r"3 \sum_j W_{ij} x_j + b_i")
    assert verdicts(kept.report())[23] == "refuted"
    assert judged < kept.session.store.steps


def test_a_fact_in_words_changes_what_it_is_of():
    kept = Kept()
    assert verdicts(kept.report())[31] == "refuted"
    kept.changed("## Form", "## Form\n\nLet $A$ be symmetric.")
    assert verdicts(kept.report())[33] == "proved"


def test_a_declaration_judges_anew():
    kept = Kept()
    kept.changed("# Loss", "<!-- indexcalc: tensor W[i,j] -->\n\n# Loss")


def test_a_heading_parts_what_it_stands_between():
    kept = Kept()
    kept.changed("so that", "# Another chapter\n\nso that")


def test_a_fact_counts_where_places_are_shifted():
    kept = Kept(NOTES.replace("+ r)", "+ r y_t)"))
    kept.changed("# Loss", "The matrix $W$ is symmetric.\n\n# Loss")


def test_a_definition_that_is_taken_out():
    kept = Kept()
    kept.changed("$$ L = \\frac{1}{2} \\sum_i (x_i - y_i)^2 $$\n\nso that\n\n", "")


@pytest.mark.parametrize("seed", range(3))
def test_random_edits(seed):
    """The campaign of `tests.edit_campaign`, in short."""
    for what, _, _, found in campaign(NOTES, "markdown", 5, seed):
        assert not found, what

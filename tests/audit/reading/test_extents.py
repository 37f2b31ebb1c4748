r"""What the prose says of sizes, and whether it agrees with the formulas."""

import pytest

from indexcalc.audit.checking import check_document

FORMULA = r"""
$$ L = \frac{1}{m} \sum_{i=1}^{m} \sum_{j=1}^{n_{o}} w_{ij}^2 $$

$$ \frac{\partial L}{\partial w_{pq}} = \frac{2}{m} w_{pq} $$
"""


@pytest.mark.parametrize(
    ("prose", "mistakes"),
    [
        (r"for all $p = 1, \ldots, m$ and $q = 1, \ldots, n_{o}$.", []),
        (r"for all $p, q = 1, \ldots, m$.", ["q runs to n_o, not to m"]),
        (r"for all $r = 1, \ldots, am$.", []),
        (r"for $p = 1, \ldots, m$, and $p = 1, \ldots, n_{o}$.", ["p runs to m and to n_{o}; q is meant"]),
        ("Done.\n\nNow let $p, q = 1, \\ldots, m$.", []),
    ],
)
def test_what_follows_a_formula_must_agree_with_it(prose, mistakes):
    report = check_document(f"{FORMULA}\n{prose}\n")
    assert report.counts["proved"] == 1
    assert [note.text for note in report.files[0].mistakes] == mistakes
    assert report.status == (1 if mistakes else 0)


def test_extents_give_sizes_to_the_next_formula():
    text = (
        "For $i = 1, \\ldots, m$ let\n\n$$ s = \\sum_i x_i $$\n\nand for $i = 1, \\ldots, m$\n\n$$ \\sum_i 1 = m $$\n"
    )
    report = check_document(text)
    assert report.counts["proved"] == 1


@pytest.mark.parametrize(
    ("remark", "mistakes"),
    [
        (r"\quad \text{for all } p = 1, \ldots, m \text{ and } q = 1, \ldots, n_{o}", []),
        (r"\quad \text{for all } p, q = 1, \ldots, m", ["q runs to n_o, not to m"]),
        (r", \qquad q = 1, \ldots, m", ["q runs to n_o, not to m"]),
        (r"\quad (p = 1, \ldots, m)", []),
        (r"\quad \forall p, q", []),
    ],
)
def test_what_stands_in_the_formula_itself(remark, mistakes):
    text = FORMULA.rstrip().removesuffix(" $$") + f" {remark} $$\n"
    (file,) = check_document(text).files
    assert [str(claim.verdict) for claim in file.claims] == ["proved"]
    assert [note.text for note in file.mistakes] == mistakes

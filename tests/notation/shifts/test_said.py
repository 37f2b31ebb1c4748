"""What statements say of letters and of what stands outside, and what they may not."""

import pytest

import indexcalc as ic

ERRORS = [
    (
        "outside x = 0\noutside x = 1\nindex i : 3\ny[i] = x[i+1]",
        "line 2, column 1: two numbers stand outside x.\n    outside x = 1\n    ^^^^^^^^^^^^^\nWrite one of them.",
    ),
    (
        "outside q = 0\nindex i : 3\ny[i] = x[i+1]",
        "line 1, column 1: outside q says what stands beyond the axes of q, which has none here.\n"
        "    outside q = 0\n    ^^^^^^^^^^^^^\nName a tensor that the sheet uses.",
    ),
    (
        "index k : 1..0\ny[i] = x[i+1]",
        "line 1, column 1: a range has no place.\n    index k : 1..0\n    ^^^^^^^^^^^^^^\n"
        "Write its first place and its last: 0..m-1.",
    ),
    (
        "y[i,d] = E[t[i]+1,d]",
        "line 1, column 12: the place t[i] is looked up in a tensor, and is a part of another place.\n"
        "    y[i,d] = E[t[i]+1,d]\n               ^^^^\n"
        "Give a tensor of the places that are meant: what is looked up stands alone.",
    ),
]


@pytest.mark.parametrize("sheet, message", ERRORS, ids=[sheet for sheet, _ in ERRORS])
def test_what_is_said_must_fit(sheet, message):
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.parse(sheet)
    assert str(caught.value) == message


def test_a_range_may_begin_elsewhere_and_be_reckoned():
    assert ic.parse("index k : 0..2\ny[i] = sum[k](w[k]*x[i+k])").letters["k"].size == 3
    sheet = ic.parse("index i : n-m+1\nindex k : m\ny[i] = w[k]*x[i+k-1]*a[i]")
    assert sheet.letters["i"].label == "n-m+1"

"""An inverse that the sheet does not have is no tensor of its own."""

from dataclasses import replace

import pytest

from indexcalc.audit.proving.proof import prove
from indexcalc.notation.reader import parse_sheet, read_chain


def test_an_inverse_that_the_sheet_does_not_have():
    left, right = read_chain(parse_sheet("tensor A[i,j]"), ["inv(A)[i,j]", "inv(A)[j,i]"])
    assert str(prove(left.term, right.term, left.sheet, left.axes)) == "refuted"
    bare = replace(left.sheet, primitives={})
    with pytest.raises(TypeError, match=r"inv\(A\) is a tensor that no sheet may have"):
        prove(left.term, right.term, bare, left.axes)

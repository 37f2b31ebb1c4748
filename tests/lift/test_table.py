"""The table of functions: what a row lists is what its rule takes."""

import inspect

import pytest

from indexcalc.lift.library.calls import CONVERSIONS, parameters
from indexcalc.lift.library.table import ROWS

ALL = sorted(
    {
        (row.names, signature, row.rule)
        for rows in ROWS.values()
        for row in rows
        for signature in (row.signature, row.torch)
        if signature
    },
    key=lambda each: each[:2],
)


@pytest.mark.parametrize(("names", "signature", "rule"), ALL, ids=[each[0] for each in ALL])
def test_a_rule_takes_the_parameters_of_its_row(names, signature, rule):
    known = parameters(signature)
    inspect.signature(rule).bind(**{each.name: None for each in known if not each.name.startswith("_")})
    assert {each.kind for each in known} <= CONVERSIONS.keys()

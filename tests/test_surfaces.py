"""Random messages for the page, the editor and the assistant, in short: `tests.surfaces_campaign` asks thousands."""

from tests.surfaces_campaign import faults


def test_whatever_is_asked_is_answered_in_words():
    assert not [*faults(5, 200)]

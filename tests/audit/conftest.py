"""Marks the tests that wait for the reading of documents to learn what they ask for: `pending.txt` names them."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
PENDING = frozenset((HERE / "pending.txt").read_text().splitlines())


def pytest_collection_modifyitems(items):
    for item in items:
        path = Path(item.path)
        if path.is_relative_to(HERE) and f"{path.relative_to(HERE)}::{item.name}" in PENDING:
            item.add_marker(pytest.mark.xfail(reason="the reading of documents does not know this yet", strict=False))

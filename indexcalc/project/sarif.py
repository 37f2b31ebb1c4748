"""Reports as SARIF 2.1.0, which code hosts and editors read: a result for each verdict that is wrong or open.

Source: the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import FileReport
from indexcalc.project.annotations import in_order, level_of, message_of, word_of

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
RULES = {
    "refuted": "A step of a derivation is wrong: its sides differ on an example.",
    "undecided": "A step was read, but it rests on something that is not said, was lost, or takes too long.",
    "unreadable": "A step cannot be read.",
    "mistake": "The prose says something that is wrong.",
    "error": "A declaration in the document cannot be read.",
    "failed": "A document could not be read.",
}


def sarif(files: Iterable[FileReport], version: str, strict: bool) -> dict[str, Any]:
    """The log of a run, as JSON."""
    results: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for file in files:
        if file.error:
            results.append(_result("failed", "error", file.error, _location(file.path, 1, 1), file.path))
        for item in in_order(file):
            found = _result(
                word_of(item),
                level_of(item, strict),
                message_of(item),
                _location(file.path, item.line, item.column),
                f"{file.path}\n{item.text}",
            )
            if isinstance(item, Claim):
                found["properties"] = item.as_json()
            results.append(found)
    for result in results:  # equal formulas of a file are told apart by their order
        print_ = result["partialFingerprints"]["formula/v1"]
        seen[print_] += 1
        result["partialFingerprints"]["formula/v1"] = f"{print_}:{seen[print_]}"
    driver = {
        "name": "indexcalc",
        "version": version,
        "rules": [{"id": name, "shortDescription": {"text": text}} for name, text in RULES.items()],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(rule: str, level: str, message: str, location: dict[str, Any], print_: str) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": level,
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"formula/v1": hashlib.sha256(print_.encode()).hexdigest()[:32]},
    }


def _location(path: str, line: int, column: int) -> dict[str, Any]:
    place = Path(path)
    uri = place.as_uri() if place.is_absolute() else quote(place.as_posix())
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}



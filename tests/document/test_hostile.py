"""Documents in hostile or unusual ways: each was once read wrong, refused wrongly or not refused."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from cases import sound
from documents import document

import workbook
from workbook.report import Unreadable, Waiver


def test_an_unfinished_waiver_gives_a_draft_that_conforms() -> None:
    report = replace(sound("2021"), waivers=(Waiver("text.blank", "other", "", "", ""),))
    document = workbook.to_document(report)
    assert workbook.is_valid(document, "2021")
    assert document["draft"][0]["code"] == "waiver.incomplete"


def test_a_draft_does_not_override_what_a_person_corrected() -> None:
    data = json.loads(workbook.to_json(sound("2021").with_cells({"documents.rules.made": "3件"})))
    data["tables"]["documents"]["rules"]["made"] = 3
    assert workbook.from_document(data).cells["documents.rules.made"] == 3


def test_a_key_that_stands_twice_is_refused() -> None:
    data = workbook.to_json(sound("2021")).replace(b'"made": 59', b'"made": 1, "made": 59', 1)
    with pytest.raises(Unreadable) as refusal:
        workbook.from_json(data)
    assert refusal.value.findings[0].code == "file.not_json"


@pytest.mark.parametrize(
    "change",
    [
        {"source": {"file": "a", "sha256": "a" * 64 + "\n", "template": None}},
        {"waivers": [{"code": "a", "at": "", "reason": "b", "by": "c", "date": "2025-01-01\n"}]},
        {"waivers": [1] * 100_000},
        {"body": None},
        {"year": "2024"},
        {"narrative": {"overview": "x" * 200_001, "problems": None, "other": None}},
    ],
)
def test_a_document_that_breaks_its_schema_is_refused_soon_and_by_name(change: dict[str, Any]) -> None:
    data = json.dumps(document() | change)
    start = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        workbook.from_json(data)
    assert refusal.value.findings[0].code == "file.not_conforming"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("found", [5, True, [[]], {"a": 1}, None, "x"])
@pytest.mark.parametrize("code", ["body.division_code", "body.name", "cell.blank"])
def test_strange_entries_of_a_draft_are_passed_over_or_found(code: str, found: object) -> None:
    at = {"body.division_code": "division_code", "body.name": "name", "cell.blank": "documents.rules.made"}[code]
    data = document() | {"draft": [{"code": code, "at": at, "found": found}]}
    data["body"]["division_code"] = None
    data["tables"]["documents"]["rules"]["made"] = None
    report = workbook.from_document(data)
    assert workbook.is_valid(workbook.to_document(report), "2021")


@pytest.mark.parametrize("edition", ["x" * 5000, "../schema/2019", "", "2021\n"])
def test_an_edition_that_is_none_touches_no_file(edition: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.from_document(document() | {"edition": edition})
    assert refusal.value.findings[0].code == "file.not_a_report"


def test_a_name_of_blanks_is_no_name() -> None:
    data = document()
    data["body"]["name"] = "   "
    assert [finding.code for finding in workbook.check(workbook.from_document(data))] == ["body.name"]

"""A report and its findings are values: immutable, complete, and said in words of both languages."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
from cases import sound

import workbook
from workbook.report import catalogue
from workbook.report.findings import show


def test_a_report_is_immutable() -> None:
    report = sound("2021")
    with pytest.raises(FrozenInstanceError):
        report.year = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        report.cells["documents.rules.made"] = 1  # type: ignore[index]


def test_a_report_has_exactly_the_cells_of_its_edition() -> None:
    report = sound("2021")
    with pytest.raises(ValueError, match="not the cells of edition 2021"):
        replace(report, cells={**report.cells, "documents.rules.mdae": 1})
    with pytest.raises(ValueError, match="not the texts of edition 2021"):
        replace(report, narrative={"overview": ""})


def test_none_is_not_zero() -> None:
    key = "documents.rules.made"
    base = sound("2019")
    assert not workbook.check(base.with_cells({key: 0}))
    assert [finding.identity for finding in workbook.check(base.with_cells({key: None}))] == [("cell.blank", key)]


def test_a_finding_says_where_what_is_there_what_is_expected_and_what_to_do() -> None:
    report = sound("2021")
    was = report.cells["applications.received.natural"]
    finding = workbook.check(report.with_cells({"applications.received.natural": 12}))[1]
    assert (finding.left, finding.right, finding.difference) == (40, 969, -929)
    assert (finding.found, finding.expected) == (None, None)  # no cell holds the sums
    for lang in ("zh", "en"):
        text = finding.message(lang)
        assert all(part in text for part in ("applications", "自然人", "40", "969", "-929"))
        assert f"{was}" in finding.hint(lang)
    assert finding.as_dict()["located"] == [
        {"cell": "applications.received.natural", "sheet": None, "address": None, "value": 12, "should_be": was}
    ]


def test_every_code_has_words_in_both_languages() -> None:
    for entry in catalogue().values():
        for lang in ("zh", "en"):
            assert set(entry.words[lang]) - {"many"} == {"title", "message", "hint", "explanation"}, entry.code
            assert all(entry.words[lang].values())


def test_control_characters_are_shown_and_long_texts_cut() -> None:
    assert show("a\x07b") == "“a\\x07b”"
    assert show("长" * 50) == f"“{'长' * 30}…”"
    assert show(Decimal("0.000001")) == "0.000001"
    assert show(None, "en") == "blank"

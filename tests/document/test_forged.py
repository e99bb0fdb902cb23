"""Documents that somebody changed by hand: every change that the format or the kit does not know gives a finding."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cases import sound

import workbook
from workbook.report import Source, Unreadable
from workbook.report.limits import TEMPLATE_VERSIONS

MADE_FROM = replace(sound("2021"), source=Source("年报.xlsx", "0" * 64, "2"))


def codes(document: dict[str, Any]) -> list[str]:
    """Return what is found in a document, whether it is read or refused."""
    try:
        return [finding.code for finding in workbook.check(workbook.parse(json.dumps(document).encode(), "a.json"))]
    except Unreadable as refusal:
        return [finding.code for finding in refusal.findings]


def put(*path: Any, value: Any) -> dict[str, Any]:
    """Return a sound document with something else at a path."""
    document: dict[str, Any] = json.loads(workbook.to_json(MADE_FROM))
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document


URN = "urn:nianbao:report"
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": (put("year", value=2024), []),
    "no source": (put("source", value=None), []),
    "an older template": (put("source", "template", value="1"), []),
    "a newer template": (put("source", "template", value="3"), ["file.template"]),
    "no version of a template": (put("source", "template", value=""), ["file.template"]),
    "a template written otherwise": (put("source", "template", value="２"), ["file.template"]),
    "a number as template": (put("source", "template", value=2), ["file.not_conforming"]),
    "a newer format": (put("$schema", value=f"{URN}:2021:3"), ["file.contract_unknown"]),
    "a format that never was": (put("$schema", value=f"{URN}:2021:0"), ["file.contract_unknown"]),
    "the format of another edition": (put("$schema", value=f"{URN}:2019:2"), ["file.contract_unknown"]),
    "a format that is a number": (put("$schema", value=2), ["file.contract_unknown"]),
    "another format": (put("$schema", value="https://example.com/x"), ["file.contract_unknown"]),
    "a key more": (put("approved", value=True), ["file.not_conforming"]),
    "a row more": (put("tables", "documents", "more", value={}), ["file.not_conforming"]),
    "a column more": (put("tables", "documents", "rules", "more", value=1), ["file.not_conforming"]),
    "an answer more": (put("body", "stamp", value="章"), ["file.not_conforming"]),
    "a key of the source more": (put("source", "checked", value=True), ["file.not_conforming"]),
    "no digest": (put("source", "sha256", value="x"), ["file.not_conforming"]),
    "a chain without digests": (put("source", "made_from", value=[{"file": "a.xlsx"}]), ["file.not_conforming"]),
    "null": (put("tables", "documents", "rules", "made", value=None), ["cell.blank"]),
    "no year": (put("year", value=None), ["file.not_conforming"]),
    "no office": (put("body", "name", value=None), ["file.not_conforming"]),
    "a mark of a draft": (put("draft", value=[{"code": "cell.blank"}]), ["file.still_draft"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_was_changed_is_told(name: str) -> None:
    document, expect = CASES[name]
    assert codes(document) == expect


def test_what_is_wrong_below_the_source_is_told_where_it_is() -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.from_document(put("source", "sha256", value="x"))
    (finding,) = refusal.value.findings
    assert finding.at == "source.sha256"
    assert "anyOf" not in finding.message("en")


def test_a_newer_format_is_told_once_whatever_it_holds() -> None:
    document = put("$schema", value=f"{URN}:2021:3")
    del document["narrative"]
    assert codes(document | {"attachments": []}) == ["file.contract_unknown"]


def test_what_is_read_is_the_source_and_what_it_says_the_chain() -> None:
    data = workbook.to_json(MADE_FROM)
    read = workbook.parse(data, "年报.json")
    assert read.source
    assert [origin.file for origin in read.source.chain] == ["年报.xlsx", "年报.json"]
    edited = workbook.parse(data.replace(b'"made": 59', b'"made": 60', 1), "年报.json")
    assert edited.source
    assert edited.source.sha256 != read.source.sha256
    assert edited.source.made_from == read.source.made_from
    assert workbook.parse(json.dumps(put("source", value=None)).encode(), "b.json").source is None


def test_what_the_kit_writes_is_of_its_own_version_whatever_was_read() -> None:
    read = workbook.parse(json.dumps(put("source", "template", value="99")).encode(), "a.json")
    again = workbook.parse(workbook.write(read), "b.xlsx")
    assert again.source
    assert again.source.template == TEMPLATE_VERSIONS[-1]
    assert "file.template" not in {finding.code for finding in workbook.check(again)}
    blank = workbook.parse(workbook.template("2021"), "c.xlsx")
    assert blank.source
    assert blank.source.template == TEMPLATE_VERSIONS[-1]

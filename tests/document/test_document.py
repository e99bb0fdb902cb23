"""Room 2: JSON in and out, its schemas and its gate."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from cases import EDITIONS, cases_of, sound
from hypothesis import given
from hypothesis import strategies as st
from strategies import reports

import workbook
from workbook.report import Report, Unreadable


@given(report=reports(faulty=True))
def test_json_gives_the_report_back_and_the_same_bytes(report: Report) -> None:
    data = workbook.to_json(report)
    again = workbook.from_json(data)
    assert (again.cells, again.narrative, again.waivers) == (report.cells, report.narrative, report.waivers)
    assert workbook.to_json(again) == data


@given(report=reports(faulty=True))
def test_every_document_passes_the_schema_draft_or_not(report: Report) -> None:
    document = json.loads(workbook.to_json(report))
    assert workbook.is_valid(document, report.edition)
    assert ("draft" in document) == any(finding.level == "error" for finding in workbook.check(report))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_document_has_every_cell_three_deep(edition: str) -> None:
    document = workbook.to_document(sound(edition))
    keys = [
        f"{table}.{row}.{column}" for table, rows in document["tables"].items() for row in rows for column in rows[row]
    ]
    assert keys == list(workbook.load_form(edition).cells)
    assert list(document) == ["$schema", "edition", "year", "body", "tables", "narrative", "source", "waivers"]


def test_a_draft_keeps_what_it_may_not_say() -> None:
    report = sound("2021").with_cells({"documents.rules.made": "3件", "fees.fee.amount": -1})
    document = workbook.to_document(report)
    assert document["tables"]["documents"]["rules"]["made"] is None
    assert document["tables"]["fees"]["fee"]["amount"] is None
    assert [(finding["code"], finding["found"]) for finding in document["draft"]] == [
        ("cell.not_a_number", "3件"),
        ("cell.negative", -1),
    ]
    assert workbook.from_document(document).cells == report.cells


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_schemas_are_schemas(edition: str) -> None:
    for schema in (workbook.report_schema(edition), workbook.finding_schema(edition)):
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_finding_of_the_corpus_passes_its_schema(edition: str) -> None:
    validator = jsonschema.Draft202012Validator(workbook.finding_schema(edition))
    for case in cases_of(edition):
        for finding in case.findings():
            errors = [error.message for error in validator.iter_errors(json.loads(json.dumps(finding.as_dict())))]
            assert not errors, (str(case), finding.identity)


def test_the_schema_says_what_the_form_says() -> None:
    schema = workbook.report_schema("2021")
    tables = schema["properties"]["tables"]["properties"]
    cell = tables["applications"]["properties"]["received"]["properties"]["business"]
    assert cell["title"] == "法人或其他组织/商业企业"
    assert "勾稽" not in cell["title"]
    assert "国办公开办函〔2021〕30号" in tables["applications"]["description"]
    assert schema["$defs"]["money"]["description"].count("万元") == 1


STEPS = st.sampled_from([0, 1, -1, 2.5, None, True, "", "x", [], {}, 10**12])


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_the_quick_gate_and_the_explaining_one_always_agree(edition: str, data: st.DataObject) -> None:
    document = deepcopy(workbook.to_document(sound(edition)))
    for _ in range(data.draw(st.integers(0, 3))):
        at: Any = document
        while isinstance(at, dict) and at:
            key = data.draw(st.sampled_from(sorted(at)))
            if not isinstance(at[key], dict) or data.draw(st.booleans()):
                break
            at = at[key]
        if isinstance(at, dict) and at:
            if data.draw(st.booleans()):
                at[key] = data.draw(STEPS)
            elif data.draw(st.booleans()):
                del at[key]
            else:
                at["surplus"] = 1
    assert workbook.is_valid(document, edition) == (not workbook.schema_errors(document, edition))


def _without(*path: str) -> dict[str, Any]:
    document = deepcopy(workbook.to_document(sound("2021")))
    at = document
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return document


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (("waivers",), "缺少“waivers”"),
        (("tables", "fees"), "缺少“fees”"),
        (("tables", "applications", "received"), "缺少“received”"),
        (("tables", "applications", "received", "natural"), "缺少“natural”"),
        (("body", "name"), "缺少“name”"),
    ],
)
def test_a_document_with_something_missing_is_refused_by_name(path: tuple[str, ...], says: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.from_document(_without(*path))
    assert {finding.code for finding in refusal.value.findings} == {"file.not_conforming"}
    assert any(says in finding.message() for finding in refusal.value.findings)


def test_a_wrong_number_in_a_document_is_a_finding_not_a_refusal() -> None:
    document = deepcopy(workbook.to_document(sound("2021")))
    document["tables"]["documents"]["rules"] = {"made": -1, "repealed": "3", "in_force": None}
    found = [finding.identity for finding in workbook.check(workbook.from_document(document))]
    assert found == [
        ("cell.negative", "documents.rules.made"),
        ("cell.text_number", "documents.rules.repealed"),
        ("cell.blank", "documents.rules.in_force"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "file.not_json"),
        (b'{"edition": NaN}', "file.not_json"),
        (b"[" * 100_000, "file.not_json"),
        (b'{"edition": "\xff"}', "file.not_json"),
        (b"[]", "file.not_a_report"),
        (b"{}", "file.not_a_report"),
        (b'{"edition": 2021}', "file.not_a_report"),
        (b'{"edition": "1999"}', "file.not_a_report"),
        (b'{"edition": "2021"}', "file.not_conforming"),
        (b'{"edition": "../2021"}', "file.not_a_report"),
    ],
)
def test_what_is_no_report_is_refused_by_code(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(data, "x.json")
    assert {finding.code for finding in refusal.value.findings} == {code}


def test_money_is_summed_and_compared_as_it_is_written() -> None:
    report = sound("2021").with_cells(
        {"fees.fee.amount": workbook.from_json(workbook.to_json(sound("2021"))).cells["fees.fee.amount"]}
    )
    assert str(report.cells["fees.fee.amount"]) == "59237.2449"
    assert b'"amount": 59237.2449' in workbook.to_json(report)


def test_a_source_names_no_folder() -> None:
    report = replace(sound("2021"), source=workbook.Source("a.xlsx", "0" * 64, "1"))
    source = {"file": "a.xlsx", "sha256": "0" * 64, "template": "1"}
    assert workbook.to_document(report)["source"] == {**source, "made_from": []}
    assert workbook.to_document(report, contract=1)["source"] == source


def test_whole_numbers_with_a_decimal_point_are_whole_numbers() -> None:
    data = workbook.to_json(sound("2021"))
    odd = data.replace(b'"year": 2024', b'"year": 2024.0').replace(b'"made": 59', b'"made": 59.0')
    assert odd != data
    assert workbook.to_json(workbook.from_json(odd)) == data

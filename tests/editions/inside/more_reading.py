"""Reports of the edition go from workbook to JSON and back, are checked, marked and compared with those of 2021."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers import base, fitting
from jsonschema import Draft202012Validator
from made import CHOICE, at_rest, broken, equation, sound, sound_book
from openpyxl import load_workbook
from trees import BEFORE, ROOT

import workbook
from workbook.checks.convert import convert_edition
from workbook.document.document import dump
from workbook.excel.findings_sheet import RESULTS, causes_of
from workbook.excel.layout import CHECKS, COVER, plan_of
from workbook.report import Body, Waiver, content_digest, entries, tidy
from workbook.report.findings import LEVEL_WORDS

FORM = workbook.load_form("2027")
LEVEL = {entry.code: entry.level for entry in entries(FORM)}
MORE = (("contact", "0571-12345678"), ("platform", "shared"))


def again(report: workbook.Report) -> workbook.Report:
    """Return what is read of the workbook of a report."""
    return workbook.parse(workbook.write(report), "年报.xlsx")


def answering(*more: tuple[str, str | None]) -> workbook.Report:
    """Return the sound base with other answers to the further questions."""
    return replace(sound(), body=replace(sound().body, more=more))


def test_a_workbook_gives_the_report_back() -> None:
    read = again(sound())
    assert replace(read, source=None) == sound()
    assert read.body.more == MORE
    assert (read.body.answer("contact"), read.body.answer("platform")) == ("0571-12345678", "shared")
    assert not read.reader_findings
    assert read.places.keys() >= FORM.cells.keys() | {"contact", "platform"}
    assert read.places["platform"].sheet == COVER
    assert tidy(read.narrative["plan"]) == "一是加强培训。\n二是更新目录。"


def test_the_blank_template_is_a_blank_report() -> None:
    read = workbook.parse(workbook.template("2027"), "年报.xlsx")
    assert read.edition == "2027"
    assert set(read.cells.values()) == {None}
    prompts = {key: "\n".join(section.skeleton) or None for key, section in read.form.narratives()}
    assert read.narrative == prompts
    assert read.body.more == (("contact", None), ("platform", None))


def test_answers_that_are_blank_or_none_of_the_choices_are_kept() -> None:
    for more in ((("contact", None), ("platform", "none")), (("contact", "=1+1"), ("platform", "墙报"))):
        assert again(answering(*more)).body.more == more


def test_questions_are_found_wherever_they_stand_on_the_cover() -> None:
    book = load_workbook(io.BytesIO(sound_book()))
    book[COVER].insert_rows(9, 2)
    stream = io.BytesIO()
    book.save(stream)
    read = workbook.parse(stream.getvalue(), "年报.xlsx")
    assert (read.body, read.year) == (sound().body, 2027)


def test_other_editions_have_no_further_answers() -> None:
    for edition in BEFORE:
        read = again(base(edition))
        assert read.edition == edition
        assert read.body == base(edition).body
        assert read.body.more == ()


def test_a_sound_report_has_no_findings() -> None:
    assert workbook.check(sound()) == ()
    assert workbook.check(again(sound())) == ()


@pytest.mark.parametrize("item", FORM.equations(), ids=lambda item: f"{item.code}-{item.at.key}")
def test_every_rule_is_found_where_it_is_broken_and_nowhere_else(item: Any) -> None:
    report = broken(sound(), item)
    found = {finding.identity: finding for finding in workbook.check(report)}
    told = found[item.code, item.at.key]
    assert told.level == LEVEL[item.code]
    assert told.difference == 1
    for lang in ("zh", "en"):
        assert "{" not in told.message(lang) + told.hint(lang)
    assert told.equation is not None
    assert told.equation.rule.title in told.message()
    assert (item.code, item.at.key) not in {finding.identity for finding in workbook.check(at_rest(sound(), item))}


def test_smaller_is_fine_where_the_left_may_be_smaller() -> None:
    line = equation("documents.repealed", "rules")
    for repealed, found in ((0, False), (119, False), (120, False), (121, True), (999, True)):
        findings = workbook.check(sound().with_cells({"documents.rules.repealed": repealed}))
        assert [finding.identity for finding in findings if finding.level == "error"] == [(line.code, "rules")] * found
    finding, *_ = workbook.check(sound().with_cells({"documents.rules.repealed": 121}))
    assert (finding.level, finding.left, finding.right, finding.difference) == ("error", 121, 120, 1)


def test_a_warning_does_not_fail_unless_it_is_asked_to() -> None:
    report = broken(sound(), equation("documents.explained", "made"))
    findings = workbook.check(report)
    assert [(finding.code, finding.at, finding.level) for finding in findings] == [
        ("documents.explained", "made", "warning")
    ]
    assert workbook.is_sound(findings)
    assert not workbook.is_sound(findings, strict=True)
    assert "draft" not in workbook.to_document(report)


def test_a_warning_may_be_accepted_and_an_error_may_not() -> None:
    waiver = Waiver("documents.explained", "made", "另有四件无需解读", "张三", "2028-01-08")
    report = replace(broken(sound(), equation("documents.explained", "made")), waivers=(waiver,))
    (finding,) = workbook.check(again(report))
    assert finding.waived == waiver
    assert workbook.is_sound((finding,), strict=True)
    error = replace(waiver, code="documents.repealed", at="rules")
    report = replace(broken(sound(), equation("documents.repealed", "rules")), waivers=(error,))
    assert {"documents.repealed", "waiver.refused"} <= {finding.code for finding in workbook.check(report)}
    assert not any(finding.waived for finding in workbook.check(report))


def test_a_rule_that_only_usually_holds_names_no_wrong_cell() -> None:
    for report in (
        broken(sound(), equation("documents.explained", "made")),
        broken(sound(), equation("documents.repealed", "rules")),
    ):
        assert not any(finding.corrections for finding in workbook.check(report))


def test_a_wrong_number_is_located_beside_the_new_lines() -> None:
    for key in ("applications.unavailable_lost.individual", "applications.unavailable_archived.natural"):
        was = sound().cells[key]
        assert isinstance(was, int)
        found = workbook.check(sound().with_cells({key: was + 1000}))
        repairs = {(change.cell.cell, change.value) for finding in found for change in finding.corrections}
        assert repairs == {(key, was)}


def test_what_is_said_of_further_answers() -> None:
    assert workbook.check(answering(("contact", None), ("platform", None))) == ()
    (finding,) = workbook.check(answering(("contact", None), ("platform", "墙报")))
    assert (finding.at, finding.found) == ("platform", "墙报")
    for lang in ("zh", "en"):
        assert "{" not in finding.message(lang) + finding.hint(lang)
    assert "墙报" in finding.message()
    assert CHOICE in finding.message() + finding.hint()
    (finding,) = workbook.check(again(answering(("contact", None), ("platform", "墙报"))))
    assert finding.cells[0].place
    assert finding.cells[0].place.sheet == COVER


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("客观上无法提供335件", False),
        ("客观上无法提供336件", True),
        ("信息已经损毁或者灭失147件", False),
        ("信息已经损毁或者灭失148件", True),
        ("无法提供1049件", False),
        ("无法提供902件", True),
    ],
)
def test_texts_are_compared_with_the_new_lines_and_groups(said: str, found: bool) -> None:  # noqa: FBT001 - a case
    text = f"全年办结政府信息公开申请6200件，其中{said}。"
    for part in ("overview", "plan"):
        report = replace(sound(), narrative={**sound().narrative, part: text})
        assert [finding.identity for finding in workbook.check(report)] == [("text.contradicts", part)] * found


def test_json_gives_the_report_back() -> None:
    data = workbook.to_json(sound())
    assert workbook.from_json(data) == sound()
    assert workbook.to_json(workbook.from_json(data)) == data
    document = json.loads(data)
    assert document["body"].keys() == {"name", "credit_code", "division_code", "kind", "contact", "platform"}
    assert (document["body"]["contact"], document["body"]["platform"]) == ("0571-12345678", "shared")
    assert document["narrative"]["plan"] == sound().narrative["plan"]
    assert document["tables"]["applications"]["unavailable_lost"]["individual"] == 14
    assert document["$schema"] == "urn:nianbao:report:2027:2"


def test_both_gates_let_a_document_through_and_hold_others_back() -> None:
    schema = workbook.report_schema("2027")
    Draft202012Validator.check_schema(schema)
    slow = Draft202012Validator(schema)

    def accepted(change: Any) -> bool:
        document = json.loads(workbook.to_json(sound()))
        change(document)
        assert slow.is_valid(document) == workbook.is_valid(document, "2027")
        assert bool(workbook.schema_errors(document, "2027")) != slow.is_valid(document)
        return slow.is_valid(document)

    assert accepted(lambda _: None)
    assert accepted(lambda document: document["body"].update(contact=None, platform=None))
    assert not accepted(lambda document: document["body"].pop("contact"))
    assert not accepted(lambda document: document["body"].update(contact=12))
    assert not accepted(lambda document: document["body"].update(platform=CHOICE))
    assert not accepted(lambda document: document["body"].update(telephone="1"))
    assert not accepted(lambda document: document["narrative"].pop("plan"))
    assert not accepted(lambda document: document["tables"]["applications"].pop("unavailable_lost"))


def test_the_schema_has_the_new_keys_and_those_of_other_editions_are_as_they_were() -> None:
    body = workbook.report_schema("2027")["properties"]["body"]
    assert set(body["required"]) == body["properties"].keys()
    assert body["properties"].keys() == {"name", "credit_code", "division_code", "kind", "contact", "platform"}
    assert body["properties"]["contact"]["title"] == "联系电话"
    assert body["properties"]["platform"]["enum"] == ["own", "shared", "none", None]
    for edition in BEFORE:
        for what, schema in (
            ("report", workbook.report_schema(edition)),
            ("finding", workbook.finding_schema(edition)),
        ):
            assert dump(schema) == (ROOT / f"schema/{edition}/{what}.schema.json").read_bytes()
    codes = {item["const"] for item in workbook.finding_schema("2027")["properties"]["code"]["oneOf"]}
    assert {"documents.explained", "applications.repeat", "documents.repealed"} <= codes


def test_findings_follow_their_schema() -> None:
    gate = Draft202012Validator(workbook.finding_schema("2027"))
    for report in (
        broken(sound(), equation("documents.explained", "made")),
        broken(sound(), equation("documents.repealed", "rules")),
        answering(("contact", None), ("platform", "墙报")),
        replace(sound(), narrative={**sound().narrative, "plan": None}),
    ):
        findings = [finding.as_dict() for finding in workbook.check(report)]
        assert findings
        assert all(gate.is_valid(finding) for finding in findings)


def test_a_draft_keeps_an_answer_that_is_none_of_the_choices() -> None:
    report = answering(("contact", "无"), ("platform", "墙报"))
    document = workbook.to_document(report)
    assert workbook.is_valid(document, "2027")
    assert document["draft"]
    assert workbook.from_document(document).body.more == report.body.more


def test_the_digest_of_what_a_report_says_is_as_it_was() -> None:
    """It stands in files; those of the editions before may not change, and a further answer makes another."""
    assert {edition: content_digest(base(edition))[:12] for edition in BEFORE} == {
        "2019": "df08ea1d7bb5",
        "2021": "cfb3fd04a384",
    }
    digests = {content_digest(report) for report in (sound(), answering(), answering(("contact", "1"), MORE[1]))}
    assert len(digests) == 3
    assert content_digest(again(sound())) == content_digest(sound())


def test_a_marked_copy_shows_what_was_found_and_reads_the_same() -> None:
    report = broken(sound(), equation("applications.repeat", "individual"))
    data = workbook.write(report)
    read = workbook.parse(data, "年报.xlsx")
    findings = workbook.check(read)
    marked = workbook.mark(data, read, findings)
    assert content_digest(workbook.parse(marked, "年报-校验.xlsx")) == content_digest(report)
    book = load_workbook(io.BytesIO(marked))
    rows = [row for row in book[RESULTS].iter_rows(min_row=3, values_only=True) if row[1]]
    assert [(row[1], row[2]) for row in rows] == [
        (LEVEL_WORDS["zh"][cause.status], cause.first["code"]) for cause in causes_of(findings, "2027")
    ]
    place = read.places["applications.rejected_repeat.individual"]
    assert "重复申请一般不多于新收申请" in book[place.sheet][place.address].comment.text


def test_a_marked_copy_shows_an_answer_that_is_none_of_the_choices() -> None:
    data = workbook.write(answering(("contact", None), ("platform", "墙报")))
    read = workbook.parse(data, "年报.xlsx")
    book = load_workbook(io.BytesIO(workbook.mark(data, read, workbook.check(read))))
    assert "墙报" in book[COVER][read.places["platform"].address].comment.text


def test_last_years_report_of_the_edition_before_is_compared() -> None:
    body = replace(base("2021").body, name=sound().body.name)
    last = fitting(sound(), replace(base("2021"), year=2026, body=body))
    assert [item for item in workbook.check(sound(), last) if item.code.startswith("year.")] == []
    wrong = last.with_cells({"applications.carried_forward.natural": 999, "documents.rules.in_force": 999})
    found = {item.identity for item in workbook.check(sound(), wrong) if item.code.startswith("year.")}
    assert found == {
        ("year.brought_forward", "applications.brought_forward.natural"),
        ("year.in_force", "documents.rules.in_force"),
    }
    own = fitting(sound(), replace(sound(), year=2026))
    wrong = own.with_cells({"applications.carried_forward.individual": 999})
    found = {item.identity for item in workbook.check(sound(), wrong) if item.code.startswith("year.")}
    assert found == {("year.brought_forward", "applications.brought_forward.individual")}


def test_a_report_is_carried_from_one_edition_to_the_other() -> None:
    newer = convert_edition(base("2021"), "2027")
    assert set(newer.open) == FORM.cells.keys() - workbook.load_form("2021").cells.keys()
    assert not newer.dropped
    assert newer.report.narrative["plan"] is None
    assert newer.report.body.name == sound().body.name
    assert newer.report.body.answer("contact") is None
    older = convert_edition(replace(sound(), year=2026), "2021")
    assert set(older.dropped) == set(newer.open)
    assert older.report.body == Body(
        *(getattr(sound().body, key) for key in ("name", "credit_code", "division_code", "kind"))
    )
    for carried in (newer, older):
        assert workbook.is_valid(workbook.to_document(carried.report), carried.report.edition)
        read = again(carried.report)
        assert (read.edition, read.cells) == (carried.report.edition, carried.report.cells)


def test_tables_that_were_moved_are_found() -> None:
    book = load_workbook(io.BytesIO(sound_book()))
    sheet = book[plan_of("2027").sheets[1].name]
    sheet.protection.sheet = False
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(area)
    sheet.insert_rows(12)
    del book[CHECKS]
    stream = io.BytesIO()
    book.save(stream)
    numbers = {key: value for key, value in sound().cells.items() if key not in FORM.calculated}
    read = workbook.parse(stream.getvalue(), "年报.xlsx")
    assert read.edition == "2027"
    assert {key: read.cells[key] for key in numbers} == numbers
    assert read.body.more == MORE
    assert read.narrative == sound().narrative


def test_a_path_of_files_goes_round(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(workbook.to_json(sound()))
    (tmp_path / "a.xlsx").write_bytes(workbook.write(workbook.read(tmp_path / "a.json")))
    assert replace(workbook.read(tmp_path / "a.xlsx"), source=None) == sound()

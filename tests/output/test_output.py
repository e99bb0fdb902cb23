"""Every form of output says the same of the same findings, keeps to its published schema, and lets no text do harm."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import lxml.html
import openpyxl
import pytest
from cases import CORPUS, EDITIONS, cases, cases_of, sound
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import validator_for
from lxml import etree
from results import HOSTILE, OVERVIEW, checked, disputed, every_kind, faulty
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY
from workbook.jobs.file import check_file
from workbook.jobs.result import Options, Result, Task
from workbook.output import FORMATS, format_for, html, render
from workbook.output.form_view import group_of, parts
from workbook.output.tally import Tally
from workbook.output.wrap import width
from workbook.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.output import Format
    from workbook.report import Lang


def unreadable(folder: Path) -> Result:
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    return check_file(Task(folder / "坏.xlsx"), Options())


@pytest.fixture
def many(tmp_path: Path) -> list[Result]:
    """A faulty file with findings of every kind, a sound one, one that cannot be read."""
    return [every_kind(tmp_path), checked(sound("2019"), tmp_path, "乙.xlsx"), unreadable(tmp_path)]


def sarif_breaches(log: Any) -> list[str]:
    """Return where a log breaks the schema that OASIS published for SARIF 2.1.0."""
    schema = json.loads((CORPUS / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
    checks = validator_for(schema)
    checks.check_schema(schema)
    return [error.json_path for error in checks(schema).iter_errors(log)]


def is_junit(data: bytes) -> bool:
    """Say whether a document keeps to the schema of the Jenkins plugin for JUnit reports."""
    return bool(_junit().validate(etree.fromstring(data)))


@cache
def _junit() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(CORPUS / "junit-10.xsd"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sarif_keeps_to_its_published_schema(many: list[Result], lang: Lang) -> None:
    log = json.loads(render(many, "sarif", lang))
    assert not sarif_breaches(log)
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert sarif_breaches(log) == ["$.runs[0].results[0].level"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_junit_keeps_to_its_published_schema(many: list[Result], lang: Lang) -> None:
    data = render(many, "junit", lang)
    assert is_junit(data)
    assert not is_junit(data.replace(b"<failure", b"<fault", 1).replace(b"</failure", b"</fault", 1))


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_finding_of_the_corpus_is_in_every_form(edition: str) -> None:
    for case in cases_of(edition):
        told = [finding.as_dict() for finding in case.findings()]
        report = case.report
        document = workbook.to_document(report)
        result = Result("甲.xlsx", FAULTY, told, report.edition, report.year, report.body.name, document=document)
        log = json.loads(render([result], "sarif", "zh"))
        codes = [finding["code"] for finding in told]
        assert [item["ruleId"] for item in log["runs"][0]["results"]] == codes, str(case)
        data = render([result], "junit", "zh")
        assert is_junit(data), str(case)
        assert len(ET.fromstring(data).findall(".//testcase")) == max(1, len(told)), str(case)
        page = lxml.html.document_fromstring(render([result], "html", "zh").decode())
        assert len(page.xpath("//li[contains(@class, 'finding')]")) == len(result.causes), str(case)
        assert len(page.xpath("//li")) == len(result.causes) + len({f["message"] for f in told if f["under"]}), str(
            case
        )
        assert {href.removeprefix("#") for href in page.xpath("//a/@href")} <= set(page.xpath("//@id")), str(case)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_log_of_the_whole_corpus_passes_its_schema(edition: str) -> None:
    results = [
        Result(f"{number}.xlsx", FAULTY, [finding.as_dict() for finding in case.findings()], case.edition)
        for number, case in enumerate(cases_of(edition))
    ]
    log = json.loads(render(results, "sarif", "zh"))
    assert not sarif_breaches(log)
    assert len(log["runs"][0]["results"]) == sum(len(result.findings) for result in results)


def test_sarif_names_rules_places_and_reasons(many: list[Result]) -> None:
    run = json.loads(render(many, "sarif", "zh"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in run["results"])
    assert all(rule["shortDescription"]["text"] for rule in rules)
    blank = next(item for item in run["results"] if item["ruleId"] == "cell.blank")
    place = blank["locations"][0]["logicalLocations"][0]
    assert (place["name"], place["fullyQualifiedName"]) == ("documents.rules.made", "二、主动公开!B5")
    waived = [item for item in run["results"] if item["suppressions"]]
    assert [item["suppressions"][0]["justification"] for item in waived] == ["理由：含转载<b>（张三，2025-01-08）"]
    assert {item["level"] for item in run["results"]} == {"error", "warning", "note"}
    texts = [place["decoratedName"] for item in waived for place in item["locations"][0]["logicalLocations"]]
    assert texts == ["1200条"]


def test_sarif_names_files_from_the_folder_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def address(file: str) -> str:
        run = json.loads(render([Result(file, 0)], "sarif", "zh"))["runs"][0]
        return str(run["artifacts"][0]["location"]["uri"])

    assert address("区县/甲 1.xlsx") == "%E5%8C%BA%E5%8E%BF/%E7%94%B2%201.xlsx"
    assert address(str(tmp_path / "甲.xlsx")) == "%E7%94%B2.xlsx"
    assert address(str(tmp_path.parent / "a.xlsx")) == (tmp_path.parent / "a.xlsx").as_uri()


def test_junit_tells_errors_warnings_and_waived_ones_apart(many: list[Result], tmp_path: Path) -> None:
    root = ET.fromstring(render(many, "junit", "zh"))
    suites = root.findall("testsuite")
    assert [suite.get("errors") for suite in suites] == ["0", "0", "1"]
    assert suites[0].get("failures") == str(many[0].errors)
    assert suites[0].get("skipped") == "1"
    assert [len(suite.findall(".//system-out")) for suite in suites] == [2, 0, 0]
    assert [case.get("name") for case in suites[1]] == ["✓ 没有错误"]
    strict = replace(checked(sound("2021"), tmp_path), exit_code=FAULTY, findings=[disputed("1200条")])
    assert len(ET.fromstring(render([strict], "junit", "zh")).findall(".//failure")) == 1


def test_csv_has_columns_for_phrase_reason_and_cause(many: list[Result], tmp_path: Path) -> None:
    blank = checked(sound("2021").with_cells({"applications.granted.natural": None}), tmp_path, "丙.xlsx")
    rows = list(csv.DictReader(io.StringIO(render([*many, blank], "csv", "zh").decode(), newline="")))
    assert list(rows[0])[-3:] == ["quote", "waived", "under"]
    assert {row["quote"] for row in rows} == {"", "5412件，办结", "1200条", "办结5330件"}
    assert {row["waived"] for row in rows} == {"", "理由：含转载<b>（张三，2025-01-08）"}
    assert {row["under"] for row in rows} == {"", "cell.blank applications.granted.natural"}


def test_the_workbook_lists_all_findings_of_all_files(many: list[Result]) -> None:
    data = render(many, "xlsx", "zh")
    assert data == render(many, "xlsx", "zh")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["问题", "汇总"]
    sheet = book["问题"]
    assert sheet.max_row == 1 + sum(len(result.causes) for result in many)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:Q{sheet.max_row}"
    levels = {row[3].value: row[3].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)}
    assert levels.keys() == {"错误", "提示", "说明", "已说明"}
    assert len(set(levels.values())) == 4
    assert [cell.value for cell in book["汇总"][4]][3:] == ["✗ 无法读取", 1, 0]


def test_no_text_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    hostile = replace(
        checked(faulty(), tmp_path), file="=1+1", body="https://example.invalid", findings=[disputed("1200条")]
    )
    hostile.findings[0]["message"] = "=cmd|' /C calc'!A0\x00\x1b"
    hostile.findings[0]["hint"] = "@" + "x" * 40_000
    sheet = openpyxl.load_workbook(io.BytesIO(render([hostile], "xlsx", "zh")))["问题"]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert not [cell for cell in sheet[2] if cell.hyperlink]
    assert sheet["N2"].value == "=cmd|' /C calc'!A0��"


def page_of(result: Result, lang: Lang = "zh") -> Any:
    return lxml.html.document_fromstring(render([result], "html", lang).decode())


def test_the_page_draws_every_label_and_number_of_both_editions(tmp_path: Path) -> None:
    for edition in ("2019", "2021"):
        report = sound(edition)
        result = checked(report, tmp_path)
        page = page_of(result)
        shown = [cell.text_content() for cell in page.xpath("//td")]
        assert shown == [str(report.cells[key]) for key in report.form.cells]
        heads = {cell.text_content() for cell in page.xpath("//th")}
        for table in report.form.tables:
            for line in (*table.rows, *table.columns):
                assert {line.label, *line.under} <= heads
        assert page.get("lang") == "zh-CN"
        assert "✓ 没有错误" in page.xpath("string(//p[contains(@class, 'verdict')])")


def test_rows_of_a_drawn_table_are_all_as_wide(tmp_path: Path) -> None:
    """Labels that reach over several lines leave the room that they take, and not more."""
    for edition in ("2019", "2021"):
        document = checked(sound(edition), tmp_path).document
        assert document
        for grid in (grid for part in parts(document, []) for grid in part.grids):
            taken = [0] * len(grid.rows)
            for number, row in enumerate(grid.rows):
                for box in row:
                    for line in range(number, number + box.down):
                        taken[line] += box.across
            assert set(taken) == {grid.columns}, grid.key


def test_faulty_cells_and_phrases_are_explained_and_linked_both_ways(tmp_path: Path) -> None:
    page = page_of(every_kind(tmp_path))
    ids = set(page.xpath("//@id"))
    assert len(ids) == len(page.xpath("//@id"))
    links = page.xpath("//a/@href")
    assert {link[1:] for link in links} <= ids
    assert set(page.xpath("//@aria-describedby")) <= ids
    cell = page.xpath("//a[@id='cell-applications.received.total']")[0]
    assert cell.text_content().startswith("约五千")
    assert "has-error" in cell.getparent().get("class")
    tip = page.xpath(f"//*[@id='{cell.get('aria-describedby')}']")[0]
    assert tip.get("role") == "tooltip"
    assert "约五千" in tip.text_content()
    marks = page.xpath("//mark/a[1]")
    assert [mark.text for mark in marks] == ["1200条", "5412件，", "办结", "5330件"]
    assert page.xpath("string(//li[contains(@class, 'waived')])").count("含转载<b>") == 1
    assert page.xpath("string(//*[contains(@class, 'narrative')])").replace("\n", "").count("年主动公开") == 1


def test_nothing_in_a_page_runs_or_comes_from_outside(tmp_path: Path) -> None:
    report = faulty()
    report = replace(
        report.with_cells({"fees.fee.amount": HOSTILE}),
        body=replace(report.body, name=HOSTILE),
        narrative={**report.narrative, "overview": HOSTILE},
    )
    result = checked(report, tmp_path)
    finding = disputed("alert(1)", HOSTILE, HOSTILE)
    result = replace(result, file=HOSTILE, findings=[*result.findings, finding])
    for data in (render([result], "html", "zh"), html.index(Tally.of([result]), {HOSTILE: "a.html"}, "zh")):
        page = lxml.html.document_fromstring(data.decode())
        assert not page.xpath("//script | //img | //link | //iframe | //object | //@onerror | //@onclick | //@style")
        assert not page.xpath("//@src")
        assert all(link.startswith(("#", "a.html")) for link in page.xpath("//@href"))
        policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script-src" not in policy
        assert "49" not in page.xpath("string(//title)")
        assert "\u202e" not in data.decode()
        assert "alert(1)" in page.xpath("string(//body)")


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_goes_through_every_form(text: str) -> None:
    finding = disputed(OVERVIEW[2:5]) | {"message": text, "hint": text, "at": text}
    document = workbook.to_document(sound("2021"))
    document["narrative"]["overview"] = text
    result = Result(text, FAULTY, [finding], "2021", 2024, text, document=document)
    for form in FORMATS:
        render([result], form, "zh")
    page = page_of(result)
    assert page.xpath("count(//li)") == 1
    assert is_junit(render([result], "junit", "zh"))
    assert len(render([result, result], "text", "zh").decode().split("\n")) == 15


def test_a_phrase_that_is_not_in_the_text_breaks_nothing(tmp_path: Path) -> None:
    result = checked(sound("2021"), tmp_path)
    beyond = disputed("1200条")
    beyond["quote"] |= {"start": 10_000, "end": 20_000}
    assert page_of(replace(result, findings=[beyond])).xpath("count(//li)") == 1
    assert result.document
    result.document["narrative"]["overview"] = None
    assert page_of(replace(result, findings=[beyond])).xpath("count(//mark)") == 0


def test_an_unreadable_file_has_a_page_of_its_findings(tmp_path: Path) -> None:
    page = page_of(unreadable(tmp_path))
    assert page.xpath("count(//li)") == 1
    assert not page.xpath("//table")
    english = page_of(unreadable(tmp_path), "en")
    assert english.get("lang") == "en"


def test_findings_are_grouped_by_what_they_are_about() -> None:
    form = workbook.load_form("2021")
    known = {"cover", "texts", "file", *(table.key for table in form.tables)}
    groups = {
        finding.code: group_of(finding.as_dict(), form)
        for case in cases()
        if case.edition == "2021"
        for finding in case.findings()
    }
    assert set(groups.values()) <= known
    assert groups["applications.balance"] == "applications"
    assert groups["body.name"] == "cover"
    assert groups["text.blank"] == "texts"


def test_the_text_ends_with_a_table_that_keeps_its_columns(many: list[Result]) -> None:
    lines = render(many, "text", "zh").decode().split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("文件"))
    rows = lines[start : start + 4]
    places = [width(row[: row.index(mark)]) for row, mark in zip(rows, "结✗✓✗", strict=True)]
    assert len(set(places)) == 1
    assert len({width(row) for row in rows}) == 1
    assert lines[start + 5] == "共 3 份：1 份没有错误，1 份有错误，1 份无法读取"
    assert any("applications.balance" in line and "×" in line for line in lines[start + 6 :])
    assert not [line for line in lines[:start] if "1200条" in line and "提示" in line]


def test_every_line_of_the_workbook_is_high_enough_for_its_texts(many: list[Result]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(many, "xlsx", "zh")))
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2):
            texts = [(str(cell.value or ""), sheet.column_dimensions[cell.column_letter].width) for cell in row]
            lines = max(width(text) / wide for text, wide in texts)
            assert lines <= 1 or sheet.row_dimensions[row[0].row].height >= 15 * lines
    rows = list(book["汇总"].iter_rows(values_only=True))
    start = rows.index(("出现最多的问题", *[None] * 5))
    assert rows[start + 1][:3] == ("代码", "检查项", "次数")
    assert isinstance(rows[start + 2][2], int)


def test_a_long_phrase_that_is_cut_says_so(tmp_path: Path) -> None:
    phrase = "805 条，分别为通知 258 条、公告 35 条、动态 265 条"
    narrative = {**sound("2021").narrative, "overview": f"主动公开信息 {phrase}。"}
    report = replace(sound("2021"), narrative=narrative)
    assert f">{phrase[:20]}…</a>" in render([checked(report, tmp_path)], "html", "zh").decode()


def test_text_cannot_steer_a_terminal(tmp_path: Path) -> None:
    result = replace(checked(sound("2021"), tmp_path), body="甲\x1b[2J\r\u202e局", file="a\nb.xlsx")
    text = render([result, result], "text", "zh").decode()
    assert printable(text, keep="\n") == text
    assert "a�b.xlsx" in text


def test_a_waived_warning_is_counted_as_none(many: list[Result]) -> None:
    tally = Tally.of(many)
    assert tally.lines[0].warnings == 1
    assert ("text.blank", "文字部分没有内容", 1) in tally.frequent("zh")


def test_only_one_report_makes_a_page(many: list[Result]) -> None:
    with pytest.raises(ValueError, match="one report"):
        render(many, "html", "zh")


def test_the_table_of_pages_puts_the_worst_first(many: list[Result]) -> None:
    page = lxml.html.document_fromstring(
        html.index(Tally.of(many), {many[0].file: "a.html", many[2].file: "c.html"}, "zh").decode()
    )
    rows = page.xpath("//table[1]/tbody/tr")
    names = [row.xpath("string(th)") for row in rows[:3]]
    assert [name.rpartition("/")[2].rpartition("\\")[2] for name in names] == ["坏.xlsx", "甲.xlsx", "乙.xlsx"]
    assert [row.xpath("th/a/@href") for row in rows[:3]] == [["c.html"], ["a.html"], []]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_results_give_the_same_bytes(form: Format, tmp_path: Path) -> None:
    result = every_kind(tmp_path)
    assert render([result], form, "zh") == render([result], form, "zh")


def test_documents_are_carried_only_where_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(sound("2021")))
    assert check_file(Task(tmp_path / "a.xlsx"), Options()).document is None
    paged = html.page_file(Task(tmp_path / "a.xlsx", to=tmp_path / "a.html"), Options(document=True))
    assert paged.document is None
    assert paged.data


def test_each_form_loads_its_own_library_alone() -> None:
    script = (
        "import sys; from workbook.jobs.result import Result; from workbook.output import render\n"
        "for form in ('text', 'concise', 'json', 'jsonl', 'csv', 'sarif', 'junit', 'github'):\n"
        "    render([Result('a', 0)], form, 'zh')\n"
        "print([name for name in ('jinja2', 'xlsxwriter', 'openpyxl', 'lxml', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_every_form_has_a_suffix() -> None:
    lines_of_text = {"text", "concise", "github"}
    asked = {name: format_for(written.endings[0]) for name, written in FORMATS.items()}
    assert asked == {name: "text" if name in lines_of_text else name for name in FORMATS}

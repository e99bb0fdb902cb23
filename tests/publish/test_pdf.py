"""The report as a PDF: read back, tagged, the same bytes twice; what no font has is told."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import typst
from cases import EDITIONS, Case, sound
from publication import HARD_TEXTS, with_texts
from published import PRINTED

import workbook
from workbook.form import printed_sections
from workbook.publish.blocks import blocks
from workbook.publish.pdf import write_pdf
from workbook.report import Unreadable
from workbook.report.compare import compare
from xlplugin.addin.diagnose import publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report import Report

NUMBERS = [case for case in PRINTED.values() if not any(isinstance(value, str) for value in case.report.cells.values())]
DATE = "2026年1月20日"


def published(report: Report, *, draft: bool = False) -> bytes:
    return write_pdf(blocks(report, draft=draft, date=DATE))


@pytest.mark.parametrize("case", NUMBERS[::12], ids=str)
def test_reports_are_read_back(case: Case) -> None:
    back = workbook.parse(published(case.report), "年报.pdf")
    assert back.cells == case.report.cells
    assert not [finding for finding in compare(back, case.report) if finding.at in case.report.form.narrative_keys]


@pytest.mark.parametrize("name", [name for name in HARD_TEXTS if name != "labels"])
def test_hard_texts_are_read_back_as_verify_folds_them(name: str) -> None:
    report = with_texts("2021", HARD_TEXTS[name])
    # Beside tables a line of "+2" is no text.
    kept = sorted(report.form.required_texts)[: 1 if name == "long" else None]
    texts = {key: report.narrative[key] if key in kept else None for key in report.narrative}
    report = replace(report, narrative=texts)
    assert not compare(workbook.parse(published(report), "年报.pdf"), report)


def test_the_same_report_gives_the_same_bytes() -> None:
    one, two = (published(sound("2021")) for _ in range(2))
    assert one == two


def elements(holder: Any) -> Iterator[Any]:
    import pikepdf

    children = holder.get("/K")
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def of_table(element: Any) -> Any:
    return next(each for each in element.A if each.O == "/Table")


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_is_led_to_heads_of_its_row_and_column(edition: str, draft: bool) -> None:  # noqa: FBT001
    import pikepdf

    report = sound(edition)
    printed = {table.table.key: table for section in printed_sections(edition) for table in section.tables}
    with pikepdf.open(io.BytesIO(published(report, draft=draft))) as pdf:
        root = pdf.Root
        assert str(root.Lang).startswith("zh")
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert str(report.body.name) in str(pdf.docinfo.Title)
        assert "nianbao report" in str(pdf.docinfo.Keywords)
        names = dict(pikepdf.NameTree(root.StructTreeRoot.IDTree).items())
        found = list(elements(root.StructTreeRoot))
        levels = [int(str(each.S)[2]) for each in found if str(each.S) in {"/H1", "/H2", "/H3", "/H4"}]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - former <= 1 for former, later in pairwise(levels))
        tables = [each for each in found if each.S == "/Table"]
        assert len(tables) == len(printed)
        for element, table in zip(tables, printed.values(), strict=True):
            cells = list(elements(element))
            numbers = [each for each in cells if each.S == "/TD"]
            assert len(numbers) == len(table.cells)
            for number in numbers:
                heads = [names[str(name)] for name in of_table(number).Headers]
                scopes = {str(of_table(head).Scope) for head in heads}
                has_rows = any(label.role == "line" for label in table.labels)
                assert scopes == ({"/Row", "/Column"} if has_rows else {"/Column"})
                assert all(head.S == "/TH" for head in heads)


@pytest.mark.parametrize(
    "text", ["甲\U000f1234乙\U0010abcd丙", "\U000f1234\U0010abcd", "\U0010abcd" * 9 + "甲\U000f1234"]
)
def test_a_character_without_a_font_is_told_with_all_others(text: str) -> None:
    report = with_texts("2021", text)
    with pytest.raises(Unreadable) as refusal:
        published(report)
    (finding,) = refusal.value.findings
    assert finding.code == "file.fonts_missing"
    told = finding.as_dict("zh")
    assert "U+F1234" in told["message"]
    assert "U+10ABCD" in told["message"]
    assert "Noto Serif CJK SC" in told["hint"]


@pytest.mark.parametrize("name", ["typst", "pikepdf"])
def test_a_missing_library_is_told_with_its_package(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr("workbook.publish.pdf.find_spec", lambda each: None if each == name else there(each))
    with pytest.raises(Unreadable) as refusal:
        published(sound("2021"))
    told = refusal.value.findings[0].as_dict("zh")
    assert told["code"] == "file.pdf_needs_library"
    assert name in told["message"]
    assert "whl[pdf]" in told["hint"]
    assert "Word" in told["hint"]


def test_the_doctor_says_which_fonts_a_pdf_is_set_in(monkeypatch: pytest.MonkeyPatch) -> None:
    (fact,) = publication()
    assert fact.good
    assert all(f"{kind}：" in fact.found for kind in ("仿宋", "楷体", "黑体", "小标宋", "宋体"))
    monkeypatch.setattr("workbook.publish.pdf.fonts_here", lambda: typst.Fonts(include_system_fonts=False))
    (fact,) = publication()
    assert not fact.good
    assert "fonts-noto-cjk" in fact.remedy
    monkeypatch.setattr("workbook.publish.pdf.find_spec", lambda _: None)
    (fact,) = publication()
    assert fact.good
    assert "whl[pdf]" in fact.found


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_draft_is_read_like_the_report_and_told(edition: str) -> None:
    plain, draft = published(sound(edition)), published(sound(edition), draft=True)
    assert plain != draft
    back = workbook.parse(draft, "年报.pdf")
    assert back.cells == sound(edition).cells
    assert [finding.code for finding in compare(back, sound(edition))] == ["file.still_draft"]

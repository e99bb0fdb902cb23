"""A filled workbook is the one that would be drawn for the report: in every part, cell for cell, style for style."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from cases import EDITIONS, Case, cases, sound
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples, reports
from workbooks import edited, recalculated, saved

import workbook
from workbook.excel.layout import plan_of
from workbook.excel.template.build import drawn, offered
from workbook.excel.template.contents import contents_of
from workbook.excel.template.fill import Finished
from workbook.excel.template.zipped import deflated, zipped
from workbook.report import Origin, Report, Source, Waiver, blank
from workbook.report.limits import PARAGRAPH_LIMIT
from workbook.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

TEXT = re.compile(r' t="s"><v>([0-9]+)</v>')
ITEM = re.compile(r"<si>(.*?)</si>", re.DOTALL)
SPANS = re.compile(r' spans="[0-9:]+"')
"""Which columns a row and its neighbours use: a hint that changes nothing."""


def parts(data: bytes) -> dict[str, str]:
    """Return the markup of all parts, with shared texts where they are used."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    texts = ITEM.findall(found.pop("xl/sharedStrings.xml"))
    sheets = (name for name in found if name.startswith("xl/worksheets/"))
    laid = {name: TEXT.sub(lambda match: ">" + texts[int(match[1])], SPANS.sub("", found[name])) for name in sheets}
    return found | laid


def as_drawn(report: Report) -> bool:
    return parts(workbook.write(report)) == parts(drawn(contents_of(report)))


def paragraphs(report: Report, **counts: int) -> Report:
    """Return a report with so many paragraphs in each text."""
    texts = {key: "\n".join(f"第{number}段。" for number in range(count)) for key, count in counts.items()}
    return replace(report, narrative={**report.narrative, **texts})


@pytest.mark.parametrize("case", cases()[::3], ids=str)
def test_every_case_is_filled_as_it_would_be_drawn(case: Case) -> None:
    assert as_drawn(case.report)


@pytest.mark.parametrize("edition", EDITIONS)
def test_formulas_are_written_as_xlsxwriter_would_write_them(edition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = contents_of(sound(edition))
    ours = drawn(contents)
    monkeypatch.setattr("workbook.excel.template.book.Book", xlsxwriter.Workbook)
    assert drawn(contents) == ours


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_report_of_prompts_gives_the_template_and_a_blank_one_has_none(edition: str) -> None:
    assert parts(workbook.write(offered(edition))) == parts(workbook.template(edition))
    assert as_drawn(blank(edition))
    assert workbook.parse(workbook.write(blank(edition)), "a.xlsx").narrative == blank(edition).narrative


@examples(15)
@given(reports(faulty=True), st.lists(st.integers(0, 45), min_size=6, max_size=6), st.integers(0, 3))
def test_any_report_is_filled_as_it_would_be_drawn(report: Report, counts: list[int], passed: int) -> None:
    keys = [key for key, _ in report.form.narratives()]
    report = paragraphs(report, **dict(zip(keys, counts, strict=True)))
    source = Source("报告 & 附件.xlsx", "f" * 64, "2", (Origin("<a>.json", "e" * 64),) * passed)
    assert as_drawn(replace(report, source=source if passed else None))


@pytest.mark.parametrize("edition", EDITIONS)
def test_more_paragraphs_than_room_move_what_stands_below_and_all_that_refers_to_it(
    edition: str, libreoffice: Office, tmp_path: Path
) -> None:
    report = paragraphs(sound(edition), overview=25, problems=15, other=8)
    assert as_drawn(report)
    assert workbook.parse(workbook.write(report), "a.xlsx").narrative == report.narrative
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook.write(report))
    with libreoffice.open(path) as document:
        stored, calculated = recalculated(document)
        assert stored == calculated
        (area,) = document.Sheets["五六、问题与其他"].getPrintAreas()
        assert area.EndRow == 1 + 15 + 2 + 8
        target = document.Sheets["校验"].getCellByPosition(8, plan_of(edition).checks["text.blank", "other"])
        assert target.String == "A20"
        assert target.TextFields.getByIndex(0).URL.endswith("A20")


def test_more_waivers_than_room_get_it() -> None:
    waivers = tuple(Waiver("text.blank", f"{number}", "没有", "李四", "2025-01-21") for number in range(23))
    report = replace(sound("2021"), waivers=waivers)
    assert as_drawn(report)
    assert workbook.parse(workbook.write(report), "a.xlsx").waivers == waivers


def test_a_text_that_would_hide_the_rows_leaves_no_heads_in_sight() -> None:
    report = sound("2021")
    high = replace(report, narrative={**report.narrative, "applications": "一行。\n" * 9 + "末。"})
    assert as_drawn(high)
    assert [edited(each)["三、依申请公开"].freeze_panes for each in (report, high)] == ["D6", None]


def test_texts_that_look_like_markup_stay_texts() -> None:
    lines = (
        "<r><t>a</t></r>",
        "]]>&amp;<!-- -->",
        "_x0041_ _x005F_",
        "a\x0bb\x1f",
        "  两边空白  .",
        "'",
        "=1+1",
    )
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": "\n".join(lines)})
    report = replace(report.with_cells({"applications.received.natural": "<r>1</r>\x01"}), year=None)
    with zipfile.ZipFile(io.BytesIO(workbook.write(report))) as archive:
        assert not archive.testzip()
        assert b"<r><t>" not in archive.read("xl/sharedStrings.xml")
    again = workbook.parse(workbook.write(report), "a.xlsx")
    assert again.narrative == report.narrative
    assert again.cells == report.cells


@pytest.mark.parametrize(("text", "fits"), [("长" * PARAGRAPH_LIMIT, True), ("😀" * (PARAGRAPH_LIMIT // 2 + 1), False)])
def test_a_cell_counts_units_of_utf_16(text: str, *, fits: bool) -> None:
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": text})
    assert bool(workbook.check(report)) != fits
    if fits:
        assert as_drawn(report)
    else:
        with pytest.raises(ValueError, match=f"{PARAGRAPH_LIMIT + 1} characters"):
            workbook.write(report)


def test_the_same_report_gives_the_same_bytes_in_any_process() -> None:
    script = "import sys, workbook; sys.stdout.buffer.write(workbook.write(workbook.read(sys.argv[1])))"
    example = resource("examples/linan-2020.json")
    made = {
        subprocess.run(
            [sys.executable, "-c", script, str(example)], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {workbook.write(workbook.read(example))}


def test_packages_have_neither_the_date_nor_the_system_of_their_making() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook.write(sound("2021")))) as archive:
        assert {(info.date_time, info.create_system, info.external_attr) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0, 0)
        }


def test_a_package_of_any_parts_can_be_read() -> None:
    contents = {"a.xml": b"", "b/c.xml": b"x" * 100_000, "d": bytes(range(256)) * 40}
    with zipfile.ZipFile(io.BytesIO(zipped(deflated(name, data) for name, data in contents.items()))) as archive:
        assert not archive.testzip()
        assert {name: archive.read(name) for name in archive.namelist()} == contents


def test_a_template_that_another_program_saved_is_not_filled() -> None:
    again = saved(edited(blank("2021")))
    with pytest.raises(ValueError, match="not drawn by the kit"):
        Finished(again, contents_of(blank("2021")))

"""Every report of the corpus in every carrier: what is read is what was there."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, Case, cases, sound
from hypothesis import given
from hypothesis import strategies as st

import workbook
from workbook.excel.layout import TablePlan, plan_of
from workbook.report import Report, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


def boxes(table: TablePlan, report: Report) -> list[list[tuple[str, int, int]]]:
    """Return the rows of a table as text, height and width of the cells that begin in them."""
    spans = [(label.top, label.left, label.bottom, label.right, label.text) for label in table.labels]
    spans += [
        (row, column, row, table.wide.get(key, column), "" if report.cells[key] is None else str(report.cells[key]))
        for key, (row, column) in table.cells.items()
    ]
    rows: dict[int, list[tuple[int, tuple[str, int, int]]]] = {}
    for top, left, bottom, right, text in spans:
        rows.setdefault(top, []).append((left, (text, bottom - top + 1, right - left + 1)))
    return [[cell for _, cell in sorted(rows[top])] for top in sorted(rows)]


def title(report: Report) -> str:
    return f"{report.body.name}{report.year}年政府信息公开工作年度报告"


def page(report: Report) -> bytes:
    """Return a report as a web page."""
    form, plan = report.form, plan_of(report.edition)
    parts = [f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><h1>{title(report)}</h1>"]
    for section in form.sections:
        parts.append(f"<p>{section.heading}</p>")
        if section.narrative:
            text = report.narrative[section.narrative] or ""
            parts += [f"<p>{escape(line)}</p>" for line in text.split("\n")]
        for table in plan.tables:
            if table.table.section == section.number:
                parts.append("<table>")
                for row in boxes(table, report):
                    parts.append("<tr>")
                    for text, high, wide in row:
                        cut = f"<span>{escape(text[:2])}</span><b>{escape(text[2:])}</b>"
                        parts.append(f'<td rowspan="{high}" colspan="{wide}">{cut}</td>')
                    parts.append("</tr>")
                parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


def word(report: Report) -> bytes:
    """Return a report as a Word document."""
    import docx

    document: Any = docx.Document()
    plan = plan_of(report.edition)
    document.add_paragraph(title(report))
    for section in report.form.sections:
        document.add_paragraph(section.heading)
        if section.narrative:
            for line in (report.narrative[section.narrative] or "").split("\n"):
                document.add_paragraph(line)
        for table in plan.tables:
            if table.table.section == section.number:
                _word_table(document, table, report)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_table(document: Any, table: TablePlan, report: Report) -> None:
    top, width = min(label.top for label in table.labels), max(label.right for label in table.labels) + 1
    made = document.add_table(table.last_row - top + 1, width)
    cells = [cell for row in made.rows for cell in row.cells]  # asked for one by one, python-docx lists all each time
    for label in table.labels:
        first = cells[(label.top - top) * width + label.left]
        if (label.bottom, label.right) != (label.top, label.left):
            first = first.merge(cells[(label.bottom - top) * width + label.right])
        first.text = label.text
    for key, (row, column) in table.cells.items():
        cell = cells[(row - top) * width + column]
        if table.wide.get(key, column) != column:
            cell = cell.merge(cells[(row - top) * width + table.wide[key]])
        cell.text = "" if report.cells[key] is None else str(report.cells[key])


def text(report: Report) -> bytes:
    """Return a report as plain text, a cell a line after a tab."""
    plan, lines = plan_of(report.edition), [title(report), ""]
    for section in report.form.sections:
        lines += [section.heading, ""]
        if section.narrative:
            lines += [report.narrative[section.narrative] or "", ""]
        for table in plan.tables:
            if table.table.section == section.number:
                for row in boxes(table, report):
                    lines += [f"\t{cell}" for cell, _, _ in row] + [""]
                lines.append("")
    return "\n".join(lines).encode()


CARRIERS = {"html": page, "docx": word, "txt": text}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sound_report_is_read_exactly(edition: str, carrier: str) -> None:
    wanted = sound(edition)
    report = workbook.parse(CARRIERS[carrier](wanted), f"年报.{carrier}")
    assert report.cells == wanted.cells
    assert report.narrative == wanted.narrative
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert not report.reader_findings
    assert report.places.keys() >= report.cells.keys()


PRINTED = {
    (case.edition, str(sorted(case.report.cells.items())), str(case.report.narrative)): case
    for case in cases()
    if case.report.year and case.report.body.name
}
"""The cases that differ in what is printed of them."""
TRIED = [(case, carrier) for carrier in CARRIERS for case in PRINTED.values()]


@pytest.mark.parametrize(("case", "carrier"), TRIED, ids=str)
def test_no_wrong_number_without_a_finding(case: Case, carrier: str) -> None:
    try:
        report = workbook.parse(CARRIERS[carrier](case.report), f"年报.{carrier}")
    except Unreadable:
        return
    findings = workbook.check(report)
    told = {finding.at for finding in findings} | {cell.cell for finding in findings for cell in finding.cells}
    for key, value in case.report.cells.items():
        found = report.cells[key]
        lines = {key, key.rpartition(".")[0], key.partition(".")[0]}
        if isinstance(value, str):  # a notation: told where it was read as a number, else the text it is
            assert str(found) == value or key in told or (found is None and lines & told), (key, value, found)
        else:
            assert found == value or (found is None and lines & told), (key, value, found)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_printed_workbook_is_read_or_told(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    wanted = sound(edition)
    (tmp_path / "a.xlsx").write_bytes(workbook.write(wanted))
    libreoffice.export(tmp_path / "a.xlsx", tmp_path / "a.pdf", "calc_pdf_Export")
    report = workbook.read(tmp_path / "a.pdf")
    findings = workbook.check(report)
    told = {finding.at for finding in findings} | {cell.cell for finding in findings for cell in finding.cells}
    read = 0
    for key, value in wanted.cells.items():
        lines = {key, key.rpartition(".")[0], key.partition(".")[0]}
        assert report.cells[key] == value or (report.cells[key] is None and lines & told), (
            key,
            value,
            report.cells[key],
        )
        read += report.cells[key] == value
    assert read > len(wanted.cells) // 2


HOSTILE = {
    "wide page": b"<table><tr>" + b'<td colspan="100000000" rowspan="99999999">1</td>' * 50 + b"</tr></table>",
    "deep page": b"<html><body>" + b"<div>" * 20_000 + b"x",
    "entities": b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><html>&b;</html>",
    "many tables": b"<html>" + b"<table><tr><td>1</td></tr></table>" * 20_000,
    "long line": b"\t" + b"1\t" * 300_000,
    "many lines": b"\t1\n" * 300_000,
    "pipes": b"|" * 500_000,
    "no pdf": b"%PDF-1.7\n" + b"x" * 100_000,
    "no letters": bytes(range(1, 256)) * 2_000,
    "cut word": word(sound("2021"))[:20_000],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_nothing_hangs(name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(HOSTILE[name], "x")
    assert refusal.value.findings[0].code.startswith("file.")


@given(st.data())
def test_a_page_that_was_cut_or_changed_gives_no_wrong_number_silently(data: st.DataObject) -> None:
    wanted = sound("2021")
    whole = PAGE
    start = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(1, 400))
    try:
        report = workbook.parse(whole[:start] + whole[start + cut :], "x.html")
    except Unreadable:
        return
    if report.edition == "2021":
        told = {finding.at for finding in workbook.check(report)}
        wrong = [key for key, value in report.cells.items() if value is not None and value != wanted.cells[key]]
        assert not wrong or told, wrong


PAGE = page(sound("2021"))

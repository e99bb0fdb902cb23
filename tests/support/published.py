"""A report as offices publish it: web page, Word document, plain text."""

from __future__ import annotations

import csv
import io
from functools import cache
from html import escape
from typing import Any

from cases import cases
from noise import paper

import workbook
from workbook.excel.layout import TablePlan, plan_of
from workbook.report import Report


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

    document: Any = docx.Document(io.BytesIO(_blank_word(report.edition)))
    values = {key: "" if value is None else str(value) for key, value in report.cells.items()}
    for cell in document.element.body.iter(docx.oxml.ns.qn("w:tc")):
        for run in cell.iter(docx.oxml.ns.qn("w:r")):
            run.text = values.get(run.text, run.text)
    lines = {_TITLE: title(report), **report.narrative}
    for paragraph in document.paragraphs:
        if paragraph.text in lines:
            for line in (lines[paragraph.text] or "").split("\n"):
                paragraph.insert_paragraph_before(line)
            paragraph._element.getparent().remove(paragraph._element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


_TITLE = "title"


@cache
def _blank_word(edition: str) -> bytes:
    """Return the Word document of any report, with the keys of its texts and numbers in their places.

    python-docx looks at every cell for each that is merged, so this takes far longer than what is written into it.
    """
    import docx

    document: Any = docx.Document()
    plan = plan_of(edition)
    document.add_paragraph(_TITLE)
    for section in workbook.load_form(edition).sections:
        document.add_paragraph(section.heading)
        if section.narrative:
            document.add_paragraph(section.narrative)
        for table in plan.tables:
            if table.table.section == section.number:
                _word_table(document, table)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_table(document: Any, table: TablePlan) -> None:
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
        cell.text = key


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


PRINTED = {
    (case.edition, str(sorted(case.report.cells.items())), str(case.report.narrative)): case
    for case in cases()
    if case.report.year and case.report.body.name
}
"""The cases that differ in what is printed of them."""


def delimited(report: Report, mark: str = ",", *, square: bool = False) -> str:
    """Return a report as a spreadsheet writes it as text: merged cells keep their first value, the others are blank."""
    printed, rows = paper(report), [[title(report)]]
    for section in report.form.sections:
        rows.append([section.heading])
        if section.narrative:
            rows += [[line] for line in (report.narrative[section.narrative] or "").split("\n")]
        for table in plan_of(report.edition).tables:
            if table.table.section == section.number:
                seen: set[int] = set()
                for items in printed.tables[table.table.key]:
                    row = []
                    for item in items:
                        row.append("" if id(item) in seen or item.value is None else str(item.value))
                        seen.add(id(item))
                    rows.append(row)
                rows.append([])
    wide = max(map(len, rows)) if square else 0
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark).writerows([*row, *[""] * (wide - len(row))] for row in rows)
    return stream.getvalue()

"""A report as a browser prints it: tables over several pages, what it prints around them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from browser import blank
from published import boxes, title

from workbook.excel.layout import plan_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from workbook.excel.layout import TablePlan
    from workbook.report import Report

STYLE = (
    "body{{font:11pt/1.6 'Noto Serif CJK SC',serif}}h1{{font-size:20pt;text-align:center}}p{{text-indent:2em;margin:0}}"
    "table{{border-collapse:collapse;width:100%;font-size:9pt}}td{{border:1px solid #000;padding:1pt 2pt;{extra}}}"
    "tr{{break-inside:avoid}}"
)


def printable(report: Report, extra: str = "", *, repeat: bool = True) -> str:
    """Return a report as a page whose tables have rules and heads that are repeated on each page."""
    plan = plan_of(report.edition)
    parts = [f"<meta charset=utf-8><style>{STYLE.format(extra=extra)}</style><h1>{title(report)}</h1>"]
    for section in report.form.sections:
        parts.append(f"<p>{section.heading}</p>")
        text = report.narrative[section.narrative] if section.narrative else None
        parts += [f"<p>{escape(line)}</p>" for line in (text or "").split("\n")]
        parts += [
            _table(table, report, repeat=repeat) for table in plan.tables if table.table.section == section.number
        ]
    return "".join(parts)


def _table(table: TablePlan, report: Report, *, repeat: bool) -> str:
    top = min(label.top for label in table.labels)
    heads = min(row for row, _ in table.cells.values()) - top
    rows = [
        "<tr>" + "".join(f"<td rowspan={high} colspan={wide}>{escape(text)}</td>" for text, high, wide in row) + "</tr>"
        for row in boxes(table, report)
    ]
    tag = "thead" if repeat else "tbody"
    return f"<table><{tag}>{''.join(rows[:heads])}</{tag}><tbody>{''.join(rows[heads:])}</tbody></table>"


def printed(browser: Browser, html: str, **options: Any) -> bytes:
    """Return what a browser makes of a page when it prints it."""
    page = blank(browser)
    page.set_content(html)
    return page.pdf(**{"format": "A4", **options})

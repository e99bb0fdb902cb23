"""One report: template, filled workbook, JSON, what is published of it, and a fault that is found and located."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.document.document import from_json, to_document, to_json
from workbook.document.validate import is_valid
from workbook.excel.mark import mark
from workbook.excel.template.build import template, write
from workbook.files import read, save
from workbook.jobs.file import check_file
from workbook.jobs.result import Options, Task
from workbook.output import render
from workbook.publish.door import publish
from workbook.report.findings import show as shown
from workbook.report.fold import fold
from workbook.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.cli.demo.show import Show
    from workbook.report import Finding, Lang, Report

BROKEN_CELL, BROKEN_VALUE = "applications.granted.natural", 72
"""The published 27 with its digits turned round."""
_DATE = "2021-01-20"


def reported(folder: Path, show: Show) -> dict[str, Path]:
    """Do it in a folder, telling what happens; return what is worth looking at, by what it is."""
    report = from_json(resource("examples/linan-2020.json").read_bytes())
    blank, filled, document = (
        folder / name for name in ("年报模板-2019版.xlsx", "临安区-2020.xlsx", "临安区-2020.json")
    )
    with show.doing():
        save(blank, template(report.edition))
    show.say("template", blank)
    with show.doing():
        save(filled, write(report))
    show.say("filled", len(report.cells), report.body.name, report.year, filled)
    with show.doing():
        again = read(filled)
        findings = check(again)
    _tell(again, findings, show)
    with show.doing():
        save(document, to_json(again, findings))
        verdict = "conforms" if is_valid(to_document(again, findings), again.edition) else "breaks"
    show.say("converted", _WORDS[show.lang][verdict], document)
    broken = _broken(report, folder, show)
    page = _published(report, folder, show)
    return {**broken, "published": page, "filled": filled, "template": blank, "document": document}


def _tell(report: Report, findings: tuple[Finding, ...], show: Show) -> None:
    causes = fold([finding.as_dict(show.lang) for finding in findings], report.edition)
    errors = sum(cause.status == "error" for cause in causes)
    show.say("checked", len(report.form.equations()), errors, len(causes) - errors)
    for cause in causes:
        show.plain(f"   · {cause.message(show.lang)}")


def _broken(report: Report, folder: Path, show: Show) -> dict[str, Path]:
    """Break one number of the report on purpose and show what the checks say."""
    broken, marked, page = (folder / f"临安区-2020-改错一格{end}" for end in (".xlsx", "-校验.xlsx", "-校验.html"))
    was = report.cells[BROKEN_CELL]
    with show.doing():
        save(broken, write(report.with_cells({BROKEN_CELL: BROKEN_VALUE})))
        again = read(broken)
        everything = check(again)
        save(marked, mark(broken.read_bytes(), again, everything))
        save(page, render([check_file(Task(broken), Options(lang=show.lang))], "html", show.lang))
    findings = [finding for finding in everything if finding.level == "error" and not finding.under]
    show.say("broken", again.form.cells[BROKEN_CELL].label, was, BROKEN_VALUE, len(findings), broken)
    show.console.print()
    for finding in findings:
        _show(finding, show)
    show.say("marked", marked, page)
    return {"page": page, "marked": marked}


def _published(report: Report, folder: Path, show: Show) -> Path:
    """Publish the report as it is put on a website; return the page."""
    to = folder / "发布"
    with show.doing():
        to.mkdir()
        files = publish(report, "page,fragment,text", date=_DATE)
        for name, data in files.items():
            save(to / name, data)
    show.say("published", to)
    return to / next(iter(files))


def _show(finding: Finding, show: Show) -> None:
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for head, text in zip(_ROWS[show.lang], _texts(finding, show.lang), strict=True):
        table.add_row(f"   {head}", text)
    show.console.print(table)
    show.console.print()


def _texts(finding: Finding, lang: Lang) -> tuple[str, ...]:
    located = "；".join(
        f"{change.cell.where(lang)} {shown(change.cell.value)} → {shown(change.value)}"
        for change in finding.corrections
    )
    return (
        finding.code,
        f"{finding.cells[0].where(lang)}  {finding.cells[0].label}",
        *(shown(value, lang) for value in (finding.left, finding.right, finding.difference)),
        located,
        finding.message(lang),
    )


_ROWS = {
    "zh": ("代码", "位置", "左边", "右边", "相差", "定位", "说明"),
    "en": ("code", "cell", "left", "right", "difference", "located", "message"),
}
_WORDS = {
    "zh": {"conforms": "符合 JSON Schema", "breaks": "不符合 JSON Schema"},
    "en": {"conforms": "passes the JSON Schema", "breaks": "breaks the JSON Schema"},
}

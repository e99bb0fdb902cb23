"""Reports out of files that are not the kit's own: what was found where, a fresh workbook with what could be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.checks import check
from workbook.checks.convert import convert_edition
from workbook.files import parse
from workbook.form import load_form
from workbook.jobs.file import result_of, with_report, with_workbook
from workbook.report import Unreadable, make_finding
from workbook.report.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.jobs.result import Options, Result, Task
    from workbook.report import Finding, Report


def repair_file(task: Task, options: Options) -> Result:
    """Write what can be read of a file into a fresh workbook, of another edition where ``options`` names one.

    Recovers what is left of a damaged workbook and reports every number that the damage may have changed. The findings
    tell what moved, what was written otherwise, what was not found, dropped, or is still to be filled.
    """

    def make(_data: bytes, report: Report, _findings: tuple[Finding, ...]) -> Result:
        told = list(report.reader_findings)
        if options.edition and options.edition != report.edition:
            carried = convert_edition(report, options.edition)
            told += _told(report, carried.dropped, carried.open, options.edition)
            report = carried.report
        found = check(report)
        read = {finding.identity for finding in found if finding.under}
        told = [finding for finding in told if finding.identity not in read]
        told += [finding for finding in found if finding not in told]
        return with_workbook(result_of(task, options, report, tuple(told)), task, options, report)

    return with_report(task, options, make, _read)


def _read(data: bytes, file: str) -> Report:
    try:
        return parse(data, file)
    except Unreadable as refusal:
        from workbook.excel.salvage.read import read_damaged

        return read_damaged(data, file, refusal)


def _told(report: Report, dropped: dict[str, Any], still_open: tuple[str, ...], edition: str) -> Iterator[Finding]:
    """Yield what is lost and what is new when a report goes to another edition."""
    from workbook.report.findings import show

    form = load_form(edition)
    for key, value in dropped.items():
        yield make_finding(
            "edition.dropped", key, label=report.form.cells[key].label, value=show(value), edition=edition
        )
    for key in still_open:
        yield make_finding("edition.new_cell", key, label=form.cells[key].label, edition=edition)


def inspected(report: Report) -> Iterator[tuple[str, str, str, str]]:
    """Yield a line for each table and text: its name, where it was found, how much of it, what is said about it."""
    form = report.form
    for table in form.tables:
        keys = [key for key, cell in form.cells.items() if cell.table == table.key]
        places = [report.places[key] for key in keys if key in report.places]
        filled = sum(report.cells[key] is not None for key in keys)
        where = f"「{places[0].sheet}」{places[0].address} — {places[-1].address}" if places else "没有找到"
        own = [item.as_dict() for item in report.reader_findings if item.at.partition(".")[0] == table.key]
        said = [cause.first["code"] for cause in fold(own, report.edition)]
        codes = "、".join(f"{code}×{said.count(code)}" for code in dict.fromkeys(said))
        yield table.title, where, f"{filled}/{len(keys)} 格有数", codes
    for key, section in form.narratives():
        text = report.narrative[key]
        yield section.heading, "", f"{len(text)} 字" if text else "没有", ""

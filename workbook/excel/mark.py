"""Marks a copy of the user's own workbook: faulty cells coloured and commented, and a sheet 校验结果 with links.

What is marked is patched into the parts of the workbook, so that all else in it stays as it was, understood or not. A
workbook that leaves a doubt where a change belongs is written anew by openpyxl first.

The copy says on a very hidden sheet what it was made of, so that one that comes back is told from its original,
whatever its name, by every program's way of saving it. A copy of a copy names both.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.checks.text_numbers import CONVERTED
from workbook.excel.findings_sheet import COPY, RESULTS, Mark, marks
from workbook.excel.patching.book import STYLES, Patch
from workbook.excel.patching.markup import Unpatchable
from workbook.excel.patching.notes import Notes
from workbook.excel.patching.sheets import Sheet, sheet_of_lines, sheet_of_results
from workbook.excel.patching.styles import Styles
from workbook.excel.reading.by_position import read_workbook
from workbook.excel.reading.package import Package
from workbook.report import Finding, Report, Unreadable, content_digest, make_finding
from workbook.report.fold import Cause, fold
from workbook.report.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_THREADS = (
    "本副本里有 {count} 处会话批注成了普通批注：文字都在，不能再接着回复；这些格子没有加批注，问题见上表。原件没有变。"
)
_KEPT_THREADS = "本副本里有 {count} 处会话批注，都和原件一样；这些格子没有加批注，问题见上表。"


def mark(data: bytes, report: Report, findings: Sequence[Finding]) -> bytes:
    """Return a copy of a workbook in which the findings are marked; stored results of formulas are kept.

    Where findings tell of texts that were converted to numbers, the copy has the numbers, with the totals that follow;
    other formulas are then left to be calculated.

    Args:
        data: the workbook as it was read.
        report: what ``read_workbook`` returned for it, with those numbers.
        findings: what ``check`` returned for the report.

    Raises:
        Unreadable: the workbook can be read but not edited, or it is not that of the report.
    """
    return mark_found(data, report, [finding.as_dict() for finding in findings])


def mark_found(data: bytes, report: Report, findings: Sequence[Mapping[str, Any]]) -> bytes:
    """Do the same with findings as they are kept: dictionaries, as ``Finding.as_dict`` gives them.

    Raises:
        Unreadable: the workbook can be read but not edited, or it is not that of the report.
    """
    file = report.source.file if report.source else ""
    package = Package(data, file)
    causes = fold(findings, report.edition)
    converted = any(finding["code"] == CONVERTED for finding in findings)
    made_of = read_workbook(data, file) if converted else report
    copy = _Copy(causes, stamp(report.source.sha256 if report.source else None, "zh"), _digests(report, made_of))
    marked = None if converted else _patched(package, copy, _KEPT_THREADS)
    if marked and _is_whole(marked, report, file):
        return marked
    from workbook.excel.rewriting import rewritten

    marked = _patched(Package(rewritten(package, report, converted=converted), file), copy, _THREADS)
    if not marked or not _is_whole(marked, report, file):
        raise Unreadable(_refusal(data, report, file, converted=converted))
    return marked


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a marked copy is given: marks of mistakes, the line that says when and of what it was made, digests."""

    causes: Sequence[Cause]
    made: str
    digests: Sequence[str]


def _digests(report: Report, made_of: Report) -> list[str]:
    """Return what the very hidden sheet says, a line a digest, each once."""
    return [*dict.fromkeys((*report.copy_of, content_digest(made_of)))]


def _patched(package: Package, copy: _Copy, threads: str) -> bytes | None:
    """Return the marked copy; nothing where a change of the workbook as it is could do harm.

    ``threads`` is what is said of threaded comments, if there are any.
    """
    try:
        patch = Patch(package, macros=package.file.lower().endswith(".xlsm"))
        styles = Styles(patch.read(STYLES))
        found = _mark_sheets(patch, package, styles, [*marks(copy.causes)])
        below = [copy.made, *([threads.format(count=found)] if found else [])]
        names = package.sheets.keys() - {RESULTS, COPY}
        for part in patch.sheet_parts():
            patch.unselect(part)
        patch.lay_sheet(RESULTS, sheet_of_results(copy.causes, below, names, styles), first=True)
        patch.lay_sheet(COPY, sheet_of_lines(copy.digests), state="veryHidden")
        patch.show_first()
        patch.change(STYLES, styles.written())
        return patch.written()
    except Unpatchable:
        return None


def _mark_sheets(patch: Patch, package: Package, styles: Styles, found: Sequence[Mark]) -> int:
    """Colour the cells that findings speak of, and say why in a note, after what the cell's own note says.

    Return how many threaded comments the workbook has; their notes are left as they are.
    """
    threads = 0
    for name, sheet in package.sheets.items():
        here = [mark for mark in found if mark.sheet == name]
        part = sheet.part
        texts, drawing = patch.related(part, "comments"), patch.related(part, "vmlDrawing")
        if here:
            threads += _mark_sheet(patch, Sheet(package.sheet(name).xml), part, here, styles)
        elif texts:
            threads += Notes(patch.read(texts), patch.read(drawing) if drawing else None).threads
    return threads


def _mark_sheet(patch: Patch, sheet: Sheet, part: str, found: Sequence[Mark], styles: Styles) -> int:
    texts, drawing = patch.related(part, "comments"), patch.related(part, "vmlDrawing")
    notes = Notes(patch.read(texts) if texts else None, patch.read(drawing) if drawing else None)
    places = [(sheet.top_left(mark.address), mark) for mark in found]
    sheet.colour({address: mark.tint for address, mark in places}, styles)
    told = [(address, mark.text) for address, mark in places if mark.text]
    for address, text in told:
        notes.say(address, text)
    if told:
        _lay(patch, part, "comments", texts, notes.texts())
        relation = _lay(patch, part, "vmlDrawing", drawing, notes.drawing)
        if relation:
            sheet.draw_notes(relation)
    patch.change(part, sheet.markup.written())
    return notes.threads


def _lay(patch: Patch, sheet: str, kind: str, part: str, content: bytes) -> str:
    """Change a part of a sheet, or add it and return its relation."""
    if part:
        patch.change(part, content)
        return ""
    if kind == "comments":
        return patch.add(sheet, kind, "xl/comments{}.xml", content, "comments")
    return patch.add(sheet, kind, "xl/drawings/vmlDrawing{}.vml", content)


def _is_whole(marked: bytes, report: Report, file: str) -> bool:
    """Say whether a marked copy still holds the report."""
    try:
        return content_digest(read_workbook(marked, file)) == content_digest(report)
    except Unreadable:
        return False


def _refusal(data: bytes, report: Report, file: str, *, converted: bool) -> Finding:
    """Say why no copy can be made of a workbook that can be written."""
    same = report.source is not None and report.source.sha256 == hashlib.sha256(data).hexdigest()
    if same or (not converted and _is_whole(data, report, file)):
        return make_finding("file.damaged", file=file, reason="openpyxl would lose a part of it")
    return make_finding("file.other_workbook", file=file)

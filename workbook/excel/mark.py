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
from workbook.excel.layout import COVER
from workbook.excel.patching.before import Before, remembered, rows_to_remember
from workbook.excel.patching.book import STYLES, Patch
from workbook.excel.patching.markup import Unpatchable
from workbook.excel.patching.notes import Notes
from workbook.excel.patching.same import shows_the_same
from workbook.excel.patching.sheets import Sheet, sheet_of_results, sheet_of_texts
from workbook.excel.patching.styles import Styles
from workbook.excel.reading.by_position import is_as_read, read_workbook
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.package import Package
from workbook.report import Finding, Place, Report, Unreadable, content_digest, make_finding
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
    made = stamp(report.source.sha256 if report.source else None, "zh")
    before = remembered(FileWorkbook(package).held(COPY)) if COPY in package.sheets else ()
    copy = _Copy(causes, made, _digests(report, made_of), dict(before))
    marked = None if converted else _patched(package, copy)
    if marked and _is_whole(marked, report, package):
        return marked
    from workbook.excel.rewriting import rewritten

    marked = _patched(Package(rewritten(package, report, converted=converted), file), copy, anew=True)
    if not marked or not _is_whole(marked, report, package):
        raise Unreadable(_refusal(package, report, converted=converted))
    return marked


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a marked copy is given: marks of mistakes, the line that says when and of what it was made, digests.

    ``before`` is what the cells of a copy that is marked again were before, by sheets and addresses.
    """

    causes: Sequence[Cause]
    made: str
    digests: Sequence[str]
    before: Mapping[tuple[str, str], Before]


def _digests(report: Report, made_of: Report) -> list[str]:
    """Return what the very hidden sheet says, a line a digest, each once."""
    return [*dict.fromkeys((*report.copy_of, content_digest(made_of)))]


def _patched(package: Package, copy: _Copy, *, anew: bool = False) -> bytes | None:
    """Return the marked copy; nothing where a change of the workbook as it is could do harm.

    ``anew`` says that openpyxl wrote the workbook anew.
    """
    try:
        patch = Patch(package, macros=package.file.lower().endswith(".xlsm"), anew=anew)
        styles = Styles(patch.read(STYLES))
        before, found = _mark_sheets(patch, package, styles, copy)
        threads = _THREADS if anew else _KEPT_THREADS
        below = [copy.made, *([threads.format(count=found)] if found else [])]
        names = package.sheets.keys() - {RESULTS, COPY}
        for part in patch.sheet_parts():
            patch.unselect(part)
        patch.lay_sheet(RESULTS, sheet_of_results(copy.causes, below, names, styles), first=True)
        patch.lay_sheet(COPY, sheet_of_texts(rows_to_remember(copy.digests, before)), state="veryHidden")
        patch.show_first()
        patch.change(STYLES, styles.written())
        return patch.written()
    except (Unpatchable, ValueError, KeyError):  # of numbers and addresses that are none
        return None


def _mark_sheets(patch: Patch, package: Package, styles: Styles, copy: _Copy) -> tuple[dict[Place, Before], int]:
    """Colour the cells that findings speak of, and say why in a note, after what the cell's own note says.

    Return what the cells were before, and how many threaded comments the workbook has; their notes stay as they are.
    """
    kept: dict[Place, Before] = {}
    threads, found = 0, [*marks(copy.causes)]
    for name, listed in package.sheets.items():
        here = [mark for mark in found if mark.sheet == name]
        before = {address: was for (sheet, address), was in copy.before.items() if sheet == name}
        notes = _notes(patch, listed.part)
        threads += notes.threads if notes else 0
        if here or before:
            sheet, notes = Sheet(package.sheet(name).xml), notes or Notes(None, None)
            now = _mark_sheet(sheet, notes, here, before, styles)
            if notes.touched and (relation := _lay_notes(patch, listed.part, notes)):
                sheet.draw_notes(relation)
            patch.change(listed.part, sheet.markup.written())
            kept |= {Place(name, address): was for address, was in now.items()}
    return kept, threads


def _mark_sheet(
    sheet: Sheet, notes: Notes, found: Sequence[Mark], before: Mapping[str, Before], styles: Styles
) -> dict[str, Before]:
    """Mark the cells of a sheet, and take marks of before from those that have none now; return what they were."""
    tints: dict[str, str] = {}
    texts: dict[str, str] = {}
    for mark in found:
        address = sheet.top_left(mark.address)
        tints[address] = mark.tint
        texts[address] = "\n\n".join(filter(None, (texts.get(address), mark.text)))
    fills = sheet.colour(tints, before, styles)
    for address, was in before.items():
        if was.text and was.text != texts.get(address):
            notes.unsay(address, was.text)
    for address, text in texts.items():
        if text:
            notes.say(address, text)
    return {address: Before(fill, tints[address], texts[address]) for address, fill in fills.items()}


def _notes(patch: Patch, part: str) -> Notes | None:
    """Return the notes of a sheet, if it has some or a drawing that could be theirs."""
    texts, drawing = patch.related(part, "comments"), patch.drawing_of_notes(part)
    if not (texts or drawing):
        return None
    return Notes(patch.read(texts) if texts else None, patch.read(drawing) if drawing else None)


def _lay_notes(patch: Patch, part: str, notes: Notes) -> str:
    """Write the notes of a sheet; return the relation of their drawing where the sheet had none."""
    texts, drawing = patch.related(part, "comments"), patch.drawing_of_notes(part)
    if texts:
        patch.change(texts, notes.texts())
    else:
        patch.add(part, "comments", "xl/comments{}.xml", notes.texts(), "comments")
    if drawing:
        patch.change(drawing, notes.drawing)
        return ""
    return patch.add(part, "vmlDrawing", "xl/drawings/vmlDrawing{}.vml", notes.drawing)


def _is_whole(marked: bytes, report: Report, package: Package) -> bool:
    """Say whether a marked copy of a workbook still holds the report: it is read again.

    In a workbook without the kit's cover labels would have to be found again, which takes long. A report that was read
    from just this workbook is the same if the copy shows the same.
    """
    try:
        known = COVER not in package.sheets and is_as_read(report, package.data)
        if known and shows_the_same(package, Package(marked, package.file)):
            return True
        return content_digest(read_workbook(marked, package.file)) == content_digest(report)
    except Unreadable:
        return False


def _refusal(package: Package, report: Report, *, converted: bool) -> Finding:
    """Say why no copy can be made of a workbook that can be written."""
    data, file = package.data, package.file
    same = report.source is not None and report.source.sha256 == hashlib.sha256(data).hexdigest()
    if same or (not converted and _is_whole(data, report, package)):
        return make_finding("file.damaged", file=file, reason="openpyxl would lose a part of it")
    return make_finding("file.other_workbook", file=file)

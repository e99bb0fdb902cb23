"""What differs between two reports: the proof that what is published, sent on or stored is what was sent up.

A report is compared with the one that it should be; no file format is known here. Numbers are compared exactly, 0.10
being 0.1, texts and names as ``workbook.report.folding`` has it. What only one of the two has is told once a part.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from workbook.records import dataclass
from workbook.report.findings import CellValue, Quote, make_finding, show
from workbook.report.folding import excerpt, first_difference, folded
from workbook.report.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.form import Field, Form, Section, Table
    from workbook.report.findings import Finding
    from workbook.report.report import Report
    from workbook.report.values import Origin, Place, Source

DRAFT = "file.draft"
"""What a reader tells of a document that says of itself that it is a draft."""

SEEN = frozenset(
    {
        "cell.doubtful",
        "cell.left_out",
        "cell.not_visible",
        "cell.shown_otherwise",
        "file.look_unknown",
        "text.left_out",
        "text.outside",
    }
)
"""What a reader tells where people see something else in a file than was read of it, and so was compared."""

_HELD = 12
"""Numbers of a missing part that are told."""
_QUOTED = 12
"""Characters of a text that a finding quotes from where it differs."""
_DIGITS = 12
"""Digits of a digest that are told."""


def compare(report: Report, other: Report) -> tuple[Finding, ...]:
    """Return what a report says otherwise than the one that it should be; nothing where both say the same.

    Errors come first. A draft is told as such: that it equals another file proves nothing. Of two editions what both
    have is compared. Accepted warnings are compared where both files have a place for them. What people see in the
    report and was not compared is told as its reader told it.

    Args:
        report: the report that is looked at; findings have its places and values.
        other: the one that it should be; findings have its values as ``expected``.
    """
    drafts = (*still_draft(report), *still_draft(other))
    found = (*_cover(report, other), *_cells(report, other), *_texts(report, other), *_waivers(report, other))
    seen = (finding for finding in report.reader_findings if finding.code in SEEN)
    return (*drafts, *found, *_digest(report, other, same=not found), *seen)


def draft(file: str, count: int | None = None) -> Finding:
    """Return what a reader tells of a file that says that it is a draft, and with how many errors where it says it."""
    what, what_en = (f"“{file}”", f"“{file}”") if file else ("这份报告", "This report")
    errors, errors_en = "", ""
    if count is not None:
        errors, errors_en = f"，转换时有 {count} 处错误没有改正", f" with {count} errors when it was converted"
    return make_finding("file.draft", what=what, what_en=what_en, errors=errors, errors_en=errors_en)


def still_draft(report: Report) -> tuple[Finding, ...]:
    """Return the error that a report says of itself that it is a draft; nothing where it does not."""
    drafts = (finding for finding in report.reader_findings if finding.code == DRAFT)
    return tuple(make_finding("file.still_draft", finding.at, **finding.words) for finding in drafts)


# ---- cover ----------------------------------------------------------------------------------------------------------


def _cover(report: Report, other: Report) -> Iterator[Finding]:
    """Yield another edition, another year, another office."""
    if report.edition != other.edition:
        yield make_finding("differs.edition", "edition", edition=report.edition, other=other.edition)
    if report.year != other.year:
        cell = _answer(report, report.form.field("year"), report.year)
        finding = make_finding("differs.year", "year", (cell,), report.year, **_there(other, "year"))
        yield replace(finding, expected=other.year)
    for field in report.form.fields:
        one, two = report.body.answer(field.key), other.body.answer(field.key)
        # Published reports have a name and no codes: that only one of the two has an answer is no difference.
        if field.key != "year" and folded(one) != folded(two) and (field.key == "name" or (one and two)):
            found, expected = (field.choices.get(answer or "", answer) for answer in (one, two))
            words = _there(other, field.key)
            for name, answer in (("said", found), ("wanted", expected)):
                quoted = f"“{answer}”"
                words |= {name: quoted if answer else show(None), f"{name}_en": quoted if answer else show(None, "en")}
            finding = make_finding("differs.body", field.key, (_answer(report, field, found),), found, **words)
            yield replace(finding, expected=expected)


def _answer(report: Report, field: Field, found: str | int | None) -> CellValue:
    return CellValue(field.key, field.label, found, report.places.get(field.key))


def _there(other: Report, key: str) -> dict[str, str]:
    """Return the words for a place in the other file; empty ones where it was not read from a sheet."""
    place: Place | None = other.places.get(key)
    if place is None:
        return {"there": "", "there_en": ""}
    return {"there": f"「{place.sheet}」{place.address} ", "there_en": f" (sheet {place.sheet}, cell {place.address})"}


# ---- tables ---------------------------------------------------------------------------------------------------------


def _cells(report: Report, other: Report) -> Iterator[Finding]:
    """Yield the parts of tables that one of the two has not, and each other cell with two values."""
    here, there = report.cells, other.cells
    apart = cells_apart(report, other)
    told: set[str] = set()
    for lacking, having in ((report, other), (other, report)):
        for part in _lost(report.form, apart, lacking, having):
            told |= set(part.keys)
            values = [show(having.cells[key]) for key in part.keys]
            held, more = "、".join(values[:_HELD]), len(values) > _HELD
            words = {"part": part.name, "held": held + f"等 {len(values)} 个数" * more}
            words |= {"part_en": part.name_en, "held_en": held + f" and so on, {len(values)} numbers" * more}
            yield make_finding("differs.missing", part.at, **words, **_sides(lacking, having))
    for key in apart:
        if key not in told:
            finding = make_finding("differs.cell", key, (report.cell(key),), here[key], **_there(other, key))
            yield replace(finding, expected=there[key])


def cells_apart(report: Report, other: Report) -> list[str]:
    """Return the keys of the cells that both reports have, with two values, in the order of the form."""
    here, there = report.cells, other.cells
    return [key for key in report.form.cells if key in there and here[key] != there[key]]


def _sides(lacking: Report, having: Report) -> dict[str, str]:
    """Return what two reports are called, of which one lacks what the other has."""
    words: dict[str, str] = {}
    for role, side, usual, usual_en in (
        ("lacking", lacking, "一份报告", "one report"),
        ("having", having, "另一份", "the other"),
    ):
        file = side.source.file if side.source else ""
        words |= {role: f"“{file}”" if file else usual, f"{role}_en": f"“{file}”" if file else usual_en}
    return words


@dataclass(frozen=True, slots=True)
class _Part:
    """Cells that are missing together: their place, what that is called, their keys."""

    at: str
    name: str
    name_en: str
    keys: tuple[str, ...]


def _lost(form: Form, apart: Sequence[str], lacking: Report, having: Report) -> Iterator[_Part]:
    """Yield what a report lacks that another has: tables without any number, else rows, columns, cells not read."""
    missed = unread(lacking)
    for table in form.tables:
        keys = [
            key for key, cell in form.cells.items() if cell.table == table.key and having.cells.get(key) is not None
        ]
        held = [key for key in keys if key in lacking.cells]
        gone = [key for key in apart if key in held and lacking.cells[key] is None]
        if gone and gone == held and (len(gone) > 1 or gone[0] in missed):
            yield _Part(table.key, f"“{table.title}”", f"“{table.title}”", tuple(gone))
        else:
            yield from _lines(form, table, [key for key in gone if key in missed], held)


def _lines(form: Form, table: Table, gone: Sequence[str], held: Sequence[str]) -> Iterator[_Part]:
    """Yield the rows of a table that are missing, its columns, and of each other row the cells."""
    left = list(gone)
    rows = [(row, "行", "row", [key for key in held if form.cells[key].row == row]) for row in table.rows]
    columns = [(one, "列", "column", [key for key in held if form.cells[key].column == one]) for one in table.columns]
    for line, what, what_en, own in (*rows, *columns):
        if own and set(own) <= set(left):
            name, name_en = f"“{table.title}”的“{line.label}”{what}", f"the {what_en} “{line.label}” of “{table.title}”"
            yield _Part(f"{table.key}.{line.key}", name, name_en, tuple(own))
            left = [key for key in left if key not in own]
    for row in table.rows:
        own = [key for key in left if form.cells[key].row == row]
        if own:
            labels = "、".join(form.cells[key].column.label for key in own)
            name, name_en = f"“{row.label}”的“{labels}”", f"“{row.label}”, {labels}"
            yield _Part(f"{table.key}.{row.key}", name, name_en, tuple(own))


# ---- texts and waivers ----------------------------------------------------------------------------------------------


def _texts(report: Report, other: Report) -> Iterator[Finding]:
    """Yield each text that only one of the two has, and each that says something else, from where it does."""
    for key, section, at in texts_apart(report, other):
        here, there = report.narrative[key] or "", other.narrative[key] or ""
        if folded(here) and folded(there):
            words = {"section": section.heading}
            for name, text, place in (("here", here, at[0]), ("there", there, at[1])):
                shown, ended = excerpt(text, place), place == len(text)
                words |= {name: shown + "（完）" * ended, f"{name}_en": shown + " (end)" * ended}
            start = min(at[0], len(here) - 1)
            quote = Quote(key, start, min(start + _QUOTED, len(here)), here[start : start + _QUOTED])
            yield replace(make_finding("differs.text", key, **words), quote=quote)
        else:
            sides = _sides(report, other) if folded(there) else _sides(other, report)
            held = f"“{excerpt(here or there, 0)}”"
            words = {"part": f"“{section.heading}”的文字", "part_en": f"the text of “{section.heading}”"}
            yield make_finding("differs.missing", key, held=held, held_en=held, **words, **sides)


def texts_apart(report: Report, other: Report) -> Iterator[tuple[str, Section, tuple[int, int]]]:
    """Yield the texts that both reports have and that say two things: key, section, and where each first does so."""
    for key, section in report.form.narratives():
        if key in other.narrative and (at := first_difference(report.narrative[key] or "", other.narrative[key] or "")):
            yield key, section, at


def _waivers(report: Report, other: Report) -> Iterator[Finding]:
    """Yield the accepted warnings that only one of the two has; nothing where a file has no place for them."""
    if not all(side.waivers or (side.source and side.source.template) for side in (report, other)):
        return
    for lacking, having in ((report, other), (other, report)):
        for waiver in having.waivers:
            if waiver not in lacking.waivers:
                words = {"waiver_code": waiver.code, "waiver_at": waiver.at, "reason": show(waiver.reason)}
                yield make_finding("differs.waiver", waiver.code, **words, **_sides(lacking, having))


# ---- where they come from -------------------------------------------------------------------------------------------


def _digest(report: Report, other: Report, *, same: bool) -> Iterator[Finding]:
    """Yield that one of the two says that it was made from such a file as the other, and that this is not that file."""
    one, two = report.source, other.source
    if one is None or two is None or one.sha256 == two.sha256:
        return
    named = ((source, file, _named(source, file)) for source, file in ((one, two), (two, one)))
    for source, file, origin in named:
        if origin:
            words = {"file": source.file, "other": file.file, "named": origin.file}
            words |= {"was": origin.sha256[:_DIGITS], "now": file.sha256[:_DIGITS]}
            words["content"] = "内容相同，文件不是同一个" if same else "内容也不同，见其他各条"
            words["content_en"] = "the content is the same, the file is another" if same else "the content differs too"
            yield make_finding("differs.digest", "source", **words)
            return


def _named(source: Source, file: Source) -> Origin | None:
    """Return the origin of a file that another should be, by its name or its kind, and is not; else ``None``.

    By kind alone only where the two come from no file in common.
    """
    digests = {origin.sha256 for origin in source.chain}
    if file.sha256 in digests:
        return None
    latest = source.made_from[::-1]
    if by_name := next((origin for origin in latest if origin.file == file.file), None):
        return by_name
    if any(origin.sha256 in digests for origin in file.chain):
        return None
    kind = PurePath(file.file).suffix.lower()
    return next((origin for origin in latest if PurePath(origin.file).suffix.lower() == kind), None)

"""Reads a workbook into a report: by known positions whose labels are verified, else by searching for the labels."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from workbook.excel.address import Spot, a1
from workbook.excel.findings_sheet import COPY
from workbook.excel.layout import (
    CHECKS,
    COVER,
    COVER_ANSWERS,
    GUIDE,
    ROLLUP_NAMES,
    Plan,
    TablePlan,
    plan_of,
    text_name,
)
from workbook.excel.reading.cover import Cover
from workbook.excel.reading.elsewhere import elsewhere
from workbook.excel.reading.file import FileWorkbook, OpenWorkbook
from workbook.excel.reading.grid import Grid, at, value_of
from workbook.excel.reading.moved import moved
from workbook.excel.reading.own import are_own, rollup_sheets
from workbook.excel.reading.package import Package
from workbook.excel.reading.texts import besides, places_beside, text_sheets, texts, waivers
from workbook.excel.reading.visible import told
from workbook.expression import expression
from workbook.form import load_form
from workbook.match.copies import Aside, Stand, meant, set_aside
from workbook.records import dataclass
from workbook.report import Finding, Place, Report, Source, Unreadable, Value, make_finding
from workbook.report.values import squeezed
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    _Texts = dict[str, Mapping[str, Sequence[Spot]]]
    """Where each text stands, without blanks, on the sheets on which one was looked for."""

_DIGEST = expression("[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Found:
    """A table found: on which sheet, and how far from where the template has it."""

    plan: TablePlan
    sheet: str
    down: int = 0
    across: int = 0

    def spot(self, spot: Spot) -> Spot:
        """Return where a cell of the template stands."""
        return spot[0] + self.down, spot[1] + self.across


def read_workbook(data: bytes, file: str) -> Report:
    """Return the report in a workbook (``.xlsx``, ``.xlsm``), with the place of every cell.

    Tables that do not stand as the template has them are found by their labels, each row and column for itself. The
    edition is that whose labels the tables carry. Stored results of formulas are taken as they stand; a total whose
    formula has none is calculated from its parts and noted.

    Args:
        data: the bytes of the file.
        file: its name without folders, for findings and the report's source.

    Raises:
        Unreadable: it is not a workbook, or holds no report; the findings say why.
    """
    report = read_sheets(FileWorkbook(Package(data, file)), hashlib.sha256(data).hexdigest())
    _READ[id(report)] = report
    return report


_READ: WeakValueDictionary[int, Report] = WeakValueDictionary()
"""The reports that were read and are in use, by their identity."""


def is_as_read(report: Report, data: bytes) -> bool:
    """Say whether a report is what was read from these bytes in this process: not one that was changed since."""
    source = report.source
    return _READ.get(id(report)) is report and source is not None and source.sha256 == hashlib.sha256(data).hexdigest()


def read_sheets(book: OpenWorkbook, digest: str = "") -> Report:
    """Return the report in a workbook: its tables where the template has them, else wherever their labels are.

    Args:
        book: the workbook.
        digest: the SHA-256 of the file it was read from; without one the report has no source.

    Raises:
        Unreadable: it holds no report; the findings say why.
    """
    try:
        report = _somewhere(book, digest)
    except Unreadable as refusal:
        raise Unreadable(*refusal.findings, *book.told()) from refusal
    if told_of := tuple(book.told()):
        report = replace(report, reader_findings=(*report.reader_findings, *told_of))
    if None in report.cells.values():
        from workbook.excel.reading.totals import with_totals

        report = with_totals(report, book)
    if COPY in book.names:
        report = replace(report, copy_of=_copy_of(book))
    looks = book.looks()
    return told(report, looks, text_sheets(plan_of(report.edition), book)) if looks else report


def _somewhere(book: OpenWorkbook, digest: str) -> Report:
    try:
        return _report(book, digest)
    except Unreadable as refusal:
        if refusal.findings[0].code not in {"file.not_a_report", "file.table_missing"}:
            raise
    from workbook.excel.reading.by_label import read_by_labels

    return read_by_labels(book, digest)


def _report(book: OpenWorkbook, digest: str) -> Report:
    """Return the report whose tables stand whole, with the place of every cell; refuse it where one does not.

    On sheets that are not the kit's own they are read like those of any other file.
    """
    cover = Cover(book)
    plan, tables, told_of = _tables(book, cover)
    if not are_own({found.sheet for found in tables}, plan, book):
        from workbook.excel.reading.by_label import read_by_labels

        return read_by_labels(book, digest)
    stands = tuple((found.sheet, found.down, found.across) for found in tables)
    places = _places(plan.form.edition, plan.version, stands, tuple(cover.rows(plan.form).items()))
    if any(found.down for found in tables):  # rows were put in, above the text or behind it
        places = {**places, **places_beside(plan, book, tables)}
    cells: dict[str, Value] = {}
    for found in tables:
        cells |= _values(book.grid(found.sheet), found)
    return Report(
        edition=plan.form.edition,
        year=cover.year(plan.form),
        body=cover.body(plan.form),
        cells=cells,
        narrative=texts(plan, book) | besides(plan, book, tables),
        source=Source(book.file, digest, cover.template, cover.made_from) if digest else None,
        waivers=waivers(plan, book, cover),
        places=places,
        reader_findings=(
            *told_of,
            *_moved(tables),
            *cover.year_findings(plan.form),
            *_unsure(book, plan, cover),
            *elsewhere(plan, book, tables),
        ),
    )


def _values(grid: Grid, found: Found) -> Iterator[tuple[str, Value]]:
    """Yield what the cells of a table hold, each with its key."""
    down, across = found.down, found.across
    for key, (row, column) in found.plan.cells.items():
        yield key, value_of(at(grid, row + down, column + across))


def _copy_of(book: OpenWorkbook) -> tuple[str, ...]:
    """Return the digests of what was marked, which a marked copy carries; the first original first."""
    return tuple(value for row in book.grid(COPY) if row and isinstance(value := row[0], str) and _DIGEST.match(value))


def _choices(cover: Cover) -> Iterator[str]:
    """Yield the editions to try: the one that the cover states, those prescribed for its year, the newest first."""
    newest_first = editions()[::-1]
    stated = [edition for edition in newest_first if cover.states(edition)]
    if len(stated) == 1:
        yield stated[0]  # mostly it is the one, and no other need be loaded
        newest_first = tuple(edition for edition in newest_first if edition != stated[0])
    yield from sorted(newest_first, key=lambda edition: _doubt(edition, cover))


def _doubt(edition: str, cover: Cover) -> tuple[bool, bool]:
    """Say whether the cover states another edition than this, and whether its year is another's."""
    form = load_form(edition)
    year = cover.year(form)
    return not cover.states(edition), year is None or not form.covers(year)


def _unsure(book: OpenWorkbook, plan: Plan, cover: Cover) -> Iterator[Finding]:
    """Yield what is to be told where the workbook is as well one of another edition, and its cover states none."""
    doubt = _doubt(plan.form.edition, cover)
    known: _Texts = {}
    if doubt[0]:
        rivals = [plan_of(edition, cover.version) for edition in editions() if _doubt(edition, cover) == doubt]
        fitting = [rival.form.edition for rival in rivals if all(_where(book, table, known) for table in rival.tables)]
        if len(fitting) > 1:
            yield make_finding("file.edition_unsure", "year", editions="、".join(fitting), edition=plan.form.edition)


def _tables(book: OpenWorkbook, cover: Cover) -> tuple[Plan, list[Found], list[Finding]]:
    """Find every table of one edition; the first edition that is complete, else the refusal for the fullest."""
    best: tuple[int, Plan, list[TablePlan]] | None = None
    known: _Texts = {}
    for edition in _choices(cover):
        plan = plan_of(edition, cover.version)
        found = [_where(book, table, known) for table in plan.tables]
        missing = [table for table, place in zip(plan.tables, found, strict=True) if place is None]
        if not missing:
            complete = [place for place in found if place]
            return plan, *_settled(book, plan, complete, known)
        if best is None or len(found) - len(missing) > best[0]:
            best = len(found) - len(missing), plan, missing
    if best is None or not best[0]:
        raise Unreadable(make_finding("file.not_a_report", file=book.file))
    raise Unreadable(
        *(
            make_finding("file.table_missing", lost.table.key, file=book.file, table=lost.table.title, sheet=lost.sheet)
            for lost in best[2]
        )
    )


def _where(book: OpenWorkbook, table: TablePlan, known: _Texts) -> Found | None:
    """Find a table: where the template has it, else anywhere by its labels.

    Not on a hidden sheet: one that is shown may hold the table in another way, so that all labels have to be looked at.
    """
    if _labels_hold(book.grid(table.sheet), table) and not book.hidden(table.sheet):
        return Found(table, table.sheet)
    shown = (name for name in book.names if not book.hidden(name))
    return next((found for name in shown for found in _elsewhere(book, table, name, known)), None)


def _labels_hold(grid: Grid, table: TablePlan, down: int = 0, across: int = 0) -> bool:
    for label in table.labels:
        found = at(grid, label.top + down, label.left + across)
        if found != label.text and squeezed(found) != squeezed(label.text):
            return False
    return True


def _elsewhere(book: OpenWorkbook, table: TablePlan, name: str, known: _Texts) -> Iterator[Found]:
    """Yield each place on a sheet where all labels of a table stand as the template has them to each other."""
    anchor, grid = table.labels[0], book.grid(name)
    if name not in known:
        known[name] = _spots_of_texts(grid)
    for row, column in known[name].get(squeezed(anchor.text), ()):
        down, across = row - anchor.top, column - anchor.left
        if _labels_hold(grid, table, down, across):
            yield Found(table, name, down, across)


def _spots_of_texts(grid: Grid) -> Mapping[str, Sequence[Spot]]:
    """Return where each text stands on a sheet, without blanks."""
    found: dict[str, list[Spot]] = {}
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if value and isinstance(value, str):
                found.setdefault(squeezed(value), []).append((row, column))
    return found


def _settled(
    book: OpenWorkbook, plan: Plan, tables: Sequence[Found], known: _Texts
) -> tuple[list[Found], list[Finding]]:
    """Return of each table the copy that is meant, where another sheet holds it again with other numbers.

    Raises:
        Unreadable: it is not sure which is meant.
    """
    own = {GUIDE, COVER, CHECKS, *plan.text_sheets, *(found.sheet for found in tables)}
    extra = [name for name in book.names if name not in own]
    if len(extra) >= len(ROLLUP_NAMES):  # else the names are not asked for: of an open workbook hundreds of questions
        behind = rollup_sheets(book)
        extra = [name for name in extra if name not in behind]
    mine = [*filter(None, chain.from_iterable(chain.from_iterable(book.parsed(name) for name in own)))]
    kept, aside = [], []
    for found in tables:
        # On the template's own sheets a glance tells that there is no second head.
        twice = mine.count(found.plan.labels[0].text) > 1
        names = book.names if twice else extra
        copies = [copy for name in names for copy in _elsewhere(book, found.plan, name, known) if copy != found]
        copies = [found, *(copy for copy in copies if _numbers(book, copy) != _numbers(book, found))]
        stands = [_stand(book, copy) for copy in copies] if len(copies) > 1 else []
        at = meant(book.file, found.plan.table, stands) if stands else 0
        kept.append(copies[at])
        aside += [Aside(found.plan.table, stand, stands[at]) for stand in stands if stand.hidden]
    return kept, list(set_aside(aside))


def _stand(book: OpenWorkbook, found: Found) -> Stand:
    """Return where a table stands, and whether the workbook's own names of its cells lead there."""
    named = book.named()
    spots = {key: found.spot(spot) for key, spot in found.plan.cells.items() if key in named}
    there = bool(spots) and all(named[key] == Place(found.sheet, a1(*spot)) for key, spot in spots.items())
    return Stand(found.sheet, book.hidden(found.sheet), there)


def _numbers(book: OpenWorkbook, found: Found) -> list[Value]:
    return [value_of(at(book.grid(found.sheet), *found.spot(spot))) for spot in found.plan.cells.values()]


def _moved(tables: Iterable[Found]) -> Iterator[Finding]:
    away = [found for found in tables if (found.sheet, found.down, found.across) != (found.plan.sheet, 0, 0)]
    return moved((found.plan.table, Place(found.sheet, a1(*found.spot(_first(found))))) for found in away)


def _first(found: Found) -> Spot:
    return found.plan.labels[0].top, found.plan.labels[0].left


@lru_cache(maxsize=64)
def _places(
    edition: str, version: str, tables: tuple[tuple[str, int, int], ...], rows: tuple[tuple[str, int], ...]
) -> Mapping[str, Place]:
    """Return the place of every cell and cover answer; the same for all workbooks of one make."""
    plan = plan_of(edition, version)
    places = {key: Place(COVER, a1(row, COVER_ANSWERS)) for key, row in rows}
    for table, (sheet, down, across) in zip(plan.tables, tables, strict=True):
        places |= {key: Place(sheet, a1(row + down, column + across)) for key, (row, column) in table.cells.items()}
    stands = {table.table.key: stand for table, stand in zip(plan.tables, tables, strict=True)}
    for own in plan.sheets:
        if own.text:
            sheet, down, across = stands[own.tables[0].table.key]
            places[text_name(own.section.narrative or "")] = Place(sheet, a1(own.text[0] + down, own.text[1] + across))
    return places

"""From the blocks of a document to a report: edition, tables, numbers, and what is said about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks.text_numbers import follow
from workbook.form import cell_key
from workbook.match import strays
from workbook.match.appendix import without_appendix
from workbook.match.copies import Aside, Stand, meant, set_aside
from workbook.match.edition import choose
from workbook.match.grid import Grid
from workbook.match.rows import is_blank, rows_of
from workbook.match.texts import narrative, prose, short_texts
from workbook.match.title import says_draft, title
from workbook.match.uneven import settle
from workbook.match.wrapped import unwrap
from workbook.report import (
    Body,
    CellValue,
    Finding,
    LooseRow,
    Report,
    Source,
    Unreadable,
    Value,
    left_out,
    make_finding,
)
from workbook.report.compare import draft
from workbook.report.findings import show
from workbook.report.notation import reading, stated_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.form import Form, Line, Table
    from workbook.match.edition import Fit
    from workbook.match.grid import Cell, Document, TextLine
    from workbook.match.rows import Row
    from workbook.match.tables import Found, Loose
    from workbook.report import Place

_TAKEN = {"nothing": "cell.nothing", "form": "cell.notation", "unit": "cell.notation", "remark": "cell.remark"}
"""The finding for each notation that is not a plain number."""


def match(document: Document, *, digest: str = "") -> Report:
    """Return the report in a document, with the place of every cell and a finding for all that is not plain.

    The edition is that which fits best (``choose``). No number is taken without its labels; what is not found is a
    finding, and so is every notation other than a plain number.

    Args:
        document: the blocks of a file.
        digest: the SHA-256 of the file.

    Raises:
        Unreadable: there is no table of the form, or one stands there twice with other numbers.
    """
    document, behind = without_appendix(document)
    head, told = title(document)
    year = head.year if head else None
    fit, unsure = _chosen(document, year)
    form = fit.form
    found, aside = _found(document, fit)
    cells: dict[str, Value] = dict.fromkeys(form.cells)
    places: dict[str, Place] = dict(head.places) if head else {}
    drafts = [draft(document.file)] if says_draft(document, head) else []
    reader_findings = [*document.reader_findings, *drafts, *told, *unsure, *aside]
    reader_findings += _tables(document, form, found, cells, places)
    for one in found.values():
        reader_findings += strays.settle(form, one.strays, cells, places, own=one.grid.own)
    reader_findings += follow(form, cells, _texts(found))
    reader_findings += _units(document, form, cells, places)
    texts = narrative(document, form, (place for places in fit.places.values() for place in places), head)
    reader_findings += _outside((*texts.outside, *prose(behind)))
    loose = [_loose(form, place.table, row) for place in found.values() for row in place.loose]
    report = Report(
        edition=form.edition,
        year=year,
        body=Body(head.name if head else None),
        cells=cells,
        narrative=texts.texts,
        source=Source(document.file, digest) if digest else None,
        places=places,
        reader_findings=tuple(reader_findings),
        loose=tuple(loose),
    )
    return settle(unwrap(report)) if loose else unwrap(report)


def _chosen(document: Document, year: int | None) -> tuple[Fit, tuple[Finding, ...]]:
    """Return the edition that fits best; a refusal says first what its reader could not read."""
    try:
        return choose(document.file, [block for block in document.blocks if isinstance(block, Grid)], year)
    except Unreadable as refusal:
        causes = [finding for finding in document.reader_findings if finding.level == "error"]
        raise Unreadable(*causes, *(refusal.findings if document.blocks or not causes else ())) from refusal


def _tables(
    document: Document, form: Form, found: Mapping[str, Found], cells: dict[str, Value], places: dict[str, Place]
) -> Iterator[Finding]:
    """Read the numbers of all tables; yield what is said of them, and the tables that are missing."""
    lost = len(found) < len(form.tables)
    grids = [rows_of(block).rows for block in document.blocks if isinstance(block, Grid)] if lost else []
    used = {id(cell) for one in found.values() for cell in one.cells.values()}
    for table in form.tables:
        if table.key in found:
            yield from _gaps(found[table.key])
            yield from _read(form, found[table.key], cells, places)
        else:
            yield _missing(grids, table, used)


def _texts(found: Mapping[str, Found]) -> frozenset[str]:
    """Return the cells that are text in a file that also knows numbers, but for those on the kit's own sheets."""
    return frozenset(
        key
        for place in found.values()
        for key, cell in place.cells.items()
        if cell and isinstance(cell.value, str) and not cell.textual and not place.grid.own
    )


def _loose(form: Form, table: Table, row: Loose) -> LooseRow:
    keys = [cell_key(table.key, line.key, column.key) for line in row.lines for column in table.columns]
    at = f"{table.key}.{row.lines[0].key}" if len(row.lines) == 1 else table.key
    label = "、".join(line.label for line in row.lines)
    cells = ((reading(cell.value, form.cells[keys[0]].kind.unit).value, cell.place) for cell in row.cells)
    return LooseRow(at, label, tuple(keys), tuple(cells))


def _found(document: Document, fit: Fit) -> tuple[dict[str, Found], list[Finding]]:
    """Return where each table stands, and what is told of copies on hidden sheets."""
    aside: list[Aside] = []
    tables = [table for table in fit.form.tables if fit.places[table.key]]
    found = {table.key: _only(document, fit.form, table, fit.places[table.key], aside) for table in tables}
    return found, list(set_aside(aside))


def _only(document: Document, form: Form, table: Table, places: Sequence[Found], aside: list[Aside]) -> Found:
    """Return the one place where a table stands: the fullest, which no other contradicts; blank copies do not count.

    Where others do and it is sure which is meant, those on hidden sheets are added to ``aside``.
    """
    filled = {id(place) for place in places if any(not is_blank(cell) for cell in place.cells.values())}
    first = max((place for place in places if not filled or id(place) in filled), key=lambda place: place.score)
    rivals = [
        other
        for other in places
        if other is not first and (other.unsure or other.loose or (id(other) in filled and not _agree(first, other)))
    ]
    if not rivals:
        return first
    copies = [first, *rivals]
    if sole := strays.sole(form, copies):
        return sole
    stands = [Stand(copy.grid.name, copy.grid.hidden, _is_named(document, copy)) for copy in copies]
    kept = meant(document.file, table, stands)
    aside += (Aside(table, stand, stands[kept]) for stand in stands if stand.hidden)
    return copies[kept]


def _is_named(document: Document, found: Found) -> bool:
    """Say whether the file's own names of the cells lead to them."""
    there = {key: cell.place for key, cell in found.cells.items() if cell and key in document.named}
    return bool(there) and all(document.named[key] == place for key, place in there.items())


def _agree(one: Found, other: Found) -> bool:
    """Say whether what two copies of a table both have is the same."""
    pairs = ((cell, other.cells[key]) for key, cell in one.cells.items())
    return all(
        cell is None or twin is None or reading(cell.value, None).value == reading(twin.value, None).value
        for cell, twin in pairs
    )


def _missing(grids: Sequence[Sequence[Row]], table: Table, used: set[int]) -> Finding:
    """Return what is said of a table that was not found; the numbers of its rows where these are there."""
    held = [row for rows in grids for row in strays.of_table(table, rows, used)]
    if not held:
        return make_finding("table.missing", table.key, table=table.title)
    told = "；".join(f"“{label}” {strays.numbers(cells)}" for label, cells in held)
    return make_finding("table.unrecognised", table.key, table=table.title, numbers=told)


def _gaps(found: Found) -> Iterator[Finding]:
    """Yield what the table lacks: rows, columns, numbers that cannot be told apart."""
    title = found.table.title
    for row in found.missing_rows:
        yield make_finding("table.row_missing", f"{found.table.key}.{row.key}", table=title, line=row.label)
    for column in found.missing_columns:
        yield make_finding("table.column_missing", f"{found.table.key}.{column.key}", table=title, line=column.label)
    for row in found.unclear_rows:
        yield make_finding("table.row_unclear", f"{found.table.key}.{row.key}", line=row.label, **_held(found, row))
    for row in found.unsure:
        yield make_finding("table.unsure", f"{found.table.key}.{row.key}", line=row.label, **_held(found, row))


def _held(found: Found, row: Line) -> dict[str, str]:
    """Return what is told of the numbers of a row that was not read."""
    return {"table": found.table.title, "numbers": strays.numbers(found.held.get(row.key, ())) or "—"}


def _read(form: Form, found: Found, cells: dict[str, Value], places: dict[str, Place]) -> Iterator[Finding]:
    """Read the numbers of a table; yield what is said about their notation.

    On the kit's own sheets a text is a fault of its cell: it is kept as it stands, for the checks to judge.
    """
    for key, cell in found.cells.items():
        if cell is None:
            continue
        places[key] = cell.place
        if found.grid.own and isinstance(cell.value, str):
            cells[key] = cell.value
            continue
        read = reading(cell.value, form.cells[key].kind.unit)
        cells[key] = read.value
        if cell.doubt and read.value is not None:
            at = CellValue(key, form.cells[key].label, read.value, cell.place)
            reason, reason_en = _DOUBTS[cell.doubt]
            yield make_finding(
                "cell.doubtful", key, (at,), cell.value, taken=show(read.value), reason=reason, reason_en=reason_en
            )
        if cell.left_out:
            at = CellValue(key, form.cells[key].label, read.value, cell.place)
            yield left_out(at, form.cells[key].kind, cell.left_out)
        if read.notation and not _is_plain_text(cell, read.value):
            yield _told(form, key, cell, read.value, _TAKEN[read.notation])


_DOUBTS = {
    "colour": ("字色与底色相近", "its colour is near that of its ground"),
    "style": ("样式特殊", "its style is unusual"),
    "pieces": ("由样式名不同的几段拼成", "it comes in pieces whose styles have different names"),
}


def _outside(lines: Sequence[TextLine]) -> Iterator[Finding]:
    """Yield what is told of prose that stands in no section."""
    if lines:
        place, text = lines[0].place, lines[0].text.strip()
        words = {"sheet": place.sheet, "address": place.address, "text": text[:_QUOTED]}
        yield make_finding("text.outside", count=str(len(lines)), **words)


_QUOTED = 30
"""Characters of a text outside the sections that are told."""


def _units(
    document: Document, form: Form, cells: Mapping[str, Value], places: Mapping[str, Place]
) -> Iterator[Finding]:
    """Yield the amounts of money beside which the document states another unit than the form's."""
    amounts = [key for key, cell in form.cells.items() if cell.kind.unit and places.get(key) and cells[key]]
    stated = [(text, place) for text, place in short_texts(document) if stated_unit(text)] if amounts else []
    for key in amounts:
        unit = form.cells[key].kind.unit or ""
        for text, place in stated:
            if stated_unit(text) != unit:
                at = CellValue(key, form.cells[key].label, cells[key], places[key])
                words = {"unit": unit, "sheet": place.sheet, "address": place.address, "text": text}
                yield make_finding("cell.other_unit", key, (at,), cells[key], **words)
                break


def _is_plain_text(cell: Cell, value: Value) -> bool:
    """Say whether a text is the plain digits of its number, in a file in which everything is text."""
    return cell.textual and str(cell.value).strip() == str(value)


def _told(form: Form, key: str, cell: Cell, value: Value, code: str) -> Finding:
    at = CellValue(key, form.cells[key].label, value, cell.place)
    return make_finding(code, key, (at,), cell.value if isinstance(cell.value, str) else None, taken=show(value))

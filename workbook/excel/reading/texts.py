"""What an open workbook has in words: the text parts, and the accepted warnings with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.findings_sheet import COPY, RESULTS
from workbook.excel.layout import CHECKS, COVER, GUIDE, TEXTS_1, TITLE_ROW, WAIVER_SPANS, Plan, text_name
from workbook.excel.reading.grid import at, text, value_of
from workbook.expression import expression
from workbook.report import Place, Waiver, tidy
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.excel.reading.by_position import Found
    from workbook.excel.reading.cover import Cover
    from workbook.excel.reading.file import OpenWorkbook

_NOTE = 2
"""The column in which the notes beside headings stand."""
_DATE = expression(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?$")


def texts(plan: Plan, book: OpenWorkbook) -> dict[str, str | None]:
    """Return the texts on sheets of their own: the paragraphs below each heading."""
    headings = {squeezed(section.heading): key for key, section in plan.form.text_sections()}
    parts: dict[str, list[str]] = {key: [] for key in headings.values()}
    for name in text_sheets(plan, book):
        grid = book.grid(name)
        noted = {squeezed(row[0]) for row in grid if _is_noted(row)} & headings.keys()
        current: list[str] | None = None
        for row in grid:
            line = squeezed(row[0]) if row else ""
            # The note beside a heading tells it from a paragraph of the same words.
            if line in headings and (line not in noted or _is_noted(row)):
                current = parts[headings[line]]
            elif current is not None:
                value = value_of(row[0]) if row else None
                current.append("" if value is None else str(value))
    return {key: tidy("\n".join(paragraphs)) for key, paragraphs in parts.items()}


def text_sheets(plan: Plan, book: OpenWorkbook) -> list[str]:
    """Return the sheets of texts alone; one that is called otherwise is told by its headings with notes beside them."""
    named = [*dict.fromkeys((*plan.text_sheets, TEXTS_1))]
    gone = [own for name, own in plan.text_sheets.items() if name not in book.names]
    if not gone or TEXTS_1 in book.names:
        return named
    headings = {squeezed(section.heading) for _, section in plan.form.text_sections()}
    lost = {squeezed(section.heading) for own in gone for section in own.values()}
    known = {*named, GUIDE, COVER, CHECKS, RESULTS, COPY, *(sheet.name for sheet in plan.sheets)}
    for name in book.names:
        if name not in known and not book.hidden(name):
            held = headings & {squeezed(row[0]) for row in book.grid(name) if _is_noted(row)}
            if held and held <= lost:  # no text is read twice
                lost -= held
                named.append(name)
    return named


def _is_noted(row: Sequence[Any]) -> bool:
    """Say whether there is a note beside what a row begins with, as there is beside headings."""
    return len(row) > _NOTE and bool(row[_NOTE])


def besides(plan: Plan, book: OpenWorkbook, tables: Iterable[Found]) -> dict[str, str | None]:
    """Return the texts beside tables: what stands between the heading of a section and its first table.

    Rows that somebody put there count too, in the columns of the tables.
    """
    read: dict[str, str | None] = {}
    for key, _, _, rows in _beside(plan, book, tables):
        said = [value for row in rows for cell in row if (value := value_of(cell)) is not None]
        read[key] = tidy("\n".join(map(str, said)))
    return read


def places_beside(plan: Plan, book: OpenWorkbook, tables: Iterable[Found]) -> dict[str, Place]:
    """Return where the texts beside tables stand: right below the heading, however many rows follow."""
    return {
        text_name(key): Place(sheet, a1(*spot))
        for key, sheet, spot, _ in _beside(plan, book, tables)
        if any(own.text and own.section.narrative == key for own in plan.sheets)
    }


def _beside(
    plan: Plan, book: OpenWorkbook, tables: Iterable[Found]
) -> Iterator[tuple[str, str, tuple[int, int], list[list[Any]]]]:
    """Yield the key of each text beside tables, its sheet, the cell below the heading, and the rows up to the table."""
    first = {found.plan.table.key: found for found in tables}
    for sheet in plan.sheets:
        if sheet.section.narrative:
            found = first[sheet.tables[0].table.key]
            grid, label = book.grid(found.sheet), found.plan.labels[0]
            top, left = found.spot((label.top, label.left))
            rows = [grid[row][left : left + sheet.width] for row in range(min(top, len(grid)))]
            heading = squeezed(sheet.section.heading)
            usual = TITLE_ROW if sheet.text else len(rows)
            begins = next((row for row in reversed(range(len(rows))) if heading in map(squeezed, rows[row])), usual)
            yield sheet.section.narrative, found.sheet, (begins + 1, left), rows[begins + 1 :]


def waivers(plan: Plan, book: OpenWorkbook, cover: Cover) -> tuple[Waiver, ...]:
    """Return the accepted warnings; the large sheet of checks is parsed unless the cover says that there are none."""
    if cover.no_waivers:
        return ()
    found = []
    for row in book.grid(CHECKS)[plan.waivers_row + 2 :]:
        code, place, reason, by, date = (text(at([row], 0, column)) or "" for column, _ in WAIVER_SPANS)
        if code:
            found.append(Waiver(code, place, reason, by, _date(date)))
    return tuple(found)


def _date(written: str) -> str:
    """Return a date as ISO writes it; anything else as it is."""
    match = _DATE.match(written)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else written

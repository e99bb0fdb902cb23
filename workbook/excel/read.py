"""Reads a workbook into a report: by known positions whose labels are verified, else by searching for the labels."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineError, CalamineWorkbook

from workbook.excel.formulas import summed, unseen
from workbook.excel.layout import (
    CHECKS,
    CHECKS_FIRST_ROW,
    COVER,
    COVER_ANSWERS,
    COVER_FIRST_ROW,
    COVER_LABELS,
    EDITION_LABEL,
    GUIDE,
    TEMPLATE_LABEL,
    WAIVERS_HEADING,
    Plan,
    Spot,
    TablePlan,
    a1,
    cover_rows,
    plan,
)
from workbook.excel.package import Package
from workbook.report import (
    YEARS,
    Body,
    Finding,
    Place,
    Report,
    Source,
    Unreadable,
    Value,
    Waiver,
    cell_at,
    note,
    number,
    tidy,
    year_note,
)
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_EXACT = 10.0**15  # below it a double holds every whole number, and int() is the quick way

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?$")

Grid = list[list[Any]]


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

    The edition is that whose labels the tables carry. Stored results of formulas are taken as they stand; a total whose
    formula has none is calculated from its parts and noted.

    Args:
        data: the bytes of the file.
        file: its name without folders, for findings and the report's source.

    Raises:
        Unreadable: it is no workbook, or holds no report; the findings say why.
    """
    book = _Book(Package(data, file))
    cover = _cover_answers(book)
    of, tables = _tables(book, _first_choice(cover.get(EDITION_LABEL)))
    places = _places(of.form.edition, tuple((found.sheet, found.down, found.across) for found in tables))
    cells: dict[str, Value] = {}
    for found in tables:
        grid = book.grid(found.sheet)
        for key, spot in found.plan.cells.items():
            cells[key] = _value(_at(grid, *found.spot(spot)))
    year, noted = _year(of, cover)
    report = Report(
        edition=of.form.edition,
        year=year,
        body=_body(of, cover),
        cells=cells,
        narrative=_texts(of, book),
        source=Source(file, hashlib.sha256(data).hexdigest(), _text(cover.get(TEMPLATE_LABEL))),
        waivers=_waivers(of, book, cover),
        places=places,
        noted=(*_moved(tables), *noted),
    )
    return _with_unseen(report, book, tables) if None in cells.values() else report


class _Book:
    """A workbook whose sheets are turned into grids when they are asked for."""

    def __init__(self, package: Package) -> None:
        self.package, self.file = package, package.file
        self._grids: dict[str, Grid] = {}
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        except _unreadable() as error:
            raise self.damaged(error) from error
        self.names: list[str] = self._book.sheet_names

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""
        if name not in self.names:
            return []
        if name not in self._grids:
            self.package.vet(name)
            try:
                self._grids[name] = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            except _unreadable() as error:
                raise self.damaged(error) from error
        return self._grids[name]

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        return self._grids.get(name, [])

    def damaged(self, error: BaseException) -> Unreadable:
        return Unreadable(note("file.damaged", file=self.file, reason=str(error)[:200]))


def _unreadable() -> tuple[type[BaseException], ...]:
    """Return what python-calamine raises; the exception of a Rust panic has no name that could be imported."""
    panics = (kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")
    return CalamineError, *panics


def _at(grid: Grid, row: int, column: int) -> Any:
    return grid[row][column] if 0 <= row < len(grid) and 0 <= column < len(grid[row]) else ""


def _value(raw: Any) -> Value:
    """Return what a cell holds: a number, nothing, or the text of what is no number."""
    if type(raw) is float:
        whole = int(raw) if -_EXACT < raw < _EXACT else None
        if whole == raw:
            return whole
        read = number(raw)
        return str(raw) if read is None else read
    if raw == "":
        return None
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        return str(raw)
    return raw if isinstance(raw, int | str) else str(raw)


def _text(raw: Any) -> str | None:
    """Return an answer as text; a number as it is written."""
    value = _value(raw) if raw is not None else None
    return str(value).strip() or None if value is not None else None


def _squeezed(text: Any) -> str:
    return "".join(text.split()) if isinstance(text, str) else ""


def _first_choice(stated: Any) -> list[str]:
    """Return the editions to try, the one that the cover states first."""
    known = list(editions())
    stated = _text(stated) or ""
    return sorted(known, key=lambda edition: not stated.startswith(edition))


def _tables(book: _Book, choices: Iterable[str]) -> tuple[Plan, list[Found]]:
    """Find every table of one edition; the first edition that is complete, else the refusal for the fullest."""
    best: tuple[int, Plan, list[TablePlan]] | None = None
    for edition in choices:
        of = plan(edition)
        found = [_where(book, table) for table in of.tables]
        missing = [table for table, place in zip(of.tables, found, strict=True) if place is None]
        if not missing:
            complete = [place for place in found if place]
            _refuse_second_copies(book, of, complete)
            return of, complete
        if best is None or len(found) - len(missing) > best[0]:
            best = len(found) - len(missing), of, missing
    if best is None or not best[0]:
        raise Unreadable(note("file.not_a_report", file=book.file))
    raise Unreadable(
        *(note("file.table_missing", table.table.key, file=book.file, table=table.table.title, sheet=table.sheet)
          for table in best[2])
    )  # fmt: skip


def _where(book: _Book, table: TablePlan) -> Found | None:
    """Find a table: where the template has it, else anywhere by its labels."""
    if _labels_hold(book.grid(table.sheet), table):
        return Found(table, table.sheet)
    return next((found for name in book.names for found in _elsewhere(book.grid(name), table, name)), None)


def _labels_hold(grid: Grid, table: TablePlan, down: int = 0, across: int = 0) -> bool:
    for label in table.labels:
        text = _at(grid, label.top + down, label.left + across)
        if text != label.text and _squeezed(text) != _squeezed(label.text):
            return False
    return True


def _elsewhere(grid: Grid, table: TablePlan, name: str) -> Iterator[Found]:
    """Yield each place on a sheet where all labels of a table stand as the template has them to each other."""
    anchor = table.labels[0]
    wanted = _squeezed(anchor.text)
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if value and _squeezed(value) == wanted:
                down, across = row - anchor.top, column - anchor.left
                if _labels_hold(grid, table, down, across):
                    yield Found(table, name, down, across)


def _refuse_second_copies(book: _Book, of: Plan, tables: Sequence[Found]) -> None:
    """Refuse to choose where a sheet beside the template's own holds a table again, with other numbers."""
    own = {GUIDE, COVER, CHECKS, of.text_sheet, *(found.sheet for found in tables)}
    extra = [name for name in book.names if name not in own]
    mine = list(chain.from_iterable(chain.from_iterable(book.parsed(name) for name in own)))
    for found in tables:
        # On the template's own sheets a glance tells that there is no second head.
        twice = mine.count(found.plan.labels[0].text) > 1
        for name in book.names if twice else extra:
            for copy in _elsewhere(book.grid(name), found.plan, name):
                if copy != found and _numbers(book, copy) != _numbers(book, found):
                    places = "、".join(f"「{place.sheet}」" for place in (found, copy))
                    words = {"file": book.file, "table": found.plan.table.title, "places": places}
                    raise Unreadable(note("file.ambiguous", found.plan.table.key, **words))


def _numbers(book: _Book, found: Found) -> list[Value]:
    return [_value(_at(book.grid(found.sheet), *found.spot(spot))) for spot in found.plan.cells.values()]


def _moved(tables: Iterable[Found]) -> Iterator[Finding]:
    for found in tables:
        if (found.sheet, found.down, found.across) != (found.plan.sheet, 0, 0):
            first = found.plan.labels[0]
            words = {"table": found.plan.table.title, "sheet": found.sheet}
            address = a1(*found.spot((first.top, first.left)))
            yield note("file.table_moved", found.plan.table.key, address=address, **words)


@lru_cache(maxsize=64)
def _places(edition: str, tables: tuple[tuple[str, int, int], ...]) -> Mapping[str, Place]:
    """Return the place of every cell and cover answer; the same for all workbooks of one make."""
    of = plan(edition)
    places = {key: Place(COVER, a1(row, COVER_ANSWERS)) for key, row in cover_rows(of.form).items()}
    for table, (sheet, down, across) in zip(of.tables, tables, strict=True):
        places |= {key: Place(sheet, a1(row + down, column + across)) for key, (row, column) in table.cells.items()}
    return places


def _cover_answers(book: _Book) -> dict[str, Any]:
    """Return the answers of the cover by their questions, wherever these stand in the column of questions."""
    rows = book.grid(COVER)[COVER_FIRST_ROW - 6 :]
    return {
        _squeezed(row[COVER_LABELS]): row[COVER_ANSWERS]
        for row in rows
        if len(row) > COVER_ANSWERS and _squeezed(row[COVER_LABELS])
    }


def _body(of: Plan, cover: Mapping[str, Any]) -> Body:
    answers = {field.key: _text(cover.get(field.label)) for field in of.form.fields if field.key != "year"}
    named = {label: key for key, label in of.form.field("kind").choices.items()}
    if answers["credit_code"]:
        answers["credit_code"] = "".join(answers["credit_code"].split()).upper()
    answers["kind"] = named.get(answers["kind"] or "", answers["kind"])
    return Body(**answers)


def _year(of: Plan, cover: Mapping[str, Any]) -> tuple[int | None, list[Finding]]:
    """Return the report year, and the finding where something else stands in its place."""
    label = of.form.field("year").label
    value = _value(cover.get(label, ""))
    if isinstance(value, int) and value in YEARS:
        return value, []
    place = Place(COVER, a1(cover_rows(of.form)["year"], COVER_ANSWERS))
    return None, [year_note(value, label, place)]


def _texts(of: Plan, book: _Book) -> dict[str, str | None]:
    """Return the text parts: the paragraphs below each heading."""
    grid = book.grid(of.text_sheet)
    headings = {_squeezed(section.heading): key for key, section in of.form.narratives()}
    noted = {_squeezed(row[0]) for row in grid if _at([row], 0, 2)} & headings.keys()
    parts: dict[str, list[str]] = {key: [] for key in headings.values()}
    current: list[str] | None = None
    for row in grid:
        text = _squeezed(row[0]) if row else ""
        # The note beside a heading tells it from a paragraph of the same words.
        if text in headings and (text not in noted or _at([row], 0, 2)):
            current = parts[headings[text]]
        elif current is not None:
            value = _value(row[0]) if row else None
            current.append("" if value is None else str(value))
    return {key: tidy("\n".join(paragraphs)) for key, paragraphs in parts.items()}


def _waivers(of: Plan, book: _Book, cover: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Return the accepted warnings; the large sheet of checks is parsed unless the cover says that there are none."""
    if _value(cover.get(WAIVERS_HEADING, "")) == 0:
        return ()
    first = of.waivers_row + 2
    found = []
    for row in book.grid(CHECKS)[max(first, CHECKS_FIRST_ROW) :]:
        code, at, reason, by, date = (_text(_at([row], 0, column)) or "" for column in (0, 2, 3, 7, 8))
        if code:
            found.append(Waiver(code, at, reason, by, _date(date)))
    return tuple(found)


def _date(text: str) -> str:
    """Return a date as ISO writes it; what is no date as it is."""
    match = _DATE.match(text)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else text


def _with_unseen(report: Report, book: _Book, tables: Sequence[Found]) -> Report:
    """Fill in the totals whose formulas have no stored result; keep other formulas and errors as what they are."""
    change: dict[str, Value] = {}
    noted = list(report.noted)
    for found in tables:
        blank = [key for key in found.plan.cells if report.cells[key] is None]
        texts = unseen(book.package, found.sheet) if blank else {}
        change |= {key: texts[report.places[key].address] for key in blank if report.places[key].address in texts}
    totals = [key for key in _parts_first(report) if _is_sum(report, key, change.get(key))]
    for key in totals:
        parts = [change.get(part, report.cells[part]) for part, _ in report.form.calculated[key].right]
        numbers = [part for part in parts if part is not None and not isinstance(part, str)]
        change[key] = sum(numbers, start=0) if numbers else None
        if numbers:
            noted.append(_calculated(report, key, change[key]))
    return replace(report, cells={**report.cells, **change}, noted=tuple(noted))


def _is_sum(report: Report, key: str, formula: Value) -> bool:
    """Say whether a formula adds up the parts of a total and nothing else."""
    if not isinstance(formula, str):
        return False
    parts = {report.places[part].address for part, _ in report.form.calculated[key].right}
    return summed(formula) == parts


def _parts_first(report: Report) -> list[str]:
    """Return the calculated cells, those before others that they are part of."""
    calculated = report.form.calculated
    uses = Counter({key: sum(part in calculated for part, _ in equation.right) for key, equation in calculated.items()})
    return sorted(calculated, key=lambda key: uses[key])


def _calculated(report: Report, key: str, value: Value) -> Finding:
    return replace(note("total.not_calculated", key, (cell_at(report, key),)), expected=value)

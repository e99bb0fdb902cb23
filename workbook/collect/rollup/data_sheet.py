"""The sheet 数据: a row a unit, a column a cell; what is counted is told by a 1 that the sums go by."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbook.collect.labels import heading
from workbook.collect.rollup import words as said
from workbook.collect.rollup.adding import free_of, values
from workbook.collect.rollup.scope import Part
from workbook.collect.rollup.words import WORDS
from workbook.excel.address import a1, absolute
from workbook.excel.layout import DATA
from workbook.excel.template.styles import LEAST
from workbook.printable import printable
from workbook.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.rollup.decided import Adjustment
    from workbook.collect.rollup.links import Originals
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.collect.standing import Version
    from workbook.excel.template.job import TemplateJob
    from workbook.report import Lang

LIVE_UNITS = 2_000
"""Units up to which sums are formulas; beyond, Excel and LibreOffice would calculate for long at every change."""
NAME, PART, FLAG, FIRST = 0, 1, 2, 3
"""The columns: the unit, how it stands in the sum, 1 where it is counted, the first cell."""
_TABLE, _ROW, _COLUMN, _KEY, _SUM = 2, 3, 4, 5, 6
_UNITS = 7
"""The rows: the heads of the cells, their keys, the sums, the first unit."""
_CELL, _ALONE = 10, 24
"""Widths of a cell's column, and of that of a table with one cell."""
_SINGLE = {_KEY: "key", _TABLE: "wide"}
_LEFT_OUT = {Part.OFFICE, Part.CLOSED, Part.WAIVED}


class DataPlan:
    """Where each unit and each cell stands on the sheet."""

    def __init__(self, summed: RollUp) -> None:
        self.summed = summed
        self.members = [each for each in summed.members if each.part not in _LEFT_OUT or _version(each)]
        self._columns = {key: FIRST + at for at, key in enumerate(summed.form.cells)}
        self._rows = {each.unit.id: _UNITS + at for at, each in enumerate(self.members)}
        self.last = _UNITS + len(self.members) + len(summed.adjustments) - 1

    def column(self, key: str) -> str:
        """Return the range of a cell over all units, as formulas of other sheets name it."""
        return self._range(self._columns[key])

    @property
    def flags(self) -> str:
        """The range that says which units are counted."""
        return self._range(FLAG)

    def _range(self, column: int) -> str:
        first, last = absolute(DATA, _UNITS, column), absolute(DATA, max(self.last, _UNITS), column)
        return f"{first}:{last.rpartition('!')[2]}"

    def head(self, key: str) -> str:
        """Return the address of the sum of a cell, above the units."""
        return a1(_SUM, self._columns[key])

    def spot(self, unit: str, key: str) -> str | None:
        """Return the address of a cell of a unit; ``None`` of a unit that is not on the sheet."""
        row = self._rows.get(unit)
        return None if row is None else a1(row, self._columns[key])

    def row(self, unit: str) -> str | None:
        """Return the address of the name of a unit; ``None`` of a unit that is not on the sheet."""
        row = self._rows.get(unit)
        return None if row is None else a1(row, NAME)

    @cached_property
    def is_sparse(self) -> bool:
        """Whether 0 is left out, so that the sheets of many thousand units stay small."""
        return len(self.members) > LIVE_UNITS


def write_data(job: TemplateJob, summed: RollUp, lang: Lang, plan: DataPlan, originals: Originals) -> None:
    """Write the sheet; the rows of units go to disk as they come, so that memory does not grow with them."""
    book = job.book
    kept, book.constant_memory = book.constant_memory, True
    sheet = book.add_worksheet(DATA)
    book.constant_memory = kept
    formats = _formats(book)
    sheet.set_column(NAME, NAME, 30)
    sheet.set_column(PART, PART, 20)
    sheet.set_column(FLAG, FLAG, 6)
    sheet.set_column(FIRST, FIRST + len(summed.form.cells) - 1, _CELL)
    for table, many in Counter(cell.table for cell in summed.form.cells.values()).items():
        if many == 1:  # the head of a table has no neighbour to go on over
            alone = next(at for at, cell in enumerate(summed.form.cells.values(), FIRST) if cell.table == table)
            sheet.set_column(alone, alone, _ALONE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(_TABLE, _SUM)
    sheet.repeat_columns(NAME, FLAG)
    sheet.freeze_panes(_UNITS, FIRST)
    _heads(sheet, summed, lang, plan, formats)
    link, grey = formats["link"], formats["grey"]
    for row, (member, cells) in enumerate(_rows(plan), _UNITS):
        version, counts = _version(member), member.part is Part.COUNTED
        address = originals.link(version.submission) if version else None
        name = said.name_of(member)
        if address:
            sheet.write_url(row, NAME, f"external:{address}", link, name, WORDS[lang]["to_original"])
        else:
            sheet.write_string(row, NAME, name, grey)
        sheet.write_string(row, PART, member.part.word(lang), formats["text" if counts else "grey"])
        sheet.write_number(row, FLAG, int(counts), formats["flag"])
        if cells is not None:
            _cells(sheet, row, summed, cells, formats, plan, counts=counts)
    for at, each in enumerate(summed.adjustments, _UNITS + len(plan.members)):
        _adjustment(sheet, at, summed, each, lang, formats)
    sheet.autofilter(_SUM, 0, max(plan.last, _UNITS), FIRST + len(summed.form.cells) - 1)


def _version(member: Member) -> Version | None:
    """Return the version that a row shows: the one that counts, for this sum or for another."""
    return member.standing.current


def _rows(plan: DataPlan) -> Iterator[tuple[Member, Mapping[str, int | None] | None]]:
    """Yield the units in the order of the sheet with what they have, so many at once."""
    summed, together = plan.summed, 500
    for start in range(0, len(plan.members), together):
        some = plan.members[start : start + together]
        wanted = [(version.submission, version.edition) for version in map(_version, some) if version]
        found = dict(values(summed.store, summed.rules, wanted))
        for member in some:
            version = _version(member)
            yield member, found.get(version.submission) if version else None


def _cells(
    sheet: Any, row: int, summed: RollUp, cells: Mapping[str, int | None], formats: Mapping[str, Any],
    plan: DataPlan, *, counts: bool,
) -> None:  # fmt: skip
    """Write the numbers of a unit; totals follow from their parts. What is blank is tinted: it is not 0."""
    number, blank = formats["number" if counts else "grey_number"], formats["blank"]
    for column, key in enumerate(summed.form.cells, FIRST):
        held = [(cells[part], sign) for part, sign in free_of(summed.form, key).items()]
        known = [value * sign for value, sign in held if value is not None]
        if not known:
            if counts:
                sheet.write_blank(row, column, None, blank)
        elif (total := sum(known)) or not plan.is_sparse:
            sheet.write_number(row, column, plain(summed.shown(key, total)), number)


def _adjustment(sheet: Any, row: int, summed: RollUp, each: Adjustment, lang: Lang, formats: Mapping[str, Any]) -> None:
    """Write an adjustment as a row of its own, which is counted."""
    words = WORDS[lang]
    sheet.write_string(row, NAME, f"{words['adjustments']} #{each.id}", formats["text"])
    sheet.write_string(row, PART, printable(each.reason), formats["text"])
    sheet.write_number(row, FLAG, 1, formats["flag"])
    for column, key in enumerate(summed.form.cells, FIRST):
        sign = free_of(summed.form, key).get(each.cell)
        if sign:
            sheet.write_number(row, column, plain(summed.shown(each.cell, sign * each.amount)), formats["number"])


def _heads(sheet: Any, summed: RollUp, lang: Lang, plan: DataPlan, formats: Mapping[str, Any]) -> None:
    """Write what stands above the units: title, heads of tables, rows and columns, keys, sums."""
    words, form = WORDS[lang], summed.form
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, f"{said.title(summed, lang)} · {said.as_of(summed, lang)}", formats["title"])
    sheet.write_string(1, 0, words["click"] + (f" {words['zero_left_out']}" if plan.is_sparse else ""), formats["hint"])
    cells = list(form.cells.values())
    heads: dict[int, list[str]] = {
        _TABLE: [heading(form, cell.table) for cell in cells],
        _ROW: [" ".join((*cell.row.under, cell.row.label)) for cell in cells],
        _COLUMN: [cell.column.label for cell in cells],
        _KEY: [cell.key for cell in cells],
    }
    for row, texts in heads.items():
        sheet.set_row(row, {_TABLE: 32, _ROW: 62, _KEY: 38}.get(row, 34))
        for column, key in ((NAME, "unit"), (PART, "part"), (FLAG, "counted_head")):
            sheet.write_string(row, column, words[key] if row == _COLUMN else "", formats["head"])
        above = heads[_TABLE] if row == _ROW else texts
        _grouped(sheet, row, texts, above, formats, apart=row >= _COLUMN)
    sheet.write_string(_SUM, NAME, words["in_all"], formats["sum"])
    sheet.write_blank(_SUM, PART, None, formats["sum"])
    sheet.write_number(_SUM, FLAG, len(summed.counted), formats["sum"])
    live = len(plan.members) <= LIVE_UNITS
    for column, key in enumerate(form.cells, FIRST):
        each = summed.cells[key]
        style = formats["sum_least" if each.is_least else "sum"]
        if not each.is_known:
            sheet.write_blank(_SUM, column, None, style)
        elif live:
            own = f"SUMIFS({plan.column(key)},{plan.flags},1)".replace(f"{DATA}!", "").replace(f"'{DATA}'!", "")
            formula = f"=ROUND({own},6)" if form.cells[key].kind.decimals else f"={own}"
            sheet.write_formula(_SUM, column, formula, style, plain(each.value))
        else:
            sheet.write_number(_SUM, column, plain(each.value), style)


def _grouped(
    sheet: Any, row: int, texts: Sequence[str], above: Sequence[str], formats: Mapping[str, Any], *, apart: bool
) -> None:
    """Write a row of heads; neighbours that say the same are one, unless each stands apart."""
    at = 0
    for _, some in groupby(enumerate(zip(above, texts, strict=True)), key=lambda each: each[0] if apart else each[1]):
        count = len(list(some))
        first, last, text = FIRST + at, FIRST + at + count - 1, texts[at]
        if count > 1:
            sheet.merge_range(row, first, row, last, text, formats["wide" if row == _TABLE else "head"])
        else:
            sheet.write_string(row, first, text, formats[_SINGLE.get(row, "head")])
        at += count


def _formats(book: Any) -> dict[str, Any]:
    """Return how cells of the sheet look."""
    border = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter", "font_size": 10}
    head = border | {"bold": True, "text_wrap": True, "bg_color": "#E8EEF5", "align": "center"}
    grey = border | {"font_color": "#8A8A8A"}
    return {
        name: book.add_format(style)
        for name, style in {
            "title": {"bold": True, "font_size": 13, "valign": "vcenter"},
            "hint": {"font_color": "#595959", "font_size": 10},
            "head": head,
            "wide": head | {"align": "left"},
            "key": head | {"bold": False, "font_size": 7, "font_color": "#666666", "align": "left"},
            "sum": border | {"bold": True, "bg_color": "#EDEDED"},
            "sum_least": border | {"bold": True, "bg_color": "#EDEDED", "num_format": LEAST},
            "link": border | {"font_color": "#1F4E79", "underline": 1},
            "text": border,
            "grey": grey,
            "grey_number": grey,
            "flag": border | {"align": "center", "bg_color": "#FFF9E3"},
            "number": border,
            "blank": border | {"bg_color": "#FFE699"},
        }.items()
    }

"""Charts of a report as small pictures: bars with their numbers, no script, nothing from outside."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, read_toml
from workbook.form import Form, cell_key, load_form
from workbook.printable import printable
from workbook.publish.blocks import ChartBlock
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report import Report

_WIDE, _LEFT, _RIGHT, _HEAD, _GAP, _BAR = 640, 170, 90, 56, 8, 16
_DIGIT, _KEY = 7, 70
"""How wide a digit of a number is, and a name of a year with its colour."""
_YEARS = (("本年", "#0b5394"), ("上年", "#767676"), ("前年", "#b35900"))
"""How the years of bars are called that follow each other, and their colours: on white a contrast of 4.5 at least.

They stand in this order, so that nobody needs to tell the colours apart.
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: bars with labels, each the sum of some cells, of at most ``years`` years."""

    key: str
    title: str
    unit: str
    bars: tuple[tuple[str, tuple[str, ...]], ...]
    years: int = 2


@cache
def charts_of(edition: str) -> tuple[Chart, ...]:
    """Return the charts of an edition; none where it has no ``charts.toml``.

    Raises:
        FormError: the definition is wrong.
    """
    try:
        path = resource(f"schema/{edition}/charts.toml")
    except FileNotFoundError:
        return ()
    return parse_charts(path.read_text(encoding="utf-8"), f"{edition}/charts.toml", load_form(edition))


def parse_charts(text: str, where: str, form: Form) -> tuple[Chart, ...]:
    """Return the charts that a definition describes.

    Raises:
        FormError: misspelt or missing key, a duplicate, a cell that the form has not.
    """
    top = Reader(where, read_toml(text, where), "charts").typed(tables="charts")
    return top.many("charts", lambda place, data: _chart(place, data, form), "key")


def _chart(where: str, data: Any, form: Form) -> Chart:
    by_rows = isinstance(data, dict) and "bars" in data
    required = "key title unit table column bars" if by_rows else "key title unit table row columns"
    read = Reader(where, data, required, "years")
    read = read.typed(name="table column row", tables="bars", texts="columns", whole="years")
    years = read.get("years", 2)
    if not 1 <= years <= len(_YEARS):
        raise FormError(f"{where}: years must be a number from 1 to {len(_YEARS)}, not {years!r}")
    table = read["table"]
    if by_rows:
        bars = tuple(
            _bar(read.inside(f"bar {at}"), bar, table, read["column"]) for at, bar in enumerate(read["bars"], 1)
        )
    else:
        keys = [cell_key(table, read["row"], column) for column in read["columns"]]
        bars = tuple((form.cells[key].column.label if key in form.cells else "", (key,)) for key in keys)
    for _, keys_of_bar in bars:
        for key in keys_of_bar:
            if key not in form.cells:
                raise FormError(f"{where}: there is no cell {key!r}")
    return Chart(read["key"], read["title"], read["unit"], bars, years)


def _bar(where: str, data: Any, table: str, column: str) -> tuple[str, tuple[str, ...]]:
    read = Reader(where, data, "label rows").typed(texts="rows")
    return read["label"], tuple(cell_key(table, row, column) for row in read["rows"])


@dataclass(frozen=True, slots=True)
class _Series:
    """The bars of a year."""

    name: str
    colour: str
    sums: tuple[Decimal, ...]


def chart_blocks(report: Report, *past: Report | None) -> Iterator[ChartBlock]:
    """Yield the charts of a report, with bars of the years before where these are given and have the numbers.

    A chart of which a number of this year is missing is left out.

    Args:
        report: the report.
        past: those of the years before, the latest first; ``None`` where there is none.
    """
    for chart in charts_of(report.edition):
        if _sums(chart, report) is None:
            continue
        series = _series(chart, report, past)
        title = printable(f"{report.body.name or ''}{_year(report)}{chart.title}")
        desc = "；".join(_said(chart, at, series) for at in range(len(chart.bars))) + "。"
        yield ChartBlock(chart.key, _svg(chart, _year(report), (title, desc), series), title, desc)


def _series(chart: Chart, report: Report, past: Sequence[Report | None]) -> list[_Series]:
    """Return the bars of each year that has all numbers of a chart, this year's first; a year has bars once."""
    found: list[_Series] = []
    for at, each in enumerate((report, *past)[: chart.years]):
        sums = _sums(chart, each) if each else None
        if each and sums is not None and (not at or each.year != report.year):
            series = _Series(_name(report, each, at), _YEARS[at][1], sums)
            found += [series] if series.name not in {other.name for other in found} else []
    return found


def _name(report: Report, other: Report, at: int) -> str:
    """Return how the year of a report is called: by its number where it is not the one that it stands for."""
    if other.year is None or report.year is None or report.year - other.year == at:
        return _YEARS[at][0]
    return f"{other.year}年"


def _year(report: Report) -> str:
    return "" if report.year is None else f"{report.year}年"


def _sums(chart: Chart, report: Report) -> tuple[Decimal, ...] | None:
    """Return the length of each bar; ``None`` where a cell is missing, blank or no number.

    A report of another edition has its own rows; they count where its chart has the same bars.
    """
    own = next((each for each in charts_of(report.edition) if each.key == chart.key), None)
    if own is None or [label for label, _ in own.bars] != [label for label, _ in chart.bars]:
        return None
    sums = []
    for _, keys in own.bars:
        values = [report.cells.get(key) for key in keys]
        if not all(isinstance(value, int | Decimal) for value in values):
            return None
        sums.append(sum((Decimal(value) for value in values if isinstance(value, int | Decimal)), Decimal(0)))
    return tuple(sums)


def _said(chart: Chart, at: int, series: Sequence[_Series]) -> str:
    now, *before = series
    past = "，".join(f"{each.name} {each.sums[at]:f} {chart.unit}" for each in before)
    return f"{chart.bars[at][0]} {now.sums[at]:f} {chart.unit}" + (f"（{past}）" if past else "")


def _svg(chart: Chart, year: str, words: tuple[str, str], series: Sequence[_Series]) -> bytes:
    numbers = [value for each in series for value in each.sums]
    most, digits = max(*numbers, Decimal(1)), max(len(f"{value:f}") for value in numbers)
    room = _WIDE - _LEFT - max(_RIGHT, _DIGIT * digits + 2 * _GAP)
    step = _BAR * max(2, len(series)) + _GAP
    high = _HEAD + step * len(chart.bars) + _GAP
    name, (title, desc) = f"chart-{chart.key}", words
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}"',
        f' data-nianbao="chart" role="img" aria-labelledby="{name}-title {name}-desc"',
        ' font-family="sans-serif" font-size="14">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(desc)}</desc>',
        f'<rect width="{_WIDE}" height="{high}" fill="#fff"/>',
        f'<text x="{_WIDE // 2}" y="22" text-anchor="middle" font-size="16" fill="#1a1a1a">',
        f"{escape(year + chart.title)}（单位：{escape(chart.unit)}）</text>",
    ]
    if len(series) > 1:
        left = _WIDE - _GAP - _KEY * len(series)
        parts += [_key(left + _KEY * at, each) for at, each in enumerate(series)]
    for at, (label, _) in enumerate(chart.bars):
        top = _HEAD + at * step
        middle = top + (step - _GAP) // 2 + 4
        first = top + _BAR // 2 if len(series) == 1 else top
        parts.append(f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end" fill="#1a1a1a">{escape(label)}</text>')
        for down, each in enumerate(series):
            wide = round(max(each.sums[at], Decimal(0)) / most * room, 1)
            parts.append(_drawn(first + down * _BAR, wide, each, f"{each.sums[at]:f}"))
    return "".join([*parts, "</svg>\n"]).encode()


def _drawn(top: int, wide: Decimal, series: _Series, number: str) -> str:
    return (
        f'<rect x="{_LEFT}" y="{top}" width="{wide}" height="{_BAR - 2}" fill="{series.colour}"/>'
        f'<text x="{_LEFT + wide + 6}" y="{top + 12}" font-size="12" fill="#1a1a1a">{number}</text>'
    )


def _key(left: int, series: _Series) -> str:
    return (
        f'<rect x="{left}" y="34" width="12" height="12" fill="{series.colour}"/>'
        f'<text x="{left + 18}" y="45" font-size="12" fill="#1a1a1a">{series.name}</text>'
    )

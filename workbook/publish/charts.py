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

_WIDE, _LEFT, _RIGHT, _HEAD, _STEP, _BAR = 640, 170, 90, 56, 40, 16
_NOW, _THEN = "#0b5394", "#767676"
"""Colours of this year's bars and of last year's: on white a contrast of 7.6 and of 4.5 to 1."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: bars with labels, each the sum of some cells."""

    key: str
    title: str
    unit: str
    bars: tuple[tuple[str, tuple[str, ...]], ...]


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
    read = Reader(where, data, required).typed(name="table column row", tables="bars", texts="columns")
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
    return Chart(read["key"], read["title"], read["unit"], bars)


def _bar(where: str, data: Any, table: str, column: str) -> tuple[str, tuple[str, ...]]:
    read = Reader(where, data, "label rows").typed(texts="rows")
    return read["label"], tuple(cell_key(table, row, column) for row in read["rows"])


def chart_blocks(report: Report, previous: Report | None = None) -> Iterator[ChartBlock]:
    """Yield the charts of a report, with last year's bars where that is given and has the cells.

    A chart of which a number is missing is left out.
    """
    for chart in charts_of(report.edition):
        sums = _sums(chart, report)
        if sums is None:
            continue
        last = _sums(chart, previous) if previous else None
        title = printable(f"{report.body.name or ''}{report.year or ''}年{chart.title}")
        desc = "；".join(_said(chart, at, sums, last) for at in range(len(sums))) + "。"
        yield ChartBlock(chart.key, _svg(chart, title, desc, sums, last), title, desc)


def _sums(chart: Chart, report: Report) -> list[Decimal] | None:
    """Return the length of each bar; ``None`` where a cell is missing, blank or no number."""
    sums = []
    for _, keys in chart.bars:
        values = [report.cells.get(key) for key in keys]
        if not all(isinstance(value, int | Decimal) for value in values):
            return None
        sums.append(sum((Decimal(value) for value in values if isinstance(value, int | Decimal)), Decimal(0)))
    return sums


def _said(chart: Chart, at: int, sums: Sequence[Decimal], last: Sequence[Decimal] | None) -> str:
    before = f"（上年 {last[at]:f} {chart.unit}）" if last else ""
    return f"{chart.bars[at][0]} {sums[at]:f} {chart.unit}{before}"


def _svg(chart: Chart, title: str, desc: str, sums: Sequence[Decimal], last: Sequence[Decimal] | None) -> bytes:
    most = max(*sums, *(last or ()), Decimal(1))
    high = _HEAD + _STEP * len(sums) + 8
    name = f"chart-{chart.key}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}"',
        f' data-nianbao="chart" role="img" aria-labelledby="{name}-title {name}-desc"',
        ' font-family="sans-serif" font-size="14">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(desc)}</desc>',
        f'<rect width="{_WIDE}" height="{high}" fill="#fff"/>',
        f'<text x="{_WIDE // 2}" y="22" text-anchor="middle" font-size="16" fill="#1a1a1a">',
        f"{escape(chart.title)}（单位：{escape(chart.unit)}）</text>",
    ]
    if last:
        parts += [_key(_WIDE - 150, _NOW, "本年"), _key(_WIDE - 80, _THEN, "上年")]
    for at, (label, _) in enumerate(chart.bars):
        top = _HEAD + at * _STEP
        parts.append(f'<text x="{_LEFT - 8}" y="{top + 18}" text-anchor="end" fill="#1a1a1a">{escape(label)}</text>')
        parts.append(_drawn(top if last else top + _BAR // 2, sums[at], most, _NOW))
        if last:
            parts.append(_drawn(top + _BAR, last[at], most, _THEN))
    return "".join([*parts, "</svg>\n"]).encode()


def _drawn(top: int, value: Decimal, most: Decimal, colour: str) -> str:
    wide = round(max(value, Decimal(0)) / most * (_WIDE - _LEFT - _RIGHT), 1)
    return (
        f'<rect x="{_LEFT}" y="{top}" width="{wide}" height="{_BAR - 2}" fill="{colour}"/>'
        f'<text x="{_LEFT + wide + 6}" y="{top + 12}" font-size="12" fill="#1a1a1a">{value:f}</text>'
    )


def _key(left: int, colour: str, label: str) -> str:
    return (
        f'<rect x="{left}" y="34" width="12" height="12" fill="{colour}"/>'
        f'<text x="{left + 18}" y="45" font-size="12" fill="#1a1a1a">{label}</text>'
    )

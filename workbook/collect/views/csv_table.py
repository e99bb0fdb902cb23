"""The standing of every unit as CSV, a line a unit."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from workbook.collect.views.status import UNIT_COLUMNS, unit_row
from workbook.collect.views.words import WORDS
from workbook.output.csv_table import without_formula

if TYPE_CHECKING:
    from workbook.collect.views.status import Overview
    from workbook.report import Lang


def render(overview: Overview, lang: Lang) -> bytes:
    """Return a line a unit, in the register's order, under heads in the language."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(WORDS[lang][key] for key in UNIT_COLUMNS)
    for standing in overview.standings:
        row = unit_row(standing, overview, lang)
        writer.writerow(without_formula(row[key]) for key in UNIT_COLUMNS)
    return stream.getvalue().encode()

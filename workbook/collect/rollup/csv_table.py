"""The sums as a table with commas between: a row a cell, with blanks and missing units."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from workbook.collect.labels import heading
from workbook.collect.rollup.words import WORDS

if TYPE_CHECKING:
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang


def render(summed: RollUp, lang: Lang) -> bytes:
    """Return the table as UTF-8: key, table, cell, sum, units counted, blank and missing."""
    words, stream = WORDS[lang], io.StringIO(newline="")
    lines = csv.writer(stream)
    lines.writerow(
        words[key] for key in ("key", "table", "cell", "value", "units", "blanks", "missing_units", "remark")
    )
    for key, each in summed.cells.items():
        cell, apart = summed.form.cells[key], summed.rules.apart(key)
        value = each.value if each.is_known else ""
        note = apart.note.text(lang) if apart else ""
        lines.writerow(
            [key, heading(summed.form, cell.table), cell.label, value, each.units, each.blanks, each.missing, note]
        )
    return stream.getvalue().encode()

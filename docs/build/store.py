"""The page about the store of a collection, made from its schema; whoever reads it with SQL reads this."""

from __future__ import annotations

from parts import MADE, code, table

import workbook
from workbook.collect import schema

_HEAD = f"""# The store of a collection

A collection is a folder: `collection.sqlite`, an SQLite file that any program may read; `originals/`, the bytes of
every file that was received, named by their SHA-256; `writing.lock` while somebody writes. Version {schema.VERSION}
(`PRAGMA user_version`), `application_id` {schema.APPLICATION}. A newer kit brings an older store up to its version the
first time that it writes to it; a store of a newer version is refused.

Times are Beijing time, `YYYY-MM-DD HH:MM:SS`. Rows of `delivery`, `received`, `submission`, `checked`, `event` are only
ever added; what is erased leaves its row with `erased`, and an event.

Names of cells have dots: write them in square brackets, `[applications.received.total]`. In double quotes SQLite takes
a misspelt one for a text, and its sum is 0 without an error. Money is a whole number of 10⁻⁶ 万元 in the tables
`report_…` and an amount in 万元 in the views `report_…_wan`. NULL is a blank cell, or one whose content is in `odd`.

How large (`bench/rollup.py`): of 300,000 sparse reports, each with two texts of some hundred characters, the cells are
62 MB (218 bytes a report), the texts 228 MB, the covers 125 MB, the checks 91 MB, the register 110 MB: 617 MB in all.
The originals lie beside it and are as large as what was sent: 4.5 kB a report as JSON, some 20 to 110 kB as a workbook.
"""
_EXAMPLES = (
    (
        "What all units that are counted received, by office above:",
        """SELECT above.name, sum(report.[applications.received.total]) AS received, count(*) AS units
FROM counted JOIN current_unit AS unit ON unit.id = counted.unit
JOIN current_unit AS above ON above.id = unit.parent
JOIN report_2021 AS report ON report.submission = counted.submission
WHERE counted.year = 2025 AND unit.counted
GROUP BY above.id ORDER BY received DESC""",
    ),
    (
        "Units of which nothing came:",
        """SELECT id, name, contact FROM current_unit
WHERE id NOT IN (SELECT unit FROM version WHERE year = 2025 AND unit IS NOT NULL)""",
    ),
    (
        "The most frequent findings:",
        """SELECT json_extract(finding.value, '$.code') AS code, count(*) AS often
FROM newest_check, json_each(newest_check.findings) AS finding GROUP BY code ORDER BY often DESC""",
    ),
)


def page() -> str:
    """Return the page."""
    out = [MADE, _HEAD, "## Tables\n"]
    for name, (said, columns, more) in schema.TABLES.items():
        out += [f"### `{name}`\n", f"{said}{f' {more}.' if more else ''}\n"]
        out.append(table(["Column", "Kind", ""], [(f"`{key}`", kind, text) for key, (kind, text) in columns.items()]))
    editions = "、".join(f"`report_{edition}`" for edition in workbook.editions())
    out += [f"### {editions}\n", "A row a submission of that edition: `submission`, and a column a cell of the form.\n"]
    out += ["## Views\n", table(["View", ""], [(f"`{name}`", said) for name, (said, _) in schema.VIEWS.items()])]
    out += ["## Examples\n", *(f"{said}\n\n{code(query, 'sql')}" for said, query in _EXAMPLES)]
    return "\n".join(out)

"""Findings as the lines of a table, and the table as CSV."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from workbook.output.vocabulary import printable_results, reason
from workbook.report.listing import pointed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_COLUMNS = (
    "file",
    "code",
    "level",
    "at",
    "sheet",
    "address",
    "found",
    "expected",
    "left",
    "right",
    "difference",
    "message",
    "hint",
    "quote",
    "waived",
    "under",
)
_FORMULA = re.compile("[\\s\ufffd]*[=+\\-@＝＋－﹣−＠﹢﹦﹫]")
"""How a text begins that some spreadsheet takes for a formula; what was a control character is U+FFFD here."""


def lines(results: Sequence[Result], lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield a dictionary a finding: file, code, level, at, sheet, address, found, and so on; quotes as their text."""
    for result in results:
        for finding in result.findings:
            place, found, expected = pointed(finding)
            quote = finding.get("quote")
            yield {
                **finding,
                "file": result.file,
                "sheet": place["sheet"] if place else None,
                "address": place["address"] if place else None,
                "found": found,
                "expected": expected,
                "quote": quote["text"] if quote else None,
                "waived": reason(finding, lang) or None,
                "under": " ".join(finding["under"].values()) if finding["under"] else None,
            }


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return the findings as CSV, a line a finding under a line of English heads."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, _COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for line in lines(printable_results(results), lang):
        writer.writerow({key: without_formula(value) for key, value in line.items()})
    return stream.getvalue().encode()


def without_formula(value: Any) -> Any:
    """Keep a text that a spreadsheet would take for a formula from being one, whatever blanks it begins with."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value

"""Results as a workbook: a sheet of all mistakes to filter, and a sheet of the files. No text becomes a formula."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.excel.findings_sheet import BLUE, TINTS
from workbook.excel.template.build import EPOCH
from workbook.intake.results import RESULT
from workbook.output.sheets import BODY, height, table, write
from workbook.output.tally import Tally
from workbook.output.vocabulary import WORDS, printable_results, reason, title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_SHEET_LIMIT = 1_000_000
"""Findings that a sheet is given, of the 1048576 lines that it holds."""

_WIDTHS = {
    "file": 28,
    "body": 22,
    "of_year": 8,
    "level": 8,
    "code": 26,
    "title": 24,
    "sheet": 16,
    "address": 9,
    "found": 12,
    "expected": 12,
    "left": 12,
    "right": 12,
    "difference": 10,
    "message": 64,
    "hint": 56,
    "quote": 24,
    "why": 28,
}
_SUMMARY = {"file": 36, "body": 28, "of_year": 8, "verdict": 32, "errors": 9, "warnings": 10}
_TINTS: dict[str, dict[str, Any]] = {
    "error": {"bg_color": f"#{TINTS['error']}", "font_color": "#9C0006", "bold": True},
    "warning": {"bg_color": f"#{TINTS['warning']}", "font_color": "#7A4F00"},
    "info": {"bg_color": f"#{TINTS['info']}", "font_color": f"#{BLUE}"},
    "waived": {"bg_color": "#EDEDED", "font_color": "#595959"},
}


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return the bytes of a workbook (.xlsx)."""
    from xlsxwriter import Workbook

    results = printable_results(results, keep="\n")
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": EPOCH, "keywords": RESULT})
    words = WORDS[lang]
    found, number = _findings(results, lang), 1
    while (part := list(islice(found, _SHEET_LIMIT))) or number == 1:
        name = words["findings"] + (f" {number}" if number > 1 else "")
        table(book, name, _headed(_WIDTHS, lang), part, _TINTS, "level")
        number += 1
    sheet = table(book, words["summary"], _headed(_SUMMARY, lang), _files(results, lang), {})
    _frequent(book, sheet, len(results) + 2, Tally.of(results).frequent(lang), lang)
    book.close()
    return stream.getvalue()


def _headed(widths: Mapping[str, int], lang: Lang) -> dict[str, tuple[str, int]]:
    return {key: (WORDS[lang][key], wide) for key, wide in widths.items()}


Line = dict[str, Any]


def _findings(results: Sequence[Result], lang: Lang) -> Iterator[Line]:
    for result in results:
        for cause in result.causes:
            first, quote = cause.first, cause.first["quote"]
            place, found, expected = cause.pointed()
            yield {
                **first,
                "file": result.file,
                "body": result.body,
                "of_year": result.year,
                "how": cause.status,
                "level": WORDS[lang][cause.status],
                "title": title(first["code"], result.edition, lang),
                "sheet": place["sheet"] if place else None,
                "address": place["address"] if place else None,
                "found": found,
                "expected": expected,
                "message": cause.message(lang),
                "hint": cause.hint(lang),
                "quote": quote["text"] if quote else None,
                "why": reason(first, lang),
            }


def _files(results: Sequence[Result], lang: Lang) -> Iterator[Line]:
    for line in Tally.of(results).lines:
        yield {
            "file": line.file,
            "body": line.body,
            "of_year": line.year,
            "verdict": line.verdict(lang),
            "errors": line.errors,
            "warnings": line.warnings,
        }


def _frequent(book: Any, sheet: Any, row: int, codes: Sequence[tuple[str, str, int]], lang: Lang) -> None:
    """Write the most frequent codes below the files."""
    if not codes:
        return
    style = book.add_format(BODY)
    words = WORDS[lang]
    sheet.write_string(row, 0, words["frequent"].rstrip("：:"), book.add_format({"bold": True}))
    for line in ((words["code"], words["title"], words["count"]), *codes):
        row += 1
        for column, value in enumerate(line):
            write(sheet, row, column, value, style)
        sheet.set_row(row, height(line, _SUMMARY.values()))

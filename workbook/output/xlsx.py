"""Results as a workbook: a sheet of all mistakes to filter, and a sheet of the files. No text becomes a formula."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.excel.findings_sheet import BLUE, HEAD_TINT, TINTS
from workbook.excel.template.build import EPOCH
from workbook.excel.template.styles import lines as taken
from workbook.intake.results import RESULT
from workbook.output.tally import Tally
from workbook.output.vocabulary import WORDS, printable_results, reason, title
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
_LINE, _ROW_LIMIT = 17, 409  # points: one line of a row, and the most that a row can be high
_BODY: dict[str, Any] = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
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
        _sheet(book, words["findings"] + (f" {number}" if number > 1 else ""), _WIDTHS, part, lang)
        number += 1
    sheet = _sheet(book, words["summary"], _SUMMARY, list(_files(results, lang)), lang)
    _frequent(book, sheet, len(results) + 2, Tally.of(results).frequent(lang), lang)
    book.close()
    return stream.getvalue()


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


def _sheet(book: Any, name: str, widths: Mapping[str, int], rows: Iterable[Line], lang: Lang) -> Any:
    """Add a sheet: bold heads that stay, filters, wrapped texts, levels in colour."""
    sheet = book.add_worksheet(name)
    head = book.add_format(_BODY | {"bold": True, "bg_color": f"#{HEAD_TINT}"})
    body = book.add_format(_BODY)
    tints = {how: book.add_format(_BODY | tint) for how, tint in _TINTS.items()}
    for column, (key, wide) in enumerate(widths.items()):
        sheet.set_column(column, column, wide)
        sheet.write_string(0, column, WORDS[lang][key], head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, key in enumerate(widths):
            tinted = key == "level" and "how" in row
            _write(sheet, last, column, row[key], tints[row["how"]] if tinted else body)
        sheet.set_row(last, _height((row[key] for key in widths), widths.values()))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(widths) - 1)
    _paper(sheet)
    return sheet


def _frequent(book: Any, sheet: Any, row: int, codes: Sequence[tuple[str, str, int]], lang: Lang) -> None:
    """Write the most frequent codes below the files."""
    if not codes:
        return
    style = book.add_format(_BODY)
    words = WORDS[lang]
    sheet.write_string(row, 0, words["frequent"].rstrip("：:"), book.add_format({"bold": True}))
    for line in ((words["code"], words["title"], words["count"]), *codes):
        row += 1
        for column, value in enumerate(line):
            _write(sheet, row, column, value, style)
        sheet.set_row(row, _height(line, _SUMMARY.values()))


def _height(values: Iterable[Any], widths: Iterable[int]) -> int:
    """Return how high a row must be for all of its texts to show; not every program works that out on opening."""
    texts = [(str(value if value is not None else ""), wide) for value, wide in zip(values, widths, strict=False)]
    most = max(sum(taken(line, wide) for line in text.split("\n")) for text, wide in texts)
    return min(_LINE * most, _ROW_LIMIT)


def _paper(sheet: Any) -> None:
    """Print on A4, across, one page wide, the heads on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, str(value)[:PARAGRAPH_LIMIT], style)
    else:
        sheet.write_blank(row, column, None, style)

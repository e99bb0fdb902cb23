"""Reads the long CSV that the kit publishes: a line a number, an answer or a text, with its key."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.form import load_form
from workbook.report.compare import draft
from workbook.report.findings import Unreadable, make_finding
from workbook.report.long_form import BODY, COLUMNS, DRAFT, TEXT
from workbook.report.notation import reading
from workbook.report.report import Report
from workbook.report.values import Body, Place, tidy
from workbook.resources import editions

if TYPE_CHECKING:
    from workbook.form import Form

_Line = tuple[str, Place]


def from_long_csv(data: bytes, file: str = "") -> Report:
    """Return the report of a long CSV; ``file`` names it in findings.

    Raises:
        Unreadable: it is no such table, a key stands in it twice, or it has keys of no edition.
    """
    text = _decoded(data)
    mark = next((mark for mark in ",;\t" if text.startswith(f"{COLUMNS[0]}{mark}")), ",")
    found: dict[str, _Line] = {}
    firsts: set[tuple[str, str]] = set()
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark), 2):
            key = row[COLUMNS[5]] or ""
            if key in found:
                raise Unreadable(make_finding("file.long_form", file=file, key=key[:40]))
            found[key] = _bare(row[COLUMNS[6]]), Place("表", f"第{number}行")
            firsts.add((row[COLUMNS[0]] or "", _bare(row[COLUMNS[1]])))
    except (csv.Error, KeyError) as error:
        raise Unreadable(make_finding("file.not_a_report", file=file)) from error
    told = (draft(file),) if found.pop(DRAFT[1], None) else ()
    form = _form(found)
    if form is None or len(firsts) != 1:
        wrong = next((key for key in found if form is None or key not in form.cells), "")
        raise Unreadable(make_finding("file.long_form", file=file, key=wrong[:40]))
    return replace(_report(form, found, firsts.pop()), reader_findings=told)


def _decoded(data: bytes) -> str:
    """Return the text of a file that the kit wrote, also where a Chinese spreadsheet saved it anew."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except ValueError:
            continue
    return ""


def _bare(text: str | None) -> str:
    """Return a text without the mark that keeps spreadsheets from taking it for a formula."""
    return (text or "").removeprefix("'")


def _form(found: dict[str, _Line]) -> Form | None:
    """Return the edition whose cells these are, all of them, with its answers and texts."""
    for edition in editions():
        form = load_form(edition)
        more = {BODY + field.key for field in form.fields} | {TEXT + key for key in form.narrative_keys}
        if form.cells.keys() <= found.keys() <= form.cells.keys() | more:
            return form
    return None


def _report(form: Form, found: dict[str, _Line], first: tuple[str, str]) -> Report:
    answers = {key.removeprefix(BODY): text or None for key, (text, _) in found.items() if key.startswith(BODY)}
    own = {name: answers.get(name) for name in ("credit_code", "division_code", "kind")}
    more = tuple((key, answer) for key, answer in answers.items() if key not in own)
    year = first[0].strip()
    return Report(
        edition=form.edition,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,  # noqa: PLR2004 - of digits
        body=Body(first[1] or None, **own, more=more),
        cells={key: reading(found[key][0] or None, cell.kind.unit).value for key, cell in form.cells.items()},
        narrative={key: tidy(found.get(TEXT + key, ("",))[0]) for key in form.narrative_keys},
        places={key: found[key][1] for key in form.cells},
    )

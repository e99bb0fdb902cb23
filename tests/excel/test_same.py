"""A marked copy of a workbook without a cover is the same report where it shows the same; else it is read again."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import sound
from packages import rezipped
from python_calamine import CalamineWorkbook
from workbooks import saved, workbook_of

import workbook
from workbook.excel.findings_sheet import RESULTS
from workbook.excel.patching import same
from workbook.excel.reading import by_label
from workbook.excel.reading.package import Package
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.report import Report

WRONG = sound("2021").with_cells({"applications.received.natural": 12})


@cache
def pasted() -> bytes:
    """Return a workbook of one sheet onto which the tables of a report were pasted, with another that is hidden."""
    source, book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(WRONG))), openpyxl.Workbook()
    for name in source.sheet_names[1:-1]:
        for row in source.get_sheet_by_name(name).to_python(skip_empty_area=False):
            book.active.append([None if value == "" else value for value in row])
    book.create_sheet("旧").append(["备注", 1, None, "=1+1"])
    book["旧"].sheet_state = "hidden"
    return saved(book)


def read() -> Report:
    return workbook.parse(pasted(), "a.xlsx")


def copied() -> bytes:
    return workbook.mark(pasted(), read(), workbook.check(read()))


def in_copy(part: str, old: bytes, new: bytes) -> bytes:
    """Return the copy with one change."""
    done = []

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith(part) or not re.search(old, content):
            return content
        done.append(name)
        return re.sub(old, new, content, count=1)

    data = rezipped(change, copied())
    assert len(done) == 1
    return data


def test_a_copy_that_shows_the_same_is_not_read_by_its_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    report, findings, read_again, kept = read(), workbook.check(read()), [], by_label.match

    def match(*given: object, **named: object) -> Report:
        read_again.append(given)
        return kept(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(by_label, "match", match)
    copy = workbook.mark(pasted(), report, findings)
    assert not read_again
    assert workbook.parse(copy, "a.xlsx").cells == report.cells
    assert openpyxl.load_workbook(io.BytesIO(copy)).sheetnames[0] == RESULTS


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report.with_cells({"applications.received.natural": 13}),
        lambda report: replace(report, narrative={**report.narrative, "overview": "别的文字。"}),
    ],
    ids=["a number", "a text"],
)
def test_a_report_that_was_changed_since_it_was_read_is_no_longer_that_of_the_workbook(
    change: Callable[[Report], Report],
) -> None:
    report = read()
    with pytest.raises(Unreadable):
        workbook.mark(pasted(), change(report), workbook.check(report))


def test_the_same_report_of_another_object_is_marked() -> None:
    report = read()
    assert workbook.mark(pasted(), replace(report), workbook.check(report)) == copied()


CHANGES = {
    "a number": ("sheet1.xml", rb"<v>12</v>", b"<v>13</v>"),
    "a text for a number": ("sheet1.xml", rb' t="n"( s="[0-9]+")?><v>12</v>', rb' t="str"\1><v>12</v>'),
    "true for one": ("sheet2.xml", rb' t="n"><v>1</v>', b' t="b"><v>1</v>'),
    "a formula": ("sheet2.xml", rb"<f>1\+1</f>", b"<f>1+2</f>"),
    "a sheet that is shown": ("workbook.xml", rb' state="hidden"', b""),
    "a sheet of another name": ("workbook.xml", rb'name="Sheet"', b'name="Sheet1"'),
    "a name of a cell": ("workbook.xml", rb"</definedNames>", b"<definedName name='a'>Sheet!$A$1</definedName>\\g<0>"),
    "a head of a table among the marks": ("sheet3.xml", "<v>序号</v>".encode(), "<v>行政复议</v>".encode()),
}  # fmt: skip


def test_what_was_not_changed_shows_the_same() -> None:
    assert same.shows_the_same(Package(pasted(), "a.xlsx"), Package(copied(), "a.xlsx"))


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_reader_would_see_is_seen(name: str) -> None:
    changed = in_copy(*CHANGES[name])
    assert not same.shows_the_same(Package(pasted(), "a.xlsx"), Package(changed, "a.xlsx"))

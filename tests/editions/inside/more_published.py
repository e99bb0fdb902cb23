"""Published reports of three editions are told apart by their labels, and each is read with all its numbers."""

from __future__ import annotations

from contextlib import suppress
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING

import made
import pytest
from helpers import (
    BESIDE,
    CARRIERS,
    FAULTS,
    NOISES,
    PRINTED,
    SHAPES,
    SPREAD,
    WRITTEN,
    base,
    changed_page,
    chromium,
    page,
    paper,
    silent,
)
from trees import BEFORE, EDITION, ROOT

import workbook
from workbook.match import match
from workbook.report import Report, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from test_uneven import Rows

EDITIONS = (*BEFORE, EDITION)


def sound(edition: str) -> Report:
    """Return the sound base of an edition."""
    return made.sound() if edition == "2027" else base(edition)


def spoilt(edition: str, name: str, shape: str, seed: int = 0) -> Report | None:
    """Return what is read of a sound report after a noise; ``None`` where it is refused."""
    sheet = paper(sound(edition))
    with suppress(IndexError):  # a noise finds nothing that it could spoil
        NOISES[name](sheet, Random(seed))  # noqa: S311
    try:
        return match(sheet.document(shape))
    except Unreadable:
        return None


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sound_report_is_read_exactly(edition: str, carrier: str) -> None:
    wanted = sound(edition)
    report = workbook.parse(CARRIERS[carrier](wanted), f"年报.{carrier}")
    assert report.edition == edition
    assert report.cells == wanted.cells
    assert report.narrative == wanted.narrative
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert not report.reader_findings
    assert report.places.keys() >= report.cells.keys()
    assert {finding.code for finding in workbook.check(report)} == set()


def test_a_page_answers_no_further_question() -> None:
    report = workbook.parse(page(sound("2027")), "年报.html")
    assert {report.body.answer(key) for key in ("contact", "platform")} == {None}


@pytest.mark.parametrize(
    "heading", ["七、下一年度工作安排", "七、 下一年度工作安排", "（七）下一年度工作安排", "下一年度工作安排"]
)
def test_the_new_text_stands_behind_its_heading_however_it_is_numbered(heading: str) -> None:
    data = page(sound("2027")).replace("七、下一年度工作安排".encode(), heading.encode())
    assert workbook.parse(data, "年报.html").narrative == sound("2027").narrative


def test_a_page_that_a_browser_printed_is_read(tmp_path: Path) -> None:
    style = "<title>年报</title><style>table{border-collapse:collapse;break-inside:avoid}td{border:1px solid}</style>"
    wanted = sound("2027")
    with chromium() as browser:
        paper = browser.new_page()
        path = tmp_path / "年报.html"
        path.write_bytes(page(wanted).replace(b"<head>", f"<head>{style}".encode()))
        paper.goto(path.as_uri())
        data = paper.pdf(format="A4", display_header_footer=True)
    report = workbook.parse(data, "年报.pdf")
    assert report.edition == "2027"
    assert report.cells == wanted.cells
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert report.narrative == wanted.narrative


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_written_otherwise_is_read(edition: str) -> None:
    for name, shape in zip(WRITTEN, cycle(["expanded", "corners", "one sheet"])):
        report = spoilt(edition, name, shape)
        assert report is not None, (name, shape)
        assert (report.edition, report.cells) == (edition, sound(edition).cells), (name, shape)
        assert not {finding.code for finding in report.reader_findings} & {
            "table.missing", "table.row_missing", "table.unsure", "file.edition_unsure",
        }  # fmt: skip


@pytest.mark.parametrize("edition", EDITIONS)
def test_plain_text_without_blank_cells_is_read(edition: str) -> None:
    for name in WRITTEN.keys() - BESIDE:
        report = spoilt(edition, name, "ragged")
        assert report is not None, name
        assert (report.edition, report.cells) == (edition, sound(edition).cells), name


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_wrong_number_without_a_finding(edition: str) -> None:
    for seed, shape in enumerate(SHAPES):
        for name in list(NOISES)[seed % 2 :: 2] if edition == "2027" else list(NOISES)[seed :: len(SHAPES)]:
            report = spoilt(edition, name, shape, seed)
            assert report is None or not silent(sound(edition), report), (name, shape)


def test_every_report_of_the_corpus_is_of_its_own_edition() -> None:
    for case in PRINTED.values():
        read = match(paper(case.report).document("expanded"))
        assert read.edition == case.edition, str(case)
        assert "file.edition_unsure" not in {finding.code for finding in read.reader_findings}, str(case)


def test_the_examples_are_of_their_own_edition() -> None:
    for ending in ("xlsx", "json"):
        read = workbook.read(ROOT / f"examples/linan-2020.{ending}")
        assert (read.edition, read.year) == ("2019", 2020)
        again = match(paper(read).document("expanded"))
        assert (again.edition, again.cells) == ("2019", read.cells)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_no_cell_moves_to_another_column(fault: object) -> None:
    report = sound("2027")
    sizes: dict[str, list[int]] = {}
    changed_page(report, lambda key, rows: sizes.update({key: [len(row) for row in rows]}))
    places = [(key, row, at) for key, rows in sizes.items() for row, size in enumerate(rows) for at in range(size)]
    for key, row, at in places[FAULTS.index(fault) :: 3 * SPREAD]:

        def change(name: str, rows: Rows, *, key: str = key, row: int = row, at: int = at) -> None:
            if name == key:
                fault(rows[row], at)

        try:
            read = workbook.parse(changed_page(report, change), "a.html")
        except Unreadable:
            continue
        assert not silent(report, read), (key, row, at)


def test_a_rule_that_only_usually_holds_places_no_number() -> None:
    """A row that lacks a cell is not filled up so that the documents and what explains them are as many."""

    def change(name: str, rows: Rows) -> None:
        if name == "documents":
            row = next(row for row in rows if any(cell[0] == "文字解读" for cell in row))
            del row[-2]

    keys = [f"documents.read_text.{column}" for column in ("made", "repealed", "in_force")]
    report = workbook.parse(changed_page(sound("2027"), change), "年报.html")
    assert report.edition == "2027"
    assert [report.cells[key] for key in keys] == [None] * 3
    assert ("table.row_uneven", "documents.read_text") in {finding.identity for finding in report.reader_findings}


def test_a_report_of_2021_lacks_nothing_of_the_new_edition() -> None:
    """What is only in the new edition is neither asked of a report of 2021 nor put into it."""
    report = workbook.parse(page(sound("2021")), "年报.html")
    assert report.form is workbook.load_form("2021")
    assert not [finding for finding in workbook.check(report) if finding.code.startswith(("table.", "cell."))]

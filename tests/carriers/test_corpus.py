"""Every report of the corpus in every carrier: what is read is what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, Case, sound
from hypothesis import given
from hypothesis import strategies as st
from published import CARRIERS, PRINTED, page, word
from workbooks import workbook_of

import workbook
from workbook.report import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sound_report_is_read_exactly(edition: str, carrier: str) -> None:
    wanted = sound(edition)
    report = workbook.parse(CARRIERS[carrier](wanted), f"年报.{carrier}")
    assert report.cells == wanted.cells
    assert report.narrative == wanted.narrative
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert not report.reader_findings
    assert report.places.keys() >= report.cells.keys()


TRIED = [(case, carrier) for carrier in CARRIERS for case in PRINTED.values()]


@pytest.mark.parametrize(("case", "carrier"), TRIED, ids=str)
def test_no_wrong_number_without_a_finding(case: Case, carrier: str) -> None:
    try:
        report = workbook.parse(CARRIERS[carrier](case.report), f"年报.{carrier}")
    except Unreadable:
        return
    findings = workbook.check(report)
    told = {finding.at for finding in findings} | {cell.cell for finding in findings for cell in finding.cells}
    for key, value in case.report.cells.items():
        found = report.cells[key]
        lines = {key, key.rpartition(".")[0], key.partition(".")[0]}
        if isinstance(value, str):  # a notation: told where it was read as a number, else the text it is
            assert str(found) == value or key in told or (found is None and lines & told), (key, value, found)
        else:
            assert found == value or (found is None and lines & told), (key, value, found)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_printed_workbook_is_read_or_told(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    wanted = sound(edition)
    (tmp_path / "a.xlsx").write_bytes(workbook_of(wanted))
    libreoffice.export(tmp_path / "a.xlsx", tmp_path / "a.pdf", "calc_pdf_Export")
    report = workbook.read(tmp_path / "a.pdf")
    findings = workbook.check(report)
    told = {finding.at for finding in findings} | {cell.cell for finding in findings for cell in finding.cells}
    read = 0
    for key, value in wanted.cells.items():
        lines = {key, key.rpartition(".")[0], key.partition(".")[0]}
        assert report.cells[key] == value or (report.cells[key] is None and lines & told), (
            key,
            value,
            report.cells[key],
        )
        read += report.cells[key] == value
    assert read > len(wanted.cells) // 2


HOSTILE = {
    "wide page": b"<table><tr>" + b'<td colspan="100000000" rowspan="99999999">1</td>' * 50 + b"</tr></table>",
    "deep page": b"<html><body>" + b"<div>" * 20_000 + b"x",
    "entities": b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><html>&b;</html>",
    "many tables": b"<html>" + b"<table><tr><td>1</td></tr></table>" * 20_000,
    "long line": b"\t" + b"1\t" * 300_000,
    "many lines": b"\t1\n" * 300_000,
    "pipes": b"|" * 500_000,
    "no pdf": b"%PDF-1.7\n" + b"x" * 100_000,
    "no letters": bytes(range(1, 256)) * 2_000,
    "cut word": word(sound("2021"))[:20_000],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_nothing_hangs(name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(HOSTILE[name], "x")
    assert refusal.value.findings[0].code.startswith("file.")


@given(st.data())
def test_a_page_that_was_cut_or_changed_gives_no_wrong_number_silently(data: st.DataObject) -> None:
    wanted = sound("2021")
    whole = PAGE
    start = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(1, 400))
    try:
        report = workbook.parse(whole[:start] + whole[start + cut :], "x.html")
    except Unreadable:
        return
    if report.edition == "2021":
        told = {finding.at for finding in workbook.check(report)}
        wrong = [key for key, value in report.cells.items() if value is not None and value != wanted.cells[key]]
        assert not wrong or told, wrong


PAGE = page(sound("2021"))

"""What a reader of a page or a printed workbook does not see is not read, and what is left out of a cell is told."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from browser import chromium
from cases import EDITIONS
from hypothesis import given
from hypothesis import strategies as st
from looks import KEY, NUMBER, REPORT, told
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from published import page
from strategies import examples, sound_reports
from workbooks import workbook_of

import workbook
from workbook.carriers.page.page import read_html
from workbook.report import Report
from workbook.report.marks import as_mark, without_notes

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

SHEET = """<style>
.no-see{display:none} td .deep>b{visibility:hidden} #odd{font-size:0} .white{color:#fff}
.cut{text-decoration:line-through}
@media print{.screen{display:none}} @media screen{.paper{display:none}} .up{vertical-align:super}
.tiny{font-size:.5px} .clip{position:absolute;clip:rect(0 0 0 0)} .off{position:absolute;left:-9999px}
.clear{color:rgba(0,0,0,0)} .back{background:#123;color:#112233} .added::after{content:"7"} [data-no]{opacity:0}
.won{display:none} td .won{display:inline!important} .lost{display:none!important} td .lost{display:inline}
.inside{color:red} .inside:first-child{display:none} .squeezed{display:inline-block;width:0;overflow:hidden}
</style>"""

# What stands beside the number, whether something is told of the cell, and what is read where it is not the number.
BESIDE = {
    "raised": ("{n}<sup>7</sup>", "cell.notation"),
    "lowered": ("{n}<sub>7</sub>", "cell.notation"),
    "raised before": ("<sup>7</sup>{n}", "cell.notation"),
    "raised in brackets": ("{n}<sup>[7]</sup>", "cell.notation"),
    "raised link": ("{n}<a href='#1'><sup><b>7</b></sup></a>", "cell.notation"),
    "raised by class": ("{n}<span class=up>7</span>", "cell.notation"),
    "raised by style": ("{n}<span style='position:relative;top:-4px;font-size:8px'>7</span>", "cell.notation"),
    "raised sign": ("{n}②", "cell.notation"),
    "star": ("{n}*", "cell.notation"),
    "number in brackets": ("{n}[7]", "cell.notation"),
    "ruby": ("<ruby>{n}<rp>(</rp><rt>7</rt><rp>)</rp></ruby>", "cell.notation"),
    "s": ("<s>7</s>{n}", "cell.left_out"),
    "strike": ("<strike>7</strike>{n}", "cell.left_out"),
    "del and ins": ("<del>7</del><ins>{n}</ins>", "cell.left_out"),
    "struck by style": ("<span style='text-decoration:underline line-through red'>7</span>{n}", "cell.left_out"),
    "struck by class": ("<em class=cut>7<b>7</b></em>{n}", "cell.left_out"),
    "hidden": ("<span hidden>7</span>{n}", "cell.left_out"),
    "display": ("<span style='display:none'>7</span>{n}", "cell.left_out"),
    "class": ("<span class='a no-see'>7</span>{n}", "cell.left_out"),
    "descendant": ("<span class=deep><b>7</b></span>{n}", "cell.left_out"),
    "id": ("<span id=odd>7</span>{n}", "cell.left_out"),
    "first of its kind": ("<i class=inside>7</i>{n}", "cell.left_out"),
    "important": ("<span class=lost>7</span>{n}", "cell.left_out"),
    "medium": ("<span class=paper>7</span>{n}", "cell.left_out"),
    "white": ("{n}<span class=white>7</span>", "cell.left_out"),
    "white font": ("{n}<font color=white>7</font>", "cell.left_out"),
    "ground": ("{n}<span class=back>7</span>", "cell.left_out"),
    "transparent": ("{n}<span class=clear>7</span>", "cell.left_out"),
    "opacity": ("{n}<span data-no>7</span>", "cell.left_out"),
    "tiny": ("{n}<span class=tiny>7</span>", "cell.left_out"),
    "clipped": ("{n}<span class=clip>7</span>", "cell.left_out"),
    "squeezed": ("{n}<span class=squeezed>7</span>", "cell.left_out"),
    "off the screen": ("{n}<span class=off>7</span>", "cell.left_out"),
    "picture": ("{n}<img src=7.gif>", "cell.left_out"),
    "field": ("{n}<input value=7>", "cell.left_out"),
    "hidden field": ("{n}<input type=hidden value=7>", ""),
    "spacer": ("<img src=a.gif width=1>{n}", ""),
    "comment": ("{n}<!--7-->", ""),
    "script": ("{n}<script>7</script>", ""),
    "printed only": ("<span class=screen>{n}</span>", ""),
    "shown after all": ("<span class=won>{n}</span>", ""),
}

SEEN_OTHERWISE = {
    "added by a sheet": ("<span class=added>{n}</span>", int(f"{NUMBER}7")),
    "from right to left": ("<bdo dir=rtl>{n}</bdo>", None),
    "struck out alone": ("<s>{n}</s>", None),
    "hidden alone": ("<span class=no-see>{n}</span>", None),
    "a picture alone": ("<img src=592.gif>", None),
    "a mark alone": ("<sup>{n}</sup>", None),
}


def marked(written: str) -> bytes:
    """Return a sound page in which the number is written so."""
    plain = cell(NUMBER).encode()
    whole = page(REPORT)
    assert whole.count(plain) == 1
    return whole.replace(plain, written.format(n=NUMBER).encode()).replace(b"</head>", SHEET.encode() + b"</head>")


@pytest.mark.parametrize("name", BESIDE)
def test_the_number_is_read_without_what_stands_beside_it(name: str) -> None:
    written, code = BESIDE[name]
    report = workbook.parse(marked(written), "a.html")
    assert report.cells == REPORT.cells
    assert told(report) == ({code} if code else set())
    (finding,) = [*(finding for finding in workbook.check(report) if finding.at == KEY), *([None] * (not code))]
    assert not finding or finding.cells[0].place
    if code == "cell.left_out" and "picture" not in name and "field" not in name:
        assert "7" in finding.message()
        assert "7" in finding.message("en")


@pytest.mark.parametrize("name", SEEN_OTHERWISE)
def test_what_cannot_be_read_as_it_is_seen_is_no_number(name: str) -> None:
    written, seen = SEEN_OTHERWISE[name]
    report = workbook.parse(marked(written), "a.html")
    assert report.cells[KEY] == seen or isinstance(report.cells[KEY], str)
    assert seen is not None or any(finding.level == "error" for finding in workbook.check(report) if finding.at == KEY)
    assert "cell.blank" not in told(report)


NOT_THERE = ("hidden", "display", "class", "descendant", "first of its kind", "important", "medium",
             "hidden field", "comment", "script", "printed only", "shown after all")  # fmt: skip
"""Text of which a browser itself says whether it is there; of colours, sizes and places it does not."""


def test_a_browser_shows_what_is_read(tmp_path: Path) -> None:
    label = REPORT.form.cells[KEY].row.label
    asked = (
        "label => [...document.querySelectorAll('td')].find(td => td.innerText == label).nextElementSibling.innerText"
    )
    with chromium() as program:
        shown = program.new_page()
        for name in NOT_THERE:
            (tmp_path / "a.html").write_bytes(marked(BESIDE[name][0]))
            shown.goto((tmp_path / "a.html").as_uri())
            assert shown.evaluate(asked, label).strip() == str(NUMBER), name


def test_a_dark_head_with_light_letters_is_read() -> None:
    dark = b"<style>td:not(.x){} .head{background:#0b5394 url(a.png);color:#fff} .head td{color:white}</style></head>"
    whole = page(REPORT).replace(b"</head>", dark).replace(b"<tr>", b"<tr class=head>")
    assert workbook.parse(whole, "a.html").cells == REPORT.cells
    outside = b"<link rel=stylesheet href=a.css><style>.head td{color:#fff}</style></head>"
    whole = page(REPORT).replace(b"</head>", outside).replace(b"<tr>", b"<tr class=head>")
    assert workbook.parse(whole, "a.html").cells == REPORT.cells, "a sheet outside may give the ground"
    plain = page(REPORT).replace(b"</head>", b"<style>td{color:#fff}</style></head>")
    read = workbook.parse(plain, "a.html")
    assert read.cells == REPORT.cells, "whoever makes all letters white has a dark ground somewhere"
    assert told(read) == {"cell.doubtful"}


STYLES = {
    "many steps": "<style>"
    + "".join(f"i div div div div div div b.x{at}{{color:red}}" for at in range(300))
    + "</style>",
    "siblings": "<style>b~b~b~b:nth-of-type(2n){display:none}</style>",
    "not not": "<style>" + ":not(" * 4_000 + "a" + ")" * 4_000 + "{display:none}</style>",
    "has": "<style>*:has(*:has(*)){display:none}</style>",
    "brackets": "<style>" + "(" * 200_000 + "{color:red}</style>",
    "long": "<style>" + "a{color:red}" * 200_000 + "</style>",
    "many rules": "<style>" + ".x1{width:0}" * 30_000 + "</style>",
    "many in one": "<style>.x1{" + "width:0;" * 50_000 + "}</style>",
    "many selectors": "<style>" + ",".join(f".a{at}" for at in range(15_000)) + "{width:0}</style>",
    "many attributes": "<style>" + "".join(f"[class*=q{at}]{{width:0}}" for at in range(5_000)) + "</style>",
    "long number": "<style>b{width:" + "9" * 5_000 + "px;color:rgb(" + "9" * 5_000 + ",0,0)}</style>",
    "odd media": "<style>@media " + "(" * 5_000 + "{b{width:0}}</style>",
    "long content": "<style>b:before{content:'" + "x" * 400_000 + "'}</style>",
    "nested media": "<style>" + "@media screen{" * 3_000 + "b{display:none}" + "}" * 3_000 + "</style>",
}


@pytest.mark.parametrize("name", STYLES)
def test_hostile_styles_are_refused_or_passed_over(name: str) -> None:
    body = "<div>" * 120 + "".join(f"<b class=x{at % 300}>{at}</b>" for at in range(3_000))
    data = f"<html><head>{STYLES[name]}</head><body><table><tr><td>{body}".encode()
    start = time.process_time()
    document = read_html(data, "a.html")
    assert time.process_time() - start < 5
    assert document.blocks
    alone = {finding.code for finding in document.reader_findings} == {"file.styles_left_alone"}
    assert alone is (name in {"many steps", "siblings", "long", "not not", "many rules", "many attributes"})


def cell(value: Any) -> str:
    """Return a number as the sound page writes it."""
    return f"<span>{str(value)[:2]}</span><b>{str(value)[2:]}</b>"


@examples(25)
@given(st.data())
def test_no_wrong_number_without_a_finding(data: st.DataObject) -> None:
    """Any of the noises in any cells, with any digits beside the numbers."""
    edition = data.draw(st.sampled_from(EDITIONS))
    report = data.draw(sound_reports(edition))
    keys = data.draw(st.lists(st.sampled_from(sorted(report.cells)), min_size=1, max_size=6, unique=True))
    numbers = {key: 7_000_001 + index for index, key in enumerate(keys)}
    whole = page(report.with_cells(numbers)).decode()
    codes = {}
    for key, number in numbers.items():
        written, codes[key] = BESIDE[data.draw(st.sampled_from(sorted(BESIDE)))]
        digits = data.draw(st.integers(1, 99))
        noisy = written.replace("7", str(digits)).format(n=report.cells[key])
        whole = whole.replace(cell(number), noisy)
    read = workbook.parse(whole.replace("</head>", f"{SHEET}</head>").encode(), "a.html")
    assert read.cells == report.cells
    findings = {(finding.at, finding.code) for finding in workbook.check(read)}
    assert {(key, code) for key, code in codes.items() if code} <= findings


def test_struck_out_text_between_tables_is_told() -> None:
    whole = page(REPORT).replace(b"</body>", "<p>收到<s>五</s>六件</p></body>".encode())
    report = workbook.parse(whole, "a.html")
    (finding,) = [finding for finding in workbook.check(report) if finding.code == "text.left_out"]
    assert "“五”" in finding.message()
    assert "五" not in (report.narrative["other"] or "")


# PDF
def test_letters_of_a_printed_workbook_are_read_as_they_are_seen(libreoffice: Office, tmp_path: Path) -> None:
    report = REPORT
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(report)), rich_text=True)
    rows = [
        [f"documents.{row}.{column}" for column in ("made", "repealed", "in_force")] for row in ("rules", "normative")
    ]
    sheet = book[report_sheet(report)]
    for other in book.sheetnames:
        if other != sheet.title:
            del book[other]
    at = {key: sheet[workbook.parse(workbook_of(report), "a.xlsx").places[key].address] for row in rows for key in row}
    made, repealed, in_force, *others = (at[key] for row in rows for key in row)
    made.value = CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "7"))
    repealed.value = CellRichText(TextBlock(InlineFont(strike=True), "34"), "5")
    in_force.value = CellRichText("67", TextBlock(InlineFont(vertAlign="subscript"), "8"))
    others[0].font = Font(strike=True)
    others[1].fill, others[1].font = PatternFill("solid", fgColor="FF203040"), Font(color="FF203040")
    others[2].fill, others[2].font = PatternFill("solid", fgColor="FF203040"), Font(color="FFFFFFFF")
    book.save(tmp_path / "a.xlsx")
    libreoffice.export(tmp_path / "a.xlsx", tmp_path / "a.pdf", "calc_pdf_Export")
    read = workbook.read(tmp_path / "a.pdf")
    assert [read.cells[key] for row in rows for key in row] == [
        *(12, 5, 67, None),
        *(report.cells[key] for key in rows[1][1:]),  # of the colour of its ground, but there is nothing else
    ]
    codes = {finding.at: finding.code for finding in workbook.check(read) if finding.code.startswith("cell.")}
    wanted = ["cell.notation", "cell.left_out", "cell.notation", "cell.not_taken", "cell.doubtful", None]
    assert [codes.get(key) for row in rows for key in row] == wanted


def report_sheet(report: Report) -> str:
    return workbook.parse(workbook_of(report), "a.xlsx").places["documents.rules.made"].sheet


def test_marks_are_told_from_numbers() -> None:
    for text, rest in (
        ("592¹", "592"),
        ("*4", "4"),
        ("592⁽注1⁾", "592"),
        ("①", "①"),
        ("5²9", "5²9"),
        ("592(1)", "592(1)"),
    ):
        assert without_notes(text) == rest
    assert [as_mark(text) for text in ("12", "[3]", "注1", "*")] == ["¹²", "⁽³⁾", "⁽注1⁾", "*"]

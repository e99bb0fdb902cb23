"""What was copied is read as the published schema says, and nothing that is put on the clipboard does harm."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from copies import Source, text_of, xml_of
from hypothesis import given
from hypothesis import strategies as st
from strategies import LETTERS, examples

from xlplugin import xml_spreadsheet
from xlplugin.clipboard import LIMIT, Copied, combined
from xlplugin.excel import Refusal
from xlplugin.xml_spreadsheet import ErrorValue, table

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

DAY = dt.datetime(2024, 3, 1, 13, 30)  # noqa: DTZ001 - dates in cells have no zone


def data(text: str, kind: str = "Number") -> str:
    return f'<Data ss:Type="{kind}">{text}</Data>'


def cell(text: str, attributes: str = "", kind: str = "Number") -> str:
    return f"<Cell {attributes}>{data(text, kind)}</Cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<Row {attributes}>{''.join(cells)}</Row>"


def read(body: str) -> xml_spreadsheet.Table:
    return table(xml_of([], body=body), LIMIT)


READ: list[tuple[str, dict[Any, Any]]] = [
    (row(cell("59237.244899999998")), {(0, 0): 59237.2449}),
    (row(cell("-1.5E-7"), cell(" 2 ")), {(0, 0): -1.5e-7, (0, 1): 2.0}),
    (row(cell("1", 'ss:Index="3"'), cell("2")), {(0, 2): 1.0, (0, 3): 2.0}),
    (row(cell("1"), attributes='ss:Index="4"') + row(cell("2")), {(3, 0): 1.0, (4, 0): 2.0}),
    (row(attributes='ss:Span="2"') + row(cell("2")), {(3, 0): 2.0}),
    (row(cell("1", 'ss:MergeAcross="2"'), cell("2")), {(0, 0): 1.0, (0, 3): 2.0}),
    (
        row(cell("1", 'ss:MergeAcross="1" ss:MergeDown="1"'), cell("2"))
        + row(cell("3", 'ss:Index="3"'))
        + row(cell("4")),
        {(0, 0): 1.0, (0, 2): 2.0, (1, 2): 3.0, (2, 0): 4.0},
    ),
    (row(cell("1", 'ss:MergeDown="1"'), cell("2")) + row(cell("3")), {(0, 0): 1.0, (0, 1): 2.0, (1, 1): 3.0}),
    (row("<Cell/>", '<Cell ss:StyleID="s1"/>', cell("1")), {(0, 2): 1.0}),
    (row(cell("1", kind="Boolean"), cell("0", kind="Boolean")), {(0, 0): True, (0, 1): False}),
    (row(cell("#N/A", kind="Error"), cell("#REF!", kind="String")), {(0, 0): "#N/A", (0, 1): "#REF!"}),
    (row(cell("2024-03-01T13:30:00.000", kind="DateTime")), {(0, 0): DAY}),
    (row(cell("乡镇 &lt;1&gt;&#10;&amp; 街道", kind="String")), {(0, 0): "乡镇 <1>\n& 街道"}),
    (row(cell("", kind="String"), cell("012", kind="String")), {(0, 1): "012"}),
    (row(cell("_x0041_", kind="String")), {(0, 0): "_x0041_"}),
    (row(cell("3", 'ss:Formula="=R[-1]C*2"')), {(0, 0): 3.0}),
    (row('<Cell ss:HRef="https://example.org">' + data("1") + "</Cell>"), {(0, 0): 1.0}),
    (
        row(f'<Cell>{data("1")}<Comment ss:Author="a"><ss:Data ss:Type="String">9</ss:Data></Comment></Cell>'),
        {(0, 0): 1.0},
    ),
    (row(f'<Cell>{data("1")}<NamedCell ss:Name="Print_Area"/></Cell>'), {(0, 0): 1.0}),
    (
        row(
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">甲<B>乙<Font html:Color="#FF0000">'
            "丙</Font></B>丁</ss:Data><x:PhoneticText>戊</x:PhoneticText></Cell>"
        ),
        {(0, 0): "甲乙丙丁"},
    ),
    (row(cell("1")) + '<o:Row xmlns:o="urn:other"><Cell>' + data("5") + "</Cell></o:Row>", {(0, 0): 1.0}),
]


@pytest.mark.parametrize(("body", "expected"), READ)
def test_cells_are_read_as_the_schema_says(body: str, expected: dict[Any, Any]) -> None:
    found = read(body).values
    assert found == expected
    assert [type(value) for value in found.values()] == [
        ErrorValue if str(value).startswith("#") else type(value) for value in expected.values()
    ]


def test_what_is_hidden_is_known() -> None:
    columns = '<Column/><Column ss:Hidden="1" ss:Span="1"/><Column ss:Index="6" ss:Hidden="1"/><Column ss:Width="20"/>'
    rows = (
        row(*map(cell, "123456"))
        + row(cell("7"), attributes='ss:Hidden="1"')
        + row(attributes='ss:Hidden="1" ss:Span="9"')
    )
    found = read(columns + rows)
    assert (found.hidden_columns, found.hidden_rows) == ({1, 2, 5}, {1})


@pytest.mark.parametrize("prefix", ["", "ss:"])
def test_prefixes_marks_of_utf_8_and_rubbish_behind_the_end_do_not_matter(prefix: str) -> None:
    xml = xml_of([[Source("报"), Source(2.0)]])
    if prefix:
        xml = re.sub(rb"<(/?)(?=[A-Z])", rb"<\1ss:", xml)
    for whole in (xml, b"\xef\xbb\xbf" + xml, xml + b"\0", xml + b"\0\0<Workbook>\xff"):
        assert table(whole, LIMIT).values == {(0, 0): "报", (0, 1): 2.0}


DEEP = "<B>" * 60 + "</B>" * 60
REFUSED: list[str] = [
    row(cell("50%")),
    row(cell("nan")),
    row(cell("1e999")),
    row(cell("")),
    row(cell("2", kind="Boolean")),
    row(cell("2024-13-01T00:00:00", kind="DateTime")),
    row(cell("1", kind="Money")),
    row("<Cell><Data>1</Data></Cell>"),
    row(f"<Cell>{data('1')}{data('2')}</Cell>"),
    row(cell("1", 'ss:Index="0"')),
    row(cell("1", 'ss:Index="-1"')),
    row(cell("1", 'ss:Index="二"')),
    row(cell("1", 'ss:Index="16385"')),
    row(cell("1", 'ss:Index="3"'), cell("2", 'ss:Index="2"')),
    row(cell("1", 'ss:Index="16384"'), cell("2")),
    row(cell("1"), attributes='ss:Index="1048577"'),
    row(cell("1"), attributes='ss:Index="3"') + row(cell("2"), attributes='ss:Index="3"'),
    row(attributes='ss:Span="1048576"'),
    '<Column ss:Span="16384" ss:Hidden="1"/>',
    row(cell("1", 'ss:MergeAcross="16384"')),
    "".join(
        row(cell("1", 'ss:MergeAcross="16000" ss:MergeDown="9"'), attributes=f'ss:Index="{at * 20 + 1}"')
        for at in range(9)
    ),
    row(cell("1"), attributes='ss:Index="20000"') + row(cell("1", 'ss:Index="2"')),
    row(*map(cell, ["1"] * 9_000)) * 3,
    row(f'<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">{DEEP}</ss:Data></Cell>'),
    row(cell("1")) + "</Table><Table>" + row(cell("2")),
    row(cell("&entity;", kind="String")),
    row(cell("1")) + "<Row>",
]


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_not_as_the_schema_says_is_not_read(body: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(body)


WHOLE = xml_of([[Source(1.0)]])


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\0",
        b"<a/>",
        b"PK\x03\x04",
        WHOLE[:-9],
        WHOLE.decode().encode("utf-16"),
        WHOLE.replace("台".encode(), b"\xff"),
        WHOLE.replace(b"<Workbook", b'<!DOCTYPE W [<!ENTITY a SYSTEM "file:///etc/hostname">]><Workbook', 1),
        WHOLE.replace(b"urn:schemas-microsoft-com:office:spreadsheet", b"urn:other"),
        WHOLE.replace(b'ss:ExpandedRowCount="1"', b'ss:ExpandedRowCount="1048576"'),
        WHOLE + b" " * xml_spreadsheet.BYTES,
    ],
)
def test_what_is_no_table_is_not_read(xml: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        table(xml, LIMIT)
    assert not combined("1.23", xml).exact
    with pytest.raises(Refusal, match="没有可以粘贴"):
        combined(None, xml)


CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(Source),
    st.integers(-(10**15), 10**15).map(lambda number: Source(float(number))),
    st.text(LETTERS, min_size=1, max_size=9).filter(lambda text: text.strip() and text[0] not in "#\"'").map(Source),
    st.booleans().map(Source),
    st.sampled_from(["#N/A", "#DIV/0!"]).map(Source),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(  # noqa: DTZ001
        lambda when: Source(when.replace(microsecond=0))
    ),
)
GRIDS = st.lists(st.lists(st.one_of(st.none(), CELLS), min_size=1, max_size=5), min_size=1, max_size=5)


def shape(copied: Copied) -> list[list[Any]]:
    return [[one and (one.value, one.shown) for one in line] for line in copied.rows]


def test_the_text_tells_which_rows_were_copied() -> None:
    rows = [[Source(1.25, "0.0")], [Source(2.0)], [None], [Source(3.0)], [None]]
    xml = xml_of(rows, hidden_rows={1})
    every = [[(1.25, "1.3")], [(2.0, "2")], [None], [(3.0, "3")], [None]]
    whole, filtered = text_of(rows), text_of(rows, filtered={1})
    for text in (whole, whole.rstrip(), f"{whole}\r\n\r\n"):
        copied = combined(text, xml)
        assert (copied.exact, copied.hidden, copied.left_out) == (True, (1, 0), (0, 0))
        assert shape(copied)[:4] == every[:4]
    for text in (filtered, filtered.rstrip()):
        copied = combined(text, xml)
        assert (copied.exact, copied.hidden, copied.left_out) == (True, (0, 0), (1, 0))
        assert shape(copied)[:3] == [every[0], *every[2:4]]
    assert [line[0] and line[0][0] for line in shape(combined(None, xml))] == [1.25, 2, None, 3, None]
    for other in ("1.3", "1.3\t2\t3\t4\r\n\r\n\r\n3"):
        copied = combined(other, xml)
        assert (copied.exact, copied.announced) == (False, True)


def test_cells_may_be_counted_from_the_first_of_the_sheet() -> None:
    body = row(cell("1.25", 'ss:Index="3"'), attributes='ss:Index="5"') + row(cell("2", 'ss:Index="4"'))
    copied = combined("1.3\t\r\n\t2\r\n", xml_of([], body=body, expanded=False))
    assert shape(copied) == [[(1.25, "1.3"), None], [None, (2.0, "2")]]


@examples(200)
@given(st.data())
def test_of_filtered_rows_those_are_copied_that_are_seen(data: st.DataObject) -> None:
    rows = data.draw(GRIDS)
    filtered = data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=len(rows) - 1))
    left = [line for at, line in enumerate(rows) if at not in filtered]
    width = max(map(len, rows))
    wanted = [[one and (one.value, one.seen) for one in [*line, *[None] * (width - len(line))]] for line in left]
    if any(map(any, left)):
        copied = combined(text_of(rows, filtered=filtered), xml_of(rows, filtered=filtered))
        assert copied.exact
        assert shape(copied) == wanted


def test_zeros_that_are_not_shown_are_copied() -> None:
    rows = [[Source(0.0, ";;;")], [Source(0.0, ";;;")]]
    copied = combined(text_of(rows), xml_of(rows))
    assert shape(copied) == [[(0.0, None)], [(0.0, None)]]


@examples(200)
@given(GRIDS, st.sets(st.integers(0, 4)), st.booleans())
def test_every_cell_that_is_written_is_read(rows: Any, hidden: set[int], expanded: bool) -> None:  # noqa: FBT001
    xml = xml_of(rows, hidden_rows=hidden & set(range(len(rows))), expanded=expanded)
    wanted = {
        (down, across): one.value
        for down, line in enumerate(rows)
        for across, one in enumerate(line)
        if one is not None
    }
    assert table(xml, LIMIT).values == wanted


@examples(200)
@given(GRIDS, st.data())
def test_whatever_is_on_the_clipboard_is_pasted_or_refused(rows: Any, data: st.DataObject) -> None:
    xml = bytearray(xml_of(rows))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 30))] = data.draw(
            st.one_of(st.binary(max_size=4), st.just(b'ss:Index="9"'))
        )
    try:
        copied = combined(text_of(rows), bytes(xml))
    except Refusal:
        return
    assert copied.rows


def test_libreoffice_reads_what_the_tests_write(libreoffice: Office, tmp_path: Path) -> None:
    rows = [
        [Source(59237.2449, "0.00"), Source("乡镇 <1>\n& 街道"), None, Source(value=True)],
        [None, None, Source(1 / 3), Source(DAY)],
        [Source(7.0, across=1, down=1, note="注"), None, Source(8.0), Source("#N/A")],
        [None, None, Source("9")],
    ]
    path = tmp_path / "台账.xml"
    path.write_bytes(xml_of(rows, hidden_rows={1}, hidden_columns={3}))
    with libreoffice.open(path, FilterName="MS Excel 2003 XML") as document:
        sheet = document.Sheets.getByIndex(0)
        found = sheet.getCellRangeByPosition(0, 0, 3, 3).getDataArray()
        assert [list(line) for line in found[:2]] == [
            [59237.2449, "乡镇 <1>\n& 街道", "", 1],
            ["", "", 1 / 3, (DAY - dt.datetime(1899, 12, 30)).days],  # noqa: DTZ001 - it takes the day alone
        ]
        assert (list(found[2][:3]), found[3][2]) == ([7, "", 8], "9")
        assert not sheet.Rows.getByIndex(1).IsVisible
        assert not sheet.Columns.getByIndex(3).IsVisible


def test_what_libreoffice_writes_is_read(libreoffice: Office, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    wanted = {
        (0, 0): 59237.2449,
        (0, 1): "乡镇 <1>",
        (2, 0): 5.0,
        (2, 2): "x",
        (3, 2): "y\nz",
        (5, 2): 118474.4898,
        (5, 3): "123",
    }
    for (down, across), value in wanted.items():
        sheet.cell(down + 1, across + 1).value = value
    sheet["A1"].number_format = "0.00"
    sheet["E1"], sheet["D1"] = DAY, "=1/0"
    sheet.merge_cells("A3:B4")
    sheet.row_dimensions[6].hidden = True
    book.save(tmp_path / "台账.xlsx")
    with libreoffice.open(tmp_path / "台账.xlsx") as document:
        from office import _properties

        columns = document.Sheets.getByIndex(0).Columns
        for at in range(1_000, columns.Count, 1_000):  # it cannot write more than some thousand that are alike
            columns.getByIndex(at).Width = 3_000 + at
        document.storeToURL((tmp_path / "x.xml").as_uri(), _properties(FilterName="MS Excel 2003 XML"))
    xml = (tmp_path / "x.xml").read_bytes()
    end = re.compile(rb'(?:<Row [^<>]*><Cell ss:Index="[0-9]+"/></Row>)+</Table>')  # every row of the sheet
    found = table(end.sub(b"</Table>", xml), LIMIT)
    assert found.values == {**wanted, (0, 3): "#DIV/0!", (0, 4): DAY}
    assert found.hidden_rows == {5}

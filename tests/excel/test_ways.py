"""Ways of writing a workbook that mean the same: whatever its names, prefixes, encodings and blanks, it reads alike."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from cases import sound
from packages import GOOD, TABLE, codes, in_sheet, prefixed, rezipped, wide

import workbook
from workbook.excel.reading.formulas import moved
from workbook.excel.reading.package import Package
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED = workbook.parse(GOOD, "a.xlsx")
BOOK, RELATIONS, STRINGS, STYLES = "workbook.xml", "_rels/workbook.xml.rels", "sharedStrings.xml", "styles.xml"
MAIN, STRICT = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"


def renamed(change: Callable[[str], str], source: bytes = GOOD) -> bytes:
    """Return a workbook whose parts have other names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(change(info.filename), old.read(info))
    return stream.getvalue()


def strict(markup: bytes) -> bytes:
    for old, new in ((b"spreadsheetml/2006/main", b"spreadsheetml/main"), (b"relationships", b"relationships")):
        markup = markup.replace(MAIN + old, STRICT + new)
    return markup.replace(MAIN + b"officeDocument/2006/relationships", STRICT + b"officeDocument/relationships")


def in_parts(wanted: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with all parts changed whose name ends so; each of them is."""
    done = []

    def applied(name: str, content: bytes) -> bytes:
        if not name.endswith(wanted) or name.startswith(("docProps", "xl/theme")):
            return content
        done.append(name)
        assert change(content) != content
        return change(content)

    data = rezipped(applied)
    assert done
    return data


def without_numbers(markup: bytes) -> bytes:
    """Leave the address out of each row and cell that follows the one before; blank cells stand between."""
    return re.sub(rb'<row r="[0-9]+"', b"<row", markup)


def without_addresses(markup: bytes) -> bytes:
    """Leave all addresses out of a sheet, with empty cells in the gaps."""

    def row(found: re.Match[bytes]) -> bytes:
        cells, at = b"", 0
        for letter, rest in re.findall(rb'<c r="([A-Z])[0-9]+"(.*?(?:/>|</c>))', found[2]):
            cells += b"<c/>" * (letter[0] - 65 - at) + b"<c" + rest
            at = letter[0] - 64
        return b"<row%s>%s</row>" % (found[1], cells)

    return re.sub(rb'<row r="[0-9]+"([^>]*)>(.*?)</row>', row, markup)


SPACED = re.compile(rb"<v>([^<]*)</v>")
ALL = "l"  # every name ends so

WAYS: dict[str, Callable[[], bytes]] = {
    **{f"prefix in {part}": lambda part=part: in_parts(part, prefixed) for part in (BOOK, RELATIONS, STRINGS, STYLES)},
    "prefix in sheets": lambda: in_parts("4.xml", prefixed),
    "prefix everywhere": lambda: in_parts("", prefixed),
    "strict": lambda: in_parts("", lambda part: strict(part) + b"\n"),
    "strict with prefix": lambda: in_parts("", lambda part: prefixed(strict(part), b"main")),
    "small letters": lambda: renamed(str.lower),
    "capitals": lambda: renamed(str.upper),
    "backslashes": lambda: renamed(lambda name: name.replace("/", "\\")),
    "slash in front": lambda: renamed(lambda name: f"/{name}"),
    "escapes in names": lambda: renamed(lambda name: name.replace("sheet4", "sheet%34")),
    "escapes in relations": lambda: in_parts("", lambda part: part.replace(b"/sheet4.xml", b"/sheet%34.xml") + b" "),
    "absolute targets": lambda: in_parts("workbook.xml.rels", lambda part: part.replace(b'Target="', b'Target="/xl/')),
    "roundabout targets": lambda: in_parts("workbook.xml.rels", lambda p: p.replace(b'get="', b'get="./../xl/')),
    "backslashes in targets": lambda: in_parts("workbook.xml.rels", lambda p: p.replace(b"ts/s", b"ts\\s")),
    "another place": lambda: renamed(
        lambda name: name.replace("xl/workbook.xml", "xl/workbook1.xml"),
        renamed(
            lambda name: name.replace("workbook.xml.rels", "workbook1.xml.rels"),
            in_parts("", lambda part: part.replace(b"xl/workbook.xml", b"xl/workbook1.xml") + b"\n"),
        ),
    ),
    "BOM": lambda: in_parts("", lambda part: b"\xef\xbb\xbf" + part),
    "BOM and line": lambda: in_parts("", lambda part: b"\xef\xbb\xbf\r\n" + part),
    "no declaration": lambda: in_parts("", lambda part: part.partition(b"?>")[2]),
    "single quotes": lambda: in_parts("", lambda part: part.replace(b'"1.0"', b"'1.0'", 1)),
    "comment in front": lambda: in_parts("", lambda part: part.replace(b"?>", b"?><!-- made by x -->", 1)),
    "comment between rows": lambda: in_parts("4.xml", lambda part: part.replace(b"<row", b"<!-- x --><row")),
    **{
        f"{encoding} {said}": lambda encoding=encoding, said=said: in_parts("", lambda p: wide(p, encoding, said))
        for encoding, said in (("utf-16", "UTF-16"), ("utf-16", None), ("utf-16-le", "utf-16"), ("utf-16-be", "UTF-16"))
    },
    "blanks around values": lambda: in_parts("4.xml", lambda part: SPACED.sub(rb"<v> \1\n</v>", part)),
    "blanks preserved": lambda: in_parts("4.xml", lambda p: SPACED.sub(rb'<v xml:space="preserve">\t\1 </v>', p)),
    "lines in tags": lambda: in_parts("4.xml", lambda part: part.replace(b"<c ", b"<c\n ").replace(b"<v>", b"<v\n>")),
    "lines between": lambda: in_parts("4.xml", lambda p: p.replace(b"<row", b"\n <row").replace(b"<c ", b"\n\t<c ")),
    "rows without numbers": lambda: in_parts("4.xml", without_numbers),
    "cells without addresses": lambda: in_parts("4.xml", without_addresses),
    "in the package itself": lambda: renamed(
        lambda name: name.replace("xl/", ""),
        in_parts("", lambda part: part.replace(b"xl/workbook", b"workbook").replace(b"/xl/", b"/") + b"\n"),
    ),
    "another folder": lambda: renamed(
        lambda name: name.replace("xl/", "book/"),
        in_parts("", lambda part: part.replace(b'"xl/', b'"book/').replace(b"/xl/", b"/book/") + b"\n"),
    ),
    "small addresses": lambda: in_parts("4.xml", lambda p: re.sub(rb' r="([A-Z]+)', lambda m: m[0].lower(), p)),
    "another extent": lambda: in_parts("4.xml", lambda p: re.sub(rb'dimension ref="[^"]*', b'dimension ref="A1', p)),
    "an extent too large": lambda: in_parts("4.xml", lambda p: re.sub(rb'(ion ref=")[^"]*', rb"\1A1:XFD1048576", p)),
    "sections in texts": lambda: in_parts(STRINGS, lambda p: re.sub(rb"<t>([^<&]+)</t>", rb"<t><![CDATA[\1]]></t>", p)),
    "comments in texts": lambda: in_parts(STRINGS, lambda part: part.replace(b"</t>", b"<!-- 9 --></t>")),
    "texts of others": lambda: in_parts(STRINGS, lambda p: p.replace(b"</si>", b'<y:t xmlns:y="urn:y">9</y:t></si>')),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_it_reads_alike(way: str) -> None:
    report = workbook.parse(WAYS[way](), "a.xlsx")
    assert (report.cells, report.narrative, report.body, report.year) == (
        EXPECTED.cells, EXPECTED.narrative, EXPECTED.body, EXPECTED.year)  # fmt: skip
    assert report.places == EXPECTED.places
    assert not report.reader_findings


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("way", WAYS)
def test_it_can_be_marked_or_that_is_told(way: str) -> None:
    data = WAYS[way]()
    report = workbook.parse(data, "a.xlsx")
    try:
        marked = workbook.mark(data, report, workbook.check(report))
    except Unreadable as refusal:
        assert {finding.code for finding in refusal.findings} == {"file.damaged"}  # noqa: PT017
    else:
        assert workbook.parse(marked, "a.xlsx").cells == EXPECTED.cells


D6 = re.compile(rb'<c r="D6"[^>]*><v>941</v></c>')


def with_d6(cell: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        old = D6.search(archive.read(TABLE))
    assert old
    return in_sheet(old[0], cell, TABLE)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="D6"><v> 941 </v></c>', 941),
        (b'<c r="D6" t="n"><v>\n941\n</v></c>', 941),
        (b'<c r="D6"><v>+941.0</v></c>', 941),
        (b'<c r="D6" t=" n"><v>941</v></c>', "941"),
        (b'<c r="D6" t="str"><f>"941"</f><v xml:space="preserve"> 941 </v></c>', " 941 "),
        (b'<c r="D6" t="inlineStr"><is><t xml:space="preserve"> 941 </t></is></c>', " 941 "),
        (b'<c r="D6" t="b"><v> 1 </v></c>', "TRUE"),
        (b'<c r="D6" t="e"><v> #N/A </v></c>', "#N/A"),
        (b'<c r="D6" t="inlineStr"><is><r><t>9</t></r><r><t>41</t></r></is></c>', "941"),
        (b'<c r="D6" t="d"><v>2024-01-05</v></c>', "2024-01-05"),
    ],
)
def test_values_of_every_kind_may_have_blanks_around(cell: bytes, value: object) -> None:
    assert workbook.parse(with_d6(cell), "a.xlsx").cells["applications.received.natural"] == value


def test_a_text_may_have_signs_that_are_escaped() -> None:
    cell = b'<c r="D6" t="inlineStr"><is><t>a_x0041__x4E2D__x0001__xD800__x005F_x0041_</t></is></c>'
    assert workbook.parse(with_d6(cell), "a.xlsx").cells["applications.received.natural"] == "aA中_xD800__x0041_"


def test_a_text_may_have_blanks_around_its_number() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        texts = archive.read("xl/sharedStrings.xml").count(b"<si>")
    assert codes(with_d6(b'<c r="D6" t="s"><v> %d </v></c>' % texts)) == ["file.damaged"]
    for index in (b"-1", b"x", b"1.0", b"99999999999"):
        assert codes(with_d6(b'<c r="D6" t="s"><v> %s </v></c>' % index)) == ["file.damaged"]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "document type in UTF-16": lambda: in_parts("4.xml", lambda p: wide(
        p.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY e "9">]><worksheet', 1), "utf-16", "UTF-16")),
    "document type behind a prefix": lambda: in_parts(STRINGS, lambda p: prefixed(p).replace(
        b"<x:sst", b"<!DOCTYPE a><x:sst")),
    "UTF-16 that says GBK": lambda: in_parts("4.xml", lambda p: wide(p, "utf-16", "GBK")),
    "UTF-16 that says UTF-8": lambda: in_parts("4.xml", lambda p: wide(p, "utf-16", "UTF-8")),
    "UTF-32": lambda: in_parts("4.xml", lambda p: wide(p, "utf-32", "UTF-32")),
    "half a sign": lambda: in_parts("4.xml", lambda p: wide(p, "utf-16", "UTF-16") + b"<"),
    "two names that are one": lambda: renamed(lambda n: n.replace("docProps/app.xml", "XL\\Worksheets\\SHEET4.xml")),
    "two names by escape": lambda: renamed(lambda n: n.replace("docProps/app.xml", "xl/worksheets/sheet%34.xml")),
    "two parts of texts": lambda: in_parts("workbook.xml.rels", lambda p: p.replace(
        b"</Relationships>", re.search(rb'<Relationship [^>]*sharedStrings"[^>]*>', p)[0].replace(  # type: ignore[index]
            b'Id="', b'Id="x').replace(b"sharedStrings.xml", b"worksheets/sheet4.xml") + b"</Relationships>")),
    "a comment in a number behind a prefix": lambda: in_parts("5.xml", lambda p: prefixed(p).replace(
        b"<x:v>941", b"<x:v>9<!-- -->41", 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_programs_differ_in_is_still_refused(name: str) -> None:
    assert codes(HOSTILE[name]()) == ["file.damaged"]


def test_the_relations_say_where_the_texts_are() -> None:
    """A part of the usual name that nothing leads to is no part of the workbook."""
    moved_texts = in_parts("workbook.xml.rels", lambda part: part.replace(b"sharedStrings.xml", b"texts.xml"))
    data = renamed(lambda name: name.replace("sharedStrings", "texts"), moved_texts)
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s"/>' % (MAIN + b"spreadsheetml/2006/main"))
    assert not Package(stream.getvalue(), "a.xlsx").plain
    assert workbook.parse(stream.getvalue(), "a.xlsx").narrative == EXPECTED.narrative


def shared(*, plain: bool) -> bytes:
    """Return the workbook whose totals of two rows share a formula, without results."""
    row = rb'<c r="J%d"( s="[0-9]+")?><f>[^<]*</f><v>[^<]*</v></c>'

    def change(name: str, content: bytes) -> bytes:
        if name != TABLE:
            return content
        content = re.sub(row % 6, rb'<c r="J6"\1><f t="shared" ref="J6:J7" si="0">SUM(D6:I6)</f></c>', content)
        content = re.sub(row % 7, rb'<c r="J7"\1><f t="shared" si="0"/></c>', content)
        return content if plain else prefixed(content)

    return rezipped(change)


@pytest.mark.parametrize("plain", [True, False])
def test_a_cell_that_shares_a_formula_has_its_own(plain: bool) -> None:  # noqa: FBT001
    report = workbook.parse(shared(plain=plain), "a.xlsx")
    assert report.cells == EXPECTED.cells
    assert [finding.code for finding in report.reader_findings] == ["total.not_calculated"]


def test_a_shared_formula_whose_home_is_on_another_sheet_is_told() -> None:
    data = with_d6(b'<c r="D6"><f t="shared" si="7"/></c>')
    assert "cell.not_calculated" in codes(data)


@pytest.mark.parametrize(
    ("formula", "there"),
    [
        ("SUM(D6:I6)", "SUM(E8:J8)"),
        ("$D6+D$6+$D$6", "$D8+E$6+$D$6"),
        ("'a D6'!D6&\"D6\"", "'a D6'!E8&\"D6\""),
        ("LOG10(D6)+T.D6+D6_x+_D6", "LOG10(E8)+T.D6+D6_x+_D6"),
    ],
)
def test_a_formula_moves_with_its_cell(formula: str, there: str) -> None:
    assert moved(formula, 2, 1) == there


def test_the_parser_and_the_quick_way_read_the_kit_s_own_workbooks_alike() -> None:
    for edition in ("2019", "2021"):
        data = workbook.write(sound(edition))
        odd = renamed(lambda name: name.replace("xl/styles", "xl/Styles"), data)
        assert Package(data, "a.xlsx").plain > Package(odd, "a.xlsx").plain
        assert workbook.parse(odd, "a.xlsx").cells == workbook.parse(data, "a.xlsx").cells

"""What a part says of its encoding is settled before anything parses it: UTF-8, or a refusal that names the part."""

from __future__ import annotations

import io
import zipfile

import pytest
from cases import of_office
from command import nianbao
from packages import GOOD, rezipped
from sizes import of_several_users
from workbooks import workbook_of

import workbook
from workbook.exits import UNREADABLE
from workbook.intake.archive import vet_encoding
from workbook.report import Unreadable

UNKNOWN = ("UTF8X", "GBK", "gb2312", "utf-7", "rot13", "idna", "hex", "cp037", "utf-16", "iso-8859-1", "windows-1252")
READ = ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml")
EDITED = ("[Content_Types].xml", "xl/theme/theme1.xml", "docProps/core.xml", "docProps/app.xml")
TABLE, GUIDE = "xl/worksheets/sheet5.xml", "xl/worksheets/sheet1.xml"


def declared(encoding: str, name: str) -> bytes:
    """Return the good workbook with a part that declares another encoding."""

    def change(part: str, content: bytes) -> bytes:
        if part != name:
            return content
        changed = content.replace(b'encoding="UTF-8"', b'encoding="%s"' % encoding.encode(), 1)
        assert changed != content or encoding == "UTF-8"
        return changed

    return rezipped(change)


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        workbook.parse(data, "a.xlsx")
    assert [finding.code for finding in caught.value.findings] == ["file.damaged"]
    return caught.value.findings[0].message()


@pytest.mark.parametrize("encoding", UNKNOWN)
@pytest.mark.parametrize("part", [*READ, TABLE])
def test_no_part_that_is_read_is_in_another_encoding(part: str, encoding: str) -> None:
    message = refused(declared(encoding, part))
    assert part in message
    assert encoding in message


@pytest.mark.parametrize("encoding", UNKNOWN)
@pytest.mark.parametrize("part", [*EDITED, GUIDE])
def test_nor_is_one_that_is_written_anew(part: str, encoding: str) -> None:
    data = of_several_users(lambda _: declared(encoding, part), 0)
    report = workbook.parse(data, "a.xlsx")
    with pytest.raises(Unreadable) as caught:
        workbook.mark(data, report, workbook.check(report))
    assert [finding.code for finding in caught.value.findings] == ["file.damaged"]
    assert part in caught.value.findings[0].message()


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "utf8", "US-ASCII", "ascii"])
@pytest.mark.parametrize("part", [*READ, TABLE])
def test_all_names_of_utf_8_and_what_it_contains_are_read(part: str, encoding: str) -> None:
    assert workbook.parse(declared(encoding, part), "a.xlsx").cells == workbook.parse(GOOD, "a.xlsx").cells


@pytest.mark.parametrize(
    "part",
    [
        b"<a/>",
        b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>",
        b'\n<?xml version="1.1"\n\tencoding = "UTF-8"?>\n<?xml-stylesheet href="GBK"?><a/>',
        b"\x89PNG\0\0 with <?xml version='1.0' encoding='GBK'?> inside",
        b"\0\0\1\0 an icon",
        b"",
    ],
)
def test_what_is_vetted_may_be_anything(part: bytes) -> None:
    vet_encoding(part, "a.xml", "a.xlsx")


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"' + b" " * 500 + b'encoding="GBK"?><a/>',
        b"<!-- --><?xml version='1.0' encoding='GBK'?><a/>",
        b"<?xml version='1.0'?><?xml version='1.0' encoding='GBK'?><a/>",
        b"<?xml encoding='UTF-8' encoding='GBK' version='1.0'?><a/>",
        *('<?xml version="1.0"?><a/>'.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037")),
    ],
)
def test_no_way_of_declaring_it_gets_through(part: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        vet_encoding(part, "a.xml", "a.xlsx")
    assert "a.xml" in caught.value.findings[0].message()


def test_a_document_of_another_kind_is_vetted_alike() -> None:
    def package(**parts: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name.replace("_", "/", 1).replace("_", "."), content)
        return stream.getvalue()

    odd = b'<?xml version="1.0"' + b" " * 500 + b'encoding="GBK"?><a/>'
    assert "word/document.xml: in GBK" in refused(package(word_document_xml=odd))
    ods = io.BytesIO()
    with zipfile.ZipFile(ods, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", odd)
    assert "content.xml: in GBK" in refused(ods.getvalue())


@pytest.mark.parametrize("processes", ["1", "2"])
def test_it_stops_no_folder(tmp_path, processes: str) -> None:  # noqa: ANN001
    for name, data in {
        "a.xlsx": GOOD,
        "b.xlsx": declared("UTF8X", TABLE),
        "c.xlsx": workbook_of(of_office("乙局")),
    }.items():
        (tmp_path / name).write_bytes(data)
    run = nianbao("convert", ".", "-o", "out", "--jobs", processes, cwd=tmp_path)
    assert run.code == UNREADABLE
    assert "file.damaged" in run.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.json", "c.json"]

"""What a file is, is asked once: the table of kinds, CSV as one of them, and names that end as another kind."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import published
import pytest
from cases import EDITIONS, sound
from command import nianbao
from workbooks import workbook_of

import workbook
from workbook.intake.delimited import delimiter
from workbook.intake.kinds import KINDS, KNOWN, endings, kind_of
from workbook.output import FORMATS
from workbook.report import Unreadable


@pytest.mark.parametrize("square", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_csv_is_read_cell_by_cell(edition: str, mark: str, encoding: str, *, square: bool) -> None:
    report = sound(edition)
    read = workbook.parse(published.delimited(report, mark, square=square).encode(encoding), "年报.csv")
    assert (read.cells, read.narrative, read.year, read.body.name) == (
        report.cells,
        report.narrative,
        report.year,
        report.body.name,
    )
    assert not workbook.check(read)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_row_with_a_value_less_or_more_gives_no_wrong_number(edition: str) -> None:
    report = sound(edition)
    lines = list(csv.reader(io.StringIO(published.delimited(report))))
    rows = [at for at, line in enumerate(lines) if sum(field.isdigit() for field in line) > 2]
    assert len(rows) > 20
    for at in rows:
        first = next(index for index, field in enumerate(lines[at]) if field.isdigit())
        for change in (lines[at][:first] + lines[at][first + 1 :], [*lines[at][:first], "7", *lines[at][first:]]):
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows([*lines[:at], change, *lines[at + 1 :]])
            read = workbook.parse(stream.getvalue().encode(), "年报.csv")
            assert {key for key, value in read.cells.items() if value not in {report.cells[key], None}} == set()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b,c\n" + "x,1,2\n" * 5, ","),
        ("a;b;c\n" + "x;1,5;2\n" * 5, ";"),
        ('a\tb\tc\n"x\ny"\t1\t2\n' + "x\t1\t2\n" * 5, "\t"),
        ("x\t1\t2\n" * 9, None),  # TABs alone tell the cells of a text
        ("One, two, three.\n" * 9, None),
        ("甲局，乙局，共3件；1,234件，\n" * 9, None),
        ("x,1,2\n" * 4, None),
        ("一段文字。\n" * 20 + "x,1,2\n" * 6, None),
        ("", None),
    ],
)
def test_what_separates_values(text: str, mark: str | None) -> None:
    assert delimiter(text) == mark


def test_a_text_that_is_no_table_is_read_as_before() -> None:
    report = sound("2021")
    assert kind_of(published.text(report), "a.csv").key == "text"
    assert kind_of(published.delimited(report).encode(), "a.txt").key == "csv"


def test_every_kind_has_endings_of_its_own_and_a_reader_that_exists() -> None:
    every = [ending for kind in KINDS for ending in kind.endings]
    assert len(set(every)) == len(every)
    assert set(endings()) <= set(KNOWN)
    assert len({kind.rank for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        module, _, function = kind.reader.partition(":")
        assert callable(getattr(__import__(module, fromlist=[function]), function))


def test_an_embedded_document_does_not_make_a_workbook_a_document() -> None:
    import zipfile

    stream = io.BytesIO(workbook_of(sound("2021")))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/embeddings/a.docx", b"PK\x03\x04 word/document.xml")
    assert kind_of(stream.getvalue(), "a.xlsx").key == "xlsx"
    assert workbook.parse(stream.getvalue(), "a.xlsx").cells == sound("2021").cells


def test_what_is_of_no_kind_is_told() -> None:
    for data, code in ((b"", "file.empty"), (b"\x89PNG\r\n\x1a\n\0\0", "file.not_a_workbook")):
        with pytest.raises(Unreadable) as refusal:
            kind_of(data, "a")
        assert refusal.value.findings[0].code == code


WRITES = {
    ("check",): {ending for written in FORMATS.values() for ending in written.endings},
    ("convert",): {".json", ".jsonl"},
    ("fill",): {".xlsx"},
    ("mark",): {".xlsx", ".xlsm"},
    ("repair",): {".xlsx"},
    ("import",): {".xlsx", ".json"},
}
"""The endings that the output of each command may have."""


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_an_output_that_ends_as_another_kind_is_refused_before_anything_is_done(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    source = tmp_path / ("年报.json" if command == ("fill",) else "年报.xlsx")
    report = sound("2021")
    source.write_bytes(workbook.to_json(report) if command == ("fill",) else workbook_of(report))
    for ending in (".pdf", ".csv", ".docx", ".xlsx", ".json", ".jsonl", ".XLAM"):
        run = nianbao(*command, str(source), "-o", f"结果{ending}", cwd=tmp_path)
        if ending in WRITES[command]:
            assert run.code == 0, run.err
            (tmp_path / f"结果{ending}").unlink()
        else:
            assert run.code == 2, ending
        assert [path.name for path in tmp_path.iterdir()] == [source.name]


def test_an_unknown_ending_and_a_folder_may_be_called_anything(tmp_path: Path) -> None:
    (tmp_path / "年报.xlsx").write_bytes(workbook_of(sound("2021")))
    assert nianbao("check", "年报.xlsx", "-o", "结果.out", cwd=tmp_path).code == 0
    assert "年报.xlsx" in (tmp_path / "结果.out").read_text(encoding="utf-8")
    (tmp_path / "各局.csv").mkdir()
    assert nianbao("convert", "年报.xlsx", "-o", "各局.csv", cwd=tmp_path).code == 0
    assert (tmp_path / "各局.csv/年报.json").is_file()


def test_kinds_are_tried_in_an_order_in_which_the_surer_stand_first() -> None:
    keys = [kind.key for kind in KINDS]
    for first, second in pairwise(["json", "xlsx", "word", "page", "csv", "text"]):
        assert keys.index(first) < keys.index(second)


def test_a_table_of_values_is_one_however_much_prose_stands_around_it() -> None:
    prose = "\n".join(["全年做了许多工作。"] * 200)
    rows = "\n".join(f"第{at}行,1,2,3" for at in range(30))
    assert delimiter(f"{prose}\n{rows}") == ","
    assert delimiter(f"{prose}\n" + "\n".join(["收到 1,234,567 件"] * 9)) is None

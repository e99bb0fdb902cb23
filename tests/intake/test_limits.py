"""Every limit of the table with a file just at it and one just beyond, made at full size, through the commands.

The cheap pairs go through all commands that read such a file; the expensive ones through one that stands for the reader
they share: ``check``, or ``mark`` where the limit is of what is edited. What ``repair`` does not believe, it saves.
"""

from __future__ import annotations

import ast
import functools
import io
import json
import random
import re
import zipfile
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cases import sound
from click.testing import CliRunner
from packages import GOOD
from pdfs import pages

import workbook
from workbook.cli import main
from workbook.exits import FAULTY, SOUND, UNREADABLE
from workbook.intake import limits
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

with zipfile.ZipFile(io.BytesIO(GOOD)) as _archive:
    HELD = {name: _archive.read(name) for name in _archive.namelist()}
TABLE, TEXTS, BOOK = "xl/worksheets/sheet5.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
STYLES = "xl/styles.xml"
WORD = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "word/document.xml": b"<a/>",
}


def zipped(parts: Mapping[str, bytes], stored: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def of_size(parts: Mapping[str, bytes], size: int) -> bytes:
    """Return a package of exactly so many bytes."""
    bare = len(zipped({**parts, "media/a.bin": b""}, "media/a.bin"))
    return zipped({**parts, "media/a.bin": b"\1" * (size - bare)}, "media/a.bin")


def inflating(size: int) -> bytes:
    """Return so many bytes that shrink to a hundredth: no part may shrink to less than a two hundredth."""
    noise = random.Random(0).randbytes(size // 100)  # noqa: S311 - it is to be the same each time
    return noise + b"\1" * (size - len(noise))


def of_content(parts: Mapping[str, bytes], size: int) -> bytes:
    """Return a package whose parts have so many bytes, inflated."""
    left, more = size - sum(map(len, parts.values())), {}
    while left > 0:
        more[f"media/{len(more)}.bin"] = inflating(min(left, 50 * 2**20))
        left -= min(left, 50 * 2**20)
    return zipped({**parts, **more})


def of_ratio(ratio: int) -> bytes:
    """Return a workbook with a part that grows so many times."""
    size, low, high = 3 * 2**20, 0, 2**16
    noise = random.Random(0).randbytes(high)  # noqa: S311 - it is to be the same each time
    while True:
        middle = (low + high) // 2
        data = zipped({**HELD, "xl/media/a.bin": noise[:middle] + b"\1" * (size - middle)})
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = size // archive.getinfo("xl/media/a.bin").compress_size
        if found == ratio:
            return data
        low, high = (middle, high) if found > ratio else (low, middle)


def changed(part: str, old: bytes, new: bytes) -> bytes:
    assert old in HELD[part]
    return zipped({**HELD, part: HELD[part].replace(old, new, 1)})


def of_parts(parts: Mapping[str, bytes], count: int) -> bytes:
    return zipped({**parts, **{f"media/{at}.bin": b"x" for at in range(count - len(parts))}})


def of_part_size(size: int) -> bytes:
    """Return a workbook whose formats have so many bytes; of a sheet those of empty cells would not count."""
    left = size - len(HELD[STYLES]) - 7
    noise = random.Random(0).randbytes(left // 2 + 1).hex().encode()  # noqa: S311 - it is to be the same each time
    return changed(STYLES, b"</styleSheet>", b"<!--%s--></styleSheet>" % noise[:left])


def of_sheets(count: int) -> bytes:
    numbers = range(900, 900 + count - HELD[BOOK].count(b"<sheet "))
    more = b"".join(b'<sheet name="n%d" sheetId="%d" r:id="rId1"/>' % (at, at) for at in numbers)
    return changed(BOOK, b"</sheets>", more + b"</sheets>")


def of_merged(count: int) -> bytes:
    has = sum(part.count(b"<mergeCell ") for part in HELD.values())
    more = b"".join(b'<mergeCell ref="B%d:C%d"/>' % (at, at) for at in range(500, 500 + count - has))
    return changed(TABLE, b"</mergeCells>", more + b"</mergeCells>")


def of_covered(count: int) -> bytes:
    has = 0
    for ref in re.findall(rb'<(?:mergeCell|hyperlink) ref="([^"]*)"', b"".join(HELD.values())):
        (one, top), (other, bottom) = (re.findall(r"([A-Z])([0-9]+)", ref.decode()) * 2)[:2]
        has += (ord(other) - ord(one) + 1) * (int(bottom) - int(top) + 1)
    return changed(TABLE, b"</mergeCells>", b'<mergeCell ref="A500:A%d"/></mergeCells>' % (499 + count - has))


def tags() -> tuple[int, int]:
    """Return how many tags the good workbook has in its cells and shared texts, and besides."""
    of_cells = sum(len(re.findall(rb"</?(?:c|v|f|is|row)[\s/>]", part)) for name, part in HELD.items() if name != TEXTS)
    of_cells += HELD[TEXTS].count(b"<")
    return of_cells, sum(part.count(b"<") for part in HELD.values()) - of_cells


def of_tags(count: int) -> bytes:
    more = b"".join(b'<brk id="%d"/>' % at for at in range(500, 500 + count - tags()[1] - 2))
    return changed(TABLE, b"</worksheet>", b"<rowBreaks>" + more + b"</rowBreaks></worksheet>")


def of_cell_tags(count: int) -> bytes:
    texts, rest = divmod(count - tags()[0], 4)
    more = b"".join(b"<si><t>%d</t></si>" % at for at in range(texts)) + b"<si/>" * rest
    return changed(TEXTS, b"</sst>", more + b"</sst>")


def of_comments(size: int) -> bytes:
    """Return a page of so many bytes; its parser takes no longer texts than ten million."""
    page = b"<html>" + (b"<!--" + b" " * 2**20 + b"-->") * ((size - 13) // (2**20 + 7))
    return page + b"<!--" + b" " * (size - len(page) - 7) + b"-->"


DOCUMENT = workbook.to_json(sound("2021"))
ALL = ("check", "convert", "mark", "fill", "repair", "import", "verify")
TAKING = ("check", "convert", "fill", "import", "verify")
READING = (*TAKING, "repair")


@dataclass(frozen=True)
class Pair:
    """How files at a limit and beyond it are made; ``sound`` says that the one at it is read as a sound report."""

    ending: str
    make: Callable[[int], bytes]
    commands: tuple[str, ...] = ("check",)
    sound: bool = True


PAIRS = {
    "FILE_LIMIT": Pair(".docx", functools.partial(of_size, WORD), sound=False),
    "WRITTEN_LIMIT": Pair(".json", lambda size: DOCUMENT + b" " * (size - len(DOCUMENT)), READING),
    "RATIO_LIMIT": Pair(".xlsx", of_ratio, (*TAKING, "mark")),
    "BOOK_FILE_LIMIT": Pair(".xlsx", functools.partial(of_size, HELD)),
    "BOOK_PART_LIMIT": Pair(".xlsx", functools.partial(of_parts, HELD), ALL),
    "BOOK_INFLATED_LIMIT": Pair(".xlsx", functools.partial(of_content, HELD)),
    "BOOK_SHEET_LIMIT": Pair(".xlsx", of_part_size),
    "BOOK_CONTENT_LIMIT": Pair(".xlsx", functools.partial(of_content, HELD), ("mark",)),
    "SHEET_COUNT_LIMIT": Pair(".xlsx", of_sheets),
    "MERGED_LIMIT": Pair(".xlsx", of_merged, ("mark",)),
    "COVERED_LIMIT": Pair(".xlsx", of_covered, ("mark",)),
    "EDITED_LIMIT": Pair(".xlsx", of_tags, ("mark",)),
    "EDITED_CELLS_LIMIT": Pair(".xlsx", of_cell_tags, ("mark",)),
    "PUBLISHED_CONTENT_LIMIT": Pair(".docx", functools.partial(of_content, WORD), sound=False),
    "PUBLISHED_PART_LIMIT": Pair(".docx", functools.partial(of_parts, WORD), TAKING, sound=False),
    "MARKUP_LIMIT": Pair(".html", of_comments, sound=False),
    "TAG_LIMIT": Pair(".html", lambda count: b"<html>" + b"<br>" * (count - 1), sound=False),
    "CELL_LIMIT": Pair(".csv", lambda count: b"1,1,1,1,1\n" * (count // 5) + b"1\n" * (count % 5), sound=False),
    "BLOCK_LIMIT": Pair(".txt", lambda count: "一段\n".encode() * count, sound=False),
    "PAGE_LIMIT": Pair(".pdf", lambda count: pages(*[b""] * count), sound=False),
    "OBJECT_LIMIT": Pair(".pdf", lambda count: b"%PDF-1.4\n" + b"1 0 obj\n" * count, sound=False),
}
READERS = {
    "tests/excel/test_package.py": {"AREA_LIMIT", "REPEATED_LIMIT"},
    "tests/carriers/test_page.py": {"SPAN_LIMIT", "PUBLISHED_TEXT_LIMIT"},
    "tests/carriers/test_page_looks.py": {name for name in vars(limits) if name.startswith("STYLE_")},
    "tests/carriers/test_pdf.py": {
        "PAGE_CONTENT_LIMIT", "DRAWING_LIMIT", "LETTER_LIMIT", "LETTERS_LIMIT", "QUOTE_LIMIT", "QUOTES_LIMIT",
        "CUT_LIMIT", "STROKE_LIMIT", "STROKES_LIMIT", "PICTURES_LIMIT", "OUTLINE_LIMIT", "CROSSING_LIMIT", "RULE_LIMIT",
    },
}  # fmt: skip
"""Limits inside a reader, of steps, cells and shapes: tried by the tests of that reader."""


def run(command: str, name: str, folder: Path) -> tuple[int, str]:
    """Run a command over a file, in this process; return its exit code and what it says."""
    more = {"check": [], "verify": ["--against", name], "convert": ["-o", "a.out.json"]}
    with chdir(folder):
        for old in (Path("out.xlsx"), Path("a.out.json")):
            old.unlink(missing_ok=True)
        done = CliRunner().invoke(main, [command, name, *more.get(command, ["-o", "out.xlsx"])])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_every_limit_is_tried() -> None:
    table = {name for name in vars(limits) if name.endswith("_LIMIT")}
    assert table == PAIRS.keys() | set().union(*READERS.values())
    assert not any(PAIRS.keys() & names for names in READERS.values())


def test_every_limit_says_what_it_counts_and_why() -> None:
    body = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body[1:]
    for number, words in zip(body[::2], body[1::2], strict=True):
        assert isinstance(number, ast.Assign)
        assert isinstance(words, ast.Expr)


@pytest.mark.parametrize("name", PAIRS)
def test_at_a_limit_a_file_is_read_and_beyond_it_refused(name: str, tmp_path: Path) -> None:
    pair, limit = PAIRS[name], getattr(limits, name)
    for count, beyond in ((limit, False), (limit + 1, True)):
        file = f"a{pair.ending}"
        (tmp_path / file).write_bytes(pair.make(count))
        for command in pair.commands:
            code, said = run(command, file, tmp_path)
            assert ("file.too_large" in said) == beyond, (command, said[-400:])
            assert code == (UNREADABLE if beyond or not pair.sound else SOUND), (command, said[-400:])


HUGE: dict[str, tuple[str, bytes, bytes]] = {
    "one over the whole sheet": (TABLE, b"</mergeCells>", b'<mergeCell ref="A500:XFD1048576"/></mergeCells>'),
    "whole columns": (TABLE, b"</mergeCells>", b'<mergeCell ref="L:XFD"/></mergeCells>'),
    "written with an entity": (TABLE, b"</mergeCells>", b'<mergeCell ref="A500&#58;XFD1048576"/></mergeCells>'),
    "in other quotes": (TABLE, b"</mergeCells>", b"<mergeCell a='>' ref = 'A500:XFD1048576'/></mergeCells>"),
    "a link over the whole sheet": (TABLE, b"</hyperlinks>", b'<hyperlink ref="A500:XFD1048576"/></hyperlinks>'),
    "60,000": (
        TABLE,
        b"</mergeCells>",
        b"".join(b'<mergeCell ref="A%d:B%d"/>' % (at, at) for at in range(500, 60_500)) + b"</mergeCells>",
    ),
    "60,000 names": (
        BOOK,
        b"</definedNames>",
        b"".join(b'<definedName name="n%d">A1</definedName>' % at for at in range(60_000)) + b"</definedNames>",
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_would_fill_the_memory_is_read_safely_or_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(changed(*HUGE[name]))
    code, said = run("mark", "a.xlsx", tmp_path)
    assert code == UNREADABLE
    assert "file.too_large" in said or "file.damaged" in said
    code, said = run("check", "a.xlsx", tmp_path)
    assert code in {SOUND, FAULTY, UNREADABLE}


TOO_LONG: dict[str, Callable[[dict], object]] = {  # type: ignore[type-arg]
    "beside a table": lambda document: document["narrative"].update(disclosure="😀" * (PARAGRAPH_LIMIT // 2 + 1)),
    "a paragraph": lambda document: document["narrative"].update(problems="长" * (PARAGRAPH_LIMIT + 1)),
    "a name": lambda document: document["body"].update(name="长" * (PARAGRAPH_LIMIT + 1)),
}


@pytest.mark.parametrize("name", TOO_LONG)
@pytest.mark.parametrize("command", ["fill", "repair", "import"])
def test_a_text_that_no_cell_can_hold_is_told_and_nothing_is_lost(command: str, name: str, tmp_path: Path) -> None:
    document = json.loads(DOCUMENT)
    TOO_LONG[name](document)
    given = json.dumps(document).encode()
    (tmp_path / "a.json").write_bytes(given)
    code, said = run(command, "a.json", tmp_path)
    assert code == FAULTY
    assert "file.not_written" in said
    assert str(PARAGRAPH_LIMIT + 1) in said
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == given

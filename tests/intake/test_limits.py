"""Every limit of the table with a file just at it and one just beyond, made at full size, through the commands.

A cheap pair of every reader goes through every command; the expensive ones through one that stands for the reader: for
``check``, or ``mark`` where the limit is of what is edited. What ``repair`` does not believe, it saves.
"""

from __future__ import annotations

import ast
import functools
import json
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import of_members
from cases import sound
from click.testing import CliRunner
from drawn_sizes import PDFS, counted, followed
from sizes import (
    BOOK,
    HELD,
    TABLE,
    WORD,
    changed,
    of_area,
    of_cell_tags,
    of_comments,
    of_content,
    of_covered,
    of_inline,
    of_merged,
    of_nesting,
    of_part_size,
    of_parts,
    of_ratio,
    of_repeated,
    of_selectors,
    of_several_users,
    of_sheet,
    of_sheets,
    of_size,
    of_steps,
    of_tags,
    of_text,
    spanned,
)

import workbook
from workbook.cli import main
from workbook.collect.register_file import parse_register
from workbook.collect.unpack import members
from workbook.exits import FAULTY, SOUND, UNREADABLE
from workbook.intake import limits
from workbook.report import Unreadable
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = workbook.to_json(sound("2021"))
ALL = ("check", "convert", "mark", "fill", "repair", "import", "verify")
TAKING = ("check", "convert", "fill", "import", "verify")
READING = (*TAKING, "repair")


@dataclass(frozen=True)
class Pair:
    """How files at a limit and beyond it are made; ``sound`` says that the one at it is read as a sound report.

    ``told`` is the code of what is said beyond it, ``refused`` whether the file is. ``counts`` stands for the commands
    at the limit where reading so much takes many seconds.
    """

    ending: str
    make: Callable[[int], bytes]
    commands: tuple[str, ...] = ("check",)
    sound: bool = True
    told: str = "file.too_large"
    refused: bool = True
    counts: Callable[[bytes], None] | None = None


PAIRS = {
    "FILE_LIMIT": Pair(".docx", functools.partial(of_size, WORD), sound=False),
    "WRITTEN_LIMIT": Pair(".json", lambda size: DOCUMENT + b" " * (size - len(DOCUMENT)), READING),
    "RATIO_LIMIT": Pair(".xlsx", of_ratio, (*TAKING, "mark")),
    "BOOK_FILE_LIMIT": Pair(".xlsx", functools.partial(of_size, HELD)),
    "BOOK_PART_LIMIT": Pair(".xlsx", functools.partial(of_parts, HELD), ALL),
    "BOOK_INFLATED_LIMIT": Pair(".xlsx", functools.partial(of_content, HELD)),
    "BOOK_SHEET_LIMIT": Pair(".xlsx", of_part_size),
    "BOOK_CONTENT_LIMIT": Pair(
        ".xlsx", functools.partial(of_several_users, functools.partial(of_content, HELD)), ("mark",)
    ),
    "SHEET_COUNT_LIMIT": Pair(".xlsx", of_sheets),
    "MERGED_LIMIT": Pair(".xlsx", functools.partial(of_several_users, of_merged), ("mark",)),
    "COVERED_LIMIT": Pair(".xlsx", functools.partial(of_several_users, of_covered), ("mark",)),
    "EDITED_LIMIT": Pair(".xlsx", functools.partial(of_several_users, of_tags), ("mark",)),
    "EDITED_CELLS_LIMIT": Pair(".xlsx", functools.partial(of_several_users, of_cell_tags), ("mark",)),
    "PUBLISHED_CONTENT_LIMIT": Pair(".docx", functools.partial(of_content, WORD), sound=False),
    "PUBLISHED_PART_LIMIT": Pair(".docx", functools.partial(of_parts, WORD), TAKING, sound=False),
    "MARKUP_LIMIT": Pair(".html", of_comments, sound=False),
    "TAG_LIMIT": Pair(".html", lambda count: b"<html>" + b"<br>" * (count - 1), sound=False),
    "CELL_LIMIT": Pair(".csv", lambda count: b"1,1,1,1,1\n" * (count // 5) + b"1\n" * (count % 5), sound=False),
    "BLOCK_LIMIT": Pair(".txt", lambda count: "一段\n".encode() * count, sound=False),
    "AREA_LIMIT": Pair(".xlsx", of_area),
    "REPEATED_LIMIT": Pair(".xlsx", of_repeated),
    "PUBLISHED_TEXT_LIMIT": Pair(".html", of_text, sound=False),
    "NESTING_LIMIT": Pair(".html", of_nesting, TAKING, sound=False),
    "STYLE_STEP_LIMIT": Pair(".html", of_steps, told="file.styles_left_alone", refused=False),
    "STYLE_SHEET_LIMIT": Pair(".html", of_sheet, told="file.styles_left_alone", refused=False),
    "STYLE_SELECTOR_LIMIT": Pair(".html", of_selectors, told="file.styles_left_alone", refused=False),
    "STYLE_INLINE_LIMIT": Pair(".html", of_inline, told="file.styles_left_alone", refused=False),
    "OBJECT_LIMIT": Pair(".pdf", lambda count: b"%PDF-1.4\n" + b"1 0 obj\n" * count, sound=False),
}
PAIRS |= {name: Pair(".pdf", make, sound=False) for name, make in PDFS.items()}
PAIRS["CUT_LIMIT"] = Pair(".pdf", PDFS["CUT_LIMIT"], sound=False, told="file.damaged")
PAIRS["LETTERS_LIMIT"] = Pair(".pdf", PDFS["LETTERS_LIMIT"], sound=False, counts=counted)
PAIRS["STROKES_LIMIT"] = Pair(".pdf", PDFS["STROKES_LIMIT"], sound=False, counts=counted)
FOLDED = {"SPAN_LIMIT": spanned, "OUTLINE_LIMIT": followed}
"""Limits beyond which something else is done than refusing or telling; each gives what is taken of so many."""


def of_register_cells(count: int) -> bytes:
    full, rest = divmod(count - 1, 100)
    return "名称\n甲局".encode() + b"," * 99 + b"\n" * (rest > 0) + b"," * (rest - 1) + (b"\n" + b"," * 99) * (full - 1)


REGISTERS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "REGISTER_SHEET_LIMIT": ("file.too_large", of_part_size),
    "REGISTER_ROW_LIMIT": ("file.too_large", lambda count: "名称".encode() + b"\n" * (count - 1) + "甲局".encode()),
    "REGISTER_CELL_LIMIT": ("file.too_large", of_register_cells),
    "REGISTER_COLUMN_LIMIT": ("file.too_large", lambda count: "名称\n甲局".encode() + b"," * (count - 1)),
    "REGISTER_TEXT_LIMIT": ("register.too_long", lambda count: f"名称\n{'长' * count}".encode()),
}
"""Limits of the register of units, each with what is told beyond it."""


def run(command: str, name: str, folder: Path) -> tuple[int, str]:
    """Run a command over a file, in this process; return its exit code and what it says."""
    more = {"check": [], "inspect": [], "verify": ["--against", name], "convert": ["-o", "a.out.json"]}
    with chdir(folder):
        for old in (Path("out.xlsx"), Path("a.out.json")):
            old.unlink(missing_ok=True)
        done = CliRunner().invoke(main, [command, name, *more.get(command, ["-o", "out.xlsx"])])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


ELSEWHERE = {"MAIL_PART_LIMIT", "BUNDLE_MANIFEST_LIMIT", "BUNDLE_LINE_LIMIT", "BUNDLE_CONTENT_LIMIT"}
"""Limits of archives and bundles: tests/collect tries them."""


def test_every_limit_is_tried() -> None:
    table = {name for name in vars(limits) if name.endswith("_LIMIT")}
    assert table == PAIRS.keys() | FOLDED.keys() | REGISTERS.keys() | ELSEWHERE
    assert len(table) == len(PAIRS) + len(FOLDED) + len(REGISTERS) + len(ELSEWHERE)


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
        data = pair.make(count)
        (tmp_path / file).write_bytes(data)
        if pair.counts and not beyond:
            pair.counts(data)
            continue
        for command in pair.commands:
            code, said = run(command, file, tmp_path)
            assert (pair.told in said) == beyond, (command, said[-400:])
            unread = (beyond and pair.refused) or not pair.sound
            assert code == (UNREADABLE if unread else SOUND), (command, said[-400:])


ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}


def of_blanks(count: int) -> bytes:
    return b" " * count


FAMILIES: dict[str, tuple[str, str, Callable[[int], bytes]]] = {
    "of a workbook": ("BOOK_PART_LIMIT", ".xlsx", PAIRS["BOOK_PART_LIMIT"].make),
    "of another workbook": ("BOOK_PART_LIMIT", ".ods", functools.partial(of_parts, ODS)),
    "of a document": ("WRITTEN_LIMIT", ".json", PAIRS["WRITTEN_LIMIT"].make),
    "of a text": ("WRITTEN_LIMIT", ".txt", of_blanks),
    "of values between commas": ("WRITTEN_LIMIT", ".csv", of_blanks),
    "of a page": ("NESTING_LIMIT", ".html", of_nesting),
    "of Word": ("PUBLISHED_PART_LIMIT", ".docx", PAIRS["PUBLISHED_PART_LIMIT"].make),
    "of a PDF": ("OBJECT_LIMIT", ".pdf", PAIRS["OBJECT_LIMIT"].make),
}
"""A limit of every reader that costs little to reach, and files for it."""


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("command", [*ALL, "inspect"])
def test_every_command_keeps_the_limits_of_every_reader(family: str, command: str, tmp_path: Path) -> None:
    name, ending, make = FAMILIES[family]
    limit = getattr(limits, name)
    for count in (limit, limit + 1):
        (tmp_path / f"a{ending}").write_bytes(make(count))
        code, said = run(command, f"a{ending}", tmp_path)
        beyond = count > limit or (command, family) == ("repair", "of Word")  # which it takes for a workbook
        assert ("超过了读取的上限" in said) == beyond, said[-400:]
        assert code == UNREADABLE or not beyond, said[-400:]


@pytest.mark.parametrize("name", REGISTERS)
def test_at_a_limit_a_register_is_read_and_beyond_it_refused(name: str) -> None:
    told, make = REGISTERS[name]
    limit = getattr(limits, name)
    for count, beyond in ((limit, False), (limit + 1, True)):
        reading = parse_register(make(count), "名册")
        assert any(finding.code == told for finding in reading.findings) == beyond
        assert not (beyond and reading.register)
        assert beyond or reading.register or make is of_part_size


def test_at_its_limit_an_archive_is_taken_apart_and_beyond_it_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(of_members(limits.MAIL_PART_LIMIT))
    assert len(members(tmp_path / "a.zip", "a.zip")) == limits.MAIL_PART_LIMIT
    (tmp_path / "b.zip").write_bytes(of_members(limits.MAIL_PART_LIMIT + 1))
    with pytest.raises(Unreadable) as refusal:
        members(tmp_path / "b.zip", "b.zip")
    assert [finding.code for finding in refusal.value.findings] == ["file.too_large"]


@pytest.mark.parametrize("name", FOLDED)
def test_beyond_a_limit_no_more_is_taken_than_at_it(name: str) -> None:
    take, limit = FOLDED[name], getattr(limits, name)
    assert [take(count) for count in (limit // 2, limit, limit + 1)] == [limit // 2, limit, limit]


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
    huge = changed(*HUGE[name])
    (tmp_path / "a.xlsx").write_bytes(huge)
    code, said = run("mark", "a.xlsx", tmp_path)
    assert code in {SOUND, UNREADABLE}  # where the part is not looked at, it stays as it is
    (tmp_path / "b.xlsx").write_bytes(of_several_users(lambda _: huge, 0))
    code, said = run("mark", "b.xlsx", tmp_path)
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

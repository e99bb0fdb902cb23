"""The report as plain text: lines of the texts behind two full-width blanks, tables as rows between pipes.

The blanks are the usual indent, and tell the reader which lines are text of the report, to be read letter by letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.carriers.text import INDENT
from workbook.intake.results import DRAFT
from workbook.printable import printable
from workbook.publish.blocks import (
    Appendix,
    CheckCode,
    Draft,
    Heading,
    Opening,
    Paragraph,
    Signature,
    TableBlock,
    Title,
)
from workbook.publish.code import LABEL
from workbook.publish.rows import rows_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.publish.blocks import Block


def write_text(blocks: Sequence[Block]) -> bytes:
    """Return the report as plain text in UTF-8 with a mark at its beginning, lines ending as on Windows."""
    lines = [line for block in blocks for line in _lines(block)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Draft():
            yield from (DRAFT, "")
        case Title(text) | Opening(text):
            yield from (printable(text), "")
        case Heading(text=text):
            yield from ("", text, "")
        case Paragraph(text=text):
            yield INDENT + text.replace("\r", " ")
        case Appendix(text, note):
            yield from ("", text, "", *([note, ""] if note else []))
        case TableBlock():
            yield from _table(block)
        case Signature(body, date):
            yield from ("", printable(body), *([date] if date else []))
        case CheckCode(code):
            yield from ("", f"{LABEL}：{code}")
        case _:
            pass


def _table(block: TableBlock) -> Iterator[str]:
    """Yield a table as a line a row; a label that reaches over several cells stands in each of them.

    A column that only continues the one before it, because other tables of the section have more, is left out.
    """
    rows = rows_of(block)
    width = max(box.column + box.across for row in rows for box in row)
    grid = [[""] * width for _ in rows]
    for box in (box for row in rows for box in row):
        for row in range(box.row, box.row + box.down):
            grid[row][box.column : box.column + box.across] = [box.text.replace("|", "\\|")] * box.across
    begun = sorted({box.column for row in rows for box in row})
    if any(label.role == "title" for label in block.printed.labels):
        yield title_of(block)
    yield from (f"| {' | '.join(cells[at] for at in begun)} |" for cells in grid)
    yield ""

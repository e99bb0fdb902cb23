"""Reads Word documents (.docx): tables with merged cells, and the text around them, all changes accepted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from workbook.archive import damaged, vet_size
from workbook.match.grid import Document
from workbook.published.blocks import Blocks
from workbook.published.limits import SPAN_LIMIT, Budget, needs_library, vet_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.published.blocks import Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE = f"{_W}val"
_PASSED = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
"""What wraps blocks, rows and cells without a meaning of its own here."""
_DROPPED = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "pPr", "tbl")) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_OFF = {"0", "false", "off"}
_LETTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_word(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a Word document.

    Raises:
        Unreadable: it is empty, encrypted, damaged, or beyond a limit.
    """
    vet_size(data, file)
    vet_archive(data, file)
    blocks = Blocks("文档", Budget(file))
    _read(_body(data, file), blocks)
    return Document(file, blocks.done)


def _body(data: bytes, file: str) -> Any:
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml import etree
    except ImportError as error:
        raise needs_library(file, "python-docx") from error
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise damaged(file, str(error)) from error
    if body is None:
        raise damaged(file, "no body")
    return body


def _read(holder: Any, blocks: Blocks) -> None:
    """Put the blocks of a body, or of a cell that holds tables, into the document.

    Markup is nested no deeper than its parser allows, which is far from where Python would give up.
    """
    for block in _children(holder):
        if block.tag == f"{_W}p":
            blocks.paragraph(_text(block))
        elif block.tag == f"{_W}tbl":
            _table(block, blocks)


def _children(holder: Any) -> Iterator[Any]:
    """Yield the children of an element, and those of what merely wraps them, in order."""
    waiting = [iter(holder)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag in _PASSED:
            waiting.append(iter(child))
        else:
            yield child


def _table(element: Any, blocks: Blocks) -> None:
    rows = [row for row in _children(element) if row.tag == f"{_W}tr" and row.find(f"{_W}trPr/{_W}del") is None]
    cells = [[cell for cell in _children(row) if cell.tag == f"{_W}tc"] for row in rows]
    frames = all(_holds_tables(cell) for row in cells for cell in row)
    table = blocks.table(frames=frames)
    for row, each in zip(rows, cells, strict=True):
        table.begin_row()
        for _ in range(_count(row.find(f"{_W}trPr/{_W}gridBefore"), 0)):
            table.put("")
        for cell in each:
            _cell(cell, table, blocks)


def _cell(cell: Any, table: Table, blocks: Blocks) -> None:
    """Put a cell into its row; one that continues a merged cell is that cell."""
    columns = _count(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
    if _continues(cell.find(f"{_W}tcPr/{_W}vMerge")) and table.extend(columns):
        return
    if _continues(cell.find(f"{_W}tcPr/{_W}hMerge")) and table.widen():
        return
    if _holds_tables(cell):
        table.put(None, columns=columns)
        _read(cell, blocks)
    else:
        table.put("\n".join(_text(part) for part in _children(cell) if part.tag == f"{_W}p"), columns=columns)


def _holds_tables(cell: Any) -> bool:
    return any(child.tag == f"{_W}tbl" for child in _children(cell))


def _continues(merge: Any) -> bool:
    return merge is not None and merge.get(_VALUE, "continue") == "continue"


def _count(element: Any, default: int) -> int:
    """Return a number of columns; the digits that matter come first."""
    value = "" if element is None else element.get(_VALUE, "")
    return min(int(value[:9]), SPAN_LIMIT) if value.isascii() and value.isdigit() else default


def _text(paragraph: Any) -> str:
    """Return the text of a paragraph as it stands when all changes are accepted."""
    letters: list[str] = []
    waiting = [iter(paragraph)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == f"{_W}t":
            letters.append(child.text or "")
        elif child.tag in _LETTERS:
            letters.append(_LETTERS[child.tag])
        elif isinstance(child.tag, str) and child.tag not in _DROPPED and not _hidden(child):
            waiting.append(iter(child))
    return "".join(letters)


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish") if run.tag == f"{_W}r" else None
    return vanish is not None and vanish.get(_VALUE, "1") not in _OFF

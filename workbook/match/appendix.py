"""What the kit puts behind a report that it publishes, on request: it repeats numbers, and is no part of the report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.match.grid import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.match.grid import Block, Cell, Document

_YEAR = r"(?:20[0-9]{2}年|本年|上年)"
_HEADING = expression(rf"\s*附\s*[：:]\s*(?:{_YEAR}\s*与\s*{_YEAR}\s*数据对照|{_YEAR}\s*数据图)\s*")


def heading(of: str) -> str:
    """Return the heading of what is put behind a report, by which readers know it.

    Args:
        of: ``2025年与2024年数据对照``, ``2025年数据图``, or with 本年 and 上年 in place of years.
    """
    return f"附：{of}"


def without_appendix(document: Document) -> tuple[Document, list[Paragraph]]:
    """Return a document up to the heading of what the kit put behind the report, and the paragraphs behind that.

    A line that is known to be text of the report is no such heading.
    """
    for at, block in enumerate(document.blocks):
        kept = _before(block)
        if kept is not None:
            behind = [each for each in document.blocks[at:] if isinstance(each, Paragraph)]
            return replace(document, blocks=[*document.blocks[:at], *kept]), behind
    return document, []


def _before(block: Block) -> list[Block] | None:
    """Return what of a block stands before the heading; ``None`` where that is not in it."""
    if isinstance(block, Paragraph):
        lines = [] if block.exact else block.text.splitlines()
        at = next((at for at, line in enumerate(lines) if _HEADING.fullmatch(line)), None)
        text = "\n".join(lines[:at])
        return None if at is None else [replace(block, text=text)] if text.strip() else []
    at = next((at for at, row in enumerate(block.rows) if _is_heading(row)), None)
    return None if at is None else [replace(block, rows=block.rows[:at])] if at else []


def _is_heading(row: Sequence[Cell]) -> bool:
    """Say whether a row of a grid has nothing in it but the heading."""
    if not any(isinstance(cell.value, str) and "附" in cell.value for cell in row):
        return False
    texts = {id(cell): cell.text for cell in row if cell.text.strip()}
    return len(texts) == 1 and bool(_HEADING.fullmatch(next(iter(texts.values()))))

"""The report as a page of its own, and as a fragment to be put into the editor of a website."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbook.printable import printable
from workbook.publish.blocks import (
    Appendix,
    ChartBlock,
    CheckCode,
    Draft,
    Heading,
    Opening,
    Paragraph,
    Signature,
    TableBlock,
    Title,
)
from workbook.publish.rows import head_rows, rows_of, title_of
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.publish.blocks import Block

_FOLDER = Path(__file__).parent
_NO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""What texts are compared without, and what would stand as a sign in a page."""
STYLE_LIMIT = 1 << 20
"""Bytes of the office's own style sheet."""


def write_page(blocks: Sequence[Block], style: tuple[bytes, str] | None = None) -> bytes:
    """Return the report as a whole page: tables with all their heads, a style for print, what it says of itself.

    Args:
        blocks: the report.
        style: content and name of the office's own style sheet, which comes after the kit's.

    Raises:
        Unreadable: the style sheet cannot be taken, and why.
    """
    own = vetted_style(*style) if style else ""
    return _rendered("page.html.jinja", blocks, first=2, style=stylesheet(), own=own)


def write_fragment(blocks: Sequence[Block]) -> bytes:
    """Return the report as a piece of a page, with a style on each of its elements and nothing else that is needed.

    The title is a heading of the second level: the first is that of the page that it is put into.
    """
    # The mark tells a browser that opens it by itself that it is UTF-8, which a piece of a page cannot say.
    return b"\xef\xbb\xbf" + _rendered("fragment.html.jinja", blocks, first=3)


def _rendered(template: str, blocks: Sequence[Block], *, first: int, **more: Any) -> bytes:
    parts = list(_parts(blocks, first))
    about: dict[str, Any] = {"title": "", "body": "", "date": "", "code": "", "draft": False}
    for part in parts:
        about |= {key: part[key] for key in part.keys() & about.keys() if key in _ABOUT.get(part["kind"], ())}
    text = templates().get_template(template).render(parts=parts, first=first, **about, **more)
    return str(text).encode()


_ABOUT = {"title": ("title",), "signature": ("body", "date"), "code": ("code",), "draft": ("draft",)}


@cache
def stylesheet() -> str:
    """Return the kit's own style sheet."""
    return (_FOLDER / "page.css").read_text("utf-8")


@cache
def templates() -> Any:
    """Return the templates of the pages, in which all that is not said to be safe is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Everything is escaped, whatever a template is called.
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _parts(blocks: Sequence[Block], first: int) -> Iterator[dict[str, Any]]:
    """Yield what the templates write, in its order; ``first`` is the level of the headings of sections."""
    level = first
    for block in blocks:
        if isinstance(block, Paragraph):
            part, level = _paragraph(block, level, first)
        else:
            part, level = _part(block), first
        yield part


def _part(block: Block) -> dict[str, Any]:
    """Return what the templates write of a block that is no line of a text."""
    part: dict[str, Any] = {}
    match block:
        case Draft():
            part = {"kind": "draft", "draft": True}
        case Title(text):
            part = {"kind": "title", "title": _safe(text)}
        case Opening(text):
            part = {"kind": "opening", "text": _safe(text)}
        case Heading(text=text):
            part = {"kind": "heading", "text": _safe(text)}
        case TableBlock():
            part = _table(block)
        case Signature(body, date):
            part = {"kind": "signature", "body": _safe(body), "date": _safe(date or "")}
        case Appendix(text, note):
            part = {"kind": "appendix", "text": _safe(text), "note": _safe(note)}
        case CheckCode(code):
            part = {"kind": "code", "code": code}
        case ChartBlock(svg=svg):
            part = {"kind": "chart", "svg": svg.decode()}
    return part


def _paragraph(block: Paragraph, level: int, first: int) -> tuple[dict[str, Any], int]:
    """Return a line of a text, and the level of heading that it stands under.

    A line that is all heading is one, of a level that does not leave out any: readers of screens go by them.
    """
    text = block.text
    if block.start and block.start == len(text):
        level = min(first + block.level - 1, level + 1)
        return {"kind": "subheading", "level": level, "text": _said(text), "part": block.level}, level
    parts: dict[str, Any] = {"begin": _said(text[: block.start]), "text": _said(text[block.start :])}
    if not text.strip():
        return {"kind": "blank"}, level
    kind: Literal["paragraph"] = "paragraph"
    return {"kind": kind, "part": block.level, "indented": text[:1].isspace(), **parts}, level


def _table(block: TableBlock) -> dict[str, Any]:
    rows, heads = rows_of(block), head_rows(block)
    return {
        "kind": "table",
        "key": block.key,
        "title": title_of(block),
        "titled": any(label.role == "title" for label in block.printed.labels),
        "doubled": any(box.whole for row in rows for box in row),
        "columns": max(box.column + box.across for row in rows for box in row),
        "heads": [row for row in rows if row[0].row < heads],
        "rows": [row for row in rows if row[0].row >= heads],
    }


def _said(text: str) -> str:
    """Return a line of a text without marks that nobody sees; marks of direction turn nothing beyond its element."""
    return text.translate(_NO_WIDTH)


def _safe(text: str) -> str:
    """Return words of one line without marks that nobody sees; what would turn or hide others is shown as a sign."""
    return printable(_said(text))


def vetted_style(data: bytes, name: str) -> str:
    """Return the text of a style sheet that can stand in a page and fetches nothing.

    Raises:
        Unreadable: it is no text, too long, ends the style itself, or fetches something.
    """
    reason = ("", "")
    try:
        text = data.decode("utf-8-sig")
    except ValueError:
        text, reason = "", ("不是 UTF-8 文字", "it is not text in UTF-8")
    lower = text.lower()
    if len(data) > STYLE_LIMIT:
        reason = ("太长", "it is too long")
    elif "<" in text or "\0" in text:
        reason = ("里面有“<”", "there is a “<” in it")
    elif "\\" in text or "@import" in lower or any(f"{name}(" in lower for name in ("url", "image-set", "src")):
        reason = ("会去取别处的内容，或写有反斜线", "it fetches something, or has a backslash")
    if reason[0]:
        raise Unreadable(make_finding("file.style_unfit", file=name, reason=reason[0], reason_en=reason[1]))
    return text

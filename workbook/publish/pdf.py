"""The report as a PDF, tagged by its producer as PDF/UA-1 asks: title, language, headings, tables with their heads.

Typst sets it and is never asked for less: without that standard it leaves characters out for which it has no font.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import CONTROLS
from workbook.extras import install
from workbook.intake.results import DRAFT_PDF, PUBLISHED
from workbook.publish import geometry as g
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
from workbook.publish.code import labelled
from workbook.publish.signs import without_turns
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.form import PrintedTable
    from workbook.publish.blocks import Block

_SOURCE = Path(__file__).with_name("report.typ")
_CJK = {
    "fang": ("FangSong", "仿宋", "仿宋_GB2312", "FangSong_GB2312", "STFangsong", "FandolFang R", "FandolFang"),
    "kai": ("KaiTi", "楷体", "楷体_GB2312", "STKaiti", "FandolKai", "LXGW WenKai", "AR PL KaitiM GB"),
    "hei": ("SimHei", "黑体", "STHeiti", "FandolHei", "Noto Sans CJK SC", "Source Han Sans SC"),
    "biaosong": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "STZhongsong", "华文中宋", "FandolSong"),
    "song": ("SimSun", "宋体", "STSong", "FandolSong"),
}
"""The fonts of each kind of type, the best first; the names are those that Typst has for them."""
_KINDS = {"fang": "仿宋", "kai": "楷体", "hei": "黑体", "biaosong": "小标宋", "song": "宋体"}
_LATIN = ("Times New Roman", "Liberation Serif")
_LAST = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "SimSun-ExtB", "Noto Sans CJK SC", "SimHei")
"""Where none of these is there, and for characters that it has not."""
_MISSING = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
_MOST = 8
"""Characters without a font that are looked for; each takes a run."""
_TABS = (
    CONTROLS | {ord("\t"): "  ", ord("\n"): " "} | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "")
)
"""Blanks and controls have no glyph; what has no width needs none."""


def write_pdf(blocks: Sequence[Block]) -> bytes:
    """Return a report as the bytes of a PDF; the same blocks and fonts give the same bytes.

    Raises:
        Unreadable: there are characters that no font here has, or the libraries are not installed.
    """
    if lacking := libraries_lacking():
        raise Unreadable(make_finding("file.pdf_needs_library", library="、".join(lacking), install=install("pdf")))
    from workbook.publish.tags import tag_row_heads

    given = _given(blocks)
    return tag_row_heads(_compiled(given), [it for it in given["blocks"] if it["kind"] == "table"])


def libraries_lacking() -> list[str]:
    """Return the libraries that make PDFs and are not installed."""
    return [name for name in ("typst", "pikepdf") if find_spec(name) is None]


def fonts_found() -> dict[str, tuple[str, bool]]:
    """Return the font that each kind of type is set in here, and whether it is of that kind; no name where none is."""
    there = set(fonts_here().families())
    found = {}
    for kind, names in _CJK.items():
        own, other = (next((name for name in some if name in there), "") for some in (names, _LAST))
        found[_KINDS[kind]] = own or other, bool(own)
    return found


def _compiled(given: Mapping[str, Any]) -> bytes:
    """Return what Typst makes of the data of a report."""
    import typst

    missing: list[str] = []
    while len(missing) < _MOST:
        inputs = {"report": json.dumps(_without(given, missing), ensure_ascii=False)}
        try:
            made = typst.compile(_SOURCE, font_paths=fonts_here(), sys_inputs=inputs, pdf_standards=["ua-1"])
        except typst.TypstError as error:
            found = [letter for text in _MISSING.findall(error.message) for letter in _unescaped(text)]
            if not found:
                raise
            if set(found) <= set(missing):
                break
            missing += [letter for letter in dict.fromkeys(found) if letter not in missing]
        else:
            if not missing:
                return bytes(made)
            break
    shown = "、".join(f"“{letter}”（U+{ord(letter):04X}）" for letter in missing)
    more, more_en = ("等", " and others") if len(missing) >= _MOST else ("", "")
    fonts = "、".join(_LAST)
    raise Unreadable(make_finding("file.fonts_missing", letters=shown + more, letters_en=shown + more_en, fonts=fonts))


@cache
def fonts_here() -> Any:
    """Return the fonts of this computer, which are looked for once."""
    import typst

    return typst.Fonts()


def _unescaped(text: str) -> str:
    """Return a text that Typst quotes as it is."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _without(data: Any, letters: Sequence[str]) -> Any:
    """Return data from whose texts some letters are gone."""
    if isinstance(data, str):
        return data.translate({ord(letter): None for letter in letters})
    if isinstance(data, dict):
        return {key: _without(value, letters) for key, value in data.items()}
    return [_without(each, letters) for each in data] if isinstance(data, list) else data


def _given(blocks: Sequence[Block]) -> dict[str, Any]:
    """Return the data of a report, its measures and fonts, as Typst is given them."""
    draft = any(isinstance(block, Draft) for block in blocks)
    given: dict[str, Any] = {
        "title": "",
        "author": "",
        "keywords": [PUBLISHED, *([DRAFT_PDF] if draft else [])],
        "draft": draft,
        "blocks": [data for block in blocks if (data := _data(block))],
        "fonts": {kind: [*_LATIN, *names, *_LAST] for kind, names in _CJK.items()},
        "measures": _MEASURES,
    }
    for data in given["blocks"]:
        match data["kind"]:
            case "title":
                given["title"] = data["text"]
            case "signature":
                given["author"] = data["body"]
            case "code":
                given["keywords"].append(data["text"])
            case _:
                pass
    return given | {"title-lines": g.title_lines(given["title"], given["author"])}


_MEASURES = {
    "paper": g.PAPER,
    "top": g.TOP,
    "bottom": g.BOTTOM,
    "left": g.LEFT,
    "right": g.RIGHT,
    "height": g.PAPER[1] - g.TOP - g.BOTTOM,
    "pitch": g.PITCH,
    "type": g.TYPE,
    "tighter": g.TIGHTER,
    "title": g.TITLE,
    "title-pitch": g.TITLE_PITCH,
    "number": g.NUMBER,
    "small": g.SMALL,
    "picture": g.PICTURE,
    "inset": g.INSET,
    "close": g.CLOSE,
}


def _data(block: Block) -> dict[str, Any]:
    """Return a block as data; nothing for what is no part of the text."""
    data: dict[str, Any] = {}
    match block:
        case Title(text):
            data = {"kind": "title", "text": _shown(text)}
        case Opening(text):
            data = {"kind": "paragraph", "level": 0, "start": "", "text": _shown(text)}
        case Heading(level, text):
            data = {"kind": "heading", "level": level, "text": _shown(text)}
        case Paragraph(text, level, start):
            data = {"kind": "paragraph", "level": level, "start": _shown(text[:start]), "text": _shown(text[start:])}
        case TableBlock():
            data = {"kind": "table", **_table(block.printed, block.values)}
        case ChartBlock(_, svg, title, desc):
            data = {"kind": "chart", "svg": svg.decode(), "alt": _shown(f"{title}。{desc}")}
        case Signature(body, date):
            data = {"kind": "signature", "body": _shown(body), "date": _shown(date or "")}
        case Appendix(text, note):
            data = {"kind": "appendix", "text": _shown(text), "note": _shown(note)}
        case CheckCode(code):
            data = {"kind": "code", "text": labelled(code)}
        case _:
            pass
    return data


def _shown(text: str) -> str:
    return without_turns(text.translate(_TABS))


def _table(table: PrintedTable, values: Mapping[str, str]) -> dict[str, Any]:
    """Return a table as the boxes that it is drawn of, row after row."""
    shape = g.columns(table, values)
    top = min(label.top for label in table.labels)
    boxes = {
        (label.top - top, label.left): _box(
            label.text, _ROLES.get(label.role, label.role), label.bottom - label.top, label.right - label.left
        )
        for label in table.labels
    }
    for key, (row, column) in table.cells.items():
        boxes[row - top, column] = _box(values.get(key, ""), "number", 0, table.wide.get(key, column) - column)
    first = min(row for row, _ in table.cells.values()) - top
    placed = [{**box, "row": row} for (row, _), box in sorted(boxes.items())]
    heads, cells = ([box for box in placed if (box["row"] < first) is head] for head in (True, False))
    looks = {"widths": shape.widths, "type": shape.type, "size": shape.size}
    looks |= {"pitch": shape.pitch, "padding": shape.padding}
    return {**looks, "heads": heads, "cells": cells}


_ROLES = {"year": "line"}
"""What labels are drawn and tagged as."""


def _box(text: str, role: str, down: int, across: int) -> dict[str, Any]:
    return {"text": _shown(text), "role": role, "down": down + 1, "across": across + 1}

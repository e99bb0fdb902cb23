"""The bytes of a text as characters: by its mark, by what it declares, as UTF-8, as GB 18030."""

from __future__ import annotations

import codecs
import re

from workbook.expression import expression

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 4096
_DECLARED = expression(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
_NAMES = {
    b"utf-8": "utf-8",
    b"utf8": "utf-8",
    b"gb2312": "gb18030",
    b"gbk": "gb18030",
    b"x-gbk": "gb18030",
    b"gb18030": "gb18030",
    b"cp936": "gb18030",
    b"big5": "big5hkscs",
}


def decode(data: bytes, *, page: bool = False) -> str | None:
    """Return a text, without its mark and with line feeds; ``None`` where it is not one.

    A page is decoded whatever it holds: browsers show a page with a few broken letters too.
    """
    text = _decoded(data, page=page)
    return None if text is None else text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, *, page: bool) -> str | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name) or (data.decode(name, "replace") if page else None)
    declared = _declared(data) if page else None
    for name in (*([declared] if declared else []), "utf-8", "gb18030"):
        text = _strict(data, name)
        if text is not None:
            return text
    return min((data.decode(name, "replace") for name in ("utf-8", "gb18030")), key=_broken) if page else None


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page declares, where it is one that Chinese pages are written in."""
    found = _DECLARED.search(data[:_HEAD])
    return _NAMES.get(found[1].lower()) if found else None


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _broken(text: str) -> int:
    return text.count("\ufffd")

"""What the kit itself writes and nobody is to take for a report: findings as pages, workbooks and JSON, and schemas."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

from workbook.expression import expression

PUBLISHED = "nianbao report"
"""What published reports say in theirs: pages, Word documents, PDFs, workbooks of the printed tables."""
RESULT = "nianbao findings"
"""What pages and workbooks of findings say in their properties."""

DRAFT = "草稿"
"""What drafts say in the properties of Word documents and workbooks, and above the title."""
DRAFT_PDF = "nianbao-draft"
"""What a PDF that is a draft has among its keywords, and the one that an office program makes of a Word document."""

_HEAD = 4096
_PAGE = expression(rb'<meta\s+name="generator"\s+content="' + RESULT.encode() + rb'"', re.IGNORECASE)
_PART, _PART_LIMIT = "docProps/core.xml", 65536
_FOUND = {"file", "findings", "sound"}
_SCHEMA = expression(r"urn:nianbao:\w+:\d{4}:\d+")


def is_result(data: bytes) -> bool:
    """Say whether the bytes of a file are a result of the kit that is no report."""
    if data.startswith(b"PK"):
        return _is_book(data)
    if data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        return _is_document(data)
    return bool(_PAGE.search(data[:_HEAD]))


_META = expression(rb'<meta\s+name="generator"\s+content="' + PUBLISHED.encode() + rb'"', re.IGNORECASE)
_CHART = b'data-nianbao="chart"'
_SITE = expression(rb"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
_ATTRIBUTE = b'data-nianbao="'
_CODE = expression("校验码：[0-9]{4}(?: [0-9]{4}){3}\\s*\\Z".encode())
_LONG = "年度,机关,表,行,列,键,数值,单位".encode()
_TAIL = 200


def is_published_by_kit(data: bytes) -> bool:
    """Say whether a file is a report as the kit publishes it, which is a result in a folder and a report by itself."""
    if data.startswith(b"PK"):
        return _is_book(data, PUBLISHED)
    if data.startswith(b"%PDF"):
        return PUBLISHED.encode() in data
    start = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _META.search(start) or start.startswith(_LONG) or _CODE.search(data[-_TAIL:]):
        return True
    if start.startswith(b"<svg"):
        return _CHART in start
    # A fragment in the page of a website is a report like any other that was published there.
    return start[:1] == b"<" and not _SITE.search(start) and _ATTRIBUTE in data and "校验码：".encode() in data


def is_data_of_kit(document: bytes, beside: bytes) -> bool:
    """Say whether a document was published together with the long CSV beside it."""
    return document.lstrip()[:1] == b"{" and beside.removeprefix(b"\xef\xbb\xbf").startswith(_LONG)


_STATUS = f"contentStatus>{DRAFT}<".encode()
_WIDE = DRAFT_PDF.encode("utf-16-be")
_HEX = re.escape(_WIDE.hex().encode())
_KEYWORDS = expression(
    rb"(?i)Keywords.{0,400}?(?:" + b"|".join((DRAFT_PDF.encode(), re.escape(_WIDE), _HEX)) + b")", re.DOTALL
)
"""Where a PDF says that it is a draft: in plain letters, in UTF-16, or in the digits of it."""


def is_draft_of_kit(data: bytes) -> bool:
    """Say whether a Word document or a PDF that the kit published, or a PDF made of such, has properties of a draft."""
    if data.startswith(b"PK"):
        core = _properties(data)
        return PUBLISHED.encode() in core and _STATUS in core
    return data.startswith(b"%PDF") and bool(_KEYWORDS.search(data))


def _is_book(data: bytes, mark: str = RESULT) -> bool:
    return mark.encode() in _properties(data)


def _properties(data: bytes) -> bytes:
    """Return the part of a package that tells who made it and what it is; empty where it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_PART) as part:
            return part.read(_PART_LIMIT)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, RuntimeError):
        return b""


def _is_document(data: bytes) -> bool:
    try:
        document: Any = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return False
    items = document if isinstance(document, list) else [document]
    return bool(items) and all(isinstance(item, dict) and _is_made(item) for item in items)


def _is_made(item: dict[str, Any]) -> bool:
    """Say whether an object tells what was found in a file, or is a schema of the kit."""
    return item.keys() >= _FOUND or bool(_SCHEMA.fullmatch(str(item.get("$id", ""))))

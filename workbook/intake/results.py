"""What the kit itself writes and nobody is to take for a report: findings as pages, workbooks and JSON, and schemas."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

PUBLISHED = "nianbao report"
"""What published reports say in theirs: pages, Word documents, PDFs, workbooks of the printed tables."""
RESULT = "nianbao findings"
"""What pages and workbooks of findings say in their properties."""

_HEAD = 4096
_PAGE = re.compile(rb'<meta\s+name="generator"\s+content="' + RESULT.encode() + rb'"', re.IGNORECASE)
_PART, _PART_LIMIT = "docProps/core.xml", 65536
_FOUND = {"file", "findings", "sound"}
_SCHEMA = re.compile(r"urn:nianbao:\w+:\d{4}:\d+")


def is_result(data: bytes) -> bool:
    """Say whether the bytes of a file are a result of the kit that is no report."""
    if data.startswith(b"PK"):
        return _is_book(data)
    if data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        return _is_document(data)
    return bool(_PAGE.search(data[:_HEAD]))


_META = re.compile(rb'<meta\s+name="generator"\s+content="' + PUBLISHED.encode() + rb'"', re.IGNORECASE)
_CHART = b'data-nianbao="chart"'
_SITE = re.compile(rb"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
_ATTRIBUTE = b'data-nianbao="'
_CODE = re.compile("校验码：[0-9]{4}(?: [0-9]{4}){3}\\s*\\Z".encode())
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


def _is_book(data: bytes, mark: str = RESULT) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_PART) as part:
            return mark.encode() in part.read(_PART_LIMIT)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, RuntimeError):
        return False


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

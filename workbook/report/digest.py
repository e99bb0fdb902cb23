"""The digest of what a report says, whatever file it stands in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.report.folding import folded

if TYPE_CHECKING:
    from workbook.report.report import Report
    from workbook.report.values import Value


def content_digest(report: Report) -> str:
    """Return the SHA-256 of edition, year, office, numbers, texts and accepted warnings, in hexadecimal digits.

    It stands in files, so what it is made of may not change: two versions of the kit must have the same.
    Texts beside tables, which older versions did not read, count only where there are any.
    """
    cells = " ".join(f"{key}={said(value)}" for key, value in sorted(report.cells.items()))
    needed = report.form.required_texts
    texts = sorted((key, text) for key, text in report.narrative.items() if text or key in needed)
    rest = json.dumps([report.year, _office(report), texts, [astuple(waiver) for waiver in report.waivers]])
    return hashlib.sha256(f"{report.edition} {cells} {rest}".encode("ascii")).hexdigest()


def cells_digest(report: Report) -> bytes:
    """Return a digest of edition and numbers alone; 0.10 is 0.1."""
    cells = " ".join(f"{key}={said(value)}" for key, value in sorted(report.cells.items()))
    return hashlib.blake2b(f"{report.edition} {cells}".encode("ascii"), digest_size=16).digest()


def texts_digest(report: Report) -> bytes:
    """Return a digest of the texts alone, as they are compared."""
    texts = json.dumps([folded(text) for _, text in sorted(report.narrative.items())])
    return hashlib.blake2b(texts.encode("ascii"), digest_size=16).digest()


def body_digest(report: Report) -> bytes:
    """Return a digest of what the cover says of the office."""
    return hashlib.blake2b(json.dumps(_office(report)).encode("ascii"), digest_size=16).digest()


def _office(report: Report) -> tuple[object, ...]:
    """Return the office as files of older versions have it: what only some editions ask stands behind."""
    *office, more = astuple(report.body)
    return (*office, *more)


def said(value: Value) -> str:
    """Return the digits of a number, 0.10 as 0.1; nothing for a blank, and what is not a number in quotes."""
    if type(value) is int:
        return str(value)
    if isinstance(value, Decimal):
        digits = f"{value:f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return json.dumps(value) if value is not None else ""

"""The check code: sixteen digits that stand on paper, by which a print can be told to be that of a report."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from workbook.match.signature import CODE_LABEL
from workbook.report.digest import said
from workbook.report.folding import folded

if TYPE_CHECKING:
    from workbook.report import Report

LABEL = CODE_LABEL
_DIGITS, _GROUP = 16, 4


def check_code(report: Report) -> str:
    """Return the check code of a report: 16 decimal digits in fours.

    It is made of edition, year, office, numbers and texts, as ``verify`` compares them, so that a published report has
    that of the workbook. It stands on paper: two versions of the kit must have the same.
    """
    cells = [[key, said(value)] for key, value in sorted(report.cells.items())]
    texts = [[key, folded(text)] for key, text in sorted(report.narrative.items()) if folded(text)]
    content = json.dumps([report.edition, report.year, folded(report.body.name), cells, texts])
    digits = f"{int(sha256(content.encode('ascii')).hexdigest(), 16) % 10**_DIGITS:0{_DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def labelled(code: str) -> str:
    """Return the line that a check code is printed in, by which readers know it."""
    return f"{LABEL}：{code}"

"""Published drafts: what they say of themselves, so that none passes for the report."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from workbook.match.texts import lines
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.match.grid import Document
    from workbook.report import Finding

MARK = "草稿"
"""What every page of a draft has across it, and what stands in the properties of its file."""
_BEGINS = re.compile(r"\s*[一二三四五六七八九十]、")
"""Where the report begins: at its first heading."""


def said(document: Document) -> Iterator[Finding]:
    """Yield that a document is a draft, where a line of it says so above the report.

    Word documents and PDFs say it behind the text and in their properties; those who read them ask these.
    """
    above = (line.text.strip() for line in takewhile(lambda line: not _BEGINS.match(line.text), lines(document)))
    if MARK in above:
        yield draft(document.file)


def draft(file: str) -> Finding:
    """Return the finding that a file is a draft."""
    return make_finding("file.printed_draft", file=file)

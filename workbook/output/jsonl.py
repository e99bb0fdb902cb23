"""Results as JSON lines: an object a file, each on a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.document.document import dump
from workbook.printable import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang


def render(results: Sequence[Result], _lang: Lang) -> bytes:
    """Return a line a file."""
    return b"".join(escaped(dump(result.as_dict(), line=True).decode()).encode() for result in results)

"""Results as JSON: an array with one object a file, every text as it was, what is not to be printed as an escape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.document.document import dump
from workbook.printable import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang


def render(results: Sequence[Result], _lang: Lang) -> bytes:
    """Return results as a JSON array."""
    return escaped(dump([result.as_dict() for result in results]).decode()).encode()

"""The day under a report, as people write it and as it is printed."""

from __future__ import annotations

import datetime as dt
import unicodedata

from workbook.report.limits import YEARS

_PATTERNS = ("%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d")


def day(asked: dt.date | str) -> str:
    """Return a day as it is printed under a report, and as readers know it there.

    Raises:
        ValueError: a text is no day, or of a year that no report is of.

    >>> day("2026-01-20"), day(dt.date(2026, 1, 20))
    ('2026年1月20日', '2026年1月20日')
    """
    found = asked if isinstance(asked, dt.date) else _read(asked)
    return f"{found.year}年{found.month}月{found.day}日"


def _read(text: str) -> dt.date:
    typed = unicodedata.normalize("NFKC", text).strip()
    for pattern in _PATTERNS:
        try:
            found = dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
        if found.year in YEARS:
            return found
    raise ValueError(f"{text} is no day; write it as 2026-01-20")

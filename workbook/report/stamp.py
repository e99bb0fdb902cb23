"""When, by which version and of which file a result was made, in one line under what people keep of it."""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.report.findings import Lang

_WORDS: Mapping[Lang, tuple[str, str, str]] = {
    "zh": ("校验日期 {}", "年报工具箱 {}", "原文件 SHA-256 {}"),
    "en": ("checked on {}", "nianbao {}", "SHA-256 of the file {}"),
}


def stamp(sha256: str | None, lang: Lang) -> str:
    """Return the line: the day, the version of the kit, and the digest of the file where there is just one.

    The day is today's where the user is, or that of ``SOURCE_DATE_EPOCH`` (seconds since 1970, UTC) where it is set.
    """
    day, kit, file = _WORDS[lang]
    parts = [day.format(_today().isoformat()), kit.format(_version())]
    return " · ".join([*parts, *([file.format(sha256)] if sha256 else [])])


def _today() -> dt.date:
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isascii() and fixed.isdigit() and len(fixed) < len(str(10**11)):
        return dt.datetime.fromtimestamp(int(fixed), tz=dt.UTC).date()
    return dt.datetime.now().astimezone().date()


@cache
def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nianbao")
    except PackageNotFoundError:  # run from a folder that was never installed
        return ""

"""Expressions that are compiled when they are first used: a run uses few of those that its modules have."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what is used as ``re.compile(pattern, flags)`` is, but for ``isinstance`` and the functions of ``re``."""
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))


class _Expression:
    """An expression; what it is first asked for is that of the compiled one, and is kept."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, found)
        return found

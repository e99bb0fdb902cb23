"""How findings are listed for people: the columns of every sheet and table of findings, their order, their heads."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.report.findings import Lang

_HEADS = {
    "level": ("级别", "Level"),
    "code": ("代码", "Code"),
    "title": ("检查项", "Check"),
    "sheet": ("工作表", "Sheet"),
    "address": ("单元格", "Cell"),
    "found": ("现有", "Found"),
    "expected": ("应有", "Expected"),
    "difference": ("差额", "Difference"),
    "message": ("问题", "Message"),
    "hint": ("怎么办", "What to do"),
    "quote": ("原文", "Quote"),
    "why": ("说明", "Reason given"),
    "at": ("位置", "Place"),
}

HEADS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": MappingProxyType({key: zh for key, (zh, _) in _HEADS.items()}),
        "en": MappingProxyType({key: en for key, (_, en) in _HEADS.items()}),
    }
)
"""The head of each column; a list may leave columns out and add its own before them, and keeps their order."""

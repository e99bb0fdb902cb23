"""How findings are shown: the columns of every list of them, and the cells that each is shown at.

Findings are dictionaries here, as ``Finding.as_dict`` gives them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from workbook.report.findings import Lang

_HEADS = {
    "level": ("级别", "Level"),
    "code": ("代码", "Code"),
    "title": ("检查项", "Check"),
    "sheet": ("工作表", "Sheet"),
    "address": ("单元格", "Cell"),
    "found": ("现有", "Found"),
    "expected": ("应有", "Expected"),
    "left": ("左边", "Left"),
    "right": ("右边", "Right"),
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


def pointed(finding: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, Any, Any]:
    """Return the cell that a line of a list leads to, what it holds and what it should hold.

    That is the one cell that is located, if there is one; else the first that the finding speaks of. Of an equation
    without a located cell no value is any cell's own.
    """
    located = finding["located"]
    if len(located) == 1:
        return located[0], located[0]["value"], located[0]["should_be"]
    return (finding["cells"] or [None])[0], finding["found"], finding["expected"]


def painted(finding: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the cells that are wrong: those that are located, else the first that a finding speaks of.

    Of an equation without a located cell none is known to be wrong.
    """
    return finding["located"] or ([] if is_equation(finding) else finding["cells"][:1])


def ringed(finding: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the cells of an equation, which together do not add up."""
    return finding["cells"] if is_equation(finding) else []


def is_equation(finding: Mapping[str, Any]) -> bool:
    """Say whether a finding is of an equation, which has two sides."""
    return finding["left"] is not None

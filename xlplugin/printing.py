"""Which sheets are the report, and what to know before they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.excel.layout import plan_of
from workbook.excel.reading.cover import Cover
from workbook.report.limits import TEMPLATE_VERSIONS
from xlplugin.excel import Refusal
from xlplugin.marks import MEMORY
from xlplugin.read import ExcelWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.excel.layout import Plan
    from workbook.report import Report
    from xlplugin.excel import Desk

_FIRST = TEMPLATE_VERSIONS[0]


@dataclass(frozen=True)
class Printing:
    """What prints: the names of the sheets as Excel prints them, from the left, and in words what is odd about it."""

    sheets: tuple[str, ...]
    oddities: tuple[str, ...]


def printing(desk: Desk, report: Report) -> Printing:
    """Return the sheets that hold the report, whatever the user calls those with tables on them.

    Raises:
        Refusal: one is missing or hidden.
    """
    plan = plan_of(report.edition, Cover(ExcelWorkbook(desk.book)).version)
    tables = {sheet.name: report.places[next(iter(sheet.tables[0].cells))].sheet for sheet in plan.sheets}
    lawful = tuple(dict.fromkeys(tables.get(name, name) for name in plan.names))
    if missing := [name for name in lawful if not desk.has(name)]:
        raise Refusal(
            f"没有工作表{_listed(missing)}，打印不全。如果改了名，请改回来，再点一次；"
            "如果不是用标准模板填的，请用“文件”里的“打印”。"
        )
    if hidden := [name for name in lawful if not desk.shows(name)]:
        raise Refusal(f"工作表{_listed(hidden)}隐藏着，打印不出来。请先取消隐藏，再点一次。")
    sheets = tuple(sheet.name for sheet in desk.book.sheets if sheet.name in lawful)
    return Printing(sheets, tuple(_oddities(desk, plan, lawful, sheets)))


def _oddities(desk: Desk, plan: Plan, lawful: tuple[str, ...], sheets: tuple[str, ...]) -> list[str]:
    words = []
    if sheets != lawful:
        words.append(f"工作表的次序动过，按现在的次序打印：{'、'.join(sheets)}。")
    if plan.version == _FIRST:
        words.append(f"这是旧模板（第 {_FIRST} 版）填的，文字都在{_listed(plan.text_sheets)}，印在统计表之后。")
        if desk.has(MEMORY):  # later versions print in black and white
            words.append("校验涂的底色会印出来；点“清除标记”就没有了。")
    return words


def _listed(names: Iterable[str]) -> str:
    return "、".join(f"「{name}」" for name in names)

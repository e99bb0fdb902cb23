"""The functions of the worksheet, as xlwings hands them to Excel; their words stand in ``definition.toml``.

On Windows a type hint of a parameter would choose a converter, so they have none. ``caller`` is the cell that asks:
xlwings fills it in, and Excel does not show it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import xlwings as xw

from workbook.excel import findings_sheet
from workbook.report import Unreadable
from xlplugin import functions
from xlplugin.check import judged
from xlplugin.excel import Desk
from xlplugin.read import settled_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.report import Finding, Report

MODULE = __name__


def _told(work: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what went wrong into a text for the cell."""

    @functools.wraps(work)
    def answer(*arguments: Any) -> Any:
        try:
            return work(*arguments)
        except functions.BadArgument as error:
            return f"参数有误：{error}"
        except Unreadable as refusal:
            return f"本工作簿读不出年报：{refusal.findings[0].message()}"
        except Exception as error:  # noqa: BLE001 - a cell can only show it
            return f"没有算出：{type(error).__name__} {error}"

    return answer


@xw.func(category="年报工具箱")
@xw.arg("received", ndim=2, err_to_str=True)
@xw.arg("brought_forward", ndim=2, err_to_str=True)
@xw.arg("concluded", ndim=2, err_to_str=True)
@xw.arg("carried_forward", ndim=2, err_to_str=True)
@_told
def NB_BALANCE(received, brought_forward, concluded, carried_forward):
    return functions.balance(received, brought_forward, concluded, carried_forward)


@xw.func(category="年报工具箱")
@xw.arg("total", ndim=2, err_to_str=True)
@xw.arg("parts", ndim=2, err_to_str=True)
@_told
def NB_TOTAL_DIFF(total, parts):
    return functions.total_difference(total, parts)


@xw.func(category="年报工具箱", volatile=True)
@_told
def NB_STATUS(caller):
    return findings_sheet.verdict(findings_sheet.causes_of(*_findings(caller)))


@xw.func(category="年报工具箱", volatile=True)
@_told
def NB_FINDINGS(code=None, caller=None):
    return functions.listing(*_findings(caller), _text(code))


@xw.func(category="年报工具箱", volatile=True)
@_told
def NB_VALUE(key, file=None, caller=None):
    return functions.value(_report(_text(file), caller), _text(key) or "")


@xw.func(category="年报工具箱")
@_told
def NB_RULE(code):
    return functions.rule(_text(code) or "")


def _text(raw: Any) -> str | None:
    if raw is not None and not isinstance(raw, str):
        raise functions.BadArgument(f"{raw}不是文字，应写成“applications.balance”这样的代码")
    return raw.strip() if raw else None


def _findings(caller: xw.Range) -> tuple[tuple[Finding, ...], str]:
    book = caller.sheet.book
    report = settled_report(book)
    return judged(Desk(book), report), report.edition


def _report(file: str | None, caller: xw.Range) -> Report:
    book = caller.sheet.book
    if file is None:
        return settled_report(book)
    return functions.report_file(file, Desk(book).path)

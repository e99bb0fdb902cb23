"""What the form says of one cell: what it takes, which rules it stands in, and whether they hold now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report import entries
from workbook.report.equations import countable_cells, judged
from workbook.report.findings import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Equation
    from workbook.report import Report

_RELATIONS = {"=": "应等于", "<=": "应不大于"}


def told(report: Report, key: str) -> str:
    """Return what the form says of a number cell, in its own words.

    Args:
        report: the report, its totals calculated.
        key: the cell, which the form has.
    """
    cell, place = report.form.cells[key], report.places[key]
    lines = [f"「{place.sheet}」{place.address}：{cell.label}", f"代码 {key}，填{cell.kind.label}。"]
    if cell.note:
        lines.append(cell.note)
    if key in report.form.calculated:
        lines.append("这一格是合计，由公式算出，不用填。")
    rules = [equation for equation in report.form.equations() if key in dict(equation.terms)]
    if not rules:
        return "\n".join([*lines, "没有与它有关的合计或平衡规则。"])
    clauses = {entry.code: entry.clause for entry in entries(report.form)}
    return "\n\n".join(["\n".join(lines), *(_rule(report, equation, clauses) for equation in rules)])


def _rule(report: Report, equation: Equation, clauses: Mapping[str, str]) -> str:
    both = judged(equation, countable_cells(report))
    clause = f"（{clauses[equation.code]}）" if clauses.get(equation.code) else ""
    if both is None:
        now = "有格子不是数，没有判断"
    else:
        holds = both[0] == both[1] if equation.rule.relation == "=" else both[0] <= both[1]
        now = f"{'✓' if holds else '✗'} 现在左边 {show(both[0])}，右边 {show(both[1])}"
    sides = f"{_side(report, equation.left)} {_RELATIONS[equation.rule.relation]} {_side(report, equation.right)}"
    return f"{equation.rule.title}{clause}\n{sides}\n{now}"


def _side(report: Report, side: tuple[tuple[str, int], ...]) -> str:
    """Return a sum of cells by their addresses."""
    words = [("＋" if sign > 0 else "－") + report.places[key].address for key, sign in side]
    return "".join(words).removeprefix("＋")

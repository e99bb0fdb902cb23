"""The sum as a report: cover of the office, sums in the tables, texts that say what was summed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report import Body, Report

if TYPE_CHECKING:
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Value

_TEXT = "本表由年报工具箱按名册汇总而成，不是正式年报。文字内容和收取信息处理费的情况见各单位的年度报告。"


def as_report(summed: RollUp) -> Report:
    """Return the sum as a report; a cell in which no unit has a number is blank."""
    unit, form = summed.unit, summed.form
    cells: dict[str, Value] = {key: each.value if each.is_known else None for key, each in summed.cells.items()}
    body = Body(
        summed.name,
        unit.credit_code if unit else None,
        unit.division_code if unit else None,
        unit.supposed_kind if unit else None,
    )
    texts: dict[str, str | None] = dict.fromkeys(form.narrative_keys)
    for key, _ in form.text_sections():
        texts[key] = _TEXT
    return Report(form.edition, summed.year, body, cells, texts)

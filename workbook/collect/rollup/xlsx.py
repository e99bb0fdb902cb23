"""A roll-up as a workbook: a report whose cells are the sums, live over the units, which stand in sheets behind it.

差异 tells how the report of the office differs, 单位 who is in the sum, 数据 has the cells of every unit. Every sum
leads to its column of 数据, every unit there to the original that it sent.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbook.collect.rollup.as_report import as_report
from workbook.collect.rollup.data_sheet import LIVE_UNITS, DataPlan, write_data
from workbook.collect.rollup.difference_sheet import write_differences
from workbook.collect.rollup.links import Originals
from workbook.collect.rollup.unit_sheet import write_units
from workbook.collect.schema import is_money
from workbook.excel.address import absolute
from workbook.excel.layout import DATA, DIFFERENCES, ROLLUP_NAMES, UNITS
from workbook.excel.template.build import drawn
from workbook.excel.template.contents import contents_of
from workbook.excel.template.job import LiveCell
from workbook.intake.results import PUBLISHED

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.rollup.comparison import Comparison
    from workbook.collect.rollup.rollup import RollUp
    from workbook.excel.template.job import TemplateJob
    from workbook.report import Lang


def render(summed: RollUp, beside: Comparison | None, lang: Lang, folder: Path) -> bytes:
    """Return the bytes of the workbook; ``folder`` is where it will stand, from which originals are linked.

    Up to ``LIVE_UNITS`` units the sums are formulas over 数据, with their values stored; of more they are numbers.
    """
    data = DataPlan(summed)
    more = partial(_write_sheets, summed=summed, beside=beside, lang=lang, data=data, folder=folder)
    return drawn(contents_of(as_report(summed)), _live(summed, data), more, PUBLISHED)


def _live(summed: RollUp, data: DataPlan) -> dict[str, LiveCell]:
    """Return what the number cells of the report show: sums of columns of the data, behind ≥ where they may be more."""
    found = {}
    for key, each in summed.cells.items():
        tip = f"计入 {each.units} 个单位" + (f"，其中 {each.blanks} 个空着" if each.blanks else "")
        tip += f"；缺 {each.missing} 个单位" if each.missing else ""
        formula = None
        if len(data.members) <= LIVE_UNITS and each.is_known and key not in summed.form.calculated:
            total = f"SUMIFS({data.column(key)},{data.flags},1)"
            formula = f"=ROUND({total},6)" if is_money(summed.form, key) else f"={total}"
        link = f"internal:'{DATA}'!{data.head(key)}"
        found[key] = LiveCell(link, f"{tip}。点这里看各单位的数。", formula, is_least=each.is_least and each.is_known)
    return found


def _write_sheets(
    job: TemplateJob, *, summed: RollUp, beside: Comparison | None, lang: Lang, data: DataPlan, folder: Path
) -> None:
    """Write the sheets behind the report; the first of them is shown where something differs."""
    originals = Originals(summed.collection, folder)
    differences = job.book.add_worksheet(DIFFERENCES)
    units = job.book.add_worksheet(UNITS)
    write_differences(job, differences, summed, beside, lang, data)
    write_units(job, units, summed, lang, data, originals)
    write_data(job, summed, lang, data, originals)
    for name, sheet in ROLLUP_NAMES.items():
        job.book.define_name(name, f"={absolute(sheet, 0, 0)}")
    (differences if beside else units).activate()

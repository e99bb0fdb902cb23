"""A county whose sum was filed wrongly in every way that the page on differences tells of."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook import load_form
from workbook.collect.explain import Contributor, Vector
from workbook.collect.explain.layout import layout
from workbook.collect.explain.moves import added, less, negative

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = load_form("2021")
COUNTY, LAND = "示例县人民政府", "自然资源局"
FEE, RECEIVED = "fees.fee.amount", "applications.received.natural"
TAKEN = "applications.granted.natural"


def _cells(number: int, share: float = 0.2) -> Vector:
    """Return numbers of a unit: most of them small, some of an application, some money."""
    chance = random.Random(number)  # noqa: S311 - only random(), which is the same in every Python
    found = {
        key: 1 + int(chance.random() ** 3 * 60)
        for key in layout(FORM).cells
        if ".rules." not in key and chance.random() < share
    }
    much = {FEE: int(chance.random() * 30_000) * 10_000, RECEIVED: 40 + int(chance.random() * 400)}
    return found | much | {TAKEN: 20 + int(chance.random() * 90)}


def _county() -> dict[str, Contributor]:
    names = ("县政府办公室", "财政局", "民政局", "教育局", "公安局", LAND, "住房和城乡建设局", "市场监督管理局")
    found = {
        name: Contributor(name, name, "department", COUNTY, current=_cells(at)) for at, name in enumerate(names, 2)
    }
    for at, name in enumerate(("不动产登记中心", "林业工作站"), 20):
        found[name] = Contributor(name, name, "other", LAND, current=_cells(at))
    for at, name in enumerate(("城关镇", "河西镇", "山口乡"), 30):
        found[name] = Contributor(name, name, "township", COUNTY, current=_cells(at, 0.12))
    found["平川乡"] = replace(found["山口乡"], unit="平川乡", name="平川乡")
    for at, name in enumerate(("司法局", "信访局"), 40):
        found[name] = Contributor(name, name, "department", COUNTY, counted=False, last_year=_cells(at))
    first = (("第1版，2026-01-12", _cells(50)),)
    found["教育局"] = replace(found["教育局"], older=first)
    found["公安局"] = replace(found["公安局"], last_year=_cells(51))
    found["司法局"] = replace(found["司法局"], waiting=(("第1版，2026-01-20，已退回", _cells(52)),))
    return found


UNITS = _county()
NAMES = {key: unit.name for key, unit in UNITS.items()} | {COUNTY: COUNTY}


def _of(name: str) -> Vector:
    return UNITS[name].current or {}


def _table(name: str, table: str) -> Vector:
    return {key: value for key, value in _of(name).items() if key.startswith(f"{table}.")}


def _shifted(name: str) -> Vector:
    right, table = layout(FORM).beside["applications"], _table(name, "applications")
    return less({after: value for key, value in table.items() if (after := right[key])}, table)


def _all(*names: str) -> Vector:
    return added(*(_of(name) for name in names))


def _sum(key: str) -> int:
    return sum((unit.current or {}).get(key, 0) for unit in UNITS.values() if unit.counted)


DIFFERENCES: Mapping[str, Vector] = {
    "漏加了一个单位": negative(_of("民政局")),
    "一个单位加了两次": _of("财政局"),
    "把一个单位的当成了另一个的": less(_of("财政局"), _of("民政局")),
    "加的是旧版本": less(UNITS["教育局"].older[0][1], _of("教育局")),
    "加的是去年的": less(UNITS["公安局"].last_year or {}, _of("公安局")),
    "没有报或退回了的单位也加了": UNITS["司法局"].waiting[0][1],
    "没有报的单位用去年的顶替": UNITS["信访局"].last_year or {},
    "漏加了一类单位": negative(_all("城关镇", "河西镇", "山口乡", "平川乡")),
    "漏加了一个单位和它下面的单位": negative(_all(LAND, "不动产登记中心", "林业工作站")),
    "漏加了一个单位的一张表": negative(_table("住房和城乡建设局", "applications")),
    "一张表整个漏了": {key: -_sum(key) for key in FORM.cells if key.startswith("disputes.") and _sum(key)},
    "一个单位的一张表错了一栏": _shifted("市场监督管理局"),
    "收费按元加进了万元": {FEE: _of("住房和城乡建设局")[FEE] * 9_999},
    "漏加了一个单位，另有两格填错": added(
        negative(_of("民政局")), {TAKEN: 9 * (_sum(TAKEN) - _of("民政局").get(TAKEN, 0)), "disputes.review.upheld": 3}
    ),
    "两个单位的数一样": negative(_of("山口乡")),
    "只有一格不对，等于一个单位的数": {FEE: -_of("公安局")[FEE]},
    "说不准": dict.fromkeys(layout(FORM).cells[40:52], -1),
}
"""Filed less own sum, by what happened; the headings of the page."""

"""Reports of made-up units: sound figures at random that follow from last year's, texts that nobody else has."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cases import sound, totalled

from workbook.checks.cover import is_credit_code
from workbook.report import Body, Report

if TYPE_CHECKING:
    import random

    from workbook.report import Value

_COLUMNS = ("natural", "business", "research", "charity", "legal_service", "other")
_FIELDS = [
    "城市更新",
    "河道治理",
    "老旧小区改造",
    "学前教育",
    "社区养老",
    "秸秆利用",
    "校车接送",
    "职业培训",
    "电梯加装",
    "菜场改建",
    "绿道建设",
    "窗口服务",
    "医保转移",
    "农房确权",
    "垃圾分类",
    "水库除险",
    "道路养护",
    "困难救助",
    "文物修缮",
    "招标采购",
    "工程验收",
    "消防检查",
]
_WAYS = ("编成问答", "画成图解", "列出清单", "做成短片", "贴到公告栏", "送到村口", "放进服务大厅", "请代表来看")
_TIMES = ("按月", "按季", "逢墟日", "在年初", "在年中", "在岁末", "随时", "每两周")
_ENDS = ("群众反映看得明白", "来访的人少了", "电话咨询少了", "企业说省了路", "留言多是好评", "查阅点常有人来")
LONG = 120
"""Characters from which on the text of one unit in another's report is told."""


def code_of(number: int, division: str = "330000") -> str:
    """Return a unified social credit code that nobody has; its last character is the one that fits."""
    first = f"11{division}{number:09}"
    return next(first + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_credit_code(first + last))


def text(chosen: random.Random, sentences: int = 7) -> str:
    """Return a text that tells nothing which a table tells too."""
    lines = [
        f"{chosen.choice(_TIMES)}把{chosen.choice(_FIELDS)}、{chosen.choice(_FIELDS)}的情况{chosen.choice(_WAYS)}，"
        f"{chosen.choice(_ENDS)}。"
        for _ in range(sentences)
    ]
    return "".join(lines)


def figures(chosen: random.Random, body: Body, year: int, last: Report | None = None) -> Report:
    """Return a sound report, which takes over what the form takes over from last year's.

    Args:
        chosen: makes the choices.
        body: whose it is.
        year: its report year.
        last: last year's report.
    """
    base = sound("2021")
    form = base.form
    free = [key for key in form.cells if key not in form.calculated]
    cells: dict[str, Value] = {key: chosen.randint(1, 9) for key in free}
    cells |= {key: 0 for key in free if key.startswith(("documents.rules.", "applications.refused_secret."))}
    cells |= {f"applications.received.{column}": chosen.randint(120, 170) for column in _COLUMNS}
    cells["fees.fee.amount"] = Decimal(chosen.randint(10_000, 99_999)).scaleb(-2) + Decimal("0.01")
    cells["documents.normative.in_force"] = chosen.randint(40, 300)
    cells["documents.normative.repealed"] = chosen.randint(10, 15)  # never as many as are made
    if last:
        cells |= _taken_over(cells, last)
    report = totalled(replace(base, year=year, body=body, cells=dict.fromkeys(form.cells, 0) | cells))
    texts = {key: text(chosen) for key in ("overview", "problems")}
    return replace(
        balanced(report), narrative={**dict.fromkeys(report.narrative), **texts, "other": "收费的通知都已送到。"}
    )


def _taken_over(cells: dict[str, Any], last: Report) -> dict[str, Any]:
    found = {}
    for opening in last.form.opening_equations:
        if opening.cell in cells:
            was: Any = sum(last.cells[key] * sign for key, sign in opening.last_year)  # type: ignore[operator,misc]
            found[opening.cell] = was + sum(cells[key] * sign for key, sign in opening.this_year)
    return found


def balanced(report: Report) -> Report:
    """Return a report in which what came and what was left equals what was settled and what is left."""
    cells: Any = report.cells
    change: dict[str, Value] = {}
    for column in _COLUMNS:
        new, old, done = (cells[f"applications.{row}.{column}"] for row in ("received", "brought_forward", "concluded"))
        lack = max(0, done - new - old)
        change[f"applications.received.{column}"] = new + lack
        change[f"applications.carried_forward.{column}"] = new + lack + old - done
    return totalled(report.with_cells(change))

"""The columns of a table: what stands above each, and what role it has in the layout."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.table.choice import Shown
    from workbook.report import Lang

Role = Literal["name", "text", "state", "number", "change", "percent"]

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "unit": "单位ID",
        "name": "名称",
        "parent": "上级",
        "kind": "类型",
        "year": "年度",
        "state": "状况",
        "cell": "键",
        "table": "表",
        "label": "指标",
        "value": "数值",
        "measure": "计量单位",
        "prior": "上年",
        "change": "增减",
        "percent": "增幅（%）",
        "at": "截至",
        "kit": "工具版本",
        "of_year": "{}年",
        "against": "{1}年比{0}年{2}",
        "sheet": "指标",
        "title": "各单位指标 · {years}年度 · 截至 {at} · 年报工具箱 {kit}",
    },
    "en": {
        "unit": "Unit ID",
        "name": "Name",
        "parent": "Office above",
        "kind": "Kind",
        "year": "Year",
        "state": "Standing",
        "cell": "Key",
        "table": "Table",
        "label": "Figure",
        "value": "Value",
        "measure": "Measure",
        "prior": "Year before",
        "change": "Change",
        "percent": "Change in %",
        "at": "As of",
        "kit": "Version",
        "of_year": "{}",
        "against": "{1} against {0}: {2}",
        "sheet": "Figures",
        "title": "Figures of all units · {years} · as of {at} · nianbao {kit}",
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name by which programs know it, what stands above it from the top down, its role."""

    key: str
    heads: tuple[str, ...]
    role: Role

    @property
    def head(self) -> str:
        """What stands above it, in one line."""
        return " · ".join(self.heads)


def wide(cells: Sequence[Shown], years: Sequence[int], lang: Lang) -> tuple[Column, ...]:
    """Return the columns of a table with a row a unit.

    Of several years each cell has a column a year, and behind each but the first the change and its size.
    """
    words = WORDS[lang]
    columns = [_plain("unit", lang), _plain("name", lang, "name"), _plain("parent", lang), _plain("kind", lang)]
    if len(years) == 1:
        columns.append(_plain("state", lang, "state"))
        columns += (Column(cell.key, cell.heads, "number") for cell in cells)
    else:
        said = {year: words["of_year"].format(year) for year in years}
        columns += (Column(f"state {year}", (words["state"], said[year]), "state") for year in years)
        columns += (column for cell in cells for column in _years(cell, years, lang))
    return (*columns, _plain("at", lang), _plain("kit", lang))


def _years(cell: Shown, years: Sequence[int], lang: Lang) -> Iterator[Column]:
    words = WORDS[lang]
    yield Column(f"{cell.key} {years[0]}", (*cell.heads, words["of_year"].format(years[0])), "number")
    for last, year in pairwise(years):
        yield Column(f"{cell.key} {year}", (*cell.heads, words["of_year"].format(year)), "number")
        for role in ("change", "percent"):
            head = words[role] if len(years) == 2 else words["against"].format(last, year, words[role])  # noqa: PLR2004
            yield Column(f"{cell.key} {year} {role}", (*cell.heads, head), role)


def long(years: Sequence[int], lang: Lang) -> tuple[Column, ...]:
    """Return the columns of a table with a row a unit, a year and a cell."""
    texts: list[tuple[str, Role]] = [
        ("unit", "text"),
        ("name", "name"),
        ("parent", "text"),
        ("kind", "text"),
        ("year", "text"),
        ("state", "state"),
        ("cell", "text"),
        ("table", "text"),
        ("label", "text"),
        ("measure", "text"),
        ("value", "number"),
    ]
    if len(years) > 1:
        texts += [("prior", "number"), ("change", "change"), ("percent", "percent")]
    return tuple(_plain(key, lang, role) for key, role in (*texts, ("at", "text"), ("kit", "text")))


def _plain(key: str, lang: Lang, role: Role = "text") -> Column:
    return Column(key, (WORDS[lang][key],), role)

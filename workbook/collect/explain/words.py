"""The words of an explanation, in both languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.report import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "omitted": "{unit}的年报没有加进去",
            "doubled": "{unit}的年报加了两次",
            "older": "{unit}加的不是现行的年报，是{detail}",
            "last_year": "{unit}加的是上一年度的年报",
            "missing_counted": "{unit}没有算数的年报，上报数里却加了它的{detail}",
            "missing_last_year": "{unit}没有算数的年报，上报数里却加了它上一年度的年报",
            "class_omitted": "{detail}类的单位（{count} 个）都没有加进去",
            "class_doubled": "{detail}类的单位（{count} 个）都加了两次",
            "subtree_omitted": "{detail}和它下面的单位（共 {count} 个）都没有加进去",
            "subtree_doubled": "{detail}和它下面的单位（共 {count} 个）都加了两次",
            "table_omitted": "{unit}的“{detail}”没有加进去",
            "table_doubled": "{unit}的“{detail}”加了两次",
            "all_tables_omitted": "所有单位的“{detail}”都没有加进去",
            "exchanged": "{unit}的年报没有加进去，{other}的加了两次：像是把后者当成了前者",
            "shifted": "{unit}的“{detail}”{way}移了一栏",
            "money_unit": "{unit}的“{detail}”按元填进了万元栏，大了一万倍",
            "right": "右",
            "left": "左",
            "report": "年报",
            "quoted": "“{}”",
            "one_of": "{}之一（它们的数一样，分不出是哪一个）",
            "and": "、",
            "in_chance": "{said}（{cells} 个数吻合，{chance}）。",
            "chance": "凑巧的可能不到{}",
            "fault": "{cell}：上报 {filed}，应为 {expected}，差 {difference}{hint}。",
            "digits": "，像是两位数字写颠倒了",
            "ratio": "，像是多写或少写了零",
            "digits_unit": "；{unit}这一格两位数字写颠倒，正好差这么多",
            "ratio_unit": "；{unit}这一格多写或少写了零，正好差这么多",
            "left_out_unit": "；{unit}这一格正好是这个数，可能漏加了",
            "doubled_unit": "；{unit}这一格正好是这个数，可能加了两次",
            "nothing": "没有差额。",
            "unsure": "说不准是哪个单位出了错：没有一种说法能对上足够多的数。先核对下面这些格子里数最大的单位。",
            "rest": "另有 {} 格的差额说不清，先核对这些格子里数最大的单位。",
            "top": "{cell}：差 {difference}；{units}。",
            "top_unit": "{unit} {value}",
            "no_top": "没有单位在这一格有数",
            "more": "还有 {} 格。",
        },
        "en": {
            "omitted": "The report of {unit} was not added",
            "doubled": "The report of {unit} was added twice",
            "older": "Of {unit} not the report that counts was added, but {detail}",
            "last_year": "Of {unit} the report of the year before was added",
            "missing_counted": "{unit} has no report that counts, but its {detail} was added",
            "missing_last_year": "{unit} has no report that counts, but its report of the year before was added",
            "class_omitted": "Units of the kind {detail} ({count}) were not added",
            "class_doubled": "Units of the kind {detail} ({count}) were added twice",
            "subtree_omitted": "{detail} and the units below it ({count} together) were not added",
            "subtree_doubled": "{detail} and the units below it ({count} together) were added twice",
            "table_omitted": "“{detail}” of {unit} was not added",
            "table_doubled": "“{detail}” of {unit} was added twice",
            "all_tables_omitted": "“{detail}” was not added of any unit",
            "exchanged": "The report of {unit} was not added, that of {other} twice, as if taken for it",
            "shifted": "“{detail}” of {unit} stands one column to the {way}",
            "money_unit": "“{detail}” of {unit} was added in yuan instead of 万元, 10,000 times too large",
            "right": "right",
            "left": "left",
            "report": "report",
            "quoted": "“{}”",
            "one_of": "one of {} (their numbers are the same)",
            "and": ", ",
            "in_chance": "{said} (numbers that agree: {cells}; {chance}).",
            "chance": "by chance less than once in {}",
            "fault": "{cell}: filed {filed}, expected {expected}, difference {difference}{hint}.",
            "digits": ", as if two digits were exchanged",
            "ratio": ", as if a zero was written too many or too few",
            "digits_unit": "; two digits of {unit} exchanged in this cell make just this difference",
            "ratio_unit": "; a zero too many or too few of {unit} in this cell makes just this difference",
            "left_out_unit": "; {unit} has just this number in this cell, it may have been left out",
            "doubled_unit": "; {unit} has just this number in this cell, it may have been added twice",
            "nothing": "There is no difference.",
            "unsure": "It cannot be said which unit is wrong: nothing agrees with enough numbers. "
            "Look first at the units that have most in these cells.",
            "rest": "Differences in cells that are not explained: {}. Look first at the units that have most in them.",
            "top": "{cell}: difference {difference}; {units}.",
            "top_unit": "{unit} {value}",
            "no_top": "no unit has anything in this cell",
            "more": "Cells more: {}.",
        },
    }
)

CHANCES: Mapping[Lang, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        "zh": ((40, "万亿分之一"), (30, "十亿分之一"), (0, "百万分之一")),
        "en": ((40, "a trillion"), (30, "a thousand million"), (0, "a million")),
    }
)
"""How unlikely it is by chance, from so many bits on; nothing is said below 20."""

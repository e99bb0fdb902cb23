"""An explanation in words: what was left out, doubled, of an old version; which single cells are wrong."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.collect.labels import heading
from workbook.collect.views.words import shown_kind
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.explain.model import CellFault, Explanation, HintKind, Move, MoveKind
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang

_MOVES: Mapping[Lang, Mapping[MoveKind, str]] = MappingProxyType(
    {
        "zh": {
            "omitted": "漏加了{units}。",
            "doubled": "{units}加了两遍。",
            "older": "{units}用的是旧版（{detail}），不是现行的。",
            "last_year": "{units}用的是上一年度的报告。",
            "missing_counted": "加进了{units}没有计入合计的报告（{detail}）。",
            "missing_last_year": "{units}没有可计入的报告，加的是它上一年度的。",
            "class_omitted": "漏加了全部{detail}：{units}。",
            "class_doubled": "全部{detail}加了两遍：{units}。",
            "subtree_omitted": "漏加了{detail}和它下面的全部单位：{units}。",
            "subtree_doubled": "{detail}和它下面的全部单位加了两遍：{units}。",
            "table_omitted": "漏加了{units}的“{detail}”。",
            "table_doubled": "{units}的“{detail}”加了两遍。",
            "exchanged": "{units}的数放错了位置，互相调换了（{detail}）。",
            "shifted": "{units}的“{detail}”错开了一列。",
            "money_unit": "{units}的金额按元加了，应按万元。",
        },
        "en": {
            "omitted": "{units} was left out.",
            "doubled": "{units} was added twice.",
            "older": "of {units} an old version was added ({detail}), not the one that counts.",
            "last_year": "of {units} the report of the year before was added.",
            "missing_counted": "a report of {units} was added that is not counted in the sum ({detail}).",
            "missing_last_year": "{units} has no report that counts; its report of the year before was added.",
            "class_omitted": "all units of a kind were left out ({detail}): {units}.",
            "class_doubled": "all units of a kind were added twice ({detail}): {units}.",
            "subtree_omitted": "{detail} was left out with all below it: {units}.",
            "subtree_doubled": "{detail} was added twice with all below it: {units}.",
            "table_omitted": "of {units} the table “{detail}” was left out.",
            "table_doubled": "of {units} the table “{detail}” was added twice.",
            "exchanged": "numbers of {units} stand in each other's place ({detail}).",
            "shifted": "of {units} the table “{detail}” stands one column aside.",
            "money_unit": "the money of {units} was added in yuan in place of units of 10,000 yuan.",
        },
    }
)
_HINTS: Mapping[Lang, Mapping[HintKind, str]] = MappingProxyType(
    {
        "zh": {
            "digits": "像是两位数字颠倒了",
            "ratio": "像是多写或少写了零",
            "left_out": "正好是漏了{unit}的数",
            "doubled": "正好是{unit}的数多加了一遍",
            "none": "单独这一格不对",
        },
        "en": {
            "digits": "two digits seem to be exchanged",
            "ratio": "a zero seems to be too many or too few",
            "left_out": "it is just the number of {unit} that lacks",
            "doubled": "it is just the number of {unit} that is added once more",
            "none": "this one cell is wrong by itself",
        },
    }
)
_OR: Mapping[Lang, str] = MappingProxyType(
    {"zh": "（数相同，也可能是{}）", "en": " (its numbers are the same as those of {})"}
)
_NAMED = 8


def sentences(summed: RollUp, found: Explanation, lang: Lang) -> list[str]:
    """Return what an explanation says, a sentence each; none where it stays silent."""
    return [*_moves(summed, found, lang), *_cells(summed, found, lang)]


def _moves(summed: RollUp, found: Explanation, lang: Lang) -> Iterator[str]:
    for move in found.moves if found.spoken else ():
        units = _named(summed, move.units, lang)
        if move.alternatives:
            others = ("、" if lang == "zh" else ", ").join(_named(summed, each, lang) for each in move.alternatives)
            units += _OR[lang].format(others)
        yield _MOVES[lang][move.kind].format(units=units, detail=_detail(summed, move))


def _cells(summed: RollUp, found: Explanation, lang: Lang) -> Iterator[str]:
    for fault in found.cells:
        cell = summed.form.cells[fault.cell]
        words = _HINTS[lang][fault.hint].format(unit=_named(summed, (fault.unit,), lang) if fault.unit else "")
        amount = summed.shown(fault.cell, fault.difference)
        mark = "：" if lang == "zh" else ": "
        yield f"{heading(summed.form, cell.table)} {cell.label} {amount:+}{mark}{words}{_should(summed, fault, lang)}"


def _should(summed: RollUp, fault: CellFault, lang: Lang) -> str:
    if fault.expected is None:
        return "。" if lang == "zh" else "."
    value = summed.shown(fault.cell, fault.expected)
    return f"，应是 {value}。" if lang == "zh" else f", it should be {value}."


def _named(summed: RollUp, units: tuple[str, ...], lang: Lang) -> str:
    names = {each.unit.id: each.unit.name_in(summed.year) for each in summed.members}
    mark = "、" if lang == "zh" else ", "
    said = mark.join(printable(names.get(unit, unit)) for unit in units[:_NAMED])
    return said if len(units) <= _NAMED else f"{said}{mark}{'等' if lang == 'zh' else ''} {len(units)}"


def _detail(summed: RollUp, move: Move) -> str:
    """Return the detail of a move as people know it: the title of a table, the name of a kind or of a unit."""
    form = summed.form
    if any(table.key == move.detail for table in form.tables):
        return heading(form, move.detail)
    if move.kind.startswith("class_"):
        return shown_kind(move.detail)
    names = {each.unit.id: each.unit.name_in(summed.year) for each in summed.members}
    cell = next((each for each in form.cells.values() if move.detail and each.key.startswith(move.detail)), None)
    return printable(names.get(move.detail, cell.label if cell else move.detail))

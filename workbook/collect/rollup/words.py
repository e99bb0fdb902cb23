"""What the views of a roll-up say, in both languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.collect.rollup.scope import Part
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.rollup.adding import Sum
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.collect.standing import Version
    from workbook.report import Lang, Report

WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "language": "zh-CN",
            "title": "{name} {year} 年度汇总",
            "as_of": "截至 {at}（北京时间）",
            "kit": "年报工具箱 {}",
            "scope": "汇总范围：{}",
            "counted": "计入 {} 个单位的报告",
            "missing": "缺 {} 个单位：{}",
            "below": "{} 没有报，用它下级各单位的合计代替",
            "covered": "{} 个下级单位已含在上级单位的报告里，不重复加",
            "faulty": "计入的报告里有 {} 份还有错误",
            "least": "有单位缺报或空着没填，合计前面标 ≥：实际数不小于它",
            "other_edition": "{units}：{note}",
            "adjusted": "调整 #{id} {unit}：{cell} {amount}，{reason}（{by}，{at}）",
            "between": "、",
            "more": "等 {} 个",
            "sums": "合计",
            "others_zero": "其余各格合计为 0",
            "compared": "与本级年报对照：{file}",
            "own_report": "{name}报送的第 {number} 版",
            "same": "本级年报与合计一致。",
            "apart_only": "本级年报与合计一致；不可加的格子另有不同，见下。",
            "differs": "本级年报与合计有 {} 处不同（随之不同的总计不另算）。",
            "difference": "{cell}：本级 {filed}，合计 {own}，差 {difference}",
            "top": "最大的：{}",
            "top_one": "{name} {value}",
            "not_added": "不可加，只供参考：{}",
            "others_table": "还有 {} 处，汇总工作簿（-o 汇总.xlsx）的“差异”表里有全部",
            "explained": "看来是这样：",
            "unexplained": "看不出是哪个单位造成的，先核对各处最大的几个单位。",
            "unit": "单位",
            "id": "单位ID",
            "parent": "上级",
            "state": "状况",
            "part": "怎样计入",
            "counted_head": "计",
            "version": "版本",
            "received": "收到时间",
            "errors": "错误",
            "edition": "表格版式",
            "notes": "备注",
            "where": "去看",
            "to_data": "各格的数",
            "to_original": "打开原件",
            "cell": "格子",
            "filed": "本级年报",
            "own": "合计",
            "difference_head": "差（本级−合计）",
            "contributors": "最大的几个单位",
            "remark": "说明",
            "follows": "随着上面各格不同",
            "value": "合计",
            "blanks": "空着的单位",
            "units": "计入的单位",
            "missing_units": "缺的单位",
            "key": "代号",
            "table": "表",
            "units_sheet": "单位",
            "data_sheet": "数据",
            "differences_sheet": "差异",
            "adjustments": "调整",
            "within": "含在{name}的报告里",
            "no_version": "没有收到能计入的报告",
            "nothing_compared": "没有本级年报可以对照。",
            "version_of": "第 {number} 版，{received} 收到",
            "scroll": "{}（表格可以左右滚动）",
            "back": "回到合计",
            "click": "点一个合计，看是哪些单位加出来的；再点单位，打开它报的原件。",
            "follow": "点右边的单位，再打开它报的原件。",
            "zero_left_out": "0 不写出；“空”是没有填",
            "blank": "空",
            "adjustment_row": "调整合计",
            "in_all": "合计",
            "no_form": "不可加",
            "all_units": "全部单位",
            "not_listed": "另外 {} 个已计入的单位没有逐个列出，汇总工作簿（-o 汇总.xlsx）里有全部。",
        },
        "en": {
            "language": "en",
            "title": "{name}: roll-up of {year}",
            "as_of": "as of {at} (Beijing time)",
            "kit": "nianbao {}",
            "scope": "Scope: {}",
            "counted": "reports counted: {}",
            "missing": "missing units: {}: {}",
            "below": "{} sent no report; the sum of the units below it stands in",
            "covered": "units within the report of an office above, not added again: {}",
            "faulty": "reports counted that still have errors: {}",
            "least": "units are missing or left cells blank: ≥ says that the true number is no smaller",
            "other_edition": "{units}: {note}",
            "adjusted": "Adjustment #{id}, {unit}: {cell} {amount}, {reason} ({by}, {at})",
            "between": ", ",
            "more": "and others, {} in all",
            "sums": "Sums",
            "others_zero": "all other cells add up to 0",
            "compared": "Compared with the report of the office: {file}",
            "own_report": "version {number} that {name} sent",
            "same": "The report of the office has the same numbers.",
            "apart_only": "The report of the office has the same numbers but in cells that do not add up, see below.",
            "differs": "The report of the office differs in {} places (totals that follow are not counted).",
            "difference": "{cell}: reported {filed}, sum {own}, difference {difference}",
            "top": "largest: {}",
            "top_one": "{name} {value}",
            "not_added": "does not add up, for information: {}",
            "others_table": "{} more: the sheet 差异 of the workbook (-o 汇总.xlsx) has all",
            "explained": "It seems that:",
            "unexplained": "No unit can be named; look at the largest contributors first.",
            "unit": "Unit",
            "id": "Unit ID",
            "parent": "Office above",
            "state": "Standing",
            "part": "In the sum",
            "counted_head": "1/0",
            "version": "Version",
            "received": "Received",
            "errors": "Errors",
            "edition": "Edition",
            "notes": "Notes",
            "where": "Go to",
            "to_data": "its cells",
            "to_original": "the original",
            "cell": "Cell",
            "filed": "Reported",
            "own": "Sum",
            "difference_head": "Reported less sum",
            "contributors": "Largest contributors",
            "remark": "Remark",
            "follows": "follows from the cells above",
            "value": "Sum",
            "blanks": "Units blank",
            "units": "Units counted",
            "missing_units": "Units missing",
            "key": "Key",
            "table": "Table",
            "units_sheet": "单位",
            "data_sheet": "数据",
            "differences_sheet": "差异",
            "adjustments": "Adjustments",
            "within": "within the report of {name}",
            "no_version": "no report that can be counted",
            "nothing_compared": "There is no report of the office to compare with.",
            "version_of": "version {number}, received {received}",
            "scroll": "{} (the table can be scrolled)",
            "back": "back to the sums",
            "click": "Follow a sum to the units that it is made of, and a unit to the original that it sent.",
            "follow": "Follow a unit on the right, then open the original that it sent.",
            "zero_left_out": "0 is not written; 空 is blank",
            "blank": "空",
            "adjustment_row": "Adjustments",
            "in_all": "Sum",
            "no_form": "does not add up",
            "all_units": "All units",
            "not_listed": "{} more units that are counted are not listed; the workbook (-o 汇总.xlsx) has all.",
        },
    }
)
_NAMED = 20
"""Units that are named in a line."""


def title(summed: RollUp, lang: Lang) -> str:
    """Return what the roll-up is called."""
    return WORDS[lang]["title"].format(name=printable(summed.name), year=summed.year)


def as_of(summed: RollUp, lang: Lang) -> str:
    """Say of which moment it is."""
    return WORDS[lang]["as_of"].format(at=f"{summed.at:%Y-%m-%d %H:%M}")


def name_of(member: Member) -> str:
    """Return what a unit is called in the year."""
    return printable(member.unit.name_in(member.standing.year))


def about(summed: RollUp, lang: Lang) -> Iterator[str]:
    """Yield what is to be said of the sum as a whole, a line each: scope, who is counted or missing, what is apart."""
    words, members = WORDS[lang], summed.members
    yield words["scope"].format(summed.scope.word(lang))
    yield words["counted"].format(len(summed.counted))
    if summed.missing:
        yield words["missing"].format(len(summed.missing), named(summed.missing, lang))
    below = [each for each in members if each.part is Part.BELOW]
    if below:
        yield words["below"].format(named(below, lang))
    covered = sum(each.part is Part.COVERED for each in members)
    if covered:
        yield words["covered"].format(covered)
    for part in (Part.WAIVED, Part.EXCLUDED, Part.OUTSIDE, Part.CLOSED):
        some = [each for each in members if each.part is part]
        if some:
            yield (
                f"{part.word(lang)}：{named(some, lang)}" if lang == "zh" else f"{part.word(lang)}: {named(some, lang)}"
            )
    faulty = sum(bool(each.counted and each.counted.errors) for each in members)
    if faulty:
        yield words["faulty"].format(faulty)
    yield from other_editions(summed, lang)
    if any(each.is_least for each in summed.cells.values()):
        yield words["least"]
    yield from adjusted(summed, lang)


def other_editions(summed: RollUp, lang: Lang) -> Iterator[str]:
    """Yield what is to be said of reports on another edition of the form."""
    for edition in sorted({each.edition for each in versions(summed)} - {summed.form.edition}):
        some = [each for each in summed.members if each.counted and each.counted.edition == edition]
        note = summed.rules.note(edition)
        text = note.text(lang) if note else WORDS[lang]["no_form"]
        yield WORDS[lang]["other_edition"].format(units=named(some, lang), note=text)


def versions(summed: RollUp) -> list[Version]:
    """Return the versions that are counted."""
    return [each.counted for each in summed.members if each.counted]


def adjusted(summed: RollUp, lang: Lang) -> Iterator[str]:
    """Yield a line an adjustment."""
    names = {each.unit.id: name_of(each) for each in summed.members}
    for each in summed.adjustments:
        amount = summed.shown(each.cell, each.amount) if each.cell in summed.form.cells else each.amount
        yield WORDS[lang]["adjusted"].format(
            id=each.id,
            unit=names.get(each.unit, printable(each.unit)),
            cell=label(summed, each.cell),
            amount=f"{amount:+}",
            reason=printable(each.reason),
            by=printable(each.by),
            at=f"{each.at:%Y-%m-%d}",
        )


def named(members: list[Member] | tuple[Member, ...], lang: Lang) -> str:
    """Return the names of units, the first of many."""
    words = WORDS[lang]
    said = words["between"].join(name_of(each) for each in members[:_NAMED])
    return said if len(members) <= _NAMED else f"{said}{words['between']}{words['more'].format(len(members))}"


def label(summed: RollUp, cell: str) -> str:
    """Return what a cell is called; the key itself where the form has none of it."""
    found = summed.form.cells.get(cell)
    return found.label if found else cell


def shown(each: Sum) -> str:
    """Return a sum as people read it: behind ≥ where it may be larger; a dash where nobody has a number."""
    return str(each) if each.is_known else "—"


def compared_with(summed: RollUp, filed: Report, lang: Lang) -> str:
    """Say which report the sum is compared with."""
    words, version = WORDS[lang], summed.filed
    file = filed.source.file if filed.source else ""
    if version and filed.source and filed.source.sha256 == version.digest:
        file = words["own_report"].format(name=printable(summed.name), number=version.number)
    return words["compared"].format(file=printable(file))

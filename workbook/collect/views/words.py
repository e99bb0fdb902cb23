"""What views say, in both languages, and how they write times and offices."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.collect.hand import BEIJING
from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from workbook.collect.register import Unit
    from workbook.report import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "language": "zh-CN",
            "title": "{year} 年度政府信息公开年报收报状况",
            "of_unit": "{name} {year} 年度报送情况",
            "as_of": "截至 {at}（北京时间）",
            "kit": "年报工具箱 {}",
            "expected": "应报",
            "came": "已收",
            "of_all": "应报 {all}：已收 {came}（{share}）",
            "nothing": "没有应报的单位。",
            "none": "没有。",
            "missing": "没有收到",
            "late": "迟报",
            "returned": "已退回",
            "review": "待审",
            "files": "待处理文件",
            "all": "全部单位",
            "unassigned": "认不出单位",
            "unreadable": "读不了",
            "strays": "名册中当年不应报的单位来的",
            "by_parent": "按上级",
            "by_day": "每天首次收到的单位",
            "parent": "上级",
            "below": "下级",
            "own": "本单位",
            "more": "还有 {} 个，见全部名单",
            "others": "还有 {} 个；表格（--format xlsx 或 csv）里有全部",
            "elsewhere_told": "另有 {} 个，在后面的各项里",
            "page": "第 {} 页，共 {} 页",
            "before": "上一页",
            "after": "下一页",
            "home": "收报状况",
            "id": "单位ID",
            "name": "名称",
            "kind": "类型",
            "state": "状况",
            "due": "报送期限",
            "first": "首次收到",
            "days_late": "迟报天数",
            "versions": "版本数",
            "file": "文件",
            "received": "最近收到",
            "errors": "错误",
            "warnings": "提示",
            "until": "改正期限",
            "decided": "处置时间",
            "by": "处置人",
            "contact": "联系人",
            "notes": "备注",
            "what": "事项",
            "body": "封面上的机关",
            "year": "年度",
            "why": "原因",
            "suggestions": "可能是",
            "days": "迟 {} 天",
            "days_overdue": "已过期 {} 天",
            "due_by": "期限 {}",
            "until_by": "{} 前改正",
            "mistakes": "错误 {errors}，提示 {warnings}",
            "sound": "没有错误",
            "may_be_theirs": "认不出单位的“{}”可能是它报的",
            "together": "同一批来了两个版本，分不出先后",
            "same_again": "又收到 {} 次，内容未变",
            "elsewhere": "封面写 {year} 年度：{file}",
            "because": "理由：{}",
            "chart": "状况分布：{}",
            "chart_days": "{days} 天收到 {units} 个单位的首次报送，最多的是 {most}，{count} 个",
            "due_dashed": "虚线：期限 {}",
            "scroll": "{}（表格可以左右滚动）",
            "list": "{title}（{count}）",
            "summary": "汇总",
            "waiting": "待处理",
            "share": "收到比例",
            "version": "第 {} 版",
            "counts_now": "现行",
            "came_at": "{} 收到",
            "again": "{at} 又收到（{file}），内容未变",
            "together_with": "和上一版同一批来，分不出先后",
            "exported": "已上报",
            "original": "原件（在收报文件夹里）",
            "part": "，其中第 {} 份",
            "erased": "已清除",
            "changed": "与上一版不同的有 {} 处",
            "unchanged": "与上一版没有不同",
            "from_to": "{what}：{before} → {after}",
            "where": "哪里",
            "was": "改前",
            "is": "改后",
            "findings": "问题",
            "events": "处置记录",
            "until_day": "到 {}",
        },
        "en": {
            "language": "en",
            "title": "Annual reports of {year}: what came",
            "of_unit": "{name}: report of {year}",
            "as_of": "as of {at} (Beijing time)",
            "kit": "nianbao {}",
            "expected": "Expected",
            "came": "Came",
            "of_all": "{came} of {all} came ({share})",
            "nothing": "No unit is expected to report.",
            "none": "None.",
            "missing": "Nothing came",
            "late": "Came late",
            "returned": "Returned",
            "review": "To be reviewed",
            "files": "Files to be looked at",
            "all": "All units",
            "unassigned": "Unit not recognised",
            "unreadable": "Unreadable",
            "strays": "From units of which nothing is due in this year",
            "by_parent": "By office above",
            "by_day": "Units by the day of their first report",
            "parent": "Office above",
            "below": "Below",
            "own": "The office itself",
            "more": "{} more: see the whole list",
            "others": "{} more; the tables (--format xlsx or csv) have all",
            "elsewhere_told": "{} others, in the sections below",
            "page": "page {} of {}",
            "before": "previous page",
            "after": "next page",
            "home": "Overview",
            "id": "Unit ID",
            "name": "Name",
            "kind": "Kind",
            "state": "Standing",
            "due": "Due",
            "first": "First came",
            "days_late": "Days late",
            "versions": "Versions",
            "file": "File",
            "received": "Last came",
            "errors": "Errors",
            "warnings": "Warnings",
            "until": "Correct until",
            "decided": "Decided",
            "by": "By",
            "contact": "Contact",
            "notes": "Notes",
            "what": "Matter",
            "body": "Body on the cover",
            "year": "Year",
            "why": "Why",
            "suggestions": "May be",
            "days": "days late: {}",
            "days_overdue": "days overdue: {}",
            "due_by": "due {}",
            "until_by": "to be corrected by {}",
            "mistakes": "errors: {errors}, warnings: {warnings}",
            "sound": "sound",
            "may_be_theirs": "“{}”, whose unit was not recognised, may be its own",
            "together": "two versions came together: nobody knows which is the newer",
            "same_again": "came again unchanged: {}",
            "elsewhere": "the cover says {year}: {file}",
            "because": "reason: {}",
            "chart": "Standings: {}",
            "chart_days": "first reports of {units} units on {days} days, most on {most}: {count}",
            "due_dashed": "dashed: due {}",
            "scroll": "{} (the table can be scrolled)",
            "list": "{title} ({count})",
            "summary": "Summary",
            "waiting": "To be looked at",
            "share": "Share",
            "version": "Version {}",
            "counts_now": "counts",
            "came_at": "came {}",
            "again": "came again {at} ({file}), unchanged",
            "together_with": "came together with the version before it: nobody knows which is the newer",
            "exported": "handed up",
            "original": "Original (in the folder of the collection)",
            "part": ", part {} of it",
            "erased": "erased",
            "changed": "{} differences from the version before",
            "unchanged": "no difference from the version before",
            "from_to": "{what}: {before} → {after}",
            "where": "Where",
            "was": "Before",
            "is": "Now",
            "findings": "Findings",
            "events": "Decisions",
            "until_day": "until {}",
        },
    }
)

EVENTS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "registered": "读入名册",
            "assigned": "归到本单位",
            "accepted": "接收",
            "returned": "退回",
            "withdrawn": "撤下",
            "restored": "恢复",
            "waived": "定为不应报",
            "extended": "延期",
            "exported": "上报",
            "erased": "清除",
            "reminded": "催报",
            "remembered": "记住名称",
            "merged": "收下上报包",
            "received": "下级上报",
            "scoped": "定汇总范围",
            "adjusted": "登记调整",
            "unadjusted": "取消调整",
        },
        "en": {
            "registered": "register read",
            "assigned": "assigned",
            "accepted": "accepted",
            "returned": "returned",
            "withdrawn": "withdrawn",
            "restored": "brought back",
            "waived": "not due",
            "extended": "extended",
            "exported": "handed up",
            "erased": "erased",
            "reminded": "reminded",
            "remembered": "name remembered",
            "merged": "bundle received",
            "received": "handed up from below",
            "scoped": "scope of its report",
            "adjusted": "adjustment declared",
            "unadjusted": "adjustment taken back",
        },
    }
)
"""What was decided or done, by the kind of the event."""


def shown_time(time: dt.datetime | None) -> str:
    """Return a time as people read it, in Beijing; nothing where there is none."""
    return time.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if time else ""


def shown_day(day: dt.date | None) -> str:
    """Return a day as people read it; nothing where there is none."""
    return day.isoformat() if day else ""


def shown_id(unit: Unit) -> str:
    """Return the id of a unit; nothing where the register has none and it is known by its name."""
    return "" if unit.id == unit.name or unit.id.endswith(f"/{unit.name}") else unit.id


def called(unit: str, name: str) -> str:
    """Return how a unit is named where it is to be chosen: its name with its id, which may be the name."""
    return name if unit == name else f"{name}（{unit}）"


def shown_kind(kind: str | None) -> str:
    """Return what the form calls a kind of office; the text itself where it is none of the form's."""
    return _kinds().get(kind or "", kind or "")


@cache
def _kinds() -> Mapping[str, str]:
    return load_form(max(editions())).field("kind").choices

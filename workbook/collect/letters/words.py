"""The words of letters in both languages, and how they say dates and moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from workbook.report import Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "language": "zh-CN",
        "returned": "退回单",
        "reminder": "催报单",
        "title": "{year} 年度政府信息公开工作年度报告",
        "title_returned": "退回修改",
        "title_reminder": "催报",
        "to": "{name}：",
        "contact": "联系人 {}",
        "file": "报送文件",
        "version": "第 {number} 次报送",
        "received": "收到时间",
        "counts": "校验结果",
        "mistakes": "错误 {errors} 处，提示 {warnings} 处",
        "none": "没有发现错误",
        "intro": "你单位报送的年度报告有下列问题，现退回修改。",
        "intro_sound": "你单位报送的年度报告现退回修改。",
        "reason": "退回原因",
        "until": "请于 {until}前改正，重新报送完整的文件。",
        "no_until": "请尽快改正，重新报送完整的文件。",
        "list": "需要改正的问题",
        "found": "现有",
        "expected": "应有",
        "quote": "原文：",
        "do": "怎么改：",
        "how": "怎样修改",
        "marked": "所附《{file}》是报送文件的副本：有问题的格子涂了颜色、加了批注，“校验结果”表可以逐条跳到位置。"
        "可以直接在副本里改，改好后报送。",
        "unmarked": "没有附标出问题的副本：{why}请按上面所列的位置在原文件中修改。",
        "not_a_workbook": "报送的不是工作簿。",
        "cannot_mark": "这个文件能读，但不能加标记。",
        "not_kept": "原文件已经不在收报库里。",
        "errors_first": "错误必须改正；提示请核对，确实无误的，在“校验”表最下方的“提示说明”中写明理由，数字不必改。",
        "waived": "另有 {count} 处提示已经说明理由，不再列出。",
        "again": "改好后请再校验一遍（模板的“校验”表没有 ✗，或者用年报工具箱校验），再重新报送整个文件，"
        "不要只报修改的部分。",
        "beside": "与上年对照",
        "beside_about": "上列问题涉及的各格，上年为 {year} 年度报告（{file}）的数。",
        "beside_many": "共 {count} 格，点开看",
        "figure": "指标",
        "change": "增减",
        "last": "上年",
        "blank": "空白",
        "overdue": "截至 {at}，没有收到你单位 {year} 年度的年度报告，已超过报送期限 {days} 天。请立即报送。",
        "missing": "截至 {at}，没有收到你单位 {year} 年度的年度报告，离报送期限还有 {days} 天。请按时报送。",
        "missing_today": "截至 {at}，没有收到你单位 {year} 年度的年度报告，今天是报送期限的最后一天。请今天报送。",
        "missing_no_due": "截至 {at}，没有收到你单位 {year} 年度的年度报告。请尽快报送。",
        "due": "报送期限",
        "extended": "期限调整",
        "elsewhere": "收到过你单位的文件，但不是 {year} 年度的",
        "elsewhere_one": "“{file}”（{received} 收到）：封面写的是 {year} 年度。",
        "elsewhere_do": "如果是封面年度写错了，请改正封面后重新报送；如果报错了文件，请报送 {year} 年度的报告。",
        "withdrawn": "已经撤回的报送",
        "withdrawn_one": "“{file}”（{received} 收到）{reason}",
        "how_to_report": "怎样报送",
        "step_template": "用年报模板填写：封面写 {year} 年度，单位名称写“{name}”；没有发生的填 0，不要留空。",
        "step_check": "看模板的“校验”表：没有 ✗ 再报送。",
        "step_send": "把整个工作簿报送给{office}。已经报送过的，请告知文件名和报送时间，以便查找。",
        "office": "收报的机关",
        "as_of": "截至 {at}",
        "kit": "年报工具箱 {}",
        "digest": "报送文件 SHA-256 {}",
    },
    "en": {
        "language": "en",
        "returned": "returned",
        "reminder": "reminder",
        "title": "Annual report {year}",
        "title_returned": "returned for correction",
        "title_reminder": "not received",
        "to": "{name}:",
        "contact": "contact {}",
        "file": "File",
        "version": "version {number}",
        "received": "Received",
        "counts": "Checked",
        "mistakes": "errors: {errors}, warnings: {warnings}",
        "none": "nothing was found",
        "intro": "The annual report that you sent is returned for correction; this was found in it.",
        "intro_sound": "The annual report that you sent is returned for correction.",
        "reason": "Reason",
        "until": "Please correct it by {until} and send the whole file again.",
        "no_until": "Please correct it soon and send the whole file again.",
        "list": "What is to be corrected",
        "found": "found",
        "expected": "expected",
        "quote": "Text: ",
        "do": "What to do: ",
        "how": "How to correct it",
        "marked": "“{file}” is a copy of your file: cells at fault are coloured and commented, and its sheet of "
        "results leads to each. You may correct the copy and send it.",
        "unmarked": "There is no marked copy: {why} Please correct your own file at the places above.",
        "not_a_workbook": "what was sent is no workbook.",
        "cannot_mark": "the file can be read, but not be marked.",
        "not_kept": "the original is not kept any more.",
        "errors_first": "Errors must be corrected. A warning about figures that are right needs a reason, below the "
        "sheet of checks; the figures stay.",
        "waived": "Warnings whose reasons were given are not listed: {count}.",
        "again": "Please check it again before you send the whole file, not only what changed.",
        "beside": "Beside last year",
        "beside_about": "The cells named above, beside those of the report for {year} ({file}).",
        "beside_many": "Show all {count}",
        "figure": "Figure",
        "change": "Change",
        "last": "last year",
        "blank": "blank",
        "overdue": "As of {at} your report for {year} has not been received; it is {days} days late. "
        "Please send it now.",
        "missing": "As of {at} your report for {year} has not been received; it is due in {days} days.",
        "missing_today": "As of {at} your report for {year} has not been received; it is due today.",
        "missing_no_due": "As of {at} your report for {year} has not been received. Please send it soon.",
        "due": "Due",
        "extended": "Date changed",
        "elsewhere": "Files of yours came that are not for {year}",
        "elsewhere_one": "“{file}” (received {received}): its cover says {year}.",
        "elsewhere_do": "If the year on the cover is wrong, correct it and send the file again; if it was the wrong "
        "file, send the report for {year}.",
        "withdrawn": "Withdrawn",
        "withdrawn_one": "“{file}” (received {received}) {reason}",
        "how_to_report": "How to report",
        "step_template": "Fill in the template: {year} and “{name}” on its cover; 0 where there is nothing, no blanks.",
        "step_check": "Look at its sheet of checks: send it once there is no ✗.",
        "step_send": "Send the whole workbook to {office}. If you sent it already, tell the name of the file and when.",
        "office": "the collecting office",
        "as_of": "as of {at}",
        "kit": "nianbao {}",
        "digest": "SHA-256 of the file {}",
    },
}


def moment(time: dt.datetime) -> str:
    """Say a moment."""
    return time.strftime("%Y-%m-%d %H:%M")


def day(date: dt.date, lang: Lang) -> str:
    """Say a day.

    >>> import datetime as dt
    >>> day(dt.date(2026, 2, 5), "zh"), day(dt.date(2026, 2, 5), "en")
    ('2026年2月5日', '2026-02-05')
    """
    return f"{date.year}年{date.month}月{date.day}日" if lang == "zh" else date.isoformat()

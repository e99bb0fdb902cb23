"""The page for staff that explains every check, made from the catalogue; its examples are cases of the corpus."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import workbook
from workbook.report import entries

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "support"))

from cases import cases
from parts import MADE

if TYPE_CHECKING:
    from workbook.report import Entry, Finding

_LEVELS = {"error": "错误，改正后才能报送", "warning": "提示，请核对；确属正常的写明理由", "info": "说明，不影响报送"}
_GROUPS = {
    "cell": "数字格",
    "total": "数字格",
    "body": "封面",
    "year": "与上年报告对照",
    "text": "文字与数字对照",
    "plausible": "是否合理",
    "waiver": "提示的说明",
    "table": "读取不是模板填的报告",
    "edition": "换版式",
    "file": "文件",
    "batch": "一批报告",
    "register": "名册",
    "unit": "收报",
    "odd": "异常提示",
    "bundle": "上报包",
    "skipped": "没有读的文件",
    "differs": "核对两份报告",
}
"""The chapters by the first word of a code; the tables of the form are chapters of their own."""


def page() -> str:
    """Return the page."""
    found = _examples()
    forms = [workbook.load_form(edition) for edition in workbook.editions()]
    known = {entry.code: entry for form in forms for entry in entries(form)}
    tables = {table.key: table.title for form in forms for table in form.tables}
    chapters: dict[str, list[str]] = {title: [] for title in (*tables.values(), *_GROUPS.values())}
    for code, entry in known.items():
        topic = code.split(".")[0]
        if topic not in tables and topic not in _GROUPS:
            raise LookupError(f"{code}: a new first word of codes needs a chapter in checks_page.py, _GROUPS")
        chapters[tables.get(topic) or _GROUPS[topic]].append(_check(entry, found.get(code)))
    out = [
        MADE,
        "# 校验说明\n",
        "每一项校验查什么、怎样算不对、依据是什么。“例”都是程序实际给出的话，其中的机关和数字是虚构的。\n",
    ]
    for title, checks in chapters.items():
        if checks:
            out += [f"## {title}\n", *checks]
    return "\n".join(out)


def _examples() -> dict[str, Finding]:
    """Return a finding of each code, from the first case that has it, with its place in a workbook."""
    found: dict[str, Finding] = {}
    for case in cases():
        if {finding.code for finding in case.findings()} - found.keys():
            book = workbook.parse(workbook.write(case.report), "年报.xlsx")
            for finding in (*workbook.check(book, case.previous), *case.findings()):
                found.setdefault(finding.code, finding)
    return found


def _check(entry: Entry, example: Finding | None) -> str:
    words = entry.words["zh"]
    lines = [f"### {words['title']}\n", f"`{entry.code}` · {_LEVELS[entry.level]}\n", f"{words['explanation']}\n"]
    if entry.clause:
        lines.append(f"依据：{entry.clause}。\n")
    if example:
        lines.append(f"> 例：{_escaped(example.message())}\n>\n> → {_escaped(example.hint())}\n")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("\n", " ")

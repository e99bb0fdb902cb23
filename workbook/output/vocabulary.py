"""What the forms of output share: words in both languages, titles of codes, counts, and results that can do no harm."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.exits import SOUND
from workbook.form import load_form
from workbook.printable import printable
from workbook.report import Entry, Lang, catalogue, entries
from workbook.report.findings import LEVEL_WORDS, LEVELS
from workbook.report.fold import status
from workbook.report.listing import HEADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook.jobs.result import Result

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        **LEVEL_WORDS["zh"],
        **HEADS["zh"],
        "strict": "✗ 没有错误，但有提示（--strict）",
        "unreadable": "✗ 无法读取",
        "year": "{}年度",
        "edition": "{}版",
        "written": "已写出 {}",
        "not_converted": "没有转换：有错误的报告加 --draft 才转换，并注明是草稿",
        "not_published": "没有生成公开稿：有错误的报告加 --draft 才生成，并印上草稿",
        "not_marked": "没有错误，没有写副本",
        "reason": "理由：{reason}（{by}，{date}）",
        "sum": "共 {} 份：{} 份没有错误，{} 份有错误，{} 份无法读取",
        "sum_written": "；写出 {} 份，没有写出 {} 份",
        "frequent": "出现最多的问题：",
        "file": "文件",
        "body": "机关",
        "of_year": "年度",
        "verdict": "结论",
        "errors": "错误",
        "warnings": "提示",
        "count": "次数",
        "findings": "问题",
        "code_last": "{message}〔{code}〕",
        "summary": "汇总",
    },
    "en": {
        **LEVEL_WORDS["en"],
        **HEADS["en"],
        "strict": "✗ sound, but there are warnings (--strict)",
        "unreadable": "✗ unreadable",
        "year": "year {}",
        "edition": "edition {}",
        "written": "written: {}",
        "not_converted": "not converted: a report with errors needs --draft, and then says that it is a draft",
        "not_published": "not published: a report with errors needs --draft, and then says that it is a draft",
        "not_marked": "nothing is wrong: no copy was written",
        "reason": "accepted: {reason} ({by}, {date})",
        "sum": "{} files: {} sound, {} with errors, {} unreadable",
        "sum_written": "; {} written, {} not written",
        "frequent": "Most frequent:",
        "file": "File",
        "body": "Body",
        "of_year": "Year",
        "verdict": "Verdict",
        "errors": "Errors",
        "warnings": "Warnings",
        "count": "Count",
        "findings": "Findings",
        "code_last": "{message} [{code}]",
        "summary": "Summary",
    },
}


def printable_results(results: Sequence[Result], keep: str = "") -> list[Result]:
    """Return results in which every text is printable, whoever wrote it, and every name is one line.

    ``keep`` is what is left in texts that may have several lines, as ``printable`` has it.
    """
    return [
        replace(
            result,
            **{name: _printable(getattr(result, name), "") for name in ("file", "body", "written", "against")},
            **{name: _printable(getattr(result, name), keep) for name in ("findings", "document")},
        )
        for result in results
    ]


def _printable(value: Any, keep: str) -> Any:
    if isinstance(value, str):
        return printable(value, keep)
    if isinstance(value, dict):
        return {key: _printable(item, keep) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item, keep) for item in value]
    return value


def level(finding: Mapping[str, Any]) -> str:
    """Return the level of a finding, ``waived`` where a reason for it was accepted."""
    return status(finding)


def reason(finding: Mapping[str, Any], lang: Lang) -> str:
    """Say why a waived finding was accepted, by whom and when."""
    return WORDS[lang]["reason"].format_map(finding["waived"]) if finding.get("waived") else ""


def failing(results: Iterable[Result]) -> list[Result]:
    """Return the results of the files that fail, with the findings that they fail of: errors, else warnings."""
    found = []
    for result in results:
        if result.exit_code == SOUND:
            continue
        levels = {finding["level"] for finding in result.findings}
        worst = next((level for level in LEVELS if level in levels), None)
        kept = [finding for finding in result.findings if finding["level"] == worst and not finding.get("waived")]
        others = [finding for finding in result.findings if finding not in kept]
        found.append(replace(result, findings=kept, unshown=[*result.unshown, *others]))
    return found


def title(code: str, edition: str | None, lang: Lang) -> str:
    """Return the title that the catalogue has for a code."""
    entry = entry_of(code, edition)
    return entry.words[lang]["title"] if entry else code


def entry_of(code: str, edition: str | None) -> Entry | None:
    """Return the catalogue's entry of a code; the rules of tables are known by edition."""
    return catalogue().get(code) or (_rules(edition).get(code) if edition else None)


@cache
def _rules(edition: str) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries(load_form(edition))}

"""What the forms of output share: words in both languages, titles of codes, counts, and results that can do no harm."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.exits import FAULTY, SOUND
from workbook.form import load_form
from workbook.printable import printable
from workbook.report import Entry, Lang, catalogue, entries
from workbook.report.findings import LEVEL_WORDS, LEVELS, WAIVED
from workbook.report.findings import verdict as verdict_of
from workbook.report.fold import status
from workbook.report.listing import HEADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.jobs.result import Result

_ORDER = (*LEVELS, WAIVED)
MOST_CODES = 10
"""How many of the most frequent codes a summary names."""

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
        "not_marked": "没有错误，没有写副本",
        "reason": "理由：{reason}（{by}，{date}）",
        "sum": "共 {} 份：{} 份没有错误，{} 份有错误，{} 份无法读取",
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
        "not_marked": "nothing is wrong: no copy was written",
        "reason": "accepted: {reason} ({by}, {date})",
        "sum": "{} files: {} sound, {} with errors, {} unreadable",
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
            **{name: _printable(getattr(result, name), "") for name in ("file", "body", "written")},
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


def errors(result: Result) -> int:
    """Return how many mistakes are errors."""
    return sum(how == "error" for how in _statuses(result))


def warnings(result: Result) -> int:
    """Return how many mistakes are warnings without an accepted reason."""
    return sum(how == "warning" for how in _statuses(result))


def _statuses(result: Result) -> Iterator[str]:
    """Yield the levels of the mistakes in a report; that its output could not be written is no such thing."""
    return (cause.status for cause in result.judged if cause.first["code"] != "file.not_written")


def verdict(result: Result, lang: Lang) -> str:
    """Say in a few words what came of a file."""
    if not result.edition:
        return WORDS[lang]["unreadable"]
    strict = result.exit_code == FAULTY and not result.errors
    return WORDS[lang]["strict"] if strict else verdict_of(_statuses(result), lang)


def reason(finding: Mapping[str, Any], lang: Lang) -> str:
    """Say why a waived finding was accepted, by whom and when."""
    return WORDS[lang]["reason"].format_map(finding["waived"]) if finding.get("waived") else ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files came out how."""

    files: int
    sound: int
    faulty: int
    unreadable: int

    def say(self, lang: Lang) -> str:
        """Return the counts as a sentence."""
        return WORDS[lang]["sum"].format(self.files, self.sound, self.faulty, self.unreadable)


def counts(results: Sequence[Result]) -> Counts:
    """Count the files by what came of them."""
    unreadable = sum(not result.edition for result in results)
    faulty = sum(result.errors > 0 for result in results if result.edition)
    return Counts(len(results), len(results) - faulty - unreadable, faulty, unreadable)


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


def tally(results: Iterable[Result], lang: Lang) -> list[tuple[str, str, str, int]]:
    """Return how often mistakes of each code are found: code, level, title, how often; the worst come first."""
    found: Counter[tuple[str, str]] = Counter()
    titles: dict[str, str] = {}
    for result in results:
        for cause in result.causes:
            code = cause.first["code"]
            found[code, cause.status] += 1
            titles.setdefault(code, title(code, result.edition, lang))
    order = sorted(found, key=lambda each: (_ORDER.index(each[1]), -found[each], each[0]))
    return [(code, how, titles[code], found[code, how]) for code, how in order]


def frequent(results: Iterable[Result], lang: Lang) -> list[tuple[str, str, int]]:
    """Return the most frequent codes of mistakes that are errors or warnings: code, title, how often; ties by code."""
    found = Counter(
        (cause.first["code"], result.edition)
        for result in results
        for cause in result.causes
        if cause.status in {"error", "warning"}
    )
    codes: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for (code, edition), number in found.items():
        codes[code] += number
        titles.setdefault(code, title(code, edition, lang))
    order = sorted(codes, key=lambda code: (-codes[code], code))[:MOST_CODES]
    return [(code, titles[code], codes[code]) for code in order]


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

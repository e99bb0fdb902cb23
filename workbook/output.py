"""Results for people and programs: text, JSON, CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.jobs import FAULTY
from workbook.report import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.jobs import Result
    from workbook.report import Lang

_COLUMNS = ("file", "code", "level", "at", "sheet", "address", "found", "expected", "difference", "message", "hint")

_WORDS = {
    "zh": {
        "error": "错误",
        "warning": "提示",
        "info": "说明",
        "sound": "✓ 没有错误",
        "faulty": "✗ {} 处错误",
        "strict": "✗ 没有错误，但有提示（--strict）",
        "unreadable": "✗ 无法读取",
        "year": "{}年度",
        "edition": "{}版",
        "written": "已写出 {}",
        "sum": "共 {} 份：{} 份没有错误，{} 份有错误，{} 份无法读取",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "info": "info",
        "sound": "✓ sound",
        "faulty": "✗ errors: {}",
        "strict": "✗ sound, but there are warnings (--strict)",
        "unreadable": "✗ unreadable",
        "year": "year {}",
        "edition": "edition {}",
        "written": "written: {}",
        "sum": "{} files: {} sound, {} with errors, {} unreadable",
    },
}


def render(results: Sequence[Result], form: str, lang: Lang) -> bytes:
    """Return results as UTF-8 bytes in the form ``text``, ``json`` or ``csv``."""
    if form == "json":
        return dump([result.as_dict() for result in results])
    if form == "csv":
        return _csv(results).encode()
    return _text(results, lang).encode()


def _text(results: Sequence[Result], lang: Lang) -> str:
    words = _WORDS[lang]
    out: list[str] = []
    for result in results:
        about = [result.file]
        if result.edition:
            about.append(words["edition"].format(result.edition))
        if result.year:
            about.append(words["year"].format(result.year))
        out.append("  ".join([*about, *([result.body] if result.body else []), _verdict(result, words)]))
        for finding in result.findings:
            out.append(f"  {words[finding['level']]} {finding['code']}  {finding['message']}")
            out.append(f"      → {finding['hint']}")
        if result.written:
            out.append(f"  {words['written'].format(result.written)}")
    if len(results) > 1:
        unreadable = sum(not result.edition for result in results)
        faulty = sum(result.errors > 0 for result in results) - unreadable
        out.append(words["sum"].format(len(results), len(results) - faulty - unreadable, faulty, unreadable))
    return "".join(f"{line}\n" for line in out)


def _verdict(result: Result, words: dict[str, str]) -> str:
    if not result.edition:
        return words["unreadable"]
    if result.errors:
        return words["faulty"].format(result.errors)
    return words["strict"] if result.exit_code == FAULTY else words["sound"]


def _csv(results: Sequence[Result]) -> str:
    import csv
    import io

    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, _COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for result in results:
        for finding in result.findings:
            place = finding["cells"][0] if finding["cells"] else {"sheet": None, "address": None}
            row = {**finding, "file": result.file, "sheet": place["sheet"], "address": place["address"]}
            writer.writerow({key: _inert(value) for key, value in row.items()})
    return stream.getvalue()


def _inert(value: Any) -> Any:
    """Keep a text that a spreadsheet would take for a formula from being one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value

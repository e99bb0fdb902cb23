"""Results as text for a terminal: every finding with what to do, then a table of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.output.vocabulary import (
    WORDS,
    counts,
    frequent,
    level,
    printable_results,
    reason,
    verdict,
    warnings,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_BODY_WIDTH = 40
_GAP = "  "


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return all findings; of many files also a table of them and the most frequent codes."""
    results = printable_results(results)
    return _joined([*_all(results, lang), *(_summary(results, lang) if len(results) > 1 else ())])


def brief(results: Sequence[Result], lang: Lang, otherwise: str = "") -> bytes:
    """Return all findings; of many files also how many came out how, in one line.

    ``otherwise`` is said of a file of which nothing was made.
    """
    results = printable_results(results)
    return _joined([*_all(results, lang, otherwise), *([counts(results).say(lang)] if len(results) > 1 else ())])


def _joined(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _all(results: Sequence[Result], lang: Lang, otherwise: str = "") -> Iterator[str]:
    words = WORDS[lang]
    for result in results:
        about = [result.file]
        if result.edition:
            about.append(words["edition"].format(result.edition))
        if result.year:
            about.append(words["year"].format(result.year))
        about += [result.body] if result.body else []
        yield _GAP.join([*about, verdict(result, lang)])
        for finding in result.findings:
            yield f"  {words[level(finding)]} {finding['code']}  {finding['message']}"
            yield f"      → {reason(finding, lang) or finding['hint']}"
        if result.written:
            yield f"  {words['written'].format(result.written)}"
        elif otherwise and result.edition and result.data is None:
            yield f"  {otherwise}"


def _summary(results: Sequence[Result], lang: Lang) -> Iterator[str]:
    """Yield the table of the files, how many came out how, and the most frequent codes."""
    words = WORDS[lang]
    heads = [words[name] for name in ("file", "body", "of_year", "verdict", "errors", "warnings")]
    yield ""
    yield from _table([heads, *(_row(result, lang) for result in results)], right=3)
    yield ""
    yield counts(results).say(lang)
    often = frequent(results, lang)
    if often:
        yield words["frequent"]
        yield from (f"  {line}" for line in _table([[f"{number}×", code, title] for code, title, number in often]))


def _row(result: Result, lang: Lang) -> list[str]:
    body = _cut(result.body or "")
    told = verdict(result, lang)
    return [
        result.file,
        body,
        str(result.year or ""),
        told,
        str(result.errors),
        str(warnings(result)),
    ]


def _cut(text: str) -> str:
    """Return as much of a text as its column holds."""
    short = text[:_BODY_WIDTH]
    while width(short) > _BODY_WIDTH:
        short = short[:-1]
    return text if short == text else f"{short[:-1]}…"


def _table(rows: Sequence[Sequence[str]], right: int | None = None) -> Iterator[str]:
    """Yield rows with their columns below each other; those after the column ``right`` lean on their right edge."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            fill = " " * (wide - width(cell))
            cells.append(fill + cell if right is not None and index > right else cell + fill)
        yield _GAP.join(cells).rstrip()

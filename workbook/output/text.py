"""Results as text for a terminal: every mistake with what to do, then a table of the files.

``columns`` is the width at which lines are broken, that of the terminal; 0 breaks none, for files and other programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.output.vocabulary import (
    WORDS,
    counts,
    errors,
    failing,
    frequent,
    printable_results,
    reason,
    tally,
    verdict,
    warnings,
)
from workbook.output.wrap import hung, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_BODY_WIDTH = 40
_GAP = "  "


def render(
    results: Sequence[Result], lang: Lang, columns: int = 0, *, quiet: bool = False, summary: bool = False
) -> bytes:
    """Return all mistakes; of many files also a table of them and the most frequent codes.

    ``quiet`` is for the files that fail and what they fail of, and nothing else; ``summary`` for a line a file and how
    often each code is found.
    """
    results = printable_results(results)
    if quiet or summary:
        return _joined(_short(results, lang, columns, quiet=quiet, summary=summary))
    return _joined([*_all(results, lang, columns), *(_summary(results, lang) if len(results) > 1 else ())])


def brief(
    results: Sequence[Result],
    lang: Lang,
    otherwise: str = "",
    columns: int = 0,
    *,
    quiet: bool = False,
    summary: bool = False,
) -> bytes:
    """Return all mistakes; of many files also how many came out how, in one line.

    ``otherwise`` is said of a file of which nothing was made; ``quiet`` and ``summary`` are as in ``render``.
    """
    results = printable_results(results)
    if quiet or summary:
        return _joined(_short(results, lang, columns, quiet=quiet, summary=summary))
    return _joined(
        [*_all(results, lang, columns, otherwise), *([counts(results).say(lang)] if len(results) > 1 else ())]
    )


def _short(results: Sequence[Result], lang: Lang, columns: int, *, quiet: bool, summary: bool) -> Iterator[str]:
    """Yield the files that fail with what they fail of, or a line a file and how often each code is found."""
    told = failing(results) if quiet else results
    if not summary:
        yield from _all(told, lang, columns)
        return
    yield from (_head(result, lang) for result in told)
    if len(results) > 1 and not quiet:
        yield counts(results).say(lang)
    rows = [[f"{number}×", WORDS[lang][how], code, title] for code, how, title, number in tally(told, lang)]
    yield from (f"  {line}" for line in _table(rows))


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _all(results: Sequence[Result], lang: Lang, columns: int, otherwise: str = "") -> Iterator[str]:
    words = WORDS[lang]
    for result in results:
        yield _head(result, lang)
        for cause in result.causes:
            told = words["code_last"].format(message=cause.message(lang), code=cause.first["code"])
            yield from hung(f"  {words[cause.status]} ", told, columns)
            yield from hung("      → ", reason(cause.first, lang) or cause.first["hint"], columns)
            if cause.effects:
                yield from hung("      → ", cause.consequences(lang), columns)
        if result.written:
            yield f"  {words['written'].format(result.written)}"
        elif otherwise and result.edition and result.data is None and not result.is_unwritten:
            yield f"  {otherwise}"


def _head(result: Result, lang: Lang) -> str:
    """Return the line of a file: its name, whose report of which year it is, and what came of it."""
    words = WORDS[lang]
    about = [result.file]
    if result.edition:
        about.append(words["edition"].format(result.edition))
    if result.year:
        about.append(words["year"].format(result.year))
    about += [result.body] if result.body else []
    return _GAP.join([*about, verdict(result, lang)])


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
        str(errors(result)),
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
    widths = [max(map(width, column), default=0) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            fill = " " * (wide - width(cell))
            cells.append(fill + cell if right is not None and index > right else cell + fill)
        yield _GAP.join(cells).rstrip()

"""Results as text for a terminal: every mistake with what to do, then a table of the files.

``columns`` is the width at which lines are broken, that of the terminal; 0 breaks none, for files and other programs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.output.tally import Tally, verdict
from workbook.output.vocabulary import WORDS, failing, printable_results, reason
from workbook.output.wrap import hung, width
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.jobs.result import Result
    from workbook.output.tally import Line
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
    blocks = (block(result, lang, columns, quiet=quiet, summary=summary) for result in results)
    return b"".join([*blocks, closing(Tally.of(results), lang, quiet=quiet, summary=summary)])


def block(
    result: Result,
    lang: Lang,
    columns: int = 0,
    otherwise: str = "",
    *,
    quiet: bool = False,
    summary: bool = False,
) -> bytes:
    """Return all mistakes of one report; ``otherwise`` is said of a file of which nothing was made.

    ``quiet`` and ``summary`` are as in ``render``.
    """
    told = printable_results(failing([result]) if quiet else [result])
    if summary:
        return _joined(_head(one, lang) for one in told if not one.is_closing)
    return _joined(line for one in told for line in _block(one, lang, columns, "" if quiet else otherwise))


def closing(tally: Tally, lang: Lang, *, quiet: bool = False, summary: bool = False) -> bytes:
    """Return what ends the blocks of many reports: a table of them, how many came out how, the most frequent codes."""
    if summary:
        return _joined(_codes(tally, lang, quiet=quiet))
    return _joined(_summary(tally, lang)) if len(tally.lines) > 1 and not quiet else b""


def _codes(tally: Tally, lang: Lang, *, quiet: bool) -> Iterator[str]:
    """Yield how many files came out how, and how often each code was found."""
    if len(tally.lines) > 1 and not quiet:
        yield tally.say(lang)
    rows = [
        [f"{number}×", WORDS[lang][how], code, title] for code, how, title, number in tally.codes(lang, failing=quiet)
    ]
    yield from (f"  {line}" for line in _table(rows))


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _block(result: Result, lang: Lang, columns: int, otherwise: str) -> Iterator[str]:
    words = WORDS[lang]
    yield _head(result, lang)
    for cause in result.causes:
        told = words["code_last"].format(message=cause.message(lang), code=cause.first["code"])
        yield from hung(f"  {words[cause.status]} ", told, columns)
        yield from hung("      → ", reason(cause.first, lang) or cause.first["hint"], columns)
        if cause.effects:
            yield from hung("      → ", cause.consequences(lang), columns)
    if result.written:
        yield f"  {words['written'].format(result.written)}"
    elif otherwise and result.edition and result.data is None and not (result.is_unwritten or result.is_closing):
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


def _summary(tally: Tally, lang: Lang) -> Iterator[str]:
    """Yield the table of the files, how many came out how, and the most frequent codes."""
    words = WORDS[lang]
    heads = [words[name] for name in ("file", "body", "of_year", "verdict", "errors", "warnings")]
    yield ""
    yield from _table([heads, *(_row(line, lang) for line in tally.lines)], right=3)
    yield ""
    yield tally.say(lang)
    often = tally.frequent(lang)
    if often:
        yield words["frequent"]
        yield from (f"  {line}" for line in _table([[f"{number}×", code, title] for code, title, number in often]))


def _row(line: Line, lang: Lang) -> list[str]:
    return [
        printable(line.file),
        _cut(printable(line.body or "")),
        str(line.year or ""),
        line.verdict(lang),
        str(line.errors),
        str(line.warnings),
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

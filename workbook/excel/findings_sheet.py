"""How findings are shown in a workbook: marks on cells and the sheet 校验结果, as data that any writer can lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.checks.waivers import waiver_at
from workbook.printable import printable
from workbook.report import columns
from workbook.report.findings import LEVEL_WORDS, WAIVED, show
from workbook.report.findings import verdict as verdict_of
from workbook.report.values import Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.report import Finding, Place

RESULTS = "校验结果"
COPY = "nianbao.copy"
"""Sheets of a marked copy: the list of findings, and a very hidden one that says what the copy was made of."""

_COLUMNS = ["level", "code", "sheet", "address", "found", "expected", "difference", "message", "hint", "why", "at"]
HEADS = ("序号", *(columns.HEADS["zh"][name] for name in _COLUMNS))
WIDTHS = (5, 7, 22, 14, 8, 9, 9, 8, 46, 36, 22, 18)
LEVEL, CODE, LINK, REASON, AT = 1, 2, 4, 10, 11
"""Columns of the sheet of results: coloured, named by waivers, linked, open for a reason, named by waivers."""

TINTS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
LIKELY, OPEN = "FF7C80", "FFF9E3"
HEAD_TINT, BAD, GOOD, BLUE = "F5F7FA", "C00000", "2E7D32", "1F4E79"
"""Colours as RGB in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is given: a colour and a comment."""

    sheet: str
    address: str
    tint: str
    text: str


def level(finding: Finding) -> str:
    """Say the level of a finding; of an accepted warning, that it was accepted."""
    return LEVEL_WORDS["zh"][finding.status]


def tint(finding: Finding) -> str:
    """Return the colour of a finding's level; an accepted warning looks like what is only told."""
    return TINTS["info" if finding.waived else finding.level]


def marks(findings: Sequence[Finding]) -> Iterator[Mark]:
    """Yield the marks of findings, one a cell; a cell that is likely wrong is coloured strongest.

    An accepted warning leaves no mark: there is nothing to do.
    """
    tints: dict[tuple[str, str], str] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    for finding in (item for item in findings if not item.waived):
        for place, colour in _places(finding):
            spot = place.sheet, place.address
            if tints.get(spot) != LIKELY:
                tints[spot] = colour
            text = f"【{level(finding)}】{finding.message()}\n{finding.hint()}"
            texts.setdefault(spot, []).append(printable(text, keep="\n"))
    for (sheet, address), colour in tints.items():
        yield Mark(sheet, address, colour, "\n\n".join(texts[sheet, address]))


def _places(finding: Finding) -> Iterator[tuple[Place, str]]:
    """Yield the places that a finding marks: the located cells, and the first cell of its rule or the cell itself."""
    for change in finding.corrections:
        if change.cell.place:
            yield change.cell.place, LIKELY
    located = {change.cell.cell for change in finding.corrections}
    for cell in finding.cells[:1]:
        if cell.place and cell.cell not in located:
            yield cell.place, TINTS[finding.level]


def verdict(findings: Iterable[Finding]) -> str:
    """Say in one line what was found."""
    levels = [finding.status for finding in findings]
    errors, waived = levels.count("error"), levels.count(WAIVED)
    others = len(levels) - errors - waived
    words = verdict_of(errors)
    words += f"，另有 {others} 处提示或说明" if others else ""
    return words + (f"，{waived} 处提示已说明" if waived else "")


def rows(findings: Iterable[Finding]) -> Iterator[tuple[int | float | str | None, ...]]:
    """Yield the rows of the sheet of results, a finding a row, under ``HEADS``.

    The last two cells are the reason of an accepted warning, and the place that a waiver of the finding names.
    """
    for index, finding in enumerate(findings, 1):
        place = place_of(finding)
        numbers = [_shown(value) for value in (finding.found, finding.expected, finding.difference)]
        where = (place.sheet, place.address) if place else (None, None)
        told = finding.message(), finding.hint(), finding.waived.reason if finding.waived else None, waiver_at(finding)
        texts = (printable(text, keep="\n") if text else text for text in told)
        yield index, level(finding), finding.code, *where, *numbers, *texts


def place_of(finding: Finding) -> Place | None:
    """Return the place that a finding leads to."""
    return finding.cells[0].place if finding.cells else None


def _shown(value: Value) -> int | float | str | None:
    """Return a value as the sheet of results shows it: numbers as numbers."""
    return show(value) if isinstance(value, str) else None if value is None else plain(value)

"""How findings are shown in a workbook: marks on cells and the sheet 校验结果, as data that any writer can lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.checks.waivers import waiver_at
from workbook.printable import printable
from workbook.report import Place, listing
from workbook.report.findings import LEVEL_WORDS, show
from workbook.report.findings import verdict as verdict_of
from workbook.report.listing import painted, pointed, ringed
from workbook.report.values import Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.report import Finding

RESULTS = "校验结果"
COPY = "nianbao.copy"
"""Sheets of a marked copy: the list of findings, and a very hidden one that says what the copy was made of."""

_COLUMNS = ["level", "code", "sheet", "address", "found", "expected", "difference", "message", "hint", "why", "at"]
HEADS = ("序号", *(listing.HEADS["zh"][name] for name in _COLUMNS))
WIDTHS = (5, 7, 22, 14, 8, 9, 9, 8, 46, 36, 22, 18)
LEVEL, CODE, LINK, REASON, AT = 1, 2, 4, 10, 11
"""Columns of the sheet of results: coloured, named by waivers, linked, open for a reason, named by waivers."""

TINTS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
LIKELY, RING, OPEN = "FF7C80", "FDF1E7", "FFF9E3"
_STRENGTH = (RING, TINTS["info"], TINTS["warning"], TINTS["error"], LIKELY)
"""The colours of cells from the faintest on."""

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

    The other cells of an equation that does not add up are coloured faintly. What is said stands at the wrong cell,
    else at the equation's first. An accepted warning leaves no mark: there is nothing to do.
    """
    tints: dict[tuple[str, str], str] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    for finding in (item.as_dict() for item in findings if not item.waived):
        text = f"【{LEVEL_WORDS['zh'][finding['level']]}】{finding['message']}\n{finding['hint']}"
        for spot, colour in _spots(finding):
            tints[spot] = max(tints.get(spot, RING), colour, key=_STRENGTH.index)
        for spot, _ in list(_spots(finding))[: max(len(finding["located"]), 1)]:
            texts.setdefault(spot, []).append(printable(text, keep="\n"))
    for (sheet, address), colour in tints.items():
        yield Mark(sheet, address, colour, "\n\n".join(texts.get((sheet, address), ())))


def _spots(finding: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield where a finding leaves a colour: cells that are wrong first, then the others of its equation."""
    wrong = painted(finding)
    colour = LIKELY if finding["located"] else TINTS[finding["level"]]
    own = {cell["cell"] for cell in wrong}
    others = [cell for cell in ringed(finding) if cell["cell"] not in own]
    for cells, tint in ((wrong, colour), (others, RING)):
        yield from (((cell["sheet"], cell["address"]), tint) for cell in cells if cell["sheet"])


def verdict(findings: Iterable[Finding]) -> str:
    """Say in one line what was found."""
    return verdict_of(finding.status for finding in findings)


def rows(findings: Iterable[Finding]) -> Iterator[tuple[int | float | str | None, ...]]:
    """Yield the rows of the sheet of results, a finding a row, under ``HEADS``.

    The last two cells are the reason of an accepted warning, and the place that a waiver of the finding names.
    """
    for index, finding in enumerate(findings, 1):
        cell, found, expected = pointed(finding.as_dict())
        numbers = [_shown(value) for value in (found, expected, finding.difference)]
        where = (cell["sheet"], cell["address"]) if cell else (None, None)
        told = finding.message(), finding.hint(), finding.waived.reason if finding.waived else None, waiver_at(finding)
        texts = (printable(text, keep="\n") if text else text for text in told)
        yield index, level(finding), finding.code, *where, *numbers, *texts


def place_of(finding: Finding) -> Place | None:
    """Return the place that a finding leads to."""
    cell, _, _ = pointed(finding.as_dict())
    return Place(cell["sheet"], cell["address"]) if cell and cell["sheet"] else None


def _shown(value: Value) -> int | float | str | None:
    """Return a value as the sheet of results shows it: numbers as numbers."""
    return show(value) if isinstance(value, str) else None if value is None else plain(value)

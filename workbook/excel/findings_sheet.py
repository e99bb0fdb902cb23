"""How findings are shown in a workbook: marks on cells and the sheet 校验结果, as data that any writer can lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.checks.waivers import place_named
from workbook.printable import printable
from workbook.records import dataclass
from workbook.report import Place, listing
from workbook.report.findings import LEVEL_WORDS, WAIVED, show
from workbook.report.findings import verdict as verdict_of
from workbook.report.fold import Cause, fold
from workbook.report.listing import painted, pointed, ringed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def causes_of(findings: Iterable[Finding], edition: str | None) -> list[Cause]:
    """Return the mistakes that the findings of a report tell; the functions below take these."""
    return fold([finding.as_dict() for finding in findings], edition)


def level(cause: Cause) -> str:
    """Say the level of a mistake; of an accepted warning, that it was accepted."""
    return LEVEL_WORDS["zh"][cause.status]


def tint(cause: Cause) -> str:
    """Return the colour of a mistake's level; an accepted warning looks like what is only told."""
    return TINTS.get(cause.status, TINTS["info"])


def marks(causes: Iterable[Cause]) -> Iterator[Mark]:
    """Yield the marks of mistakes, one a cell; a cell that is likely wrong is coloured strongest.

    The other cells of an equation that does not add up are coloured faintly. What is said stands once for each mistake:
    at the wrong cell, else at the first. An accepted warning leaves no mark: there is nothing to do.
    """
    tints: dict[tuple[str, str], str] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    for cause in causes:
        if cause.status == WAIVED:
            continue
        for spot, colour in (spot for finding in cause.drawn for spot in _spots(finding)):
            tints[spot] = max(tints.get(spot, RING), colour, key=_STRENGTH.index)
        text = f"【{level(cause)}】{cause.message('zh')}\n{cause.hint('zh')}"
        for spot, _ in list(_spots(cause.first))[: max(len(cause.first["located"]), 1)]:
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


def verdict(causes: Iterable[Cause]) -> str:
    """Say in one line what was found."""
    return verdict_of(cause.status for cause in causes)


def rows(causes: Iterable[Cause]) -> Iterator[tuple[int | float | str | None, ...]]:
    """Yield the rows of the sheet of results, a mistake a row, under ``HEADS``.

    The last two cells are the reason of an accepted warning, and the place that a waiver of the finding names.
    """
    for index, cause in enumerate(causes, 1):
        cell, found, expected = cause.pointed()
        numbers = [_shown(value) for value in (found, expected, cause.first["difference"])]
        where = (cell["sheet"], cell["address"]) if cell else (None, None)
        accepted = cause.first["waived"]
        told = cause.message("zh"), cause.hint("zh"), accepted["reason"] if accepted else None, accepted_at(cause.first)
        texts = (printable(text, keep="\n") if text else text for text in told)
        yield index, level(cause), cause.first["code"], *where, *numbers, *texts


def accepted_at(finding: Mapping[str, Any]) -> str:
    """Return the place that a waiver of just this finding names."""
    return place_named(finding["at"], finding["quote"]["text"] if finding["quote"] else "")


def place_of(cause: Cause) -> Place | None:
    """Return the place that a mistake leads to."""
    cell, _, _ = pointed(cause.first)
    return Place(cell["sheet"], cell["address"]) if cell and cell["sheet"] else None


def _shown(value: Any) -> int | float | str | None:
    """Return a value as the sheet of results shows it: numbers as numbers."""
    return show(value) if isinstance(value, str) else value

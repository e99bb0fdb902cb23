"""How findings are shown in a workbook: marks on cells and the sheet 校验结果, as data that any writer can lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.report.findings import show
from workbook.report.values import Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.report import Finding, Place

RESULTS = "校验结果"

HEADS = ("序号", "级别", "代码", "工作表", "单元格", "现有", "应有", "差额", "问题", "怎么办")
WIDTHS = (6, 8, 26, 16, 10, 14, 14, 10, 64, 56)
LEVEL, LINK = 1, 4
"""Columns of the sheet of results that are coloured and linked."""

LEVELS = {"error": "错误", "warning": "提示", "info": "说明"}
TINTS = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
LIKELY = "FF7C80"
HEAD_TINT, BAD, GOOD, BLUE = "F5F7FA", "C00000", "2E7D32", "1F4E79"
"""Colours as RGB in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is given: a colour and a comment."""

    sheet: str
    address: str
    tint: str
    text: str


def marks(findings: Sequence[Finding]) -> Iterator[Mark]:
    """Yield the marks of findings, one a cell; a cell that is likely wrong is coloured strongest."""
    tints: dict[tuple[str, str], str] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        for place, tint in _places(finding):
            spot = place.sheet, place.address
            if tints.get(spot) != LIKELY:
                tints[spot] = tint
            texts.setdefault(spot, []).append(f"【{LEVELS[finding.level]}】{finding.message()}\n{finding.hint()}")
    for (sheet, address), tint in tints.items():
        yield Mark(sheet, address, tint, "\n\n".join(texts[sheet, address]))


def _places(finding: Finding) -> Iterator[tuple[Place, str]]:
    """Yield the places that a finding marks: the located cells, and the first cell of its rule or the cell itself."""
    for change in finding.repair:
        if change.cell.place:
            yield change.cell.place, LIKELY
    located = {change.cell.cell for change in finding.repair}
    for cell in finding.cells[:1]:
        if cell.place and cell.cell not in located:
            yield cell.place, TINTS[finding.level]


def verdict(findings: Iterable[Finding]) -> str:
    """Say in one line what was found."""
    levels = [finding.level for finding in findings]
    errors, others = levels.count("error"), len(levels) - levels.count("error")
    words = f"✗ 有 {errors} 处错误" if errors else "✓ 没有错误"
    return words + (f"，另有 {others} 处提示或说明" if others else "")


def rows(findings: Iterable[Finding]) -> Iterator[tuple[int | float | str | None, ...]]:
    """Yield the rows of the sheet of results, a finding a row, under ``HEADS``."""
    for index, finding in enumerate(findings, 1):
        place = place_of(finding)
        numbers = [_shown(value) for value in (finding.found, finding.expected, finding.difference)]
        where = (place.sheet, place.address) if place else (None, None)
        yield index, LEVELS[finding.level], finding.code, *where, *numbers, finding.message(), finding.hint()


def place_of(finding: Finding) -> Place | None:
    """Return the place that a finding leads to."""
    return finding.cells[0].place if finding.cells else None


def internal(place: Place) -> str:
    """Return the target of a link within the workbook.

    >>> from workbook.report import Place
    >>> internal(Place("a'b", "D6"))
    "'a''b'!D6"
    """
    quoted = place.sheet.replace("'", "''")
    return f"'{quoted}'!{place.address}"


def _shown(value: Value) -> int | float | str | None:
    """Return a value as the sheet of results shows it: numbers as numbers."""
    return show(value) if isinstance(value, str) else None if value is None else plain(value)

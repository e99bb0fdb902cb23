"""What is visible in a workbook: what a cell shows where that is not what it holds, and what of it is not there at all.

Struck-out text, marks for notes and what lies under a merged cell are not read; what is merely shown otherwise is read
as it is held. All of it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal

from workbook.excel.address import a1
from workbook.excel.layout import AT_LEAST, COVER, all_text_sheets, text_name
from workbook.excel.reading.faces import Run
from workbook.excel.reading.grid import value_of
from workbook.excel.reading.number_format import GENERAL, TEXT, dated, is_date, says, shown
from workbook.records import dataclass
from workbook.report import Place, left_out, make_finding, number, text_left_out
from workbook.report.findings import show
from workbook.report.marks import as_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.excel.address import Spot
    from workbook.excel.reading.faces import Face, Reason
    from workbook.excel.reading.grid import Grid
    from workbook.form import Kind
    from workbook.report import Finding, LeftOut, Report, Value

_PROSE = 100
"""Characters from which on a text is prose, whose raised figures are units and powers as often as notes."""

LINKED, MARKED, LEFT_OUT = "cell.linked", "cell.notation", "cell.left_out"
OTHERWISE, UNSEEN = "cell.shown_otherwise", "cell.not_visible"
_GROUPED = {OTHERWISE, UNSEEN}
"""Codes of which one finding speaks of all cells of a table that look so for the same reason."""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing about a cell that has to be told.

    ``found`` is what stands in the cell, ``shown`` what is seen of it, ``None`` where that is not worked out or does
    not matter; ``words`` are what the message names besides, as pairs, and ``left`` is what was left out.
    """

    code: str
    found: Value
    shown: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    left: tuple[LeftOut, ...] = ()


Looks = Mapping[str, Sequence[Look]]
"""What has to be told of the cells of a sheet, by address."""


@dataclass
class Seen:
    """What is visible of a sheet: what has to be told by address, and what is read instead of what the cells hold."""

    looks: dict[str, list[Look]] = field(default_factory=dict)
    instead: dict[Spot, Any] = field(default_factory=dict)

    def leave_out(self, spot: Spot, look: Look, instead: Any) -> None:
        """Read something else instead of what a cell holds, and tell nothing but that."""
        self.looks[a1(*spot)] = [look]
        self.instead[spot] = instead

    def tell(self, address: str, look: Look) -> None:
        """Add what has to be told of a cell."""
        self.looks.setdefault(address, []).append(look)

    def laid_over(self, grid: Grid) -> Grid:
        """Put what is read instead into a sheet of values."""
        for (row, column), value in self.instead.items():
            if row < len(grid) and column < len(grid[row]):
                grid[row][column] = value
        return grid


def told(report: Report, looks: Mapping[str, Looks], texts: Iterable[str] = ()) -> Report:
    """Return a report with a finding for all that its numbers show otherwise than the workbook holds them.

    Args:
        report: as it was read; cells name their places.
        looks: by sheet what has to be told of its cells.
        texts: the sheets of texts alone, where they are called otherwise than in the template.
    """
    groups: dict[tuple[object, ...], list[tuple[str, Look]]] = {}
    for key, place in report.places.items():
        for look in looks.get(place.sheet, {}).get(place.address, ()) if key in report.cells else ():
            kind = report.form.cells[key].kind
            if look.shown is not None and says(look.shown.removeprefix(AT_LEAST), kind.unit) == _held(look, kind):
                continue
            own = (look.words, report.form.cells[key].table) if look.code in _GROUPED else (key,)
            groups.setdefault((look.code, *own), []).append((key, look))
    found = [
        *(_finding(report, group) for group in groups.values()),
        *text_left_out(list(_texts(report, looks, texts))),
    ]
    return replace(report, reader_findings=(*report.reader_findings, *found)) if found else report


def _texts(report: Report, looks: Mapping[str, Looks], texts: Iterable[str]) -> Iterator[tuple[Place, str]]:
    """Yield where something was left out of the texts and the cover, and what."""
    beside = {place for key, place in report.places.items() if key.startswith(text_name(""))}
    whole = {COVER, *all_text_sheets(), *texts}
    for sheet, addresses in looks.items():
        for address, told_of in addresses.items():
            for look in told_of if sheet in whole or Place(sheet, address) in beside else ():
                if look.code in {LEFT_OUT, MARKED}:
                    yield Place(sheet, address), "".join(text for _, text in look.left) or str(look.found)


def _held(look: Look, kind: Kind) -> object:
    return says(look.found, kind.unit) if isinstance(look.found, str) else look.found


def _finding(report: Report, group: Sequence[tuple[str, Look]]) -> Finding:
    cells = tuple(report.cell(key) for key, _ in group)
    (key, look), more = group[0], len(group) - 1
    if look.left:
        return left_out(cells[0], report.form.cells[key].kind, look.left)
    words = dict(look.words) | {"taken": show(report.cells[key])}
    words |= {"others": f"等 {more + 1} 格" * bool(more), "others_en": f" and {more} more" * bool(more)}
    if look.code == OTHERWISE:
        text = None if look.shown is None else look.shown.strip()
        words["shown"] = "别的样子" if text is None else show(text or None)
        words["shown_en"] = "something else" if text is None else show(text or None, "en")
    return make_finding(look.code, key, cells, look.found, **words)


def look_at_number(seen: Seen, spot: Spot, value: float, face: Face) -> None:
    """Look at a number in its cell format: a struck-out one is not there, one shown as a date is not a number."""
    held, address = number(value), a1(*spot)
    if face.font.struck:
        seen.leave_out(spot, _left("struck", held), "")
        return
    hidden = face.font.unseen(face.ground)
    if hidden:
        seen.tell(address, unseen(held, hidden))
    if face.repeated:
        seen.tell(address, Look(OTHERWISE, held, None, (("format", "对齐方式：填充"),)))
    if face.code not in {GENERAL, TEXT}:
        seen.tell(address, Look(OTHERWISE, held, shown(face.code, value), (("format", face.code),)))
    if is_date(face.code):
        seen.instead[spot] = dated(value) or face.code


def look_at_text(seen: Seen, spot: Spot, runs: Sequence[Run], face: Face) -> None:
    """Look at a text: what is struck out, not to be seen, or a mark for a note is left out of it."""
    runs = [Run(run.text, run.font or face.font) for run in runs if run.text]
    whole = "".join(run.text for run in runs)
    fonts = [run.font for run in runs if run.font and run.text.strip()]
    hidden = {font.unseen(face.ground) for font in fonts}
    partly = len(hidden) > 1 and len(whole) <= _PROSE
    noted = len({font.raised for font in fonts}) > 1 and len(whole) <= _PROSE
    struck = "".join(run.text for run in runs if run.font and run.font.struck).strip()
    looks = [_left("struck", struck)] * bool(struck)
    looks += [unseen(whole, reason) for reason in hidden if reason]
    looks += [Look(MARKED, "".join(map(_as_marked, runs)))] * noted
    kept = [run.text for run in runs if run.font and not (
        run.font.struck or (partly and run.font.unseen(face.ground)) or (noted and run.font.raised))]  # fmt: skip
    left = "".join(kept)
    if left != whole:
        value = says(left)
        seen.instead[spot] = left if isinstance(value, str) else "" if value is None else float(value)
    for look in looks:
        seen.tell(a1(*spot), look)
    text = whole if face.code in {GENERAL, TEXT} else shown(face.code, whole)
    if text != whole:
        seen.tell(a1(*spot), Look(OTHERWISE, whole, text, (("format", face.code),)))


def _left(why: Literal["struck", "hidden", "covered"], value: Value) -> Look:
    return Look(LEFT_OUT, value, left=((why, str(value)),))


def unseen(found: Value, reason: Reason) -> Look:
    """Return what has to be told of a value that cannot be seen."""
    return Look(UNSEEN, found, None, (("reason", reason[0]), ("reason_en", reason[1])))


def _as_marked(run: Run) -> str:
    """Return a run as it looks in plain text: raised and lowered figures as such."""
    raised = run.font.raised if run.font else ""
    return as_mark(run.text, lowered=raised == "down") if raised else run.text


def lay_under(seen: Seen, grid: Grid, areas: Iterable[tuple[Spot, Spot]]) -> None:
    """Leave out what lies under merged cells: of the cells that one covers, only the first is seen.

    Raises:
        ValueError: the merged cells overlap so much that they are more than any sheet has.
    """
    left = sum(map(len, grid)) * 2 + 1
    for (top, first), (bottom, last) in areas:
        for row in range(top, min(bottom + 1, len(grid))):
            cells, shown = grid[row][first : last + 1], int(row == top)
            left -= len(cells)
            if left < 0:
                raise ValueError("merged cells that overlap")
            covered = cells[shown:]
            if covered.count("") < len(covered):
                for column, value in enumerate(covered, first + shown):
                    if value != "":
                        seen.leave_out((row, column), _left("covered", value_of(value)), "")

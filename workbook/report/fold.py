"""Findings as people count them: one for each mistake, with all cells it was made in and all that follows from it.

Checks give a finding for every cell and every equation, and programs get them so. Here those that say the same of
neighbouring cells become one with a range, those that say the very same become one, and what follows from an error is
put under it. Nothing is lost: every finding is in just one cause. Findings are dictionaries, as ``Finding.as_dict``
gives them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.form import load_form, printed_sections
from workbook.records import dataclass
from workbook.report.findings import LEVELS, WAIVED, catalogue, entries
from workbook.report.listing import is_equation, pointed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from workbook.report.findings import Entry, Lang

    Shown = Mapping[str, Any]
    Spot = tuple[int, int]
    Rectangle = tuple[int, int, int, int]

SEVERITY = (*LEVELS, WAIVED)
"""What a finding counts as, worst first."""

_ADDRESS = expression("([A-Z]{1,3})([1-9][0-9]*)")
_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "range": "「{sheet}」{address}",
        "labels": "“{table}”从“{first}”到“{last}”的各格",
        "but": "（合计除外）",
        "times": "{message}（同样的共 {count} 处）",
        "effects": "由此还有 {count} 处，先改正这里再看：{names}",
        "kind": "{title} {count} 处",
        "comma": "；",
    },
    "en": {
        "range": "sheet {sheet}, cells {address}",
        "labels": "in {table} the cells from {first} to {last}",
        "but": " (without totals)",
        "times": "{message} ({count} times)",
        "effects": "{count} more follow from it; correct this first ({names})",
        "kind": "{title}: {count}",
        "comma": "; ",
    },
}


@dataclass(frozen=True, slots=True)
class Block:
    """A range of cells of a table, from the first of them to the last; ``whole`` where no total in it is left out."""

    table: str
    first: Shown
    last: Shown
    edition: str
    whole: bool

    @property
    def address(self) -> str:
        """The range on its sheet; empty where the report was not read from one."""
        ends = self.first["address"], self.last["address"]
        return ":".join(ends) if all(_ADDRESS.fullmatch(end or "") for end in ends) else ""

    def words(self, lang: Lang) -> dict[str, str]:
        """Return what the message for several cells may name."""
        form, words = load_form(self.edition), _WORDS[lang]
        said = {"but": "" if self.whole else words["but"]}
        if self.address:
            return said | {"range": words["range"].format(sheet=self.first["sheet"], address=self.address)}
        first, last = (form.cells[end["cell"]].label for end in (self.first, self.last))
        return said | {"range": words["labels"].format(table=form.table(self.table).title, first=first, last=last)}


@dataclass(frozen=True, slots=True)
class Cause:
    """One mistake: the findings that tell it, the first of them first, and those that follow from it.

    ``block`` is the range of cells of which several findings say the same.
    """

    findings: tuple[Shown, ...]
    effects: tuple[Shown, ...] = ()
    block: Block | None = None
    edition: str | None = None

    @property
    def first(self) -> Shown:
        """The finding by which the mistake is known."""
        return self.findings[0]

    @property
    def status(self) -> str:
        """The worst that is in it; so no error hides under a lighter finding."""
        return min((status(finding) for finding in (*self.findings, *self.effects)), key=SEVERITY.index)

    @property
    def drawn(self) -> tuple[Shown, ...]:
        """The findings that leave colours and rings: equations that only want for a blank or unread cell are sound."""
        return (*self.findings, *(self.effects if is_equation(self.first) else ()))

    def message(self, lang: Lang) -> str:
        """Say in one sentence what is wrong."""
        if len(self.findings) == 1:
            return str(self.first["message"])
        if self.block:
            pattern = catalogue()[self.first["code"]].words[lang]["many"]
            return pattern.format(count=len(self.findings), **self.block.words(lang))
        return _WORDS[lang]["times"].format(message=self.first["message"], count=len(self.findings))

    def hint(self, lang: Lang) -> str:
        """Say what to do, and what follows from the mistake."""
        return "\n".join(filter(None, (str(self.first["hint"]), self.consequences(lang))))

    def consequences(self, lang: Lang) -> str:
        """Say what follows from it; an empty text where nothing does."""
        if not self.effects:
            return ""
        words = _WORDS[lang]
        kinds = Counter(_title(effect["code"], self.edition, lang) for effect in self.effects)
        names = words["comma"].join(
            words["kind"].format(title=title, count=often) if len(self.effects) > 1 else title
            for title, often in kinds.items()
        )
        return words["effects"].format(count=len(self.effects), names=names)

    def pointed(self) -> tuple[Mapping[str, Any] | None, Any, Any]:
        """Return the cell that a line of a list leads to, what it holds and what it should hold, as ``listing`` has it.

        Where a range of cells is meant, the address is that of the range.
        """
        cell, found, expected = pointed(self.first)
        if self.block and cell:
            return {**cell, "address": self.block.address or cell["address"]}, None, None
        return cell, found, expected


def status(finding: Shown) -> str:
    """Return the level of a finding, ``waived`` where a reason for it was accepted."""
    return WAIVED if finding.get("waived") else str(finding["level"])


def fold(findings: Sequence[Shown], edition: str | None = None) -> list[Cause]:
    """Return the mistakes that findings tell, the worst first and otherwise in the order of the findings.

    Args:
        findings: everything that was found in one report.
        edition: the edition of its form, which knows what cells are neighbours; ``None`` where it is not known.
    """
    roots = _roots(findings)
    effects: defaultdict[int, list[Shown]] = defaultdict(list)
    for index, root in enumerate(roots):
        if index != root:
            effects[root].append(findings[index])
    heads = [index for index, root in enumerate(roots) if index == root]
    groups = [*_ranges(findings, heads, edition), *_same(findings, heads)]
    taken = {index for members, _ in groups for index in members}
    groups += [((index,), None) for index in heads if index not in taken]
    found = [
        Cause(
            tuple(findings[index] for index in members),
            tuple(effect for index in members for effect in effects[index]),
            block,
            edition,
        )
        for members, block in sorted(groups, key=lambda group: group[0][0])
    ]
    return sorted(found, key=lambda cause: SEVERITY.index(cause.status))


_Group = tuple[tuple[int, ...], Block | None]
"""Findings of one mistake by their numbers, and the range of their cells."""


def _roots(findings: Sequence[Shown]) -> list[int]:
    """Return for each finding the one that it follows from in the end; itself where that is not among them."""
    numbers: dict[tuple[str, str], int] = {}
    for index, finding in enumerate(findings):
        numbers.setdefault((finding["code"], finding["at"]), index)
    above = [numbers.get(tuple((finding.get("under") or {}).values())) for finding in findings]
    roots = []
    for index in range(len(findings)):
        way = [index]
        while (step := above[way[-1]]) is not None and step not in way:
            way.append(step)
        roots.append(way[-1] if step is None else min(way[way.index(step) :]))  # a circle has no root of its own
    return roots


def _same(findings: Sequence[Shown], heads: Iterable[int]) -> Iterator[_Group]:
    """Yield the findings without any cell or phrase of their own that say the very same."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in heads:
        finding = findings[index]
        if not finding["cells"] and not finding["quote"]:
            groups[finding["code"], status(finding), finding["message"], finding["hint"]].append(index)
    yield from ((tuple(members), None) for members in groups.values() if len(members) > 1)


def _ranges(findings: Sequence[Shown], heads: Iterable[int], edition: str | None) -> Iterator[_Group]:
    """Yield the findings that say the same of cells which fill a rectangle of a table, but for totals in it.

    Cells whose addresses are not as far apart as they are in the form stand in different rectangles.
    """
    spots = _spots(edition) if edition else {}
    many = {code for code, entry in catalogue().items() if "many" in entry.words["zh"]}
    groups: defaultdict[tuple[Any, ...], dict[Spot, int]] = defaultdict(dict)
    for index in heads:
        finding = findings[index]
        cells = finding["cells"]
        if finding["code"] in many and len(cells) == 1 and cells[0]["cell"] in spots:
            table, spot = spots[cells[0]["cell"]]
            key = finding["code"], status(finding), table, cells[0]["sheet"], _shift(cells[0]["address"], spot)
            groups[key].setdefault(spot, index)
    for (_, _, table, *_), members in groups.items():
        totals = _totals(edition, table) - members.keys()
        for rectangle in _rectangles(set(members), totals):
            inside = [spot for spot in sorted(members) if _holds(rectangle, spot)]
            if len(inside) > 1:
                top, left, bottom, right = rectangle
                whole = len(inside) == (bottom - top + 1) * (right - left + 1)
                first, last = (findings[members[spot]]["cells"][0] for spot in (inside[0], inside[-1]))
                yield tuple(sorted(members[spot] for spot in inside)), Block(table, first, last, str(edition), whole)


def _holds(rectangle: Rectangle, spot: Spot) -> bool:
    top, left, bottom, right = rectangle
    return top <= spot[0] <= bottom and left <= spot[1] <= right


def _rectangles(spots: set[Spot], totals: set[Spot]) -> Iterator[Rectangle]:
    """Yield rectangles that hold all of some cells, each once, and no other cells but totals.

    A rectangle is a stretch of a row, and as many rows as have the same stretch one below the other; a row of totals
    alone does not part it.
    """
    stretches: dict[int, set[Spot]] = {}
    for row in {row for row, _ in spots}:
        stretches[row] = set(_stretches({at for down, at in spots if down == row},
                                        {at for down, at in totals if down == row}))  # fmt: skip
    while stretches:
        top = min(stretches)
        left, right = min(stretches[top])
        bottom, row = top, top
        while _goes_on(row, (left, right), stretches, totals):
            if (left, right) in stretches.get(row, ()):
                bottom = row
                stretches[row].remove((left, right))
            row += 1
        stretches = {row: rest for row, rest in stretches.items() if rest}
        yield top, left, bottom, right


def _goes_on(row: int, stretch: Spot, stretches: Mapping[int, set[Spot]], totals: set[Spot]) -> bool:
    across = range(stretch[0], stretch[1] + 1)
    return stretch in stretches.get(row, ()) or all((row, column) in totals for column in across)


def _stretches(columns: set[int], totals: set[int]) -> Iterator[Spot]:
    """Yield the first and last columns of unbroken stretches; totals do not break one."""
    left = last = min(columns)
    for column in sorted(columns)[1:]:
        if any(between not in totals for between in range(last + 1, column)):
            yield left, last
            left = column
        last = column
    yield left, last


@cache
def _spots(edition: str) -> dict[str, tuple[str, Spot]]:
    """Return the table of each cell, and where it is printed."""
    tables = [table for section in printed_sections(edition) for table in section.tables]
    return {key: (table.table.key, spot) for table in tables for key, spot in table.cells.items()}


def _totals(edition: str | None, table: str) -> set[Spot]:
    """Return where the totals of a table are printed that follow from other cells."""
    form = load_form(str(edition))
    return {spot for key, (of, spot) in _spots(form.edition).items() if of == table and key in form.calculated}


def _shift(address: str | None, spot: Spot) -> Spot | None:
    """Return how far a cell stands from where it is printed; ``None`` of what is no address of a sheet."""
    match = _ADDRESS.fullmatch(address or "")
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - spot[0], column - spot[1]


def _title(code: str, edition: str | None, lang: Lang) -> str:
    known = _titles(edition) if edition else catalogue()
    return known[code].words[lang]["title"] if code in known else code


@cache
def _titles(edition: str) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries(load_form(edition))}


def count(causes: Iterable[Cause]) -> Counter[str]:
    """Return how many mistakes there are of each status."""
    return Counter(cause.status for cause in causes)

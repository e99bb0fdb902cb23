"""What goes wrong when an office adds up the reports of its units, and whether an explanation names it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sums import COLUMNS, RESULTS, TOP, Cells, corrected, one_of, total, units

from workbook.collect.explain import Contributor, Move
from workbook.collect.explain.layout import layout
from workbook.collect.explain.moves import added, less, negative

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from workbook.collect.explain import Explanation
    from workbook.form import Form

Truth = tuple[str, tuple[str, ...]]
"""The kind of a move that was made, and the units, sorted."""


@dataclass(frozen=True)
class Trial:
    """A filed sum that is wrong: by how much, and what was done; nothing of it may be said where ``truth`` is empty."""

    residual: Cells
    truth: frozenset[Truth]


class Mishaps:
    """Ways to get a sum wrong, drawn by chance among given units."""

    def __init__(self, form: Form, contributors: list[Contributor], chance: random.Random, *, rich: bool) -> None:
        self.form, self.units, self.chance, self.rich = form, contributors, chance, rich
        self.sum = total(contributors)
        self.counted = [unit for unit in contributors if unit.counted and unit.current]
        self.cells = layout(form).cells

    # What may be said.

    def omitted(self) -> Trial:
        """One unit was not added."""
        return self._moves([("omitted", self._unit())])

    def doubled(self) -> Trial:
        """One unit was added twice."""
        return self._moves([("doubled", self._unit())])

    def two_omitted(self) -> Trial:
        """Two units were not added."""
        return self._moves([("omitted", unit) for unit in self.chance.sample(self.counted, 2)])

    def exchanged(self) -> Trial:
        """One unit was added twice, another not."""
        out, twice = self.chance.sample(self.counted, 2)
        cells = less(twice.current or {}, out.current or {})
        return Trial(cells, frozenset({("omitted", (out.unit,)), ("doubled", (twice.unit,))}))

    def omitted_and_cells(self) -> Trial:
        """One unit was not added, and two cells are wrong."""
        trial = self.omitted()
        return Trial(added(trial.residual, self._wrong(2)), trial.truth)

    def two_and_a_cell(self) -> Trial:
        """Two units were not added, and a cell is wrong."""
        one, other = self.chance.sample(self.counted, 2)
        trial = self._moves([("omitted", one), ("omitted", other)])
        return Trial(added(trial.residual, self._wrong(1)), trial.truth)

    def class_omitted(self) -> Trial:
        """All units of a kind were not added."""
        kind = self.chance.choice(("township", "department"))
        members = [unit for unit in self.counted if unit.kind == kind]
        return self._together("class_omitted", members)

    def subtree_omitted(self) -> Trial:
        """A unit and all below it were not added."""
        return self._together("subtree_omitted", self._subtree())

    def subtree_doubled(self) -> Trial:
        """A unit and all below it were added twice."""
        return self._together("subtree_doubled", self._subtree(), 1)

    def older(self) -> Trial:
        """An earlier version of a unit was added."""
        unit = self._unit([unit for unit in self.counted if unit.older])
        cells = less(self.chance.choice(unit.older)[1], unit.current or {})
        return Trial(cells, frozenset({("older", (unit.unit,))}))

    def last_year(self) -> Trial:
        """The report of last year of a unit was added."""
        unit = self._unit([unit for unit in self.counted if unit.last_year])
        return Trial(less(unit.last_year or {}, unit.current or {}), frozenset({("last_year", (unit.unit,))}))

    def missing_counted(self) -> Trial:
        """A unit that the own sum lacks was added."""
        unit = self._unit([unit for unit in self.units if not unit.counted and (unit.waiting or unit.last_year)])
        if unit.waiting:
            return Trial(dict(unit.waiting[0][1]), frozenset({("missing_counted", (unit.unit,))}))
        return Trial(dict(unit.last_year or {}), frozenset({("missing_last_year", (unit.unit,))}))

    def table_omitted(self) -> Trial:
        """One table of a unit was not added."""
        unit = self._unit()
        current = unit.current or {}
        table = self.chance.choice(sorted({key.partition(".")[0] for key in current}))
        cells = {key: -value for key, value in current.items() if key.startswith(f"{table}.")}
        kind = "omitted" if len(cells) == len(current) else "table_omitted"
        return Trial(cells, frozenset({(kind, (unit.unit,))}))

    def shifted(self) -> Trial:
        """The applications of a unit stand one column beside their own."""
        unit = self._unit([unit for unit in self.counted if any(key in layout(self.form).beside["applications"]
                                                                for key in unit.current or {})])  # fmt: skip
        right = layout(self.form).beside["applications"]
        table = {key: value for key, value in (unit.current or {}).items() if key in right}
        moved = {after: value for key, value in table.items() if (after := right[key])}
        return Trial(less(moved, table), frozenset({("shifted", (unit.unit,))}))

    def money_unit(self) -> Trial:
        """The money of a unit was added in 元."""
        cell = min(layout(self.form).money)
        unit = self._unit([unit for unit in self.counted if (unit.current or {}).get(cell)])
        return Trial({cell: (unit.current or {})[cell] * 9_999}, frozenset({("money_unit", (unit.unit,))}))

    def table_of_all(self) -> Trial:
        """A table of all units was not added."""
        table = self.chance.choice(("applications", "disputes", "documents"))
        having = {unit.unit for unit in self.counted if any(key.startswith(f"{table}.") for key in unit.current or {})}
        cells = {key: -value for key, value in self.sum.items() if key.startswith(f"{table}.")}
        return Trial(cells, frozenset({("all_tables_omitted", tuple(sorted(having)))}))

    # Of what nothing may be said, or nothing but what is true by the way.

    def one_cell(self) -> Trial:
        """One cell is wrong."""
        return self._nothing(self._wrong(1))

    def five_cells(self) -> Trial:
        """Five cells are wrong."""
        return self._nothing(self._wrong(5))

    def small_cells(self) -> Trial:
        """Some cells that units fill often are wrong by one or two."""
        keys = self.chance.sample(sorted(self.sum), min(len(self.sum), self.chance.randint(2, 12)))
        return self._nothing({key: self.chance.choice((-2, -1, -1, 1, 1, 2)) for key in keys})

    def noise(self) -> Trial:
        """Every cell is wrong by noise."""
        return self._nothing(
            {key: round(self.chance.gauss(0, 1 + abs(value) * 0.1)) for key, value in self.sum.items()}
        )

    def correlated(self) -> Trial:
        """Each row is wrong by its own share."""
        share: dict[str, float] = defaultdict(lambda: self.chance.gauss(0, 0.05))
        return self._nothing(
            {key: round(value * share[key.rpartition(".")[0]]) for key, value in self.sum.items()}
        )  # fmt: skip

    def scaled(self) -> Trial:
        """All is one in a hundred too much."""
        return self._nothing({key: round(value / 100) for key, value in self.sum.items()})

    def rounded(self) -> Trial:
        """Numbers are rounded to tens."""
        return self._nothing({key: round(value, -1) - value for key, value in self.sum.items()})

    def wrong_sum(self) -> Trial:
        """Each cell lacks other units: rows were picked cell by cell."""
        cells: Cells = defaultdict(int)
        for unit in self.counted:
            for key, value in (unit.current or {}).items():
                cells[key] -= value * (self.chance.random() < 0.15)
        return self._nothing(cells)

    def another_year(self) -> Trial:
        """The report of the whole city is that of last year: nearly all units are, which no few moves explain."""
        last: Cells = added(*(unit.last_year or {} for unit in self.counted))
        rest = self._wrong(3)  # and its own slips
        return self._nothing(less(added(last, rest), self.sum))

    def another_city(self) -> Trial:
        """A part of the units of another city were added to it."""
        others = units(self.form, max(3, len(self.units) // 20), rich=self.rich, chance=self.chance)
        return self._nothing(added(*(unit.current or {} for unit in others)))

    def stranger(self) -> Trial:
        """A report of a unit that nobody knows was added."""
        return self._nothing(dict(units(self.form, 1, rich=self.rich, chance=self.chance)[0].current or {}))

    def unknown_version(self) -> Trial:
        """A version of a unit was added that never came here."""
        unit = self._unit()
        return self._nothing(less(corrected(self.form, unit.current or {}, self.chance), unit.current or {}))

    def applications_more(self) -> Trial:
        """A few applications were counted too much, each with its result."""
        cells: Cells = defaultdict(int)
        for _ in range(self.chance.randint(1, 15)):
            column, result = one_of(COLUMNS, self.chance), one_of(RESULTS, self.chance)
            if f"applications.{result}.{column}" in self.form.cells:
                cells[f"applications.received.{column}"] += 1
                cells[f"applications.{result}.{column}"] += 1
        return self._nothing(cells)

    def parent_shifted(self) -> Trial:
        """The office shifted its own table by a column."""
        right = layout(self.form).beside["applications"]
        table = {key: value for key, value in self.sum.items() if key in right}
        return self._nothing(less({after: value for key, value in table.items() if (after := right[key])}, table))

    def rows_swapped(self) -> Trial:
        """The office wrote two rows of its table in each other's place."""
        one, other = self.chance.sample([key for key in RESULTS if f"applications.{key}.natural" in self.form.cells], 2)
        cells: Cells = {}
        for column in COLUMNS:
            here, there = f"applications.{one}.{column}", f"applications.{other}.{column}"
            cells[here] = self.sum.get(there, 0) - self.sum.get(here, 0)
            cells[there] = -cells[here]
        return self._nothing(cells)

    def most_of_a_class(self) -> Trial:
        """All units of a kind but one or two were not added, so that it is not true of the kind."""
        kind = self.chance.choice(("township", "department"))
        members = sorted((unit for unit in self.counted if unit.kind == kind), key=lambda unit: len(unit.current or {}))
        small = members[: self.chance.choice((2, 3, 5, len(members)))]
        kept = {unit.unit for unit in self.chance.sample(small, self.chance.choice((1, 2)))}
        return self._moves([("omitted", unit) for unit in members if unit.unit not in kept])

    def many_omitted(self) -> Trial:
        """More units were not added than the explanation can tell; each word must be of one of them."""
        return self._moves([("omitted", unit) for unit in self.chance.sample(self.counted, self.chance.randint(4, 12))])

    # How.

    def _unit(self, among: list[Contributor] | None = None) -> Contributor:
        return self.chance.choice(self.counted if among is None else among)

    def _moves(self, moves: list[tuple[str, Contributor]]) -> Trial:
        vectors = [unit.current or {} if kind == "doubled" else negative(unit.current or {}) for kind, unit in moves]
        return Trial(added(*vectors), frozenset((kind, (unit.unit,)) for kind, unit in moves))

    def _together(self, kind: str, members: list[Contributor], sign: int = -1) -> Trial:
        cells = added(*(unit.current or {} for unit in members))
        truth = frozenset({(kind, tuple(sorted(unit.unit for unit in members)))})
        return Trial({key: sign * value for key, value in cells.items()}, truth)

    def _subtree(self) -> list[Contributor]:
        tops = {unit.parent for unit in self.counted if unit.parent and unit.parent != TOP}
        trees = [[unit for unit in self.counted if top in {unit.unit, unit.parent}] for top in sorted(tops)]
        return self.chance.choice([tree for tree in trees if len(tree) > 1])

    def _wrong(self, many: int) -> Cells:
        cells: Cells = {}
        for key in self.chance.sample(self.cells, many):
            value = self.sum.get(key, 0)
            slip = self.chance.choice(("near", "near", "ratio", "digits", "blank", "far"))
            wrong = {"ratio": value * 10, "blank": 0, "far": self.chance.randint(0, 2 * abs(value) + 20)}.get(slip, 0)
            if slip == "near" or wrong == value:
                wrong = value + self.chance.choice((-3, -2, -1, 1, 2, 3, 5, 10))
            elif slip == "digits":
                wrong = int("0" + str(abs(value))[::-1])
            cells[key] = wrong - value
        return {key: value for key, value in cells.items() if value}

    def _nothing(self, cells: Mapping[str, int]) -> Trial:
        return Trial({key: value for key, value in cells.items() if value}, frozenset())


KINDS = (
    "omitted", "doubled", "two_omitted", "exchanged", "omitted_and_cells", "two_and_a_cell", "class_omitted",
    "subtree_omitted", "subtree_doubled", "older", "last_year", "missing_counted", "table_omitted", "shifted",
    "money_unit", "table_of_all",
)  # fmt: skip
CONTROLS = (
    "one_cell", "five_cells", "small_cells", "noise", "correlated", "scaled", "rounded", "wrong_sum", "another_year",
    "another_city", "stranger", "unknown_version", "applications_more", "parent_shifted", "rows_swapped",
    "many_omitted", "most_of_a_class",
)  # fmt: skip


def verdict(trial: Trial, said: Explanation) -> str:
    """Return right, wrong, part or silent: wrong is any word that is not true."""
    spoken: set[Truth] = set()
    for move in _one_by_one(said):
        ways = {(move.kind, tuple(sorted(units))) for units in (move.units, *move.alternatives)}
        true = ways & trial.truth
        if not true:
            return "wrong"
        spoken |= true
    if not spoken:
        return "silent"
    return "right" if spoken == trial.truth else "part"


def _one_by_one(said: Explanation) -> Iterator[Move]:
    for move in said.moves:
        if move.kind == "exchanged":
            yield Move("omitted", move.units[:1], {})
            yield Move("doubled", move.units[1:], {})
        else:
            yield move

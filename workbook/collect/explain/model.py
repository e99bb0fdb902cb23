"""What is explained and what the explanation says.

A vector maps the keys of free cells of the form (those that are not calculated from others) to numbers other than 0;
counts as they are, money in millionths of 万元, so that every number is whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Vector = Mapping[str, int]

MoveKind = Literal[
    "omitted",  # a unit was not added
    "doubled",  # a unit was added twice
    "older",  # an earlier version of a unit was added instead of the current one
    "last_year",  # the report of the year before was added instead of the current one
    "missing_counted",  # a unit that the own sum lacks was added, with what came from it but does not count
    "missing_last_year",  # such a unit was added with its report of the year before
    "class_omitted",  # all units of a kind were not added
    "class_doubled",
    "subtree_omitted",  # a unit and all below it were not added
    "subtree_doubled",
    "table_omitted",  # one table of a unit was not added
    "table_doubled",
    "exchanged",  # the numbers of two tables or columns of a unit stand in each other's place
    "shifted",  # the numbers of a table of a unit stand one column beside their own
    "money_unit",  # the money of a unit was added in 元 where the form has 万元
]
HintKind = Literal["digits", "ratio", "left_out", "doubled", "none"]


@dataclass(frozen=True, slots=True)
class Contributor:
    """A unit below the office, and every vector of it that could have been added.

    Args:
        unit: its key in the register.
        name: what it is called.
        kind: a key of the form's kinds of office: government, department, township, other; ``None`` unknown.
        parent: the key of its superior, which need not be a contributor.
        counted: whether ``current`` is in the own sum.
        current: the report that counts; ``None`` where there is none.
        older: earlier versions, each with a label such as ``第1版，2026-01-12``.
        last_year: the report of the year before.
        waiting: versions received that do not count (faulty, returned, not yet read), each with a label.
    """

    unit: str
    name: str
    kind: str | None = None
    parent: str | None = None
    counted: bool = True
    current: Vector | None = None
    older: tuple[tuple[str, Vector], ...] = ()
    last_year: Vector | None = None
    waiting: tuple[tuple[str, Vector], ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that was done wrongly in adding up.

    Args:
        kind: what was done.
        units: the keys of the units that it was done to.
        detail: the label of the version, the key of the table, kind of office or parent, the column or row; or nothing.
        cells: what it changes in the sum.
        alternatives: other units of which the very same may be said: their rows are equal, nobody can tell them apart.
    """

    kind: MoveKind
    units: tuple[str, ...]
    cells: Vector
    detail: str = ""
    alternatives: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class CellFault:
    """A single cell that was filed wrongly.

    Args:
        cell: its key.
        difference: filed less own sum, less what moves explain.
        hint: what kind of slip fits; ``none`` where nothing does.
        unit: the key of the unit whose number it is; ``None`` unless exactly one fits.
        filed: the number that was filed, where it is known.
        expected: the number that it should have been, where it is known.
    """

    cell: str
    difference: int
    hint: HintKind = "none"
    unit: str | None = None
    filed: int | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What makes filed and own sum differ.

    Args:
        residual: filed less own sum, cells that differ.
        moves: what was done wrongly; empty unless ``spoken``.
        cells: single wrong cells; they are beside the moves, or alone where at most three cells differ.
        bits: evidence for the moves, or for the best of them that is not said.
        lead: bits before the next different explanation.
        spoken: whether the evidence is enough to say the moves.
        left: what moves leave over of the residual.
        top: each differing cell with the units that contribute most to it, largest first.
    """

    residual: Vector
    moves: tuple[Move, ...] = ()
    cells: tuple[CellFault, ...] = ()
    bits: float = 0.0
    lead: float = 0.0
    spoken: bool = False
    left: Vector = field(default_factory=dict)
    top: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

"""The tree of the units that are expected, with what came in below each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook.collect.standing import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.collect.register import Register, Unit
    from workbook.collect.standing import Standing
    from workbook.report import Lang

ABSENT = frozenset({State.MISSING, State.OVERDUE})
"""States of units of which nothing came."""


@dataclass
class Counts:
    """How many units have which standing, and how many of all came late."""

    states: Counter[State] = field(default_factory=Counter)
    late: int = 0

    def add(self, standing: Standing) -> None:
        """Count a unit."""
        self.states[standing.state] += 1
        self.late += came_late(standing)

    def include(self, other: Counts) -> None:
        """Count what another has counted."""
        self.states.update(other.states)
        self.late += other.late

    @property
    def expected(self) -> int:
        """Of how many units a report is due."""
        return self.states.total() - self.states[State.WAIVED]

    @property
    def absent(self) -> int:
        """Of how many of them nothing came."""
        return sum(self.states[state] for state in ABSENT)

    @property
    def came(self) -> int:
        """Of how many of them something came."""
        return self.expected - self.absent

    @property
    def share(self) -> str:
        """What part of those expected came: 100 % only where all did, 0 % only where none did."""
        if not self.expected:
            return ""
        tenths = self.came * 1000 // self.expected or bool(self.came)
        return "100%" if tenths == 1000 else f"{tenths // 10}.{tenths % 10}%"  # noqa: PLR2004 - all of them

    def said(self, lang: Lang) -> str:
        """Return the states that occur, each with how many units have it."""
        between = " · "
        return between.join(f"{state.word(lang)} {self.states[state]}" for state in State if self.states[state])


@dataclass
class Node:
    """A unit in the tree. An office above that is not expected itself has no standing; ``below`` leaves out its own."""

    unit: Unit
    standing: Standing | None = None
    children: list[Node] = field(default_factory=list)
    below: Counts = field(default_factory=Counts)
    size: int = 0

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Yield what is below, each with its depth, parents before children."""
        pending = [(depth, child) for child in reversed(self.children)]
        while pending:
            depth, node = pending.pop()
            yield depth, node
            pending += [(depth + 1, child) for child in reversed(node.children)]


@dataclass(frozen=True)
class Tree:
    """Everyone who is expected below their offices; ``nodes`` by the unit's id, parents before children."""

    roots: tuple[Node, ...]
    nodes: dict[str, Node]

    def above(self, unit: Unit) -> list[Node]:
        """Return the offices above a unit, the nearest first."""
        found = []
        while unit.parent and (node := self.nodes.get(unit.parent)) and node not in found:
            found.append(node)
            unit = node.unit
        return found

    @property
    def parents(self) -> Iterator[Node]:
        """The offices that have units below them."""
        return (node for node in self.nodes.values() if node.children)


def grow(standings: Iterable[Standing], register: Register) -> Tree:
    """Return the tree of those standings, which come in the register's order: parents before children."""
    nodes: dict[str, Node] = {}
    roots: list[Node] = []
    for standing in standings:
        _grafted(standing.unit, nodes, roots, register).standing = standing
    for node in reversed(nodes.values()):
        for child in node.children:
            node.below.include(child.below)
            node.size += child.size + 1
            if child.standing:
                node.below.add(child.standing)
    return Tree(tuple(roots), nodes)


def _grafted(unit: Unit, nodes: dict[str, Node], roots: list[Node], register: Register) -> Node:
    """Return the node of a unit, in its place below its offices."""
    if unit.id in nodes:
        return nodes[unit.id]
    line = [unit, *register.ancestors(unit.id)]
    known = next((at for at, one in enumerate(line) if one.id in nodes), len(line))
    above = nodes[line[known].id] if known < len(line) else None
    for one in reversed(line[:known]):
        node = Node(one)
        (above.children if above else roots).append(node)
        nodes[one.id] = above = node
    return nodes[unit.id]


def came_late(standing: Standing) -> bool:
    """Say whether a report came, and came late."""
    return standing.first is not None and standing.days_late > 0

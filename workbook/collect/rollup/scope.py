"""Which units enter the sum of an office, each once: by its own report, within that of an office above it, or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.register import Register, Unit
    from workbook.collect.standing import Standing, Version
    from workbook.report import Lang

_LOWER = {"government", "township"}
"""Kinds of units that are governments of their own: no departments of the office above them."""


class Scope(Enum):
    """What the report of an office is about; its words are those that people are shown."""

    ALL = ("全部下级", "all below")
    LEVEL = ("本级部门", "its departments only")
    OWN = ("本机关", "its own office only")

    @property
    def key(self) -> str:
        """The scope as the command, JSON and the store name it."""
        return self.name.lower()

    def word(self, lang: Lang = "zh") -> str:
        """Return what people are shown."""
        return self.value[lang != "zh"]

    @classmethod
    def of(cls, key: str) -> Scope:
        """Return the scope of a key.

        Raises:
            KeyError: there is none of that key.
        """
        return cls[key.upper()]


class Part(Enum):
    """How a unit stands in the sum; its words are those that people are shown."""

    COUNTED = ("计入", "counted")
    COVERED = ("已含在上级的报告里", "within the report of the office above")
    BELOW = ("没有报，由下级合计代替", "no report: the sum of those below stands in")
    MISSING = ("缺", "missing")
    WAIVED = ("不应报", "not due")
    CLOSED = ("当年不在名册", "not in the register that year")
    EXCLUDED = ("名册写明不计入", "excluded by the register")
    OUTSIDE = ("不在汇总范围", "outside the scope")
    OFFICE = ("汇总的机关", "the office that is summed")

    @property
    def key(self) -> str:
        """The part as JSON and CSV name it."""
        return self.name.lower()

    def word(self, lang: Lang = "zh") -> str:
        """Return what people are shown."""
        return self.value[lang != "zh"]


@dataclass(frozen=True)
class Member:
    """A unit at or below the office, and how it stands in the sum.

    Args:
        standing: of the unit, expected that year or not.
        depth: steps below the office; those right below it have 1.
        part: how it stands in the sum.
        within: the unit in whose report it is, where it is covered.
    """

    standing: Standing
    depth: int
    part: Part
    within: str | None = None

    @property
    def unit(self) -> Unit:
        """The unit as the register has it."""
        return self.standing.unit

    @property
    def counted(self) -> Version | None:
        """The version that the sum has of it."""
        return self.standing.current if self.part is Part.COUNTED else None


_Rule = tuple[Part | None, str | None]
"""What befalls what is below a unit: the part that all of it has, and within whose report; no part where it enters."""
_ENTERS: _Rule = (None, None)


class Tree:
    """Walks the units below an office.

    Args:
        register: the register in force.
        standings: of the units that are expected or sent something, by unit.
        scopes: what the reports of offices are about, where that is not all below them.
    """

    def __init__(self, register: Register, standings: Mapping[str, Standing], scopes: Mapping[str, Scope]) -> None:
        self._register, self._standings, self._scopes = register, standings, scopes

    def members(self, office: str | None, scope: Scope) -> Iterator[Member]:
        """Yield the units of a sum, parents before their children; with no office all units of the register."""
        waiting: list[tuple[Unit, int, _Rule]] = []
        if office is None:
            waiting = [(unit, 1, _ENTERS) for unit in reversed(self._register.roots())]
        else:
            own = scope is Scope.OWN and self._standings[office].current is not None
            part = Part.COUNTED if own else Part.MISSING if scope is Scope.OWN else Part.OFFICE
            yield Member(self._standings[office], 0, part)
            waiting = self._below(office, 0, scope, (Part.OUTSIDE, None), _ENTERS)
        while waiting:
            unit, depth, rule = waiting.pop()
            member = self._member(unit, depth, rule)
            if member:
                yield member
            waiting += self._beneath(unit, depth, member.part if member else None, rule)

    def _member(self, unit: Unit, depth: int, rule: _Rule) -> Member | None:
        standing = self._standings.get(unit.id)
        if standing is None:  # closed, and nothing came of it
            return None
        part, within = rule
        return Member(standing, depth, part or self._part(standing), within)

    def _part(self, standing: Standing) -> Part:
        unit = standing.unit
        if not unit.counted:
            return Part.EXCLUDED
        if not unit.is_open(standing.year):
            return Part.CLOSED
        if standing.current:
            return Part.COUNTED
        if self._scopes.get(unit.id) is not Scope.OWN and self._can_stand_in(unit, standing.year):
            return Part.BELOW
        return Part.WAIVED if standing.state.key == "waived" else Part.MISSING

    def _can_stand_in(self, unit: Unit, year: int) -> bool:
        return any(child.counted and child.is_open(year) for child in self._register.children(unit.id))

    def _beneath(self, unit: Unit, depth: int, part: Part | None, rule: _Rule) -> list[tuple[Unit, int, _Rule]]:
        """Return what is right below a unit with what befalls it."""
        if rule[0] is not None:  # all below shares it
            return self._below(unit.id, depth, Scope.ALL, rule, rule)
        if part is Part.COUNTED:
            scope = self._scopes.get(unit.id, Scope.ALL)
            return self._below(unit.id, depth, scope, _ENTERS, (Part.COVERED, unit.id))
        if part is Part.EXCLUDED:
            return self._below(unit.id, depth, Scope.ALL, _ENTERS, (Part.EXCLUDED, None))
        return self._below(unit.id, depth, Scope.ALL, _ENTERS, _ENTERS)

    def _below(
        self, unit: str, depth: int, scope: Scope, outside: _Rule, inside: _Rule
    ) -> list[tuple[Unit, int, _Rule]]:
        """Return the units right below one, last first, by whether the scope of its report has them."""
        found = []
        for child in reversed(self._register.children(unit)):
            has = scope is Scope.ALL or (scope is Scope.LEVEL and child.supposed_kind not in _LOWER)
            found.append((child, depth + 1, inside if has else outside))
        return found

"""Every unit below an office with all that could have been added of it: what an explanation chooses from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workbook.collect.explain.model import Contributor
from workbook.collect.rollup.adding import values
from workbook.collect.rollup.scope import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook.collect.explain.model import Vector
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.collect.standing import Version

Labelled = tuple[str, "Vector"]
_SUMMED = {Part.OFFICE}
"""Parts that are no contribution: the office itself."""


def contributors(summed: RollUp) -> list[Contributor]:
    """Return the units below the office, in the order of the register, with their versions and last year's report."""
    members = [each for each in summed.members if each.part not in _SUMMED]
    last = _last_year(summed, {each.unit.id for each in members})
    wanted = {version.submission: version.edition for each in members for version in each.standing.versions}
    wanted |= {version.submission: version.edition for version in last.values()}
    vectors = _vectors(summed, wanted)
    return [_contributor(each, vectors, last.get(each.unit.id)) for each in members]


def _contributor(member: Member, vectors: Mapping[int, Vector], last: Version | None) -> Contributor:
    unit, counted = member.unit, member.counted
    older: list[Labelled] = []
    waiting: list[Labelled] = []
    for version in member.standing.versions:
        if counted is None or version.number > counted.number:
            waiting.append((label(version), vectors[version.submission]))
        elif version.number < counted.number:
            older.append((label(version), vectors[version.submission]))
    return Contributor(
        unit=unit.id,
        name=unit.name_in(member.standing.year),
        kind=unit.supposed_kind,
        parent=unit.parent,
        counted=counted is not None,
        current=vectors[counted.submission] if counted else None,
        older=tuple(older),
        last_year=vectors[last.submission] if last else None,
        waiting=tuple(waiting),
    )


def label(version: Version) -> str:
    """Return what a version is called beside its unit's name."""
    return f"第{version.number}版，{version.received:%Y-%m-%d}"


def _last_year(summed: RollUp, units: Iterable[str]) -> dict[str, Version]:
    """Return the versions of the year before that count, by unit."""
    before = summed.year - 1
    known = summed.collection.standings(before, summed.at)
    wanted = set(units)
    return {each.unit.id: each.current for each in known if each.current and each.unit.id in wanted}


def _vectors(summed: RollUp, wanted: Mapping[int, str]) -> dict[int, Vector]:
    """Return the cells of submissions other than 0 that add up, each submission given with its edition."""
    adds = [key for key in summed.form.cells if key not in summed.form.calculated and summed.rules.adds(key)]
    found: defaultdict[int, Vector] = defaultdict(dict)
    for submission, cells in values(summed.store, summed.rules, list(wanted.items()), set(adds)):
        found[submission] = {key: value for key, value in cells.items() if value}
    return found

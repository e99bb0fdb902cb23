"""Templates to send out, one a unit: who it is, which year it is about, and what the form takes over from last year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook.checks.cells import value_code
from workbook.collect.names import file_stems
from workbook.excel.template.build import offered, write
from workbook.files import make_folder, refuse_existing, save
from workbook.form import edition_for
from workbook.report import Body
from workbook.report.equations import added
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection as Keys
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook.collect.collection import Collection
    from workbook.collect.register import Register, Unit
    from workbook.collect.standing import Version
    from workbook.form import Form, OpeningEquation
    from workbook.report import Number, Report, Value


@dataclass(frozen=True)
class Prefilled:
    """What was written for a unit.

    A unit that is new has neither ``sources`` nor ``lacking``.

    Args:
        unit: the unit.
        path: the file.
        sources: last year's reports that figures were taken from, of the unit and of those it took over since.
        lacking: those of them of which there is no report of last year; then no figure was filled in.
        filled: the cells that a number was filled into, without totals.
        blank: the cells that take over a number of last year's report and were left blank, for there was none.
    """

    unit: Unit
    path: Path
    sources: tuple[Version, ...]
    lacking: tuple[Unit, ...]
    filled: tuple[str, ...]
    blank: tuple[str, ...]


class _Last(NamedTuple):
    """The version that counts for last year of a unit, and its report."""

    unit: Unit
    version: Version
    report: Report


def prefill(
    collection: Collection,
    year: int,
    to: Path,
    at: dt.datetime | None = None,
    units: Keys[str] | None = None,
    *,
    force: bool = False,
) -> Iterator[Prefilled]:
    """Write a template for each unit that is expected in a year, and tell of each as soon as it is written.

    Args:
        collection: where units and figures come from.
        year: the report year that the templates are for.
        to: the folder to write to.
        at: the moment whose register and reports are taken; ``None``: now.
        units: those that a template is wanted for, by 单位ID; ``None``: all.
        force: whether files that are there are replaced.

    Raises:
        FileExistsError: one of the files is there and ``force`` is not given; nothing was written.
        OSError: a file cannot be written; those before it were.
    """
    register = collection.register(at)
    ending = f"-{year}年度年报.xlsx"
    stems = file_stems(register.units, ending)
    chosen = [(unit, to / (stems[unit.id] + ending)) for unit in register.expected(year)
              if units is None or unit.id in units]  # fmt: skip
    for _, path in chosen:
        refuse_existing(path, force=force)
    make_folder(to)
    blank = _blank(edition_for(year) or editions()[-1])
    openings = [opening for opening in blank.form.opening_equations if not opening.this_year]
    own = [opening for opening in openings if opening.cell not in blank.form.calculated]
    before = _predecessors(register, year)
    current = {standing.unit.id: standing.current for standing in collection.standings(year - 1, at)}
    for unit, path in chosen:
        found = [(one, _last(collection, one, current.get(one.id))) for one in before.get(unit.id, ())]
        lacking = tuple(one for one, last in found if last is None)
        lasts = [last for _, last in found if last]
        figures = {} if lacking or not lasts else _figures(blank.form, own, [last.report for last in lasts])
        known = next((last.report.body for last in lasts if last.unit.id == unit.id), Body())
        report = replace(blank, year=year, body=_body(unit, year, known, blank.form))
        save(path, write(_totalled(report.with_cells(figures))), force=force)
        left = tuple(opening.cell for opening in own if opening.cell not in figures)
        yield Prefilled(unit, path, tuple(last.version for last in lasts), lacking, tuple(figures), left)


@cache
def _blank(edition: str) -> Report:
    return offered(edition)


def _predecessors(register: Register, year: int) -> dict[str, list[Unit]]:
    """Return by 单位ID whose reports of last year a unit goes on from: its own, those of units that it took over."""
    last, this = ({unit.id: unit for unit in register.expected(one)} for one in (year - 1, year))
    found: dict[str, list[Unit]] = {}
    for unit in last.values():
        heir, seen = unit, {unit.id}
        while heir.id not in this and heir.successor and heir.successor not in seen:
            heir = register.unit(heir.successor)
            seen.add(heir.id)
        if heir.id in this:
            found.setdefault(heir.id, []).append(unit)
    return found


def _last(collection: Collection, unit: Unit, version: Version | None) -> _Last | None:
    return _Last(unit, version, collection.report(version.submission)) if version else None


def _figures(form: Form, openings: Sequence[OpeningEquation], reports: Sequence[Report]) -> dict[str, Value]:
    """Return the numbers that cells take over, added up over reports; a cell that one of them has none for is left."""
    found: dict[str, Value] = {}
    for opening in openings:
        sums = [_sum(report.cells, opening) for report in reports]
        if None not in sums:
            value = sum(one for one in sums if one is not None)
            if value_code(form.cells[opening.cell].kind, value) is None:
                found[opening.cell] = value
    return found


def _sum(cells: Mapping[str, Value], opening: OpeningEquation) -> Number | None:
    found: Number = 0
    for key, sign in opening.last_year:
        value = cells.get(key)
        if not isinstance(value, int | Decimal):
            return None
        found += sign * value
    return found


def _totalled(report: Report) -> Report:
    """Return a report whose totals are what their formulas show, so that these are kept."""
    for key in report.form.parts_first:
        total = added(report.cells[part] for part, _ in report.form.calculated[key].right)
        report = report.with_cells({key: total}) if total is not None else report
    return report


def _body(unit: Unit, year: int, last: Body, form: Form) -> Body:
    """Return who a unit is: as the register has it, and where that says nothing as last year's report does."""
    known = form.field("kind").choices
    kind = next((kind for kind in (unit.kind, last.kind, unit.supposed_kind) if kind in known), None)
    body = Body(
        unit.name_in(year),
        unit.credit_code or last.credit_code,
        unit.division_code or last.division_code,
        kind,
        last.more,
    )
    return body.asked(field.key for field in form.more_fields)

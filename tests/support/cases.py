"""The corpus: sound bases and cases as data, made into reports."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import workbook
from workbook.report import Body, Finding, Report, Source, Value, Waiver, number

CORPUS = Path(__file__).parent.parent / "corpus"
EDITIONS = ("2019", "2021")


@dataclass(frozen=True, eq=False)
class Case:
    """A change to the sound base of an edition, and what must be found."""

    edition: str
    name: str
    report: Report
    expect: frozenset[tuple[str, str]]
    repair: frozenset[str] = field(default=frozenset())
    previous: Report | None = None
    waived: frozenset[str] = field(default=frozenset())

    def findings(self) -> tuple[Finding, ...]:
        """Return what the checks find, beside last year's report where the case has one; they are run once."""
        return self._findings

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        return workbook.check(self.report, self.previous)

    def __str__(self) -> str:
        return f"{self.edition}: {self.name}"


@cache
def sound(edition: str) -> Report:
    """Return the sound base of an edition."""
    return from_figures(tomllib.loads((CORPUS / f"sound-{edition}.toml").read_text(encoding="utf-8")))


def of_office(name: str, edition: str = "2021") -> Report:
    """Return the sound base as the report of an office of that name, another report than those of others."""
    base = sound(edition)
    return replace(base, body=replace(base.body, name=name))


def from_figures(data: dict[str, Any]) -> Report:
    """Return the report that rows of figures describe."""
    form = workbook.load_form(data["edition"])
    cells: dict[str, Value] = {
        f"{table.key}.{row.key}.{column.key}": number(figure)
        for table in form.tables
        for row in table.rows
        for column, figure in zip(table.columns, data["tables"][table.key][row.key], strict=True)
    }
    body = Body(**data["body"], more=tuple(data.get("more", {}).items()))
    return Report(form.edition, data["year"], body, cells, data["narrative"])


@cache
def cases() -> tuple[Case, ...]:
    """Return every case of the corpus for every edition that it holds for."""
    data = tomllib.loads((CORPUS / "cases.toml").read_text(encoding="utf-8"))["case"]
    return tuple(_case(edition, item) for item in data for edition in item.get("editions", EDITIONS))


def cases_of(edition: str) -> list[Case]:
    """Return the cases of an edition."""
    return [case for case in cases() if case.edition == edition]


def _case(edition: str, item: dict[str, Any]) -> Case:
    known = {
        "name",
        "editions",
        "set",
        "clear",
        "add",
        "follow",
        "swap",
        "zero",
        "cover",
        "texts",
        "file",
        "template",
        "waivers",
        "waived",
        "previous",
        "expect",
        "repair",
    }
    assert item.keys() <= known, item
    report = sound(edition)
    was = report.cells
    if "zero" in item:
        report = report.with_cells({key: 0 for key in was if key.startswith(f"{item['zero']}.")})
    change: dict[str, Value] = {
        key: value if isinstance(value, str) else number(value) for key, value in item.get("set", {}).items()
    }
    change |= dict.fromkeys(item.get("clear", ()))
    change |= {key: _plus(was[key], value) for key, value in item.get("add", {}).items()}
    if "swap" in item:
        one, other = item["swap"]
        change |= {one: was[other], other: was[one]}
    report = report.with_cells(change)
    if "follow" in item:
        report = totalled(report.with_cells({key: _plus(was[key], value) for key, value in item["follow"].items()}))
    cover = {key: value or None for key, value in item.get("cover", {}).items()}
    year = cover.pop("year", report.year)
    texts = {key: text or None for key, text in item.get("texts", {}).items()}
    waivers = tuple(Waiver(**waiver) for waiver in item.get("waivers", ()))
    report = replace(
        report, year=year, waivers=waivers, body=replace(report.body, **cover), narrative={**report.narrative, **texts}
    )
    if "file" in item:
        report = replace(report, source=Source(item["file"], "0" * 64, item.get("template")))
    expect, repair = frozenset(map(tuple, item.get("expect", ()))), frozenset(item.get("repair", ()))
    waived = frozenset(item.get("waived", ()))
    return Case(edition, item["name"], report, expect, repair, _previous(report, item.get("previous")), waived)


def _previous(report: Report, change: dict[str, Any] | None) -> Report | None:
    """Return the report of the year before, from which the sound base takes over what it brings forward, changed."""
    if change is None:
        return None
    if change == {"same": True}:
        assert report.year
        return replace(report, year=report.year - 1, source=Source("上年.xlsx", "0" * 64))
    base = sound(change.get("edition", report.edition))
    figures = {key: number(value) for key, value in change.get("set", {}).items()}
    body = replace(
        report.body,
        name=change.get("body", report.body.name),
        credit_code=change.get("code", report.body.credit_code),
    )
    year = change.get("year", sound(report.edition).year - 1)
    last = replace(fitting(sound(report.edition), base).with_cells(figures), body=body, year=year)
    narrative = {**last.narrative, **change.get("texts", {})}
    return replace(last, source=Source("上年.xlsx", "0" * 64), narrative=narrative)


def fitting(report: Report, base: Report) -> Report:
    """Return a base changed so that all which the form takes over from last year's report fits it."""
    change: dict[str, Value] = {}
    for opening in report.form.opening_equations:
        first, *others = opening.last_year
        if first[0] in base.cells:
            value: Any = report.cells[opening.cell]
            value -= sum(Decimal(str(report.cells[key])) * sign for key, sign in opening.this_year)
            value -= sum(Decimal(str(base.cells[key])) * sign for key, sign in others)
            change[first[0]] = int(value)
    return base.with_cells(change)


def _plus(value: Value, more: int) -> Value:
    assert isinstance(value, int | Decimal)
    return value + more


def totalled(report: Report) -> Report:
    """Return the report with every total calculated from its parts, as live formulas do."""
    for key in report.form.parts_first:
        parts = [report.cells[part] for part, _ in report.form.calculated[key].right]
        report = report.with_cells({key: sum(part for part in parts if isinstance(part, int | Decimal))})
    return report

"""The made-up county of ``examples/county-2025.toml``: its register, and what its units report."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.form import edition_for
from workbook.report import Body, blank
from workbook.report.equations import added, total
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.report import Report, Value

_COLUMNS = ("natural", "business")
_HEADS = ("单位ID", "名称", "上级", "类型")


@dataclass(frozen=True)
class County:
    """A county: the report year, the 单位ID of its office, who collects, its units and their reports by 单位ID."""

    year: int
    office: str
    by: str
    units: Mapping[str, Mapping[str, Any]]
    reports: Mapping[str, Report]

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.units[self.office]["name"]).removesuffix("人民政府")

    def register(self) -> bytes:
        """Return its register as CSV, as Excel opens it."""
        text = io.StringIO(newline="")
        lines = csv.writer(text)
        lines.writerow(_HEADS)
        for key, unit in self.units.items():
            lines.writerow((key, unit["name"], "" if key == self.office else self.office, unit["kind"]))
        return text.getvalue().encode("utf-8-sig")

    def events(self) -> list[tuple[str, str, str]]:
        """Return what happens, in its order: the moment, what (came, accepted, returned), the unit."""
        kinds = ("came", "accepted", "returned")
        return sorted((unit[kind], kind, key) for key, unit in self.units.items() for kind in kinds if kind in unit)


def county() -> County:
    """Return the county of the example."""
    data = tomllib.loads(resource("examples/county-2025.toml").read_text(encoding="utf-8"))
    units = {unit["id"]: unit for unit in data["units"]}
    empty = blank(edition_for(data["year"]) or "", data["year"])
    reports = {key: _report(unit, empty) for key, unit in units.items()}
    office = data["office"]
    left = {
        office,
        units[office]["left_out"],
        *(key for key, unit in units.items() if "came" not in unit or "returned" in unit),
    }
    counted = [reports[key] for key in units if key not in left]
    reports[office] = reports[office].with_cells(
        {key: added(report.cells[key] for report in counted) for key in empty.cells}
    )
    reports |= {key: reports[key].with_cells(unit["wrong"]) for key, unit in units.items() if "wrong" in unit}
    return County(data["year"], office, data["by"], units, reports)


def _report(unit: Mapping[str, Any], empty: Report) -> Report:
    """Return the report of a unit: what the example says, 0 else, what was granted and totals as they must be."""
    cells: dict[str, Value] = dict.fromkeys(empty.cells, 0)
    of_documents = zip(("made", "repealed", "in_force"), unit.get("normative", ()), strict=False)
    cells |= {f"documents.normative.{key}": value for key, value in of_documents}
    cells["services.licensing.decisions"] = unit.get("licensing", 0)
    cells["enforcement.penalty.decisions"] = unit.get("penalty", 0)
    for at, column in enumerate(_COLUMNS):
        rows = _settled({row: unit[row][at] for row in _ROWS if row in unit})
        cells |= {f"applications.{row}.{column}": value for row, value in rows.items()}
    texts = {"overview": unit.get("overview"), "problems": unit.get("problems"), "other": "本年度没有收取信息处理费。"}
    report = replace(empty, body=Body(unit["name"]), cells=cells, narrative={**empty.narrative, **texts})
    for key in report.form.parts_first:
        report = report.with_cells({key: total(report, report.form.calculated[key])})
    return report


_ROWS = ("received", "brought_forward", "partial", "unavailable_not_held", "carried_forward")


def _settled(said: Mapping[str, int]) -> dict[str, int]:
    """Return rows of applications in which what was granted is what else is not accounted for."""
    rows = dict.fromkeys(_ROWS, 0) | dict(said)
    came = rows["received"] + rows["brought_forward"]
    return rows | {"granted": came - rows["partial"] - rows["unavailable_not_held"] - rows["carried_forward"]}

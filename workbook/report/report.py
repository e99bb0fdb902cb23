"""A filled-in form: immutable, with every cell and text of its edition."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.form import Form, load_form
from workbook.records import dataclass
from workbook.report.findings import CellValue, Finding
from workbook.report.values import Body, LooseRow, Place, Source, Value, Waiver

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Report:
    """One report. ``source``, ``places``, ``reader_findings``, ``loose`` say how it was read and are not compared.

    ``cells`` and ``narrative`` have every key of the form; texts beside tables need not be given.

    ``copy_of`` is of a marked copy: the digests of what was marked, the first original first.
    """

    edition: str
    year: int | None
    body: Body
    cells: Mapping[str, Value]
    narrative: Mapping[str, str | None]
    source: Source | None = field(default=None, compare=False)
    waivers: tuple[Waiver, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    reader_findings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    loose: tuple[LooseRow, ...] = field(default=(), compare=False, repr=False)
    copy_of: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the mappings; a cell or a text that the form does not have is a fault of the caller."""
        form = self.form
        if self.cells.keys() != form.cells.keys():
            raise ValueError(f"not the cells of edition {self.edition}: {set(self.cells) ^ set(form.cells)}")
        if not form.required_texts <= self.narrative.keys() <= form.narrative_keys:
            raise ValueError(f"not the texts of edition {self.edition}: {sorted(self.narrative)}")
        object.__setattr__(self, "narrative", {key: self.narrative.get(key) for key, _ in form.narratives()})
        more = tuple(field.key for field in form.more_fields)
        if not {key for key, _ in self.body.more} <= set(more):
            raise ValueError(f"not the questions of edition {self.edition}: {self.body.more}")
        if self.body.more or more:
            object.__setattr__(self, "body", self.body.asked(more))
        for name in ("cells", "narrative", "places"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def form(self) -> Form:
        """The form of the report's edition."""
        return load_form(self.edition)

    @cached_property
    def is_plain(self) -> bool:
        """Whether each cell holds a whole number as it may: so it is with nearly all, and nothing is wrong with any."""
        numbers, (least, most) = self.cells.values(), self.form.range
        return {*map(type, numbers)} == {int} and least <= min(numbers) and max(numbers) <= most  # type: ignore[type-var,operator]

    def cell(self, key: str) -> CellValue:
        """Return a cell with label, place and value, as findings name it."""
        return CellValue(key, self.form.cells[key].label, self.cells[key], self.places.get(key))

    def with_cells(self, change: Mapping[str, Value]) -> Report:
        """Return a copy with some cells changed."""
        return replace(self, cells={**self.cells, **change})


def blank(edition: str, year: int | None = None) -> Report:
    """Return a report of that edition in which nothing is filled in."""
    form = load_form(edition)
    return Report(edition, year, Body(), dict.fromkeys(form.cells), dict.fromkeys(form.narrative_keys))

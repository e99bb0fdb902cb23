"""An open workbook: what the reader asks of any, and the one read from a file, parsed as it is asked."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from workbook.excel.address import a1, cells_of
from workbook.excel.reading.faces import shared_texts, styles
from workbook.excel.reading.formulas import unseen
from workbook.excel.reading.grid import spread, value_of
from workbook.excel.reading.package import Package
from workbook.excel.reading.sheet_looks import Around, SheetLook, covered, linked_names, may_be_odd, merged
from workbook.excel.reading.visible import Seen, lay_under
from workbook.intake.archive import damaged, too_large
from workbook.intake.limits import AREA_LIMIT
from workbook.report import make_finding
from workbook.report.findings import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from python_calamine import CalamineWorkbook

    from workbook.excel.address import Spot
    from workbook.excel.reading.faces import Run
    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.sheet_looks import Area
    from workbook.excel.reading.visible import Looks
    from workbook.match import Hidden
    from workbook.report import Finding, Place


_HIDDEN: dict[str, Hidden] = {"hidden": "hidden", "veryHidden": "very"}


class OpenWorkbook(Protocol):
    """What the reader asks of an open workbook, wherever it is open."""

    file: str
    names: list[str]

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not: formulas without a result, errors."""

    def looks(self) -> Mapping[str, Looks]:
        """Return by sheet what has to be told of cells of the sheets that were needed."""

    def told(self) -> Iterable[Finding]:
        """Yield what has to be told of the sheets that were needed."""

    def hidden(self, name: str) -> Hidden:
        """Return whether and how a sheet is hidden."""

    def named(self) -> Mapping[str, Place]:
        """Return the cells to which the workbook gives names, by name; empty where they are not known."""


class FileWorkbook:
    """A workbook read from a file."""

    def __init__(self, package: Package) -> None:
        """Open a vetted package.

        Raises:
            Unreadable: python-calamine cannot make sense of it.
        """
        self.package, self.file = package, package.file
        self._grids: dict[str, Grid] = {}
        self._seen: dict[str, Seen] = {}
        self._followed: dict[str, SheetLook] = {}
        self._far: dict[str, dict[Spot, Any]] = {}
        self.area = 0
        """Cells in the rows of all sheets that were read."""
        self.names: list[str] = list(package.sheets)

    @cached_property
    def _book(self) -> CalamineWorkbook:
        from python_calamine import CalamineWorkbook

        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self.package.data))
        except unreadable() as error:
            raise damaged(self.file, str(error)) from error

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""
        if name not in self.names:
            return []
        if name not in self._grids:
            grid = self.held(name)
            self._seen[name] = self._look(name, grid)
            self._grids[name] = self._seen[name].laid_over(grid)
        return self._grids[name]

    def held(self, name: str) -> Grid:
        """Return a sheet as rows of what its cells hold, whether it can be seen or not."""
        sheet = self.package.sheet(name)
        if sheet.scanned:
            grid = sheet.scanned.grid()
        elif sheet.plain:
            try:
                grid = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            except unreadable() as error:
                raise damaged(self.file, str(error)) from error
        else:
            grid, self._far[name] = self._sheet(name).grid()
        self.area += sum(len(row) for row in grid if any(row) or row.count("") < len(row))
        if self.area > AREA_LIMIT:
            cells = self.area
            raise too_large(self.file, f"各表所占区域有 {cells} 格", f"sheets of {cells} cells", AREA_LIMIT)
        return grid

    def values(self, name: str) -> Iterator[tuple[Spot, Any]]:
        """Yield what the cells of a sheet hold, however many they are, as ``spread`` has them: spots and values.

        Dates may come as the number of their day.
        """
        sheet = self.package.sheet(name)
        if sheet.plain:
            grid = self.held(name)
            held = {(row, at): value for row, cells in enumerate(grid) for at, value in enumerate(cells) if value != ""}
            areas: Sequence[Area] = merged(sheet.xml, sheet.end)
        else:
            look = self._sheet(name)
            held, areas = look.values, look.areas
        yield from spread(held, areas)

    def _sheet(self, name: str) -> SheetLook:
        """Follow a sheet by its markup."""
        if name not in self._followed:
            hidden = self.hidden(name) != ""
            look = SheetLook(self.package.sheet(name).xml, self._around, self._texts, hidden=hidden)
            if look.lost or not look.whole:
                raise damaged(self.file, "a text that is not there" if look.lost else "a sheet that breaks off")
            self._followed[name] = look
        return self._followed[name]

    def _look(self, name: str, grid: Grid) -> Seen:
        """Return what is visible of a sheet; a plainly written one in plain formats is as it is read."""
        sheet, around, seen = self.package.sheet(name), self._around, Seen()
        plain = sheet.plain and not (self.hidden(name) or self._rich or around.linked)
        named = sheet.scanned.styles if sheet.scanned else None
        if plain and not may_be_odd(sheet.xml, sheet.end, around.styles, named):
            areas = merged(sheet.xml, sheet.end)
            under = covered(areas)
            if sheet.scanned and under is not None and under.isdisjoint(sheet.scanned.cells):
                return seen
        else:
            look = self._sheet(name)
            seen, areas = look.seen(), tuple(look.areas)
        try:
            lay_under(seen, grid, areas)
        except ValueError as error:
            raise damaged(self.file, str(error)) from error
        return seen

    @cached_property
    def _rich(self) -> bool:
        """Whether a shared text has pieces that are not read like any other."""
        return b"rPr" in self.package.texts and any(run.font and run.font.odd for runs in self._texts for run in runs)

    @cached_property
    def _texts(self) -> Sequence[tuple[Run, ...]]:
        return shared_texts(self.package.texts)

    @cached_property
    def _around(self) -> Around:
        names = self.package.names if b"[" in self.package.book else ()
        return Around(styles(self.package.styles), linked_names((name, text) for name, text, _ in names))

    def hidden(self, name: str) -> Hidden:
        """Return whether and how a sheet is hidden."""
        return _HIDDEN.get(self.package.sheets[name].state, "")

    def named(self) -> Mapping[str, Place]:
        """Return the cells to which the workbook gives names that all sheets know."""
        return cells_of((name, text) for name, text, common in self.package.names if common)

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        return self._grids.get(name, [])

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not: formulas without a result, errors."""
        sheet = self.package.sheet(name)
        return unseen(sheet.xml[: sheet.end]) if sheet.end >= 0 else self._sheet(name).unseen()

    def looks(self) -> Mapping[str, Looks]:
        """Return by sheet what has to be told of cells of the sheets that were needed."""
        return {name: seen.looks for name, seen in self._seen.items() if seen.looks}

    def told(self) -> Iterator[Finding]:
        """Yield for each sheet that was needed what stands far from its tables, and was not read."""
        for name, far in self._far.items():
            if far:
                first = min(far)
                words = {
                    "sheet": name,
                    "address": a1(*first),
                    "value": show(value_of(far[first])),
                    "count": str(len(far)),
                }
                yield make_finding("file.far_cells", name, **words)


def unreadable() -> tuple[type[BaseException], ...]:
    """Return what python-calamine raises; the exception of a Rust panic has no name that could be imported."""
    from python_calamine import CalamineError

    panics = (kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")
    return CalamineError, *panics

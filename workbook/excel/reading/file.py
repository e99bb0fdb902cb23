"""An open workbook: what the reader asks of any, and the one read from a file, parsed as it is asked."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from workbook.excel.reading.faces import shared_texts, styles
from workbook.excel.reading.formulas import unseen
from workbook.excel.reading.package import Package
from workbook.excel.reading.sheet_looks import Around, SheetLook, linked_names, may_be_odd, merged
from workbook.excel.reading.visible import Seen, lay_under
from workbook.intake.archive import damaged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.excel.reading.faces import Run
    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.sheet_looks import Area
    from workbook.excel.reading.visible import Looks


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
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        except unreadable() as error:
            raise damaged(self.file, str(error)) from error
        self.names: list[str] = self._book.sheet_names

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""
        if name not in self.names:
            return []
        if name not in self._grids:
            self.package.vet(name)
            try:
                grid = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            except unreadable() as error:
                raise damaged(self.file, str(error)) from error
            self._seen[name] = self._look(name, grid)
            self._grids[name] = self._seen[name].laid_over(grid)
        return self._grids[name]

    def _look(self, name: str, grid: Grid) -> Seen:
        """Return what is visible of a sheet; a plainly written one in plain formats is as it is read."""
        xml, end, around = self.package.xml(name), self.package.end(name), self._around
        seen = Seen()
        if end >= 0 and name not in self._hidden and not (self._rich or around.linked):
            areas: Sequence[Area] = merged(xml, end)
            plain = not may_be_odd(xml, end, around.styles)
        else:
            areas, plain = (), False
        if not plain:
            look = SheetLook(xml, around, hidden=name in self._hidden)
            seen, areas = look.seen(self._texts), look.areas
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
        return Around(styles(self.package.styles), linked_names(self.package.book))

    @cached_property
    def _hidden(self) -> set[str]:
        """The sheets that are not shown."""
        return {sheet.name for sheet in self._book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        return self._grids.get(name, [])

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not: formulas without a result, errors."""
        end = self.package.end(name)
        return (
            unseen(self.package.xml(name)[:end])
            if end >= 0
            else SheetLook(self.package.xml(name), self._around).unseen()
        )

    def looks(self) -> Mapping[str, Looks]:
        """Return by sheet what has to be told of cells of the sheets that were needed."""
        return {name: seen.looks for name, seen in self._seen.items() if seen.looks}


def unreadable() -> tuple[type[BaseException], ...]:
    """Return what python-calamine raises; the exception of a Rust panic has no name that could be imported."""
    panics = (kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")
    return CalamineError, *panics

"""An open workbook: what the reader asks of any, and the one read from a file, parsed as it is asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from workbook.archive import damaged
from workbook.excel.formulas import unseen
from workbook.excel.package import Package

if TYPE_CHECKING:
    from workbook.excel.grid import Grid


class Sheets(Protocol):
    """What the reader asks of an open workbook, wherever it is open."""

    file: str
    names: list[str]

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not: formulas without a result, errors."""


class Book:
    """A workbook read from a file."""

    def __init__(self, package: Package) -> None:
        """Open a vetted package.

        Raises:
            Unreadable: python-calamine cannot make sense of it.
        """
        self.package, self.file = package, package.file
        self._grids: dict[str, Grid] = {}
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
                self._grids[name] = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            except unreadable() as error:
                raise damaged(self.file, str(error)) from error
        return self._grids[name]

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        return self._grids.get(name, [])

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not: formulas without a result, errors."""
        return unseen(self.package, name)


def unreadable() -> tuple[type[BaseException], ...]:
    """Return what python-calamine raises; the exception of a Rust panic has no name that could be imported."""
    panics = (kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")
    return CalamineError, *panics

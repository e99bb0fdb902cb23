"""Finds the statutory tables in grids of cells by their labels, whatever file they came from."""

from typing import TYPE_CHECKING, Any

from workbook.match.grid import Block, Cell, Document, Grid, Hidden, Paragraph

if TYPE_CHECKING:
    from workbook.match.match import match

__all__ = ["Block", "Cell", "Document", "Grid", "Hidden", "Paragraph", "match"]


def __getattr__(name: str) -> Any:
    """Return ``match``, which is imported when it is asked for first: a workbook of the kit is read without it."""
    if name != "match":
        raise AttributeError(name)
    from workbook.match.match import match as found

    globals()[name] = found  # where the import has left the module of that name
    return found

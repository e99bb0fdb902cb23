"""Finds the statutory tables in grids of cells by their labels, whatever file they came from."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.match.grid import Block, Cell, Document, Grid, Hidden, Paragraph
    from workbook.match.match import match

__all__ = ["Block", "Cell", "Document", "Grid", "Hidden", "Paragraph", "match"]


def __getattr__(name: str) -> Any:
    """Return a name, which is imported when it is asked for first: a workbook of the kit is read without any."""
    if name not in __all__:
        raise AttributeError(name)
    found = getattr(import_module(f"{__name__}.{'match' if name == 'match' else 'grid'}"), name)
    globals()[name] = found  # where the import has left the module ``match``
    return found

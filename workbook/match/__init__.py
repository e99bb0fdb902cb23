"""Finds the statutory tables in grids of cells by their labels, whatever file they came from."""

from workbook.match.grid import Block, Cell, Document, Grid, Hidden, Paragraph
from workbook.match.match import match

__all__ = ["Block", "Cell", "Document", "Grid", "Hidden", "Paragraph", "match"]

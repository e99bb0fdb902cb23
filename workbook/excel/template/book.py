"""A workbook of xlsxwriter that takes formulas as they are written.

In each formula xlsxwriter looks for thirty functions and more that old programs do not know, to mark them for the new
ones. The kit has to work in the old ones too and uses none; looking for them takes two thirds of the time in which a
workbook is drawn.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are taken as they are written."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - as xlsxwriter calls it
        return formula.removeprefix("=")


class Book(Workbook):  # type: ignore[misc]
    """A workbook of such sheets."""

    def __init__(self, target: Any, options: dict[str, Any]) -> None:
        """Begin a workbook; xlsxwriter says what ``target`` and ``options`` may be."""
        super().__init__(target, options)
        self.worksheet_class = Sheet

"""Sheets as VBA takes them together, for pyOpenVBA's interpreter, which takes one at a time: previewed, selected."""

from __future__ import annotations

from typing import Any

from engine.printer import FAILED, NO_PRINTER, SHOWN
from pyopenvba.apps.excel._model import Sheets, Workbook, Worksheet
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, method
from pyopenvba.interpreter._values import MISSING, VBAArray, error, to_text


class SomeSheets(VBAObject):
    """Sheets of a workbook that are taken together."""

    vba_type_name = "Sheets"

    def __init__(self, sheets: list[Worksheet]) -> None:
        self.sheets = sheets

    @method(name="PrintPreview")
    def preview(self) -> None:
        """Show the sheets as they print, from the left; Excel may leave them selected together."""
        book = self.sheets[0].book
        excel = book.application
        assert not excel.server.busy
        if not excel.has_printer:
            raise error(1004, NO_PRINTER)
        if any(sheet.vba_get("Visible") != SHOWN for sheet in self.sheets):
            raise error(1004, FAILED)
        excel.previewed.append([sheet.name for sheet in book.sheets_ if sheet in self.sheets])
        excel.selected = list(self.sheets)
        book.activate_sheet(self.sheets[0])


class ChartSheet(VBAObject):
    """A sheet that holds a chart and no cells."""

    vba_type_name = "Chart"

    def __init__(self, excel: Any) -> None:
        self.excel = excel

    @method(name="Select")
    def select(self) -> None:
        """Select the sheet, and no other."""
        self.excel.selected = [self]


def _some(self: Sheets, index: Any, items: list[object]) -> Any:
    """Return a sheet, or several for an array of names."""
    if isinstance(index, VBAArray):
        return SomeSheets([self.book.sheet_named(to_text(name)) for name in index.items])
    return _ONE(self, index, items)


def _select(self: Worksheet, Replace: Any = MISSING) -> Any:  # noqa: N803, ARG001 - Excel's names
    self.book.application.selected = [self]
    return _ACTIVATE(self)


_ONE, _ACTIVATE = Sheets.vba_lookup, Worksheet._vba_members["select"].getter
_SHOWN_SHEET = Workbook._vba_members["activesheet"].getter
assert _ACTIVATE
assert _SHOWN_SHEET
Sheets.vba_lookup = _some  # type: ignore[method-assign]
Worksheet._vba_members["select"] = MemberSpec(name="Select", kind="method", getter=_select, parameters=("Replace",))
Workbook._vba_members["activesheet"] = MemberSpec(
    name="ActiveSheet", kind="property", getter=lambda self: self.application.chart or _SHOWN_SHEET(self)
)

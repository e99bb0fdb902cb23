"""Runs the add-in's VBA in pyOpenVBA's interpreter: Excel's side of every click and every cell, without Excel."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import Application, ExcelApplication, Range
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member, method
from pyopenvba.interpreter._values import MISSING, NOTHING, VBAArray, error

from xlplugin import udfs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DOUBLE = """
Public Function RunPython(PythonCommand As String)
    Debug.Print PythonCommand
End Function
Public Function GetConfig(configKey As String, Optional default As String = "")
    GetConfig = "C:\\python.exe"
End Function
Public Function FileExists(FileSpec As String) As Boolean
    FileExists = {exists}
End Function
Public Function XLPy() As Object
    Set XLPy = Application.XLPy
End Function
"""


class Server(VBAObject):
    """What xlwings' library hands to VBA: calls of functions reach the real Python."""

    vba_type_name = "XLPy"

    def __init__(self, caller: Any = None, *, fails: bool = False) -> None:
        self.caller, self.fails = caller, fails
        self.calls: list[tuple[Any, ...]] = []

    @method(name="CallUDF")
    def call(self, module: str, name: str, arguments: VBAArray, _book: Any, _caller: Any) -> Any:
        """Call a function of the worksheet as xlwings does."""
        assert module == udfs.MODULE
        if self.fails:
            raise error(
                1000, "Unexpected Python Error: Traceback (most recent call last)\r\n  File x\r\nKeyError: 'x'\r\n"
            )
        given = [self._python(item) for item in arguments.items]
        if name in {"NB_BALANCE", "NB_TOTAL_DIFF"}:  # what @xw.arg(ndim=2) does on Windows
            given = [item if isinstance(item, list) else [[item]] for item in given]
        self.calls.append((name, *given))
        answer = getattr(udfs, name)(*given)
        return answer[0][0] if isinstance(answer, list) else answer

    def _python(self, item: Any) -> Any:
        """Return an argument as xlwings hands it on: the caller for Nothing, arrays for areas, the default for none."""
        if item is NOTHING:
            return self.caller
        if isinstance(item, Range):
            return item.vba_get("Value")
        if item is MISSING:
            return None
        return float(item) if isinstance(item, int | float) else item


class ProtectedViewWindows(VBAObject):
    """Files in protected view."""

    vba_type_name = "ProtectedViewWindows"

    def __init__(self, shown: int) -> None:
        self.shown = shown

    @member(name="Count")
    def count(self) -> int:
        return self.shown


REGISTERED: list[tuple[Any, ...]] = []
"""What was registered as the help of functions."""


_PARAMETERS = ("Macro", "Description", "Category", "ArgumentDescriptions")


def _register(_self: Any, Macro: str, Description: str, Category: str, ArgumentDescriptions: Any = None) -> None:  # noqa: N803 - Excel's names
    helps = list(ArgumentDescriptions.items) if isinstance(ArgumentDescriptions, VBAArray) else []
    REGISTERED.append((Macro, Description, Category, helps))


for spec in (
    MemberSpec(name="MacroOptions", kind="method", getter=_register, parameters=_PARAMETERS),
    MemberSpec(name="XLPy", kind="property", getter=lambda self: self.server),
    MemberSpec(name="Caller", kind="property", getter=lambda _self: None),
    MemberSpec(
        name="ProtectedViewWindows", kind="property", getter=lambda self: ProtectedViewWindows(self.shown_protected)
    ),
):
    Application.vba_add_member(spec)


def modules(path: Path) -> dict[str, str]:
    """Return the sources of an add-in's modules, as pyOpenVBA reads them."""
    with ExcelFile(path) as file:
        return {name: file.get_module(name) for name in file.module_names()}


@contextmanager
def running(
    path: Path, *, python: bool = True, protected: int = 0, server: Server | None = None, library: bool = False
) -> Iterator[ExcelApplication]:
    """Open an add-in and load our modules.

    Args:
        path: the add-in.
        python: whether an interpreter is configured.
        protected: how many files are in protected view, with no other workbook open.
        server: what calls of functions reach.
        library: whether xlwings' own module runs, in place of a double with the same names.
    """
    app = ExcelApplication.open(path, with_vba=False)
    app.application._this_workbook = app.workbook
    if protected:
        app.application.active_book = None
    sources = modules(path)
    own = re.sub(
        r"(?m)^(\s*#[^'\n]*)'.*$", r"\1", sources["xlwings"].replace("\r\n", "\n")
    )  # it knows no comment there
    own = own.replace(
        "In Range(sht.", "In sht.Range(sht."
    )  # Excel takes the sheet of the cells; the interpreter does not
    own = own.replace("WScript.ExpandEnvironmentStrings(s)", "s")
    app.add_module(own if library else _DOUBLE.format(exists=str(python)), name="xlwings")
    for name in ("NianbaoRibbon", "NianbaoFunctions"):
        app.add_module(sources[name], name=name)
    app.application.server, app.application.shown_protected = server or Server(), protected
    yield app


def click(app: ExcelApplication, sub: str) -> list[str]:
    """Press a button; return what VBA had Python run."""
    app.console.clear()
    app.add_module(f"Sub Press{sub}()\n    {sub} Nothing\nEnd Sub\n", name=f"Press{sub}")
    app.run(f"Press{sub}")
    return list(app.console)


__all__ = ["Application", "Server", "click", "modules", "running"]

"""Runs the add-in's VBA in pyOpenVBA's interpreter: Excel's side of every click and every cell, without Excel.

The modules run as they are built. What the interpreter leaves to the machine (files, the environment, libraries of
Windows, the cell that calls) is given here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addins import opened
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import Application, ExcelApplication, Range
from pyopenvba.apps.excel._model import Workbooks
from pyopenvba.interpreter import _ast as ast
from pyopenvba.interpreter import _runtime
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member, method
from pyopenvba.interpreter._parse import parse_expression
from pyopenvba.interpreter._values import MISSING, NOTHING, VBAArray, VBAErrorValue, error, to_text
from vba_dialogs import folder_dialog
from vba_sheets import ChartSheet

from xlplugin import macros, udfs
from xlplugin.addin.vba import FUNCTIONS, PYTHON, RIBBON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HOME = r"C:\Users\lan"
INTERPRETER = HOME + r"\AppData\Local\nianbao\python.exe"
CONFIGURATION = HOME + r"\.nianbao\nianbao.conf"

_LIBRARIES = """
Public Function LoadLibrary(ByVal lpLibFileName As String) As Long
    LoadLibrary = Application.LoadLibrary(lpLibFileName)
End Function
Public Function MessageBoxW(ByVal hWnd As Variant, ByVal lpText As Variant, ByVal lpCaption As Variant, _
        ByVal uType As Long) As Long
    MessageBoxW = Application.ShowBox(lpText, uType)
End Function
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, Optional ByVal Config As String = "", _
        Optional ByVal mode As Long = 1) As Long
    Set Result = Application.ActivateAuto(Config)
End Function
"""
"""In place of what the class declares of Windows and of xlwings' library, which the interpreter cannot call."""


FAULT = "Unexpected Python Error: Traceback (most recent call last)\r\n  File x\r\nKeyError: 'x'\r\n"
"""What xlwings says of Python's errors."""


class Given(VBAObject):
    """A tuple of Python."""

    vba_type_name = "Tuple"

    def __init__(self, items: tuple[Any, ...]) -> None:
        self.items = items


class Server(VBAObject):
    """What xlwings' library hands to VBA: calls of functions reach the real Python.

    Args:
        caller: the cell that calls functions.
        fails: why Python cannot be called; what is said then.
        python: what stands for the functions of ``xlplugin.macros``; by default nothing more is said.
    """

    vba_type_name = "XLPy"

    def __init__(self, caller: Any = None, *, fails: str = "", python: Callable[..., str] | None = None) -> None:
        self.caller, self.fails = caller, fails
        self.python = python or (lambda *_: "")
        self.calls: list[tuple[Any, ...]] = []
        self.ran: list[tuple[Any, ...]] = []
        """What buttons had Python run: a function of ``xlplugin.macros``, and what it was given."""
        self.set: list[tuple[Any, ...]] = []
        self.alerts: Callable[[], bool] = lambda: False
        """Whether Excel would ask by itself."""
        self.busy = False
        """Whether Python is being called."""

    @method(name="Module")
    def module(self, name: str) -> str:
        """Return what stands for a module."""
        return name

    @method(name="SetAttr")
    def set_attribute(self, module: str, name: str, value: Any) -> None:
        """Note what a module is told."""
        self.set.append((module, name, value))

    @method(name="Tuple")
    def tuple(self, *items: Any) -> Given:
        """Return a tuple of Python."""
        return Given(items)

    @method(name="Call")
    def run(self, module: str, name: str, given: Given) -> str:
        """Call a function of Python."""
        assert module == macros.__name__
        assert not self.alerts()
        if self.fails:
            raise error(1000, self.fails)
        self.ran.append((name, *given.items))
        self.busy = True
        try:
            return self.python(name, *given.items)
        finally:
            self.busy = False

    @method(name="Var")
    def value(self, it: Any) -> Any:
        """Return a value of Python as one of VBA."""
        return it

    @method(name="CallUDF")
    def call(self, module: str, name: str, arguments: VBAArray, _book: Any, _caller: Any) -> Any:
        """Call a function of the worksheet as xlwings does."""
        assert module == udfs.MODULE
        if self.fails:
            raise error(1000, self.fails)
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


@dataclass
class Machine:
    """The machine that Excel runs on.

    ``files`` are texts by their paths; ``loaded`` and ``started`` tell which libraries and commands were asked for.
    """

    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    channels: dict[int, list[str]] = field(default_factory=dict)
    """Files that are open, as the values that are still to be read."""

    def intrinsics(self) -> dict[str, Any]:
        """Return the functions of VBA that look at the machine."""
        return {
            "environ": lambda _, given, __: self.environment.get(to_text(given[0]), ""),
            "freefile": lambda *_: len(self.channels) + 1,
            "eof": lambda _, given, __: not self.channels[int(given[0])],
            "getattr": lambda _, given, __: self._attributes(to_text(given[0])),
            "dir": lambda _, given, __: self._first(to_text(given[0])),
            "strptr": lambda _, given, __: given[0],
        }

    def _first(self, pattern: str) -> str:
        """Return the name of the first file that fits a pattern."""
        found = (path for path in sorted(self.files) if fnmatchcase(path.lower(), pattern.lower()))
        return next(found, "").rpartition("\\")[2]

    def _attributes(self, path: str) -> int:
        if path not in self.files:
            raise error(53, "File not found")
        return 32

    def open(self, path: str, number: int) -> None:
        self._attributes(path)
        self.channels[number] = [value for row in csv.reader(self.files[path].splitlines()) for value in row]


_FILE = re.compile(
    r"\s*(?:Open (?P<path>.+) For Input As #|Input #(?=\w+,)|Close #)(?P<number>\w+)(?:, (?P<names>\w+(?:, \w+)*))?$"
)


def _file_statement(self: Any, statement: ast.Unsupported, frame: Any) -> None:
    """Open, read and close a text file of the machine, which the interpreter itself leaves out."""
    line = frame.module.parsed.source.splitlines()[statement.line - 1]
    match, machine = _FILE.match(line), self.host.application.machine
    assert match, line
    number = int(self.evaluate(parse_expression(match["number"]), frame))
    if match["path"]:
        machine.open(to_text(self.evaluate(parse_expression(match["path"]), frame)), number)
    elif match["names"]:
        for name in match["names"].split(", "):
            if not machine.channels[number]:
                raise error(62, "Input past end of file")
            self.resolve_target(parse_expression(name), frame).put(machine.channels[number].pop(0), False)  # noqa: FBT003
    else:
        machine.channels.pop(number)


_runtime._STATEMENTS[ast.Unsupported] = _file_statement


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


def _register(self: Any, Macro: str, Description: str, Category: str, ArgumentDescriptions: Any = None) -> None:  # noqa: N803 - Excel's names
    if self.active_book is None:
        raise error(1004, "Cannot edit a macro on a hidden workbook. Unhide the workbook using the Unhide command.")
    helps = list(ArgumentDescriptions.items) if isinstance(ArgumentDescriptions, VBAArray) else []
    REGISTERED.append((Macro, Description, Category, helps))


def _later(self: Any, EarliestTime: Any, Procedure: str) -> None:  # noqa: N803 - Excel's names
    """Note what is to run later; a name of another workbook's, or of none, Excel takes and fails at only then."""
    self.timers.append((EarliestTime, Procedure))


def _load(self: Any, path: str) -> int:
    self.machine.loaded.append(path)
    return 1


def _start(self: Any, command: str) -> Server:
    self.machine.started.append(command)
    return self.server


def _show(self: Any, text: str, style: int) -> int:
    """Show a message; while Python is being called, Excel would wait for Python."""
    assert not self.server.busy
    self.boxes.append((text, int(style)))
    return self.answers.pop(0) if int(style) & 4 else 1


def _ask(self: Any, Prompt: str, Title: str, Default: Any = None, Type: Any = None) -> Any:  # noqa: ARG001, N803 - Excel's names
    assert not self.server.busy
    self.asked.append((Prompt, Default))
    return self.answers.pop(0)


def _pick(self: Any, FileFilter: str, Title: str) -> Any:  # noqa: N803 - Excel's names
    assert not self.server.busy
    self.asked.append((Title, FileFilter))
    return self.answers.pop(0)


def _add(self: Any, Template: Any = MISSING) -> Any:  # noqa: N803 - Excel's names
    """Add a workbook, also one made from a file, which the interpreter leaves out."""
    if isinstance(Template, str):
        assert Path(Template).is_file()
    return _ADD(self)


_ADD = Workbooks._vba_members["add"].getter
assert _ADD
Workbooks._vba_members["add"] = MemberSpec(name="Add", kind="method", getter=_add, parameters=("Template",))


def _offer(self: Any, Text: str, Procedure: str) -> None:  # noqa: N803 - Excel's names
    self.undo = Text, Procedure


for spec in (
    MemberSpec(name="OnTime", kind="method", getter=_later, parameters=("EarliestTime", "Procedure")),
    MemberSpec(name="OnUndo", kind="method", getter=_offer, parameters=("Text", "Procedure")),
    MemberSpec(name="ShowBox", kind="method", getter=_show, parameters=("Text", "Style")),
    MemberSpec(name="Hwnd", kind="property", getter=lambda _: 7),
    MemberSpec(name="Version", kind="property", getter=lambda _: "16.0"),
    MemberSpec(name="InputBox", kind="method", getter=_ask, parameters=("Prompt", "Title", "Default", "Type")),
    MemberSpec(name="GetOpenFilename", kind="method", getter=_pick, parameters=("FileFilter", "Title")),
    MemberSpec(name="FileDialog", kind="property", getter=folder_dialog, parameters=("fileDialogType",)),
    MemberSpec(name="MacroOptions", kind="method", getter=_register, parameters=_PARAMETERS),
    MemberSpec(name="LoadLibrary", kind="method", getter=_load, parameters=("Path",)),
    MemberSpec(name="ActivateAuto", kind="method", getter=_start, parameters=("Command",)),
    MemberSpec(name="Caller", kind="property", getter=lambda self: self.calling),
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
    path: Path,
    *,
    python: bool = True,
    interpreter: str = INTERPRETER,
    protected: int = 0,
    empty: bool = False,
    server: Server | None = None,
    answers: Iterable[Any] = (),
) -> Iterator[ExcelApplication]:
    """Open an add-in and load our modules; ``app.application.machine`` is the machine, ``.server`` Python.

    ``app.application.boxes`` are the messages that were shown, ``.asked`` what else was asked.

    Args:
        path: the add-in.
        python: whether the interpreter is there.
        interpreter: where the user's configuration says that it is.
        protected: how many files are in protected view, with no other workbook open.
        empty: whether no workbook is open.
        server: what calls of functions reach.
        answers: what the user answers to dialogs, in their order: numbers of buttons, texts, ``False``.
    """
    app = opened(path)
    excel = app.application
    excel._this_workbook = app.workbook
    if protected or empty:
        excel.active_book = None
    excel.has_printer, excel.previewed, excel.selected, excel.chart = True, [], [], None
    excel.boxes, excel.asked, excel.answers, excel.undo, excel.timers = [], [], list(answers), None, []
    files = {CONFIGURATION: f'"INTERPRETER_WIN","{interpreter}"\r\n'}
    excel.machine = Machine(files | ({interpreter: ""} if python else {}), {"USERPROFILE": HOME})
    excel.server, excel.shown_protected, excel.calling = server or Server(), protected, VBAErrorValue(2023)
    app.interpreter._intrinsics = app.interpreter._intrinsics | excel.machine.intrinsics()
    sources = modules(path)
    app.add_module(sources[PYTHON], name=PYTHON, kind="class").parsed.declares.clear()
    app.add_module(_LIBRARIES, name="Libraries")
    for name in (RIBBON, FUNCTIONS):
        app.add_module(sources[name], name=name)
    excel.server.alerts = lambda: bool(excel.vba_get("DisplayAlerts"))
    yield app


def cell(app: ExcelApplication) -> None:
    """Have a cell call what is called from now on."""
    app.application.calling = app.application.vba_get("ThisWorkbook").sheets_[0].vba_get("Range", ["A1"])


def click(app: ExcelApplication, sub: str) -> list[tuple[Any, ...]]:
    """Press a button; return what VBA had Python run."""
    ran: list[tuple[Any, ...]] = app.application.server.ran
    ran.clear()
    app.add_module(f"Sub Press{sub}()\n    {sub} Nothing\nEnd Sub\n", name=f"Press{sub}")
    app.run(f"Press{sub}")
    return list(ran)


def wait(app: ExcelApplication) -> list[str]:
    """Run what is to run later, and return its names."""
    due, app.application.timers = app.application.timers, []
    for _, procedure in due:
        book, _, name = procedure.partition("!")
        assert book == f"'{app.application.vba_get('ThisWorkbook').vba_get('Name')}'"
        app.run(name)
    return [procedure for _, procedure in due]


__all__ = ["Application", "ChartSheet", "Server", "cell", "click", "modules", "running", "wait"]

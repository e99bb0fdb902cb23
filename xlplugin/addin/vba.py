"""The add-in's VBA: ASCII, thin, made from ``definition.toml``. All logic is Python; a callback is one line.

Whatever is public in a standard module, a cell of any workbook can call, in files of strangers too. So the standard
modules show the functions of the worksheet and the callbacks of the ribbon, which do nothing for a cell; how Python is
reached stands in a class (``python.cls``), whose members no cell can call. The class is a few lines of what xlwings
(BSD-3-Clause) does, and is built only beside an xlwings that still does it so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.addin.definition import TEXTS
from xlplugin.addin.install import INTERPRETER, REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlplugin.addin.definition import Button, Definition, Function

PROJECT = "nianbao"
SHEET = f"{PROJECT}.texts"
RIBBON, FUNCTIONS, PYTHON = "NianbaoRibbon", "NianbaoFunctions", "NianbaoPython"
"""The names of our modules; the last one is a class."""

TEXT_COLUMN, FUNCTION_COLUMN, CAUSE_COLUMN = 1, 4, 8
"""On the add-in's sheet, counted from 1: keys of texts (words beside them), names of functions (help, arguments), words
of causes (remedies)."""

SEPARATOR = "|"
"""Between the helps of a function's arguments on the sheet."""

PAUSE = 3
"""Seconds after which the help of the functions is registered where no workbook was open."""

_UDFS = "xlplugin.udfs"

_OWN = 'Lib "user32"'
"""What marks the libraries of Windows that the class uses and xlwings does not."""

_CALLS = ("import xlwings; xlwings.serve('$(CLSID)')", 'Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook')
"""How xlwings starts Python, and tells it the workbook; the class does the same."""


class BuildError(RuntimeError):
    """The add-in cannot be built from what is installed."""


def python_module(face: Definition, xlwings: str, version: str) -> str:
    """Return the class that reaches Python.

    Args:
        face: the definition.
        xlwings: xlwings' own module, which does the same and more.
        version: the version of xlwings whose library is loaded.

    Raises:
        BuildError: xlwings reaches Python in another way.
    """
    source = (Path(__file__).parent / "python.cls").read_text(encoding="ascii").replace("{version}", version)
    declared = [
        line[line.index("Declare ") :] for line in source.splitlines() if "Declare " in line and _OWN not in line
    ]
    for taken in (*declared, *_CALLS):
        if taken not in xlwings:
            raise BuildError(f"xlwings' VBA has no such line: {taken}")
    texts = {
        "sheet": SHEET,
        "texts": str(len(TEXTS)),
        "key": str(TEXT_COLUMN),
        "words": str(TEXT_COLUMN + 1),
        "causes": str(len(face.causes)),
        "cause": str(CAUSE_COLUMN),
        "remedy": str(CAUSE_COLUMN + 1),
    }
    for name, value in (texts | {"interpreter": INTERPRETER, "refused": REFUSED.replace('"', '""')}).items():
        source = source.replace(f"{{{name}}}", value)
    return crlf(source)


def ribbon_module(face: Definition, version: str) -> str:
    """Return the module of the ribbon: a callback a button, and what stands between them and Python."""
    subs = "".join(map(_callback, face.buttons))
    functions = str(len(face.functions))
    return crlf(_RIBBON.replace("{callbacks}", subs).replace("{functions}", functions).replace("{version}", version))


def _callback(button: Button) -> str:
    call = f'Press "{button.macro}", {button.anywhere}'
    return f"Public Sub {button.sub}(control As IRibbonControl)\n    {call}\nEnd Sub\n\n"


def functions_module(face: Definition, signatures: Mapping[str, Sequence[str]]) -> str:
    """Return the module of the functions: a wrapper each.

    Args:
        face: the definition.
        signatures: the parameters of each function in Python by name, in order; an optional one ends in ``?``. Those
            that the definition does not describe are not shown: ``caller``, which xlwings fills in.
    """
    return crlf(_FUNCTIONS + "".join(_wrapper(function, signatures[function.name]) for function in face.functions))


VOLATILE = frozenset({"NB_STATUS", "NB_FINDINGS", "NB_VALUE"})
"""Functions that look at more than their arguments, and are asked anew at every calculation."""


def _wrapper(function: Function, parameters: Sequence[str]) -> str:
    names = [name.rstrip("?") for name in parameters]
    shown = [
        f"Optional {name[:-1]}" if name.endswith("?") else name for name in parameters if name.rstrip("?") != "caller"
    ]
    given = ", ".join("Nothing" if name == "caller" else name for name in names)
    call = f'Python.XLPy.CallUDF("{_UDFS}", "{function.name}", Array({given}), Nothing, Application.Caller)'
    lines = [
        f"Public Function {function.name}({', '.join(shown)})",
        *(["    Application.Volatile"] if function.name in VOLATILE else []),
        "    On Error GoTo failed",
        f"    {function.name} = {call}",
        "    Exit Function",
        "failed:",
        f"    {function.name} = Python.Unreached(Err.Description)",
        "End Function",
    ]
    return "\n".join(lines) + "\n\n"


def crlf(text: str) -> str:
    """Return a text with the line breaks of VBA."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


_FUNCTIONS = f"""Attribute VB_Name = "{FUNCTIONS}"
Option Explicit

Private Python As New {PYTHON}

"""

_RIBBON = f"""Attribute VB_Name = "{RIBBON}"
Option Explicit
Option Private Module

Private Python As New {PYTHON}
Private Registered As Boolean

Public Sub NbOnLoad(ribbon As IRibbonUI)
    NbRegister
End Sub

'Excel takes no help for functions while no workbook is open: then it is tried again soon
Public Sub NbRegister()
    If FromCell Then Exit Sub
    On Error Resume Next
    If ActiveWorkbook Is Nothing Then
        Application.OnTime Now + TimeSerial(0, 0, {PAUSE}), "'" & ThisWorkbook.Name & "'!NbRegister"
    Else
        RegisterFunctions
    End If
End Sub

{{callbacks}}Public Sub NbUndo()
    Press "undo", False
End Sub

Private Function FromCell() As Boolean
    FromCell = (TypeName(Application.Caller) = "Range")
End Function

Private Sub Press(Macro As String, Anywhere As Boolean)
    Dim Reason As String
    If FromCell Then Exit Sub
    On Error GoTo failed
    RegisterFunctions
    If ActiveWorkbook Is Nothing And Not Anywhere Then
        Python.Box Python.Words(IIf(Application.ProtectedViewWindows.Count > 0, "protected_view", "no_workbook")), vbExclamation
        Exit Sub
    End If
    Python.Converse Macro, "{{version}}"
    Exit Sub
failed:
    Reason = Python.Unreached(Err.Description)
    If Macro = "self_check" Then Reason = Python.Listed & vbLf & Reason
    Python.Box Reason, vbExclamation
End Sub

Private Sub RegisterFunctions()
    Dim Row As Long
    Dim Macro As String
    Dim Helps As String
    If Registered Or FromCell Then Exit Sub
    On Error Resume Next
    For Row = 1 To {{functions}}
        Macro = "'" & ThisWorkbook.Name & "'!" & ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN}).Value
        Helps = ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 2}).Value
        If Helps = "" Then
            Application.MacroOptions Macro:=Macro, Description:=ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 1}).Value, Category:=Python.Words("category")
        Else
            Application.MacroOptions Macro:=Macro, Description:=ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 1}).Value, Category:=Python.Words("category"), ArgumentDescriptions:=Split(Helps, "{SEPARATOR}")
        End If
    Next Row
    Registered = (Err.Number = 0)
End Sub
"""  # noqa: E501 - a statement of VBA is a line

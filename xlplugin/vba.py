"""The add-in's VBA: ASCII, thin, made from ``face.toml``. All logic is Python; a callback is one line.

The module ``xlwings`` comes from the installed xlwings (BSD-3-Clause) with a few lines changed, each for a reason that
stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.face import TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlplugin.face import Button, Face, Function

PROJECT = "nianbao"
SHEET = f"{PROJECT}.conf"
RIBBON, FUNCTIONS = "NianbaoRibbon", "NianbaoFunctions"
"""The names of our modules."""

TEXT_COLUMN, FUNCTION_COLUMN = 4, 7
"""On the add-in's sheet, counted from 1: keys of texts (words beside them), names of functions (help, arguments)."""

SEPARATOR = "|"
"""Between the helps of a function's arguments on the sheet."""

_UDFS = "xlplugin.udfs"

_LOOKED_UP = """If SheetExists({0}, PROJECT_NAME & ".conf") = True Then
                If GetConfigFromSheet({0}).Exists(configKey) = True Then
                    GetConfig = GetConfigFromSheet({0}).Item(configKey)"""

PATCHES = (
    # The configuration is looked up as <project>.conf.
    ('Public Const PROJECT_NAME As String = "myaddin"', f'Public Const PROJECT_NAME As String = "{PROJECT}"'),
    # A sheet of the user's workbook could name any program as the interpreter: only the add-in's own sheet counts.
    (_LOOKED_UP.format("ActiveWorkbook"), _LOOKED_UP.format("ThisWorkbook")),
    # So could a file beside the workbook.
    ('If source = "" Or source = "directory" Then', 'If source = "directory" Then'),
    # Python would look for modules in Excel's current folder first.
    ('tail = " -B -c ', 'tail = " -P -B -c '),
    # A sheet of the user's workbook whose name ends in .py would be taken for code of xlwings' paid part.
    (
        'If Right$(sht.Name, 3) = ".py" Then\n                uses_embedded_code = True',
        "If False Then\n                uses_embedded_code = True",
    ),
    # What went wrong in Python is told in Chinese.
    (
        'ShowError "", Err.Description\n            RunPython = -1',
        "NianbaoFailed Err.Description\n            RunPython = -1",
    ),
)


class BuildError(RuntimeError):
    """The add-in cannot be built from what is installed."""


def xlwings_module(source: str) -> str:
    """Return xlwings' own module with our changes.

    Raises:
        BuildError: a line to be changed is not there exactly once; xlwings is of another version.
    """
    text = source.replace("\r\n", "\n")
    for old, new in PATCHES:
        if text.count(old) != 1:
            raise BuildError(f"xlwings' VBA has {text.count(old)} times, not once: {old.splitlines()[0]}")
        text = text.replace(old, new)
    return crlf(text)


def ribbon_module(face: Face, version: str) -> str:
    """Return the module of the ribbon: a callback a button, and what stands between them and Python."""
    subs = "".join(_callback(button, version) for button in face.buttons)
    return crlf(_RIBBON.replace("{callbacks}", subs).replace("{functions}", str(len(face.functions))))


def command(macro: str, version: str) -> str:
    """Return what a button has Python do."""
    return f"import xlplugin.macros; xlplugin.macros.{macro}('{version}')"


def _callback(button: Button, version: str) -> str:
    call = command(button.macro, version)
    return f'Public Sub {button.sub}(control As IRibbonControl)\n    CallPython "{call}"\nEnd Sub\n\n'


def functions_module(face: Face, signatures: Mapping[str, Sequence[str]]) -> str:
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
    call = f'XLPy.CallUDF("{_UDFS}", "{function.name}", Array({given}), Nothing, Application.Caller)'
    lines = [
        f"Public Function {function.name}({', '.join(shown)})",
        *(["    Application.Volatile"] if function.name in VOLATILE else []),
        "    On Error GoTo failed",
        f"    {function.name} = {call}",
        "    Exit Function",
        "failed:",
        f"    {function.name} = NianbaoUnreached(Err.Description)",
        "End Function",
    ]
    return "\n".join(lines) + "\n\n"


def crlf(text: str) -> str:
    """Return a text with the line breaks of VBA."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


_FUNCTIONS = f"""Attribute VB_Name = "{FUNCTIONS}"
Option Explicit

"""

_RIBBON = f"""Attribute VB_Name = "{RIBBON}"
Option Explicit

Private Registered As Boolean

Public Sub NbOnLoad(ribbon As IRibbonUI)
    RegisterFunctions
End Sub

{{callbacks}}Private Sub CallPython(PythonCommand As String)
    On Error GoTo failed
    RegisterFunctions
    If ActiveWorkbook Is Nothing Then
        If Application.ProtectedViewWindows.Count > 0 Then
            MsgBox NianbaoWords("protected_view"), vbExclamation, NianbaoWords("title")
            Exit Sub
        End If
        Workbooks.Add
    End If
    If Not FileExists(GetConfig("INTERPRETER_WIN", "")) Then
        MsgBox NianbaoWords("no_python"), vbExclamation, NianbaoWords("title")
        Exit Sub
    End If
    RunPython PythonCommand
    Exit Sub
failed:
    NianbaoFailed Err.Description
End Sub

Public Sub NianbaoFailed(Reason As String)
    MsgBox NianbaoWords("failed") & vbCrLf & vbCrLf & LastLine(Reason), vbExclamation, NianbaoWords("title")
End Sub

Public Function NianbaoUnreached(Reason As String) As String
    If FileExists(GetConfig("INTERPRETER_WIN", "")) Then
        NianbaoUnreached = NianbaoWords("failed") & LastLine(Reason)
    Else
        NianbaoUnreached = NianbaoWords("no_python")
    End If
End Function

Public Function NianbaoWords(Key As String) As String
    Dim Row As Long
    For Row = 1 To {len(TEXTS)}
        If ThisWorkbook.Sheets("{SHEET}").Cells(Row, {TEXT_COLUMN}).Value = Key Then
            NianbaoWords = ThisWorkbook.Sheets("{SHEET}").Cells(Row, {TEXT_COLUMN + 1}).Value
            Exit Function
        End If
    Next Row
End Function

Private Function LastLine(Reason As String) As String
    Dim Lines() As String
    Dim Index As Long
    Lines = Split(Replace(Reason, vbCr, ""), vbLf)
    For Index = UBound(Lines) To 0 Step -1
        If Trim$(Lines(Index)) <> "" Then
            LastLine = Left$(Trim$(Lines(Index)), 800)
            Exit Function
        End If
    Next Index
End Function

Private Sub RegisterFunctions()
    Dim Row As Long
    Dim Macro As String
    Dim Helps As String
    If Registered Then Exit Sub
    On Error Resume Next
    For Row = 1 To {{functions}}
        Macro = "'" & ThisWorkbook.Name & "'!" & ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN}).Value
        Helps = ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 2}).Value
        If Helps = "" Then
            Application.MacroOptions Macro:=Macro, Description:=ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 1}).Value, Category:=NianbaoWords("category")
        Else
            Application.MacroOptions Macro:=Macro, Description:=ThisWorkbook.Sheets("{SHEET}").Cells(Row, {FUNCTION_COLUMN + 1}).Value, Category:=NianbaoWords("category"), ArgumentDescriptions:=Split(Helps, "{SEPARATOR}")
        End If
    Next Row
    Registered = (Err.Number = 0)
End Sub
"""  # noqa: E501 - a statement of VBA is a line

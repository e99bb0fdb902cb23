"""Starts work that takes long in a window of its own, which lives on when Excel is closed; nobody waits for it.

Programs that Excel starts may stand in a job of Windows that ends them with it. So the window leaves the job, where the
job lets it; else the desktop starts it, which stands in no job; else it stays inside.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xlplugin.excel import Refusal

MODULE = "workbook.cli.window"
"""The program of the window."""

CREATE_NEW_CONSOLE, CREATE_BREAKAWAY_FROM_JOB = 0x10, 0x01000000
"""Flags of CreateProcess, which ``subprocess`` has on Windows only."""

_DESKTOP, _NEED_DISPATCH, _NORMAL = 8, 1, 1
"""SWC_DESKTOP, SWFO_NEEDDISPATCH, SW_SHOWNORMAL."""
_SHELL_WINDOWS = "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"

_HELP = "如果是杀毒软件或单位的安全策略拦住了，请让技术人员放行这个程序：{python}"

Start = Callable[[Sequence[str]], None]
"""Starts a command; raises where it cannot."""


def start(title: str, results: Sequence[Path], command: Sequence[str]) -> None:
    """Run a command of ``nianbao`` in a window of its own, and return at once.

    Args:
        title: what the window is called.
        results: the files that it opens when they are written.
        command: the command with its arguments.

    Raises:
        Refusal: no way to start it worked; the text says why each did not.
    """
    opened = [part for path in results for part in ("--open", str(path))]
    python = _interpreter()
    # -P: what lies in the folder of the run is not imported, -B: nothing is written beside the kit, as for the add-in.
    whole = [python, "-P", "-B", "-m", MODULE, "--title", title, *opened, "--", *command]
    reasons = []
    for way in ways():
        try:
            way(whole)
        except Exception as error:  # noqa: BLE001 - what Windows and COM may raise; the next way may work
            reasons.append(_reason(error))
        else:
            return
    raise Refusal(f"没能启动“{title}”：{'；'.join(dict.fromkeys(reasons))}。\n\n{_HELP.format(python=python)}")


def ways() -> tuple[Start, ...]:
    """Return the ways to start a program, the best first."""
    if sys.platform == "win32":
        return _apart, _by_desktop, _inside
    return (_detached,)


def _interpreter() -> str:
    """Return the Python that runs the add-in, as the program that has a window."""
    own = Path(sys.executable)
    with_window = own.with_name("python.exe")
    return str(with_window if own.name.lower() == "pythonw.exe" and with_window.is_file() else own)


def _apart(command: Sequence[str]) -> None:
    """Start it outside the job that Excel's programs stand in; Windows refuses where the job does not let go."""
    _popen(command, creationflags=CREATE_NEW_CONSOLE | CREATE_BREAKAWAY_FROM_JOB)


def _inside(command: Sequence[str]) -> None:
    """Start it in that job: it works as long as Excel is open."""
    _popen(command, creationflags=CREATE_NEW_CONSOLE)


def _by_desktop(command: Sequence[str]) -> None:
    """Have the desktop start it."""
    import pythoncom  # these come with xlwings on Windows, the only place where macros run
    import win32com.client as com

    program, *arguments = command
    windows = com.dynamic.Dispatch(_SHELL_WINDOWS)
    here, nowhere = com.VARIANT(pythoncom.VT_I4, 0), com.VARIANT(pythoncom.VT_EMPTY, None)
    handle = com.VARIANT(pythoncom.VT_BYREF | pythoncom.VT_I4, 0)
    desktop: Any = windows.FindWindowSW(here, nowhere, _DESKTOP, handle, _NEED_DISPATCH)
    shell = desktop.Document.Application
    shell.ShellExecute(program, subprocess.list2cmdline(arguments), str(Path.home()), "open", _NORMAL)


def _detached(command: Sequence[str]) -> None:
    """Start it as other systems do: there is no window, and it hears nobody."""
    nobody = subprocess.DEVNULL
    _popen(command, stdin=nobody, stdout=nobody, stderr=nobody, start_new_session=True)


def _popen(command: Sequence[str], **how: Any) -> None:
    # In the user's folder: one that it stands in could not be renamed or deleted.
    started = subprocess.Popen(command, cwd=Path.home(), **how)  # noqa: S603 - the kit's own program
    started.returncode = 0  # nobody waits for it, and nobody is to be warned of that


def _reason(error: Exception) -> str:
    """Return what an error says, in the words of the system where it has such."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__).strip().rstrip("。.")

"""The program of a console window that works by itself: a command, then its results opened, then Enter.

``python -m workbook.cli.window [--title TITLE] [--open FILE]... -- COMMAND...`` runs ``nianbao COMMAND...`` and leaves
with its exit code. Who starts it does not wait for it: so what goes wrong must stand in the window until it was read.
"""

from __future__ import annotations

import argparse
import gettext
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from workbook.cli.language import speaking
from workbook.cli.settings import start
from workbook.exits import FAULT, FAULTY, SOUND, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEGUN = "Please wait; the results open by themselves when they are done. Closing this window stops the work."
_DONE = "Done. The results:"
_UNREAD = "Some files could not be read; the results say which and why."
_ENDED = "Not everything was done; the reason stands above. Exit code {}."
_UNOPENED = "{}: no program opened it ({}). Please open it yourself."
_LEAVE = "Press Enter to close this window."


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command in this window, open what it wrote, and leave with its exit code when the user has read it."""
    asked = _parser().parse_args(arguments)
    with speaking(start(asked.command, os.environ).lang):
        if asked.title:
            _entitle(asked.title)
        _say(gettext.gettext(_BEGUN))
        before = {path: _stamp(path) for path in asked.open}
        code = _run(asked.command)
        made = [path for path, was in before.items() if (now := _stamp(path)) is not None and now != was]
        _say(_ending(code, whole=len(made) == len(before)))
        for problem in _opened(made):
            _say(problem)
        _say(gettext.gettext(_LEAVE))
        with suppress(EOFError, KeyboardInterrupt, RuntimeError):  # there is nobody, or no way to hear of it
            input()
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workbook.cli.window", allow_abbrev=False)
    parser.add_argument("--title", help="what the window is called")
    parser.add_argument("--open", action="append", default=[], type=Path, help="a result to open when it is written")
    parser.add_argument("command", nargs="+", help="the command of nianbao and its arguments, behind --")
    return parser


def _run(command: Sequence[str]) -> int:
    """Run a command as the command line does, and return its exit code; what nobody expected stays in the window."""
    from workbook.cli import main as nianbao

    try:
        nianbao(list(command))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FAULT
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - the window must not close on it
        traceback.print_exc()
    return FAULT


def _ending(code: int, *, whole: bool) -> str:
    """Return what to say at the end; ``whole``: all results were written."""
    if not whole or code not in {SOUND, FAULTY, UNREADABLE}:
        return gettext.gettext(_ENDED).format(code)
    done = gettext.gettext(_DONE)
    return f"{gettext.gettext(_UNREAD)}{done}" if code == UNREADABLE else done


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file that was written from one that was there before; ``None`` where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def _opened(paths: Iterable[Path]) -> list[str]:
    """Name results, open each with the program that the user has for it; return what to say of those that were not."""
    problems: list[str] = []
    for path in paths:
        _say(f"    {path}")
        if sys.platform == "win32":
            try:
                os.startfile(path)  # noqa: S606 - the kit's own result
            except OSError as error:
                problems.append(gettext.gettext(_UNOPENED).format(path.name, error.strerror or error))
    return problems


def _entitle(title: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetConsoleTitleW(title)


def _say(line: str) -> None:
    from workbook.cli.terminal import say

    say(line)


if __name__ == "__main__":
    main()

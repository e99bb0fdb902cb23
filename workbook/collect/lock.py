"""One writer a collection: a file made exclusively says who is writing; what a dead one left is recognised."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from workbook.collect.hand import now, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "writing.lock"
_LONGEST = 10_000
"""Bytes of the file that are read; it has some hundred."""
_PROCESSES = 2**31
"""Numbers of processes are below."""
_YOUNG = 600
"""Seconds in which everybody who tries to hold a collection has made the file or was refused."""


@dataclass(frozen=True)
class Writer:
    """Who holds a collection: the machine, the process on it and when that began, the person, since when."""

    host: str
    process: int
    begun: str
    by: str
    since: str


class BusyError(RuntimeError):
    """Another process writes to the collection; ``writer`` is it, where its file could be read."""

    def __init__(self, writer: Writer | None, path: Path) -> None:
        super().__init__(str(path))
        self.writer, self.path = writer, path


@contextmanager
def writing(folder: Path, by: str) -> Iterator[None]:
    """Hold a collection for writing.

    The file is made exclusively, which holds on shares too. Where the same machine made it and the process is gone,
    the file is taken away; one of another machine is left, for nobody here knows whether that lives.

    Raises:
        BusyError: somebody else writes.
        OSError: the folder cannot be written to.
    """
    path = folder / LOCK
    own = Writer(socket.gethostname(), os.getpid(), _begun(os.getpid()), by, stored(now()))
    if not _made(path, own):
        writer = _read(path)
        if writer is None or not _is_dead(writer) or not _cleared(path, writer) or not _made(path, own):
            raise BusyError(_read(path), path)
    _sweep(folder)
    try:
        yield
    finally:
        with suppress(OSError):
            if _read(path) == own:
                path.unlink()


def _made(path: Path, own: Writer) -> bool:
    """Make the file with its content at once, and say whether it was not there."""
    part = path.with_name(f".{LOCK}-{secrets.token_hex(4)}.part")
    part.write_text(json.dumps(asdict(own), ensure_ascii=False), encoding="utf-8")
    try:
        if sys.platform == "win32":
            part.rename(path)  # refuses to replace
        else:
            try:
                os.link(part, path)
            except FileExistsError:
                raise
            except OSError:  # the share knows no links
                with path.open("x", encoding="utf-8") as file:
                    file.write(part.read_text(encoding="utf-8"))
    except FileExistsError:
        return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _sweep(folder: Path) -> None:
    """Remove what a run left that was killed while it made the file; what is younger may be another's, just made."""
    for part in folder.glob(f".{LOCK}-*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _YOUNG:
                part.unlink()


def _cleared(path: Path, dead: Writer) -> bool:
    """Take a dead writer's file away, and say whether it was that: of several that try one moves it aside."""
    aside = path.with_name(f".{LOCK}-{secrets.token_hex(4)}.part")
    try:
        path.rename(aside)
    except OSError:
        return False
    try:
        if _read(aside) == dead:
            return True
        with suppress(OSError):  # somebody else was quicker: it is theirs
            os.link(aside, path)
        return False
    finally:
        aside.unlink(missing_ok=True)


def _read(path: Path) -> Writer | None:
    """Return who holds a collection; ``None`` where the file is not there, or nothing that a writer made."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_LONGEST))
        writer = Writer(**said)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    texts = {type(value) for key, value in said.items() if key != "process"} == {str}
    return writer if texts and type(writer.process) is int and 0 < writer.process < _PROCESSES else None


def _is_dead(writer: Writer) -> bool:
    """Say whether the process is gone; its number may have been given to another since, which began at another time."""
    if writer.host != socket.gethostname():
        return False
    return not _lives(writer.process) or _begun(writer.process) != writer.begun


def _lives(process: int) -> bool:
    if sys.platform == "win32":
        return _handle_of(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _handle_of(process: int) -> bool:
    """Say whether Windows knows a process that has not ended."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    query, still_active, denied = 0x1000, 259, 5
    handle = kernel.OpenProcess(query, 0, process)
    if not handle:
        return bool(ctypes.get_last_error() == denied)  # type: ignore[attr-defined]
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == still_active


def _begun(process: int) -> str:
    """Return when a process began, as the system counts it; empty where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

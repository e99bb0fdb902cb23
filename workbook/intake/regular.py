"""Ordinary files and others: to open a pipe is to wait for somebody who writes, to read a device never ends."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from pathlib import Path


class NotRegularError(OSError):
    """A pipe, a socket or a device stands where a file is to be read or written."""


def vet_regular(path: Path) -> os.stat_result:
    """Return what the system tells of an ordinary file, or of a folder.

    Raises:
        NotRegularError: it is neither.
        OSError: it is missing, or may not be looked at.
    """
    about = path.stat()
    if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
        raise NotRegularError(str(path))
    return about


def vet_open(path: Path) -> None:
    """Refuse what it takes somebody else to open; a device opens at once, and ``/dev/null`` may stand for nothing.

    Raises:
        NotRegularError: it is a pipe or a socket.
        OSError: it is missing, or may not be looked at.
    """
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        raise NotRegularError(str(path))

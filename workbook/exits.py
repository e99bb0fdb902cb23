"""The exit codes: what a command leaves with, of many files the worst of them; and the signals that ask for a stop."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOUND = 0
"""No errors."""
FAULTY = 1
"""Findings of level error, and nothing else."""
MISUSE = 2
"""Misuse, or an output that could not be written."""
UNREADABLE = 3
"""An input that cannot be read or is not a report."""
FAULT = 4
"""A fault of the kit's own."""
INTERRUPTED = 130
"""Stopped by Ctrl-C."""
TERMINATED = 143
"""Stopped by SIGTERM."""

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))
"""The signals that ask for a stop, here: a command heeds them, and its worker processes heed the command."""

_waiting: list[Callable[[], None]] = []
_holders = 0


def stop(raising: Callable[[], None]) -> None:
    """Stop by what ``raising`` raises: at once, or at the end of what is held together."""
    if _holders:
        _waiting.append(raising)
    else:
        raising()


@contextmanager
def held() -> Iterator[None]:
    """Hold together what a stop must not part: writing a file, telling it, counting it."""
    global _holders  # noqa: PLW0603 - signals come to the process, not to an object
    _holders += 1
    try:
        yield
    finally:
        _holders -= 1
    if _waiting and not _holders:
        _waiting.pop()()

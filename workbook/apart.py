"""Runs a reader in a process of its own, where a death, a hang or a hunger for memory costs nothing else."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from typing import Any

from workbook.report import Unreadable, note

MEMORY_LIMIT = 600 * 2**20
"""Bytes of address space that the process may take, where the system can limit it."""


def apart(reader: str, data: bytes, file: str, *, seconds: float) -> Any:
    """Return what a reader makes of a file.

    Args:
        reader: a module and its function, as ``workbook.published.pdf:read_pdf``; it gets ``data`` and ``file``.
        data: the bytes of the file.
        file: its name, for findings.
        seconds: how long the process may take, its start included.

    Raises:
        Unreadable: the reader refuses the file, takes too long, or dies of it.
    """
    # -P: a folder "workbook" where the user happens to be is not the package.
    command = [sys.executable, "-P", "-m", "workbook.apart", reader, file]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Excel's Python has no window; this one would open its own
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours; the file's name is handed over, not interpreted
            command, input=data, capture_output=True, timeout=seconds, check=True, creationflags=hidden
        )
        # The process is fenced in against accidents, not distrusted: it runs our own code with the user's own rights.
        kind, answer = pickle.loads(done.stdout)  # noqa: S301
    except (subprocess.SubprocessError, OSError, pickle.UnpicklingError, EOFError) as error:
        raise Unreadable(note("file.crashed", file=file)) from error
    if kind == "refused":
        raise Unreadable(*answer)
    return answer


def main(reader: str, file: str) -> None:
    """Run in the process: read the file from standard input, and write what came of it to standard output."""
    _limit_memory()
    module, _, function = reader.partition(":")
    data = sys.stdin.buffer.read()
    try:
        answer = "read", getattr(importlib.import_module(module), function)(data, file)
    except Unreadable as refusal:
        answer = "refused", refusal.findings
    sys.stdout.buffer.write(pickle.dumps(answer))


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main(*sys.argv[1:])

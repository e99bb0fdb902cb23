"""Runs a reader in a process of its own, so that a crash, a hang or too much memory harms nothing else.

The process ends with the one that started it: its standard input stays open as long as that one lives.
"""

from __future__ import annotations

import importlib
import os
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any, cast

from workbook.report import Unreadable, make_finding

MEMORY_LIMIT = 600 * 2**20
"""Bytes of address space that the process may take, where the system can limit it."""

_LENGTH = struct.Struct(">Q")


def run_isolated(reader: str, data: bytes, file: str, *, seconds: float) -> Any:
    """Return what a reader makes of a file.

    Args:
        reader: a module and its function, as ``workbook.carriers.pdf.pdf:read_pdf``; it gets ``data`` and ``file``.
        data: the bytes of the file.
        file: its name, for findings.
        seconds: how long the process may take, its start included.

    Raises:
        Unreadable: the reader refuses the file, takes too long, or dies of it.
    """
    # -P: a folder "workbook" where the user happens to be is not the package.
    command = [sys.executable, "-P", "-m", "workbook.intake.isolate", reader, file]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Excel's Python has no window; this one would open its own
    try:
        # The process is fenced in against accidents, not distrusted: it runs our own code with the user's own rights.
        kind, answer = pickle.loads(_asked(command, data, seconds, hidden))  # noqa: S301
    except (OSError, pickle.UnpicklingError, EOFError) as error:
        raise Unreadable(make_finding("file.crashed", file=file)) from error
    if kind == "refused":
        raise Unreadable(*answer)
    return answer


def _asked(command: list[str], data: bytes, seconds: float, flags: int) -> bytes:
    """Return the answer of the process; nothing where it dies or takes longer than its seconds."""
    process = subprocess.Popen(  # noqa: S603 - the command is ours; the file's name is handed over, not interpreted
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=flags
    )
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    watch = threading.Timer(seconds, process.kill)
    watch.start()
    try:
        stdin.write(_LENGTH.pack(len(data)) + data)
        stdin.flush()
        answer = stdout.read()
        return answer if process.wait() == 0 else b""
    finally:
        watch.cancel()
        process.kill()
        with suppress(OSError), process:  # closes the pipes, of which one may be broken
            pass


def main(reader: str, file: str) -> None:
    """Run in the process: read the file from standard input, and write what came of it to standard output."""
    _limit_memory()
    module, _, function = reader.partition(":")
    (length,) = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))
    data = sys.stdin.buffer.read(length)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = "read", getattr(importlib.import_module(module), function)(data, file)
    except Unreadable as refusal:
        answer = "refused", refusal.findings
    sys.stdout.buffer.write(pickle.dumps(answer))


def _end_with_parent() -> None:
    """Wait for the end of standard input, and end at once."""
    os.read(sys.stdin.fileno(), 1)  # past the buffer, whose lock would be held when the process ends by itself
    os._exit(1)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main(*sys.argv[1:])

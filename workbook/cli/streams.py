"""Standard output and standard error as commands have them: a failure to write is noticed, and stops nothing."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

_NAMES = ("stdin", "stdout", "stderr")


class _Raw(io.FileIO):
    """A stream that takes everything; ``failure`` is why not all of it was written."""

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write what can be written, and say that all was."""
        try:
            return super().write(data)
        except OSError as error:
            self.failure = self.failure or error
            return memoryview(data).nbytes


def prepare() -> None:
    """Replace the standard streams of the process, which may be full, broken or closed."""
    for name in _NAMES:
        own = getattr(sys, f"__{name}__")
        # A closed stream gives up its number, and the next file that is opened would be written to instead.
        number = os.open(os.devnull, os.O_RDONLY) if own is None else own.fileno()
        if name == "stdin" or getattr(sys, name) is not own:
            continue  # whoever put another one there looks after it
        terminal = own is not None and own.isatty()
        if terminal:
            own.reconfigure(errors="replace")  # it may lack signs such as ✓
        else:
            # A pipe on Windows would get the code page of the console.
            buffer = io.BufferedWriter(_Raw(number, "wb", closefd=False))
            stream = io.TextIOWrapper(buffer, encoding="utf-8", errors="replace", line_buffering=name == "stderr")
            setattr(sys, name, stream)


def failure() -> OSError | None:
    """Return why not all of standard output was written; nothing where it was."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Raw) else None

"""The command, run in a process that ends itself as kill -9 would when something comes for the nth time.

Called with what that is ("sql" and how the statement begins, or "audit" and the event), the nth time, and the arguments
of the command.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from typing import Any

MAIN = os.getpid()


class _Counter:
    """Ends the process at the nth call."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> None:
        """Count."""
        self.left -= 1
        if self.left == 0 and os.getpid() == MAIN:
            os.kill(MAIN, getattr(signal, "SIGKILL", signal.SIGTERM))


def main(how: str, what: str, times: int) -> None:
    """Run the command."""
    count = _Counter(times)
    if how == "audit":
        sys.addaudithook(lambda event, _: count() if event == what else None)
    else:
        connect = sqlite3.connect

        def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
            db = connect(*arguments, **more)
            db.set_trace_callback(lambda statement: count() if statement.startswith(what) else None)
            return db

        sqlite3.connect = traced  # type: ignore[assignment]
    from workbook.cli import main as command

    command()


if __name__ == "__main__":
    _, how, what, times, *rest = sys.argv
    sys.argv = ["nianbao", *rest]
    main(how, what, int(times))

"""The command ``nianbao``; so is ``python -m workbook``."""

import atexit
import gc
from typing import Any

_FIRST = 60_000
"""Objects before cycles are looked for at all: a third more than there are when one workbook is checked."""


def run() -> None:
    """Run the command in a process of its own, which ends with it.

    To look for cycles takes a seventh of the time in which one file is checked, for nothing: they are first looked for
    when more was made, from then on as usual, and not at the end, when all goes with the process.
    """
    usual = gc.get_threshold()

    def begin(*_: Any) -> None:
        gc.set_threshold(*usual)
        gc.callbacks.remove(begin)

    gc.callbacks.append(begin)
    gc.set_threshold(_FIRST)
    atexit.register(gc.freeze)
    from workbook.cli import main

    main(prog_name="nianbao")


if __name__ == "__main__":
    run()

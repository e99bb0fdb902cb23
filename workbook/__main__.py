"""The command ``nianbao``; so is ``python -m workbook``."""

import atexit
import gc

_NEW = 100_000
"""Objects that may be new before cycles are looked for: more than the check of one file makes."""


def run() -> None:
    """Run the command in a process of its own, which ends with it.

    To look for cycles takes a seventh of the time in which one file is checked, half of it when all is over. In a run
    over many files they are looked for, each ``_NEW`` objects, so that its memory stays bounded.
    """
    gc.set_threshold(_NEW)
    atexit.register(gc.freeze)  # what is left then goes with the process
    from workbook.cli import main

    main(prog_name="nianbao")


if __name__ == "__main__":
    run()

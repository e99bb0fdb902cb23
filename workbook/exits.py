"""The exit codes: what a command leaves with, of many files the worst of them; and the signals that ask for a stop."""

import signal

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

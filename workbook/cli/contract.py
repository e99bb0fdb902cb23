"""The contract of the exit codes: whatever happens to a command, it leaves with one of them and a sentence."""

from __future__ import annotations

import errno
import gettext
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

import click

from workbook.cli import streams
from workbook.cli.language import speaking
from workbook.cli.settings import given, start
from workbook.cli.terminal import Commands
from workbook.exits import FAULT, INTERRUPTED, MISUSE, SOUND, STOPPING, TERMINATED, stop

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_STOPPED, _COUNTED = "Stopped.", "Stopped: {done} of {total} files were done, the others were not."
_UNWRITTEN = "Not all of the results were written: standard output cannot be written to ({})."
_FAULT = "The kit failed ({}); this is no error of the report. Please give the log {} to who looks after the kit."
_FAULT_UNLOGGED = (
    "The kit failed ({}); this is no error of the report. Please tell who looks after the kit (no log: {})."
)


class Stopped(KeyboardInterrupt):
    """The process received a stop signal; ``counted`` is (files in total, files done), if known."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = TERMINATED if number == signal.SIGTERM else INTERRUPTED
        self.counted: tuple[int, int] | None = None


class Contract(Commands):
    """The group of all commands."""

    def main(self, *arguments: Any, **more: Any) -> NoReturn:
        """Run a command and leave with its exit code."""
        streams.prepare()
        words = given(arguments[0] if arguments else more.get("args"))
        begun = start(words, os.environ)
        with speaking(begun.lang):
            # The command that runs is named by one of them; no other need be loaded.
            named = {name: self.commands[name] for name in dict.fromkeys(words) if name in self.commands}
            code = self._code(*arguments, **more, obj=begun, default_map=begun.defaults(named))
            _ignore_signals()  # what was asked for is done
            failure = streams.failure()
            if failure is not None:
                code = max(code, MISUSE)
                if failure.errno != errno.EPIPE:  # who reads no more wants to hear no more
                    _announce(_UNWRITTEN, failure.strerror)
        sys.exit(code)

    def _code(self, *arguments: Any, **more: Any) -> int:
        try:
            _listen()
            code = super().main(*arguments, **{**more, "standalone_mode": False})
        except SystemExit as leaving:
            code = leaving.code
        except click.ClickException as misuse:
            misuse.show()
            return MISUSE
        except (click.Abort, KeyboardInterrupt) as stopped:  # before the command has begun
            return getattr(stopped.__cause__ or stopped, "exit_code", INTERRUPTED)
        return code if isinstance(code, int) else SOUND

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it does not expect itself becomes an exit code here."""
        try:
            return super().invoke(ctx)
        except Stopped as stopped:
            _announce(_COUNTED, total=stopped.counted[0], done=stopped.counted[1]) if stopped.counted else _announce(
                _STOPPED
            )
            sys.exit(stopped.exit_code)
        except (SystemExit, KeyboardInterrupt, click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, a panic in Rust too, nobody expected it
            import traceback

            failed([traceback.format_exc()], type(error).__name__)
            sys.exit(FAULT)


def failed(faults: Sequence[str], what: str) -> None:
    """Say in one sentence that the kit failed, and where the log of it lies; ``what`` is a word about it."""
    import datetime as dt
    import platform
    import tempfile

    head = f"{' '.join(sys.argv)}\n{platform.platform()}\n{sys.version}\n"
    try:
        # The temporary folder is shared; the log gets an unpredictable name and is readable by this user only.
        prefix = f"nianbao-{dt.datetime.now().astimezone():%Y%m%d}-{os.getpid()}-"
        handle, path = tempfile.mkstemp(prefix=prefix, suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write("\n".join((head, *faults)))
    except OSError as error:
        _announce(_FAULT_UNLOGGED, what, error.strerror)
    else:
        _announce(_FAULT, what, path)


def _announce(words: str, *values: object, **named: object) -> None:
    """Say a sentence in the language of the run; it is said however quiet the run is."""
    click.echo(gettext.gettext(words).format(*values, **named), err=True)


def _listen() -> None:
    """Let the signals that ask for a stop raise, each once: what is then in order is not interrupted again."""
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
                signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    _ignore_signals()

    def raising() -> NoReturn:
        raise Stopped(number)

    stop(raising)


def _ignore_signals() -> None:
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)

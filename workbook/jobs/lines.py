"""Many documents into one file, a line each: it grows beside its name as ``NAME.part`` and is moved at the end."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from io import BufferedRandom
from typing import TYPE_CHECKING, Any

from workbook.document.document import from_document
from workbook.document.schema import VERSION
from workbook.files import hold, place, refuse_existing
from workbook.report import Unreadable, content_digest

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.jobs.result import Options, Result, Task


class OtherVersionError(ValueError):
    """The lines that were written before are of another version of the JSON than is asked for."""


_HELD = {errno.EWOULDBLOCK, errno.EACCES}
_BEYOND = 2**31 - 2
"""The byte that is locked on Windows, where what is locked cannot be read by others."""


class BusyError(RuntimeError):
    """Another run is writing these lines."""


class BrokenOffError(RuntimeError):
    """No further line can be written, for want of space or because the drive is gone."""


def _content(document: Any) -> str:
    """Return the digest of what a document says that names no file; nothing where it is no report."""
    try:
        return content_digest(from_document(document))
    except Unreadable:
        return ""


class Lines:
    """A file that takes a document a line. What was written before an interruption can be gone on with.

    Every line that is whole counts: it was written before its report was told.
    """

    def __init__(self, path: Path, options: Options) -> None:
        """Begin, or with ``options.resume`` go on.

        Raises:
            FileExistsError: there is such a file, or one that was begun, and the options do not allow that.
            OtherVersionError: the lines that are there are of another version.
            BusyError: another run is writing them.
            OSError: it cannot be written.
        """
        self.path, self.part = path, self.part_of(path)
        self._options = options
        refuse_existing(path, force=options.force)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._have: set[str] = set()
        goes_on = self.part.exists() and (options.resume or options.force)
        with ExitStack() as stack:
            self._raw = self.part.open("r+b" if goes_on else "x+b", buffering=0)
            self.file = stack.enter_context(BufferedRandom(self._raw))
            self._hold()
            if goes_on:
                self.file.truncate(self._kept() if options.resume else 0)
                self.file.seek(0, os.SEEK_END)
            stack.pop_all()

    @staticmethod
    def part_of(path: Path) -> Path:
        """Return the file that grows beside a name until it is whole."""
        return path.with_name(f"{path.name}.part")

    def _hold(self) -> None:
        """Hold the part until it is closed.

        Raises:
            BusyError: another run holds it.
        """
        try:
            if sys.platform == "win32":
                import msvcrt

                self.file.seek(_BEYOND)
                msvcrt.locking(self.file.fileno(), msvcrt.LK_NBLCK, 1)
                self.file.seek(0)
            else:
                hold(self.file)
        except OSError as error:
            if error.errno in _HELD:
                raise BusyError from error
        # Whoever held it may have moved it to its place.
        if not (self.part.exists() and os.path.samestat(self.part.stat(), os.fstat(self.file.fileno()))):
            raise BusyError

    def _kept(self) -> int:
        """Note the documents of the whole lines, and return where they end."""
        end = 0
        for line in self.file:
            try:
                document = json.loads(line if line.endswith(b"\n") else b"")
                version, source = document["$schema"].rpartition(":")[2], document["source"]
            except (ValueError, TypeError, KeyError, AttributeError):
                break
            if version != str(self._options.contract or VERSION):
                raise OtherVersionError(version)
            self._have.add(source["sha256"] if source else _content(document))
            end += len(line)
        return end

    @property
    def options(self) -> Options:
        """The switches of the run, with the digests of what is there already: of its files, or of what it says."""
        return replace(self._options, have=frozenset(self._have))

    def deliver(self, _task: Task, result: Result, _options: Options) -> Result:
        """Write the document of a result as a line.

        Raises:
            BrokenOffError: it cannot be written; the lines before it are whole.
        """
        if not result.data:
            return result
        try:
            self.file.write(result.data)
            self.file.flush()
        except OSError as error:
            self._raw.close()  # else what it could not write would be written when it is closed
            raise BrokenOffError(error.strerror or str(error)) from error
        return replace(result, data=b"", written=str(self.path))

    def finish(self) -> bool:
        """Move the file into its place, and say whether there was anything to write.

        Raises:
            FileExistsError: a file of that name has appeared meanwhile; what was written stays in the part.
            OSError: it cannot be moved.
        """
        self.file.flush()
        empty = not self.part.stat().st_size
        if sys.platform == "win32":
            self.file.close()  # what is open cannot be moved there; elsewhere it is held until it is in its place
        if empty:
            self.part.unlink()
            return False
        place(self.part, self.path, force=self._options.force)
        return True

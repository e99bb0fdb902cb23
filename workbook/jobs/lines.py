"""Many documents into one file, a line each: it grows beside its name as ``NAME.part`` and is moved at the end."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from workbook.document.document import from_document
from workbook.document.schema import VERSION
from workbook.files import place_new, refuse_existing
from workbook.report import Unreadable, content_digest

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.jobs.result import Options, Result, Task


class OtherVersionError(ValueError):
    """The lines that were written before are of another version of the JSON than is asked for."""


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
            OSError: it cannot be written.
        """
        self.path, self.part = path, self.part_of(path)
        self._options = options
        refuse_existing(path, force=options.force)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._have: set[str] = set()
        how = "r+b" if options.resume and self.part.exists() else "wb" if options.force else "xb"
        self.file: IO[bytes] = self.part.open(how)
        if how == "r+b":
            try:
                self.file.truncate(self._kept())
            except BaseException:
                self.file.close()
                raise
            self.file.seek(0, os.SEEK_END)

    @staticmethod
    def part_of(path: Path) -> Path:
        """Return the file that grows beside a name until it is whole."""
        return path.with_name(f"{path.name}.part")

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
        """Write the document of a result as a line."""
        if not result.data:
            return result
        self.file.write(result.data)
        self.file.flush()
        return replace(result, data=b"", written=str(self.path))

    def finish(self) -> bool:
        """Move the file into its place, and say whether there was anything to write.

        Raises:
            FileExistsError: a file of that name has appeared meanwhile; what was written stays in the part.
            OSError: it cannot be moved.
        """
        self.file.close()
        if not self.part.stat().st_size:
            self.part.unlink()
            return False
        if self._options.force:
            self.part.replace(self.path)
        else:
            place_new(self.part, self.path)
        return True

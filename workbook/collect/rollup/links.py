"""Where the originals of units are, as seen from the folder that a file is written to."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from workbook.collect.reports import NotKeptError

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.collection import Collection

_TOLD = str.maketrans({sign: f"%{ord(sign):02X}" for sign in ' %#?"<>[]^`{|}'})
"""What may not stand in an address as it is; letters of any script may."""


class Originals:
    """Links to the originals of a collection from a folder: below a common one they hold wherever that is moved to."""

    def __init__(self, collection: Collection, folder: Path) -> None:
        self._collection, self._folder = collection, folder

    def link(self, submission: int) -> str | None:
        """Return the address of the original of a submission, relative where it can be; ``None`` if it is not kept."""
        with suppress(NotKeptError):
            path, _, _ = self._collection.original(submission)
            with suppress(ValueError):  # another drive of Windows
                return os.path.relpath(path, self._folder).replace(os.sep, "/").translate(_TOLD)
            return path.as_uri()
        return None

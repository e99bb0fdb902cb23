"""The store of a collection: a folder with an SQLite file and the originals; found, made, opened, written to."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
import zlib
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from workbook.collect import schema
from workbook.collect.hand import now, stored
from workbook.files import make_folder
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.hand import Hand

FILE = "collection.sqlite"
ORIGINALS = "originals"
_BLOCK = 2**20
_PATIENCE = 60
"""Seconds that a reader waits while a writer commits."""
MIGRATIONS: Mapping[int, tuple[str, ...]] = {}
"""By version: the statements that make the next version of it."""


class NoCollectionError(LookupError):
    """There is no collection in a folder, nor in one above it."""


class CollectionExistsError(FileExistsError):
    """There is a collection, or something else, where one is to be made."""


class ForeignStoreError(ValueError):
    """A file called like a store is none, is damaged, or was made by a newer kit; its text says which."""


def find(start: Path) -> Path:
    """Return the folder of the collection that a folder is, or lies in.

    Raises:
        NoCollectionError: there is none.
    """
    real = Path(os.path.realpath(start))
    for folder in (real, *real.parents):
        with suppress(OSError):
            if (folder / FILE).is_file():
                return folder
    raise NoCollectionError(str(start))


class Store:
    """An open store.

    Args:
        folder: the folder of the collection.
        writes: whether it is written to; whoever writes holds the collection (``collect.lock``).
    """

    _depth = 0
    """How many transactions are within each other."""

    def __init__(self, folder: Path, *, writes: bool = False) -> None:
        """Open it.

        Raises:
            ForeignStoreError: it is no store of this kit's.
            OSError: it cannot be opened.
        """
        self.folder = folder
        self.db = _opened(folder / FILE, writes=writes)

    def snapshot(self) -> bytes:
        """Return what is in it, packed, to be opened elsewhere by ``of``."""
        return zlib.compress(self.db.serialize(), 1)

    @classmethod
    def of(cls, snapshot: bytes) -> Store:
        """Open what ``snapshot`` returned; it is read only, and has no originals."""
        store = cls.__new__(cls)
        store.folder = Path()
        store.db = sqlite3.connect(":memory:", isolation_level=None)
        store.db.row_factory = sqlite3.Row
        store.db.deserialize(zlib.decompress(snapshot))
        store.db.execute("PRAGMA query_only = ON")
        return store

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that is written inside, or nothing of it; one inside another is a part of that."""
        if self._depth == 0:
            self.db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            if self._depth == 1:
                self.db.execute("ROLLBACK")
            raise
        else:
            if self._depth == 1:
                self.db.execute("COMMIT")
        finally:
            self._depth -= 1

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Insert a row, and return its number; columns are named in square brackets, so that a wrong one is an error.

        Raises:
            ValueError: a name is none of a column.
            sqlite3.OperationalError: the table has no such column.
        """
        names = ", ".join(map(schema.quoted, values))
        marks = ", ".join("?" * len(values))
        return (
            self.db.execute(
                f"INSERT INTO {schema.quoted(table)} ({names}) VALUES ({marks})",  # noqa: S608
                tuple(values.values()),
            ).lastrowid
            or 0
        )

    def rows(self, query: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Return the rows of a query; its values stand in it as ``?``."""
        return self.db.execute(query, tuple(values)).fetchall()

    def row(self, query: str, values: Iterable[Any] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, if there is one."""
        found: sqlite3.Row | None = self.db.execute(query, tuple(values)).fetchone()
        return found

    def event(
        self,
        kind: str,
        hand: Hand,
        *,
        unit: str | None = None,
        year: int | None = None,
        submission: int | None = None,
        **detail: Any,
    ) -> int:
        """Append an event, and return its number; ``detail`` is what belongs to it."""
        values = {
            "at": stored(now()),
            "by": hand.by,
            "kind": kind,
            "unit": unit,
            "year": year,
            "submission": submission,
            "reason": hand.reason,
            "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
        }
        return self.insert("event", values)

    def original(self, digest: str, ending: str) -> Path:
        """Return where the bytes of a received file lie."""
        return self.folder / ORIGINALS / digest[:2] / f"{digest}{ending}"

    def keep(self, source: Path, ending: str) -> tuple[str, int]:
        """Copy a file to the originals, whole or not at all, and return its digest and size.

        Raises:
            ReadError: it cannot be read.
            OSError: it cannot be written.
        """
        with _read_from(source) as file:
            return self.keep_stream(file, ending)

    def keep_stream(self, file: IO[bytes], ending: str) -> tuple[str, int]:
        """Copy a stream to the originals, whole or not at all, and return its digest and size."""
        folder = self.folder / ORIGINALS
        make_folder(folder)
        part = folder / f".{secrets.token_hex(8)}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as copy:
                while block := _block(file):
                    digest.update(block)
                    size += copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
            to = self.original(digest.hexdigest(), ending)
            make_folder(to.parent)
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def sweep(self) -> None:
        """Remove what a run that was killed left half copied; only the writer may."""
        for part in (self.folder / ORIGINALS).glob(".*.part"):
            with suppress(OSError):
                part.unlink()
        with suppress(OSError):
            self.remove_erased()

    def remove_erased(self) -> None:
        """Remove the bytes of files that are erased; a run that was killed, or an open file, may have left some.

        Raises:
            OSError: some cannot be removed.
        """
        for row in self.rows("SELECT digest, ending FROM received WHERE erased IS NOT NULL"):
            self.original(row["digest"], row["ending"]).unlink(missing_ok=True)


class ReadError(OSError):
    """A file that was handed in cannot be read: no fault of the collection."""


@contextmanager
def _read_from(source: Path) -> Iterator[IO[bytes]]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise ReadError(error.errno, error.strerror, str(source)) from error
    with file:
        yield file


def _block(file: IO[bytes]) -> bytes:
    try:
        return file.read(_BLOCK)
    except OSError as error:
        raise ReadError(error.errno, error.strerror) from error


def create(folder: Path) -> None:
    """Make an empty collection in a folder, which is made where it is not there.

    Raises:
        CollectionExistsError: there is something in it already.
        OSError: it cannot be made.
    """
    make_folder(folder)
    if any(folder.iterdir()):
        raise CollectionExistsError(str(folder))
    part = folder / f".{FILE}.part"
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {schema.APPLICATION}")
        db.execute(f"PRAGMA user_version = {schema.VERSION}")
        db.execute("BEGIN")
        for statement in schema.definitions():
            db.execute(statement)
        db.execute("COMMIT")
    make_folder(folder / ORIGINALS)
    part.rename(folder / FILE)


def _opened(path: Path, *, writes: bool) -> sqlite3.Connection:
    if not path.is_file():
        raise NoCollectionError(str(path.parent))
    db = _connected(path)
    try:
        _vet(db, path)
        if writes:
            db.execute("PRAGMA secure_delete = ON")  # what is erased is gone from the file too
            migrate(db)
            _add_editions(db)
        else:
            db.execute("PRAGMA query_only = ON")
    except sqlite3.DatabaseError as error:
        db.close()
        raise ForeignStoreError(str(error)) from error
    except BaseException:
        db.close()
        raise
    return db


def _connected(path: Path) -> sqlite3.Connection:
    """Return a connection: one that could roll back what a killed writer left, else one that only reads."""
    for mode in ("rw", "ro"):
        db = sqlite3.connect(_address(path, mode), uri=True, isolation_level=None, timeout=_PATIENCE)
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA user_version")
            db.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            db.close()
            if mode == "ro":
                raise ForeignStoreError(f"{path.name} cannot be opened") from None
        except sqlite3.DatabaseError as error:
            db.close()
            raise ForeignStoreError(str(error)) from error
        else:
            db.execute("PRAGMA foreign_keys = ON")
            return db
    raise AssertionError


def _address(path: Path, mode: str) -> str:
    r"""Return the address of a file as SQLite takes it; that of \\server\share\x has no server in it.

    >>> _address(Path("/a b/c.sqlite"), "ro")
    'file:///a%20b/c.sqlite?mode=ro'
    """
    posix = Path(os.path.realpath(path)).as_posix()
    head = "file://" if posix.startswith("/") else "file:///"
    return f"{head}{quote(posix)}?mode={mode}"


def _vet(db: sqlite3.Connection, path: Path) -> None:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application != schema.APPLICATION:
        raise ForeignStoreError(f"{path.name} is no collection")
    if version > schema.VERSION:
        raise ForeignStoreError(f"{path.name} has version {version}, this kit knows {schema.VERSION}")


def migrate(
    db: sqlite3.Connection, steps: Mapping[int, tuple[str, ...]] = MIGRATIONS, to: int = schema.VERSION
) -> None:
    """Bring a store to a version, step by step, each whole or not at all.

    Raises:
        ForeignStoreError: there is no step from its version.
    """
    while (version := db.execute("PRAGMA user_version").fetchone()[0]) < to:
        if version not in steps:
            raise ForeignStoreError(f"no way from version {version}")
        db.execute("BEGIN IMMEDIATE")
        try:
            for statement in steps[version]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version + 1}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _add_editions(db: sqlite3.Connection) -> None:
    """Make the tables of editions that this kit knows and the one that made the store did not."""
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    for edition in editions():
        if f"report_{edition}" not in there:
            db.execute("BEGIN IMMEDIATE")
            for statement in schema.of_edition(edition):
                db.execute(statement)
            db.execute("COMMIT")

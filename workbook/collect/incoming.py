"""What was handed in, taken apart: each file is copied to the originals; it, its lines or members are pieces."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from workbook.collect.bundle.read import is_bundle
from workbook.collect.store import ReadError
from workbook.collect.unpack import ZIP, member_stream, members, read_member
from workbook.files import LOCKS, load, shown
from workbook.intake.archive import too_large
from workbook.intake.foreign import unread
from workbook.intake.kinds import LINES, endings
from workbook.intake.limits import FILE_LIMIT
from workbook.intake.lines import file_of, line_of, lines_in
from workbook.intake.regular import NotRegularError, vet_regular
from workbook.jobs.result import Options, Result, Task, skipped
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.collect.below import Below
    from workbook.collect.store import Store
    from workbook.report import Finding

_DEPTH = 3
"""Archives within each other that are taken apart: a county's in a city's in a province's."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file that was received: where its bytes are kept, and what is known of it."""

    path: Path
    file: str
    digest: str
    ending: str
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What may be one report.

    Args:
        source: the name that people know: of a member behind that of its archive, of a line with its number.
        original: the file that it is, or is in; ``None`` where it could not be copied.
        part: which line or member; 0 is the whole file.
        found: whether it was found in a folder or an archive: then a page without a table is no fault.
        refused: why there is nothing to read.
        data: its bytes, where they were read already.
        below: of a report that was handed up, what is known of it beside its document.
    """

    source: Path
    original: Original | None
    part: int = 0
    found: bool = False
    refused: Finding | None = None
    data: bytes | None = field(default=None, repr=False)
    below: Below | None = None

    @property
    def file(self) -> Path | None:
        """The file that it is read from; ``None`` where nothing is to be read."""
        return None if self.original is None or self.refused or self.data is not None else self.original.path

    def loaded(self) -> Piece:
        """Return the piece with its bytes, or with why they cannot be read."""
        if self.file is None:
            return self
        try:
            return replace(self, data=bytes_of(self))
        except Unreadable as refusal:
            return replace(self, refused=refusal.findings[0])


def bytes_of(piece: Piece) -> bytes:
    """Return the bytes of a piece, where they were not read already from the originals.

    Raises:
        Unreadable: they cannot be read, or are too many for a report.
    """
    name = shown(piece.source)
    if piece.data is not None:
        return piece.data
    if piece.original is None:
        raise Unreadable(make_finding("file.missing", file=name))
    return bytes_at(piece.original.path, piece.part, name)


def bytes_at(path: Path, part: int, name: str) -> bytes:
    """Return the bytes of a kept file, of a line or a member of it.

    Raises:
        Unreadable: they cannot be read, or are too many for a report.
    """
    if part and path.suffix == ZIP:
        return read_member(path, part, name)
    if part:
        return load(path.with_name(f"{path.name}#{part}"))
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT:
            raise too_large(name, f"有 {size} 字节", f"{size} bytes", FILE_LIMIT)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(make_finding("file.missing", file=name)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(make_finding("file.unreadable", file=name, reason=reason)) from error


@dataclass(frozen=True)
class Handed:
    """A bundle that a collection below handed up."""

    original: Original


def pieces(store: Store, tasks: Iterable[Task], options: Options) -> Iterator[Piece | Handed | Result]:
    """Yield what is in the files that were handed in, each copied to the originals; what is passed over as its result.

    Raises:
        OSError: the originals cannot be written to.
    """
    seen: dict[Path, Original | None] = {}
    for task in tasks:
        if task.refused or str(task.source) == "-":
            yield Piece(task.source, None, refused=task.refused)
            continue
        file, line = file_of(task.source), line_of(task.source)
        name = _name(file, task.root)
        if file not in seen:
            try:
                seen[file] = _kept(store, file, name)
            except ReadError as error:
                seen[file] = None
                yield Piece(Path(name), None, refused=_refusal(error, name))
                continue
        original = seen[file]
        if original is None:
            continue
        if line:
            yield Piece(Path(f"{name}#{line[1]}"), original, line[1], found=bool(task.root))
        else:
            yield from apart(store, original, options, found=bool(task.root))


def _refusal(error: ReadError, name: str) -> Finding:
    """Return why a file cannot be copied."""
    if isinstance(error.__cause__, NotRegularError):
        return make_finding("file.special", file=name)
    if isinstance(error.__cause__, FileNotFoundError):
        return make_finding("file.missing", file=name)
    return make_finding("file.unreadable", file=name, reason=error.strerror or str(error))


def _name(file: Path, root: Path | None) -> str:
    """Return a file's name with the folders below the one that was given."""
    return shown(file.relative_to(root).as_posix() if root and file != root else file.name)


def _kept(store: Store, file: Path, name: str) -> Original:
    ending = _ending(file.name)
    try:
        vet_regular(file)
    except OSError as error:
        raise ReadError(error.errno or 0, error.strerror or "", str(file)) from error
    digest, size = store.keep(file, ending)
    return Original(store.original(digest, ending), name, digest, ending, size)


def _ending(name: str) -> str:
    """Return the ending that an original keeps: one of a kind that is read; others are kept without."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if ending in {*endings(), LINES, ZIP} else ""


def apart(
    store: Store, original: Original, options: Options, *, found: bool, depth: int = 1
) -> Iterator[Piece | Handed | Result]:
    """Yield a file as it is, or what is in it where it is an archive or a file of lines."""
    if is_bundle(original.path):
        yield Handed(original)
        return
    if original.ending == LINES:
        try:
            numbers = [line_of(path) for path in lines_in(original.path)]
        except (OSError, ValueError):
            numbers = []
        yield from (
            Piece(Path(f"{original.file}#{line[1]}"), original, line[1], found=found) for line in numbers if line
        )
        if numbers:
            return
    if original.ending != ZIP:
        yield Piece(Path(original.file), original, found=found)
        return
    try:
        content = members(original.path, original.file)
    except Unreadable as refusal:
        yield Piece(Path(original.file), original, refused=refusal.findings[0])
        return
    if not content:
        yield Piece(Path(original.file), original, refused=make_finding("file.empty", file=original.file))
    for member in content:
        yield from _member(store, original, (member.number, member.name), options, depth)


def _member(
    store: Store, original: Original, member: tuple[int, str], options: Options, depth: int
) -> Iterator[Piece | Handed | Result]:
    number, name = member
    full = Path(f"{original.file}/{name}")
    ending = PurePosixPath(name).suffix.lower()
    if PurePosixPath(name).name.startswith(LOCKS):
        yield skipped(Task(full), "skipped.lock", options)
    elif ending in {LINES, ZIP}:
        if ending == ZIP and depth >= _DEPTH:
            refusal = too_large(str(full), f"压缩包套压缩包超过 {_DEPTH} 层", "archives within archives", _DEPTH)
            yield Piece(full, original, number, found=True, refused=refusal.findings[0])
            return
        try:
            stream = _Stream(member_stream(original.path, number, str(full)))
            digest, size = store.keep_stream(stream, ending)
        except Unreadable as refusal:
            yield Piece(full, original, number, found=True, refused=refusal.findings[0])
            return
        inner = Original(store.original(digest, ending), str(full), digest, ending, size)
        yield from apart(store, inner, options, found=True, depth=depth + 1)
    elif ending in endings():
        yield Piece(full, original, number, found=True)
    else:
        kind, way = unread(ending)
        words = {"kind": kind[0], "kind_en": kind[1], "way": way[0], "way_en": way[1]}
        yield skipped(Task(full), "skipped.kind", options, **words)


def drop_orphans(store: Store, originals: Iterable[Original]) -> None:
    """Remove copies of files of which nothing was taken: they were passed over, or only looked into."""
    known = {row["digest"] for row in store.rows("SELECT digest FROM received WHERE erased IS NULL")}
    known |= {row["digest"] for row in store.rows("SELECT digest FROM register")}
    for original in {each.path: each for each in originals}.values():
        if original.digest not in known:
            original.path.unlink(missing_ok=True)


class _Stream(io.RawIOBase, IO[bytes]):
    """Blocks that come one after the other, as a file that is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        super().__init__()
        self._blocks = blocks

    def read(self, _size: int = -1, /) -> bytes:
        """Return the next block; an empty one at the end."""
        return next(self._blocks, b"")

"""From a file to a report, and what is written back, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO

from workbook.intake.archive import too_large
from workbook.intake.kinds import LINES, kind_of
from workbook.intake.limits import FILE_LIMIT
from workbook.intake.lines import line_of, lines_in, span_of
from workbook.intake.regular import NotRegularError, vet_regular
from workbook.report import Report, Unreadable, make_finding

LOCKS = ("~$", ".~", "._")
"""What the names of files begin with that programs keep beside a workbook: locks of Office and WPS, forks of macOS."""


def read(path: str | Path) -> Report:
    """Return the report in a file: a workbook of any format, a JSON document, a page, a Word or PDF document, a text.

    Raises:
        Unreadable: there is no such file, or it cannot be read as a report; its findings say why.
    """
    path = Path(path)
    return parse(load(path), shown(path.name))


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder; False if it cannot be examined."""
    try:
        return path.is_dir()
    except OSError:
        return False


def shown(name: str | Path) -> str:
    """Return a file's name as text that can be printed: bytes that are no characters are replaced."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def load(path: Path) -> bytes:
    """Return the bytes of a file that is not too large to be a report, or of a line of a ``.jsonl`` file (``NAME#17``).

    Raises:
        Unreadable: it is missing, a folder, too large, or may not be read.
    """
    name = shown(path.name or str(path))
    try:
        if line := line_of(path):
            return _line(*line, name)
        if path.suffix.lower() == LINES and len(lines := lines_in(path)) > 1:
            raise Unreadable(make_finding("file.lines", file=name, count=str(len(lines)), first=shown(lines[0].name)))
        about = vet_regular(path)
        if stat.S_ISDIR(about.st_mode):
            raise Unreadable(make_finding("file.folder", file=name))
        if about.st_size > FILE_LIMIT:
            raise too_large(name, f"有 {about.st_size} 字节", f"{about.st_size} bytes", FILE_LIMIT)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(make_finding("file.missing", file=shown(path))) from error
    except NotRegularError as error:
        raise Unreadable(make_finding("file.special", file=name)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(make_finding("file.unreadable", file=name, reason=reason)) from error


def _line(path: Path, number: int, name: str) -> bytes:
    """Return the bytes of a line of a file."""
    span = span_of(path, number)
    if span is None:
        raise FileNotFoundError(name)
    start, end = span
    if end - start > FILE_LIMIT:
        raise too_large(name, f"有 {end - start} 字节", f"{end - start} bytes", FILE_LIMIT)
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def parse(data: bytes, name: str) -> Report:
    """Return the report in the bytes of a file of any kind; ``name`` names it in findings and in its source.

    The source is this very file; what a document says of itself is what it was made from.

    Raises:
        Unreadable: it cannot be read as a report; its findings say why.
    """
    kind = kind_of(data, name)
    read = kind.read(data, name)
    if isinstance(read, Report) and kind.names_source:
        return read
    digest = hashlib.sha256(data).hexdigest()
    if isinstance(read, Report):
        return read_from(read, name, digest)
    from workbook.intake.results import is_draft_of_kit
    from workbook.match import match
    from workbook.report.compare import DRAFT, draft

    report = match(read, digest=digest)
    if is_draft_of_kit(data) and not any(finding.code == DRAFT for finding in report.reader_findings):
        report = replace(report, reader_findings=(*report.reader_findings, draft(name)))
    return report


def read_from(report: Report, name: str, digest: str) -> Report:
    """Return a report whose source is the file that was read, behind those that this says it was made from.

    One that says that it was never a file has none.
    """
    source = report.source
    return (
        report if source is None or source.sha256 == digest else replace(report, source=source.passed_to(name, digest))
    )


def files_in(folder: Path) -> tuple[list[Path], list[OSError]]:
    """Return what stands in a folder and below it, sorted, and why folders there could not be looked into.

    Everything that is not a folder counts, a link that leads nowhere too: who reads it tells what it is. Links to
    folders are followed, no folder twice and none that the folder itself lies in, so links in a circle end.
    """
    found: list[Path] = []
    faults: list[OSError] = []
    seen = set(map(str, Path(os.path.realpath(folder)).parents))
    waiting = deque([folder])
    while waiting:
        for parent, folders, files in os.walk(waiting.popleft(), onerror=faults.append):
            real = os.path.realpath(parent)
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            folders.sort()
            # Of a link in a folder that may not be entered, pathlib raises.
            waiting.extend(Path(parent, name) for name in folders if os.path.islink(os.path.join(parent, name)))  # noqa: PTH114, PTH118
            found += [Path(parent, name) for name in files]
    return sorted(found), faults


def save(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file: to a temporary name beside it first, then moved into place.

    Without ``force`` a file that appears there at the last moment is left alone too.

    Raises:
        FileExistsError: there is such a file already, and ``force`` is not given.
        OSError: it cannot be written; nothing is left half written.
    """
    refuse_existing(path, force=force)
    _sweep(path.parent)
    part = path.with_name(_PART.format(os.urandom(8).hex()))
    try:
        try:
            place(_written(part, data), path, force=force)
        except FileNotFoundError:
            # Before it is held, and after, another run may take it for a dead one's; each does so but once.
            place(_written(part, data), path, force=force)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def saving(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give the name under which a file is written bit by bit; it is moved into place when all of it is there.

    Raises:
        FileExistsError: there is such a file already, and ``force`` is not given.
        OSError: it cannot be written; nothing is left half written.
    """
    refuse_existing(path, force=force)
    _sweep(path.parent)
    part = path.with_name(_PART.format(os.urandom(8).hex()))
    try:
        yield part
        place(part, path, force=force)
    finally:
        part.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it, where it is not there yet.

    Raises:
        OSError: it cannot be made; that of a file of that name is not one of a file that exists.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from error


def refuse_existing(path: Path, *, force: bool = False) -> None:
    """Refuse to write where there is something already.

    Raises:
        FileExistsError: there is such a file, and ``force`` is not given.
        OSError: there is something that is no file.
    """
    if os.path.lexists(path):
        if not path.is_file():
            raise NotRegularError(str(path))
        if not force:
            raise FileExistsError(str(path))


def place(part: Path, path: Path, *, force: bool) -> None:
    """Give a file that is written its name; a file that is replaced hands on its permissions.

    Raises:
        FileExistsError: there is such a file, and ``force`` is not given; of several that try at once one succeeds.
        OSError: it cannot be moved; nothing of that name is left.
    """
    if force:
        with suppress(FileNotFoundError):
            import shutil

            shutil.copymode(path, part)
        part.replace(path)
    else:
        _place_new(part, path)


def _place_new(part: Path, path: Path) -> None:
    if sys.platform == "win32":
        part.rename(path)  # refuses to replace
        return
    try:
        os.link(part, path, follow_symlinks=False)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        # The share knows no links: the name is taken by an empty file first. A crash between the two leaves that.
        path.open("xb").close()
        try:
            part.replace(path)
        except OSError:
            path.unlink()
            raise
    else:
        part.unlink(missing_ok=True)


def _written(part: Path, data: bytes) -> Path:
    with part.open("xb") as file:
        with suppress(OSError):
            hold(file)
        file.write(data)
    return part


_PART = ".nianbao-{}.part"
"""The temporary name of a file that is being written."""


@cache
def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left half written in a folder; a run that lives holds what it writes."""
    for part in folder.glob(_PART.format("*")):
        with suppress(OSError):  # it is held, another user's, or on a drive that knows no locks
            if sys.platform == "win32":
                part.unlink()  # fails as long as it is open anywhere
            else:
                with part.open("rb+") as file:
                    hold(file)
                    part.unlink()


def hold(file: IO[bytes]) -> None:
    """Hold a file until it is closed: on Windows every open file is held, elsewhere one that is locked.

    Raises:
        OSError: somebody else holds it, or the drive knows no locks.
    """
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Archives that reports are sent in: any ``.zip``, with names in UTF-8 or GBK, every member judged by itself."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from workbook.intake.archive import ARCHIVE_ERRORS, damaged, too_large
from workbook.intake.limits import FILE_LIMIT, MAIL_PART_LIMIT, RATIO_LIMIT
from workbook.printable import printable
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZIP = ".zip"
_UTF_8 = 0x800
"""The flag of a member whose name is in UTF-8; other names are in what the sender's system used."""
_HOUSEKEEPING = "__MACOSX/"


@dataclass(frozen=True)
class Member:
    """A file in an archive: its place in the directory, from 1, and its name with folders."""

    number: int
    name: str


def members(path: Path, file: str) -> list[Member]:
    """Return the files in an archive, in the order of its directory; what macOS adds for itself is none.

    Args:
        path: the archive.
        file: what people call it.

    Raises:
        Unreadable: it is no archive, damaged, has too many members, or members that lie in one another.
    """
    try:
        archive = _opened(path)
        infos = archive.infolist()
        size = path.stat().st_size
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error
    if len(infos) > MAIL_PART_LIMIT:
        raise too_large(file, f"内含 {len(infos)} 个文件", f"{len(infos)} files", MAIL_PART_LIMIT)
    if sum(info.compress_size for info in infos) > size:
        raise damaged(file, "files in it lie in one another")
    found = (Member(number, _name(info)) for number, info in enumerate(infos, 1) if not info.is_dir())
    return [member for member in found if not member.name.startswith(_HOUSEKEEPING)]


def read_member(path: Path, number: int, file: str) -> bytes:
    """Return the bytes of a member.

    Raises:
        Unreadable: it is encrypted, damaged, too large, or packed in a way that is not read.
    """
    with _member(path, number, file) as (stream, size):
        try:
            data = stream.read(size + 1)
        except ARCHIVE_ERRORS as error:
            raise damaged(file, str(error)) from error
    if len(data) != size:
        raise damaged(file, "another size than the directory says")
    return data


def member_stream(path: Path, number: int, file: str) -> Iterator[bytes]:
    """Yield the bytes of a member in blocks.

    Raises:
        Unreadable: as ``read_member``.
    """
    with _member(path, number, file, limit=0) as (stream, size):
        come = 0
        while True:
            try:
                block = stream.read(2**20)
            except ARCHIVE_ERRORS as error:
                raise damaged(file, str(error)) from error
            come += len(block)
            if come > size:
                raise damaged(file, "another size than the directory says")
            if not block:
                return
            yield block


class _Open:
    """A member that is open for reading, and its size."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self.stream, self.size = stream, size

    def __enter__(self) -> tuple[IO[bytes], int]:
        return self.stream, self.size

    def __exit__(self, *_: object) -> None:
        self.stream.close()


def _member(path: Path, number: int, file: str, limit: int = FILE_LIMIT) -> _Open:
    try:
        archive = _opened(path)
        info = archive.infolist()[number - 1]
        if info.flag_bits & 1:
            raise Unreadable(make_finding("file.encrypted", file=file))
        if limit and info.file_size > limit:
            raise too_large(file, f"有 {info.file_size} 字节", f"{info.file_size} bytes", limit)
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > 2**20 and ratio > RATIO_LIMIT:
            raise too_large(file, f"压缩比为 {ratio}:1", f"compression ratio {ratio}:1", RATIO_LIMIT)
        return _Open(archive.open(info), info.file_size)
    except (*ARCHIVE_ERRORS, IndexError) as error:
        raise damaged(file, str(error)) from error


@lru_cache(maxsize=1)
def _opened(path: Path) -> zipfile.ZipFile:
    """Return an archive; a directory of thousands is read once for all members."""
    return zipfile.ZipFile(path)


def forget() -> None:
    """Close the archive that was read last: on Windows an open file cannot be removed."""
    _opened.cache_clear()


def _name(info: zipfile.ZipInfo) -> str:
    r"""Return the name of a member; one that says no encoding is in UTF-8 or in what Chinese systems use.

    >>> old = zipfile.ZipInfo("财政局.xlsx".encode("gbk").decode("cp437"))
    >>> _name(old)
    '财政局.xlsx'
    """
    name = info.filename
    if not info.flag_bits & _UTF_8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return printable(name.replace("\\", "/"))

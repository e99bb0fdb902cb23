"""What every file must pass before it is opened: its size; of a package of parts its directory, and how they begin."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from urllib.parse import unquote

from workbook.expression import expression
from workbook.intake.limits import FILE_LIMIT, RATIO_LIMIT
from workbook.report import Unreadable, make_finding

ARCHIVE_ERRORS = (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, struct.error, zlib.error)
"""What ``zipfile`` raises over damaged packages."""

_MARKUP = expression(rb"(?:\xef\xbb\xbf)?\s*+<")
_DECLARES = expression(rb"<\?xml[ \t\r\n]")
_PLAIN = expression(
    rb"(?:\xef\xbb\xbf)?\s*+<\?xml\s+version\s*=\s*[\"']1\.[0-9][\"']"
    rb"(?:\s+encoding\s*=\s*[\"'](?:utf-?8|us-ascii|ascii)[\"'])?(?:\s+standalone\s*=\s*[\"'](?:yes|no)[\"'])?\s*\?>",
    re.IGNORECASE,
)
_NAMED = expression(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_WIDE = {
    b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"
}  # fmt: skip
_NAMES_OF_WIDE = {"utf-16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be", "unicode", "ucs-2"}
_DECLARATION = expression(
    r"<\?xml\s+version\s*=\s*[\"']1\.[0-9][\"'](?:\s+encoding\s*=\s*[\"']([^\"'<>]*)[\"'])?[^<>]*\?>"
)
# Atomic, for a comment that could end at several places would be tried at each of them.
_DOCTYPE = expression(rb"(?:\xef\xbb\xbf)?\s*+(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+<![A-Z]", re.DOTALL)
_END = struct.Struct("<4s4H2LH")
"""The end of a package: signature, four numbers of disks and parts, size and place of its directory, its comment."""
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"


def vet_size(data: bytes, file: str, limit: int = FILE_LIMIT) -> None:
    """Refuse an empty file and one beyond all measure.

    Raises:
        Unreadable: it is either.
    """
    if not data:
        raise Unreadable(make_finding("file.empty", file=file))
    if len(data) > limit:
        raise too_large(file, f"有 {len(data)} 字节", f"{len(data)} bytes", limit)


@lru_cache(maxsize=256)
def part_name(written: str) -> str:
    r"""Return the name by which a part is known, however it is written: programs differ in case, slashes and escapes.

    >>> part_name("XL\\Worksheets\\sheet%201.xml")
    'xl/worksheets/sheet 1.xml'
    """
    return posixpath.normpath(unquote(written).replace("\\", "/").lstrip("/")).lower()


def directory(data: bytes) -> bytes:
    """Return the directory of a package, which ends it; of one that has a comment, or is none, all of it.

    ``zipfile`` takes it from there as well, whatever the end says of where it begins.
    """
    end = data[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        return data
    *_, size, _, comment = _END.unpack(end)
    return data if comment or size > len(data) - _END.size else data[-_END.size - size : -_END.size]


def names(data: bytes, file: str) -> set[str]:
    """Return the names of the parts of a package, as ``part_name`` has them; none where the file is not a package.

    Raises:
        Unreadable: it is damaged.
    """
    if not data.startswith(b"PK"):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(map(part_name, archive.namelist()))
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error


def vet_directory(infos: list[zipfile.ZipInfo], file: str, *, members: int, content: int) -> None:
    """Refuse what the directory of a package already tells.

    Args:
        infos: the entries of the directory.
        file: the name of the file.
        members: how many parts there may be.
        content: how many bytes all parts may have, inflated.

    Raises:
        Unreadable: it is encrypted, damaged, or beyond a limit.
    """
    if len(infos) > members:
        raise too_large(file, f"内含 {len(infos)} 个部件", f"{len(infos)} parts", members)
    size = sum(info.file_size for info in infos)
    if size > content:
        raise too_large(file, f"解压后有 {size} 字节", f"{size} bytes inflated", content)
    if len({part_name(info.filename) for info in infos}) != len(infos):
        raise damaged(file, "two parts of the same name")
    if min((info.header_offset for info in infos), default=0):
        raise damaged(file, "a directory that does not lead to the first part")  # but to those of a file inside it
    for info in infos:
        if info.flag_bits & 1:
            raise Unreadable(make_finding("file.encrypted", file=file))
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise damaged(file, f"compression method {info.compress_type}")
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > 2**20 and ratio > RATIO_LIMIT:
            raise too_large(file, f"压缩比为 {ratio}:1", f"compression ratio {ratio}:1", RATIO_LIMIT)


def vet_encoding(part: bytes, name: str, file: str) -> None:
    """Refuse markup in another encoding than UTF-8: parsers differ in what they make of it, and some in whether at all.

    Args:
        part: the bytes of a part, which need not be markup.
        name: its name.
        file: the name of the file.

    Raises:
        Unreadable: it is in another encoding, or says so, or the declaration is not one that all parsers understand.
    """
    wide = b"\0" in part[:4] and part.replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n").startswith(b"<")
    if wide or part.startswith(_EBCDIC):
        raise damaged(file, f"{name}: not in UTF-8")
    plain = _PLAIN.match(part)
    # Some take a declaration for one wherever it stands.
    odd = _MARKUP.match(part) and _DECLARES.search(part, plain.end() if plain else 0)
    if odd:
        named = _NAMED.search(part, odd.start(), odd.start() + 1_000)
        raise damaged(file, f"{name}: in {named[1].decode()}, not UTF-8" if named else f"{name}: unusual declaration")


def vet_doctype(part: bytes, name: str, file: str) -> None:
    """Refuse a part that has a document type, which may declare entities that grow or lead to other files.

    Args:
        part: the bytes of a part, which need not be markup, or enough of its beginning.
        name: its name.
        file: the name of the file.

    Raises:
        Unreadable: it has one.
    """
    if _DOCTYPE.match(part):
        raise damaged(file, f"{name}: a document type")


def wide_encoding(part: bytes) -> str | None:
    """Return the kind of UTF-16 that a part begins in, if it does."""
    return next((encoding for start, encoding in _WIDE.items() if part.startswith(start)), None)


def undeclared(text: str, name: str, file: str) -> str:
    """Return markup that was in UTF-16 without its declaration.

    Raises:
        Unreadable: it declares another encoding.
    """
    text = text.lstrip("\ufeff \t\r\n")
    declaration = _DECLARATION.match(text)
    if declaration and declaration[1] and declaration[1].lower() not in _NAMES_OF_WIDE:
        raise damaged(file, f"{name}: in UTF-16, not in {declaration[1]}")
    return text[declaration.end() :].lstrip() if declaration else text


def in_utf_8(part: bytes, name: str, file: str) -> bytes:
    """Return markup in UTF-8 and from its first sign on; of UTF-16, which its own beginning tells, too.

    Raises:
        Unreadable: it is in another encoding, or begins as one and says that it is another.
    """
    wide = wide_encoding(part)
    if wide:
        try:
            part = undeclared(part.decode(wide), name, file).encode()
        except UnicodeDecodeError as error:
            raise damaged(file, f"{name}: {error}") from error
    elif part[:1] != b"<" and _MARKUP.match(part):
        part = part.lstrip(b"\xef\xbb\xbf \t\r\n")
    vet_encoding(part, name, file)
    return part


def too_large(file: str, what: str, what_en: str, limit: int) -> Unreadable:
    """Return the refusal of a file beyond a limit."""
    return Unreadable(make_finding("file.too_large", file=file, what=what, what_en=what_en, limit=f"{limit:,}"))


def damaged(file: str, reason: str) -> Unreadable:
    """Return the refusal of a damaged file."""
    return Unreadable(make_finding("file.damaged", file=file, reason=reason[:200]))

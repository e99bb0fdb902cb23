"""Reads a bundle: all of it is verified, member by member and line by line, before anything is taken."""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from workbook.collect.bundle import layout
from workbook.collect.bundle.layout import LayoutError, NewerError, shaped
from workbook.collect.bundle.scope import is_of
from workbook.document.validate import is_finding
from workbook.intake.archive import ARCHIVE_ERRORS, damaged, too_large
from workbook.intake.limits import (
    BUNDLE_CONTENT_LIMIT,
    BUNDLE_LINE_LIMIT,
    BUNDLE_MANIFEST_LIMIT,
    MAIL_PART_LIMIT,
)
from workbook.printable import printable
from workbook.report import Unreadable, make_finding
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from workbook.collect.register import Register
    from workbook.report import Finding

_BLOCK = 2**20
_HEAD = 30
"""Bytes before the name of the first member of an archive."""


def is_bundle(path: Path) -> bool:
    """Say whether a file is a bundle, whatever it is called: by its first member, else by what its directory lists."""
    kind, mime = layout.KIND.encode(), layout.MIME.encode()
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD + len(kind) + len(mime))
        if not head.startswith(b"PK"):
            return False
        if head[_HEAD:] == kind + mime:
            return True
        with zipfile.ZipFile(path) as archive:
            return {layout.MANIFEST, layout.REPORTS} <= set(archive.namelist())
    except ARCHIVE_ERRORS:
        return False


@dataclass
class Bundle:
    """A bundle that was verified.

    Args:
        path: the file.
        file: what people call it.
        digest: its SHA-256.
        manifest: what it is and holds.
        register: the units that it is about.
        digests: those of its reports.
        rollup: the roll-up that was made below; ``None`` where the register has no unit for the sender.
    """

    path: Path
    file: str
    digest: str
    manifest: layout.Manifest
    register: Register
    digests: set[str] = field(default_factory=set)
    rollup: dict[str, Any] | None = None

    @contextmanager
    def pairs(self) -> Iterator[Iterator[tuple[bytes, dict[str, Any]]]]:
        """Give the reports, each as the bytes of its line, with their receipts."""
        with (
            zipfile.ZipFile(self.path) as archive,
            archive.open(layout.REPORTS) as reports,
            archive.open(layout.RECEIPTS) as receipts,
        ):
            yield ((line, json.loads(receipt)) for line, receipt in zip(reports, receipts, strict=True))

    def decisions(self) -> Iterator[dict[str, Any]]:
        """Yield the decisions, in their order."""
        with zipfile.ZipFile(self.path) as archive, archive.open(layout.DECISIONS) as lines:
            yield from map(json.loads, lines)

    @contextmanager
    def original(self, name: str) -> Iterator[IO[bytes]]:
        """Give an original to be read."""
        with zipfile.ZipFile(self.path) as archive, archive.open(name) as file:
            yield file


def read_bundle(path: Path, file: str, digest: str) -> Bundle:
    """Return the bundle in a file, of which all was verified.

    Args:
        path: where it lies.
        file: what people call it.
        digest: SHA-256 of its bytes.

    Raises:
        Unreadable: something of it is missing, more, changed or not as the layout has it; its findings say what.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _Reading(archive, file).bundle(path, digest)
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error


class _Reading:
    """The verifying of a bundle."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._archive, self._file = archive, file

    def bundle(self, path: Path, digest: str) -> Bundle:
        """Verify everything."""
        infos = self._directory()
        manifest = self._manifest(infos)
        self._members(infos, manifest)
        if self._line(layout.KIND, 1) != layout.MIME.encode():
            raise self._wrong(layout.KIND, 1, f"应当是 {layout.MIME}", f"{layout.MIME} is expected")
        register = self._register()
        bundle = Bundle(path, self._file, digest, manifest, register)
        originals = {name for name in manifest.members if name.startswith(layout.ORIGINALS)}
        bundle.rollup = self._rollup(manifest)
        self._receipts(bundle, originals)
        decisions = self._decisions(bundle)
        found = {
            "units": len(register),
            "reports": len(bundle.digests),
            "decisions": decisions,
            "originals": len(originals),
            "without_original": manifest.counts["without_original"],
        }
        if found != dict(manifest.counts):
            raise self._broken("counts 与内容对不上", "counts other than what is there")
        return bundle

    def _directory(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._archive.infolist()
        if len(infos) > MAIL_PART_LIMIT * 4:
            raise too_large(self._file, f"内含 {len(infos)} 个文件", f"{len(infos)} files", MAIL_PART_LIMIT * 4)
        size = sum(info.file_size for info in infos)
        if size > BUNDLE_CONTENT_LIMIT:
            raise too_large(self._file, f"解压后有 {size} 字节", f"{size} bytes inflated", BUNDLE_CONTENT_LIMIT)
        for info in infos:
            if info.flag_bits & 1:
                raise Unreadable(make_finding("file.encrypted", file=self._file))
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise damaged(self._file, f"compression method {info.compress_type}")
        found = {info.filename: info for info in infos if not info.is_dir()}
        if len(found) != sum(not info.is_dir() for info in infos):
            raise damaged(self._file, "two members of the same name")
        return found

    def _manifest(self, infos: dict[str, zipfile.ZipInfo]) -> layout.Manifest:
        if layout.MANIFEST not in infos:
            raise self._finding("bundle.member_missing", layout.MANIFEST)
        try:
            return layout.read_manifest(json.loads(self._whole(layout.MANIFEST), object_pairs_hook=_unique))
        except NewerError as error:
            words = {"file": self._file, "version": str(error.version), "known": str(layout.FORMAT)}
            raise Unreadable(make_finding("bundle.version", layout.MANIFEST, **words)) from error
        except LayoutError as error:
            raise self._broken(error.zh, error.en) from error
        except (ValueError, RecursionError) as error:
            raise self._broken("不是规范的 JSON", f"no proper JSON: {str(error)[:80]}") from error

    def _members(self, infos: dict[str, zipfile.ZipInfo], manifest: layout.Manifest) -> None:
        """Refuse members that are missing, more, or changed; all of them are told at once."""
        found = [self._about("bundle.member_missing", name) for name in manifest.members if name not in infos]
        more = [name for name in infos if name not in manifest.members and name != layout.MANIFEST]
        found += [self._about("bundle.member_extra", name) for name in more]
        for name, (digest, size) in manifest.members.items():
            if name in infos and not self._is_whole(infos[name], digest, size):
                found.append(self._about("bundle.member_changed", name))
        if found:
            raise Unreadable(*found)

    def _is_whole(self, info: zipfile.ZipInfo, digest: str, size: int) -> bool:
        if info.file_size != size:
            return False
        known = hashlib.sha256()
        try:
            with self._archive.open(info) as member:
                while block := member.read(_BLOCK):
                    known.update(block)
        except ARCHIVE_ERRORS:
            return False
        return known.hexdigest() == digest

    def _register(self) -> Register:
        try:
            return layout.read_register(json.loads(self._whole(layout.REGISTER), object_pairs_hook=_unique))
        except LayoutError as error:
            raise self._wrong(layout.REGISTER, 1, error.zh, error.en) from error
        except (ValueError, RecursionError) as error:
            raise self._wrong(layout.REGISTER, 1, "不是规范的 JSON", f"no proper JSON: {str(error)[:80]}") from error

    def _rollup(self, manifest: layout.Manifest) -> dict[str, Any] | None:
        if layout.ROLLUP not in manifest.members:
            return None
        try:
            said = json.loads(self._whole(layout.ROLLUP), object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            raise self._wrong(layout.ROLLUP, 1, "不是规范的 JSON", f"no proper JSON: {str(error)[:80]}") from error
        if not isinstance(said, dict):
            raise self._wrong(layout.ROLLUP, 1, "不是汇总", "no roll-up")
        return said

    def _receipts(self, bundle: Bundle, originals: set[str]) -> None:
        """Verify that every report has its receipt, that these are as the layout has them, and that no two are one."""
        reports = self._lines(layout.REPORTS)
        held = set()
        for number, said in self._objects(layout.RECEIPTS, layout.RECEIPT):
            if next(reports, None) is None:
                raise self._wrong(layout.RECEIPTS, number, "没有对应的报告", "no report of that line")
            reason = _wrong_receipt(said, bundle, originals)
            if reason:
                raise self._wrong(layout.RECEIPTS, number, *reason)
            bundle.digests.add(said["digest"])
            held.add(said["original"])
        if next(reports, None) is not None:
            raise self._wrong(layout.REPORTS, len(bundle.digests) + 1, "没有收件记录", "no receipt of that line")
        if originals - held:
            raise self._finding("bundle.member_extra", min(originals - held))

    def _decisions(self, bundle: Bundle) -> int:
        count = 0
        for count, said in self._objects(layout.DECISIONS, layout.DECISION):
            try:
                layout.time_of(said["at"])
                if said["until"]:
                    layout.time_of(said["until"])
            except LayoutError as error:
                raise self._wrong(layout.DECISIONS, count, error.zh, error.en) from error
            about = said["digest"] if said["kind"] in layout.OF_SUBMISSION else None
            fits = said["kind"] in layout.DECIDED and said["digest"] == about and said["unit"] in bundle.register
            fits = fits and is_of(said, bundle.manifest.year) and layout.is_sum(said["sum"], said["kind"])
            if not fits or (about is not None and not layout.is_digest(about)):
                raise self._wrong(layout.DECISIONS, count, "不是这个包里的决定", "no decision of this bundle")
        return count

    # ---- members and their lines -------------------------------------------------------------------------------------

    def _objects(self, name: str, shape: layout.Shape) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, line in enumerate(self._lines(name), 1):
            try:
                yield number, shaped(json.loads(line, object_pairs_hook=_unique), shape)
            except LayoutError as error:
                raise self._wrong(name, number, error.zh, error.en) from error
            except (ValueError, RecursionError) as error:
                raise self._wrong(name, number, "不是规范的 JSON", f"no proper JSON: {str(error)[:80]}") from error

    def _lines(self, name: str) -> Iterator[bytes]:
        number = 0
        with self._archive.open(name) as member:
            while line := member.readline(BUNDLE_LINE_LIMIT + 1):
                number += 1
                if len(line) > BUNDLE_LINE_LIMIT:
                    raise too_large(
                        self._file, f"{name} 第 {number} 行太长", f"{name} line {number}", BUNDLE_LINE_LIMIT
                    )
                if not line.strip():
                    raise self._wrong(name, number, "是空行", "a blank line")
                yield line

    def _line(self, name: str, number: int) -> bytes:
        return next((line for at, line in enumerate(self._lines(name), 1) if at == number), b"")

    def _whole(self, name: str) -> bytes:
        with self._archive.open(name) as member:
            data = member.read(BUNDLE_MANIFEST_LIMIT + 1)
        if len(data) > BUNDLE_MANIFEST_LIMIT:
            raise too_large(self._file, f"{name} 太大", f"{name}", BUNDLE_MANIFEST_LIMIT)
        return data

    def _wrong(self, name: str, number: int, zh: str, en: str) -> Unreadable:
        words = {
            "file": self._file,
            "member": name,
            "line": str(number),
            "reason": printable(zh),
            "reason_en": printable(en),
        }
        return Unreadable(make_finding("bundle.line", f"{name}#{number}", **words))

    def _broken(self, zh: str, en: str) -> Unreadable:
        words = {"file": self._file, "reason": printable(zh), "reason_en": printable(en)}
        return Unreadable(make_finding("bundle.manifest", layout.MANIFEST, **words))

    def _finding(self, code: str, name: str) -> Unreadable:
        return Unreadable(self._about(code, name))

    def _about(self, code: str, name: str) -> Finding:
        return make_finding(code, name, file=self._file, member=printable(name[:200]))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one that says two things under one key is refused."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _wrong_receipt(said: dict[str, Any], bundle: Bundle, originals: set[str]) -> tuple[str, str] | None:
    """Return what is wrong with a receipt whose keys and kinds of values are right, in both languages."""
    original = said["original"]
    fits = original is None or (original in originals and original.startswith(f"{layout.ORIGINALS}{said['digest']}"))
    about = said["unit"] in bundle.register and said["year"] == bundle.manifest.year
    known = all(any(is_finding(each, edition) for edition in editions()) for each in said["findings"])
    tests = (
        (layout.is_digest(said["digest"]), "的 digest 不是摘要", "its digest is none"),
        (said["digest"] not in bundle.digests, "的 digest 前面已经有了", "its digest stood before"),
        (about, "的单位或年度不在这个包里", "a unit or a year that is none of the bundle's"),
        (_is_before(said["received"], bundle.manifest.as_of), "收到的时间不对", "a wrong time of receipt"),
        (fits, "写的原件不在包里", "there is no such original"),
        (min(said["errors"], said["warnings"]) >= 0 and said["file"], "的数目或文件名不对", "wrong counts or name"),
        (known, "的 findings 里有不规范的问题", "a finding that is not as its schema has it"),
    )
    return next(((zh, en) for holds, zh, en in tests if not holds), None)


def _is_before(text: str, moment: dt.datetime) -> bool:
    try:
        return layout.time_of(text) <= moment
    except LayoutError:
        return False

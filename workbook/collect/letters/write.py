"""Writes the letters of units into a folder: page, text, Word document, and of a returned workbook a marked copy."""

from __future__ import annotations

from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.collect.letters.content import Desk, reminder, returned
from workbook.collect.letters.page import page_of
from workbook.collect.letters.said import Copy
from workbook.collect.letters.text import text_of
from workbook.collect.letters.word import can_write, word_of
from workbook.collect.letters.words import WORDS
from workbook.collect.names import file_stems
from workbook.collect.standing import State
from workbook.files import make_folder, parse, refuse_existing, save
from workbook.intake.kinds import kind_of
from workbook.jobs.result import MARKED
from workbook.report import Unreadable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.collection import Collection
    from workbook.collect.letters.content import Reminder, Returned
    from workbook.collect.standing import Standing, Version
    from workbook.report import Lang

_MARK = "\ufeff"
"""Programs of Windows take a text for UTF-8 only if it begins with it."""


class _Due(NamedTuple):
    """A letter that is to be written: about which version, to which files."""

    standing: Standing
    version: Version | None
    page: Path
    text: Path
    word: Path
    marked: Path

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that may be written."""
        return (self.page, self.text, *((self.word,) if can_write() else ()), *((self.marked,) if self.version else ()))


def write_letters(
    collection: Collection,
    standings: Sequence[Standing],
    to: Path,
    until: dt.date | None,
    lang: Lang,
    *,
    force: bool = False,
    reason: str = "",
) -> list[Path]:
    """Write the letters of units; return the files. The arguments are those of ``letters``."""
    written = letters(collection, standings, to, until, lang, force=force, reason=reason)
    return list(chain.from_iterable(written))


def letters(
    collection: Collection,
    standings: Sequence[Standing],
    to: Path,
    until: dt.date | None,
    lang: Lang,
    *,
    force: bool = False,
    reason: str = "",
) -> Iterator[list[Path]]:
    """Write the letters of units, and give the files of each as soon as they are written.

    Who reported gets a 退回单 about the newest version that was not withdrawn; who did not, and has to, a 催报单.

    Args:
        collection: what the letters are about.
        standings: whom they are for.
        to: the folder.
        until: until when a report is to be corrected; of one that was returned already, what was said then stands.
        lang: their language; findings are said as they are kept.
        force: whether files that are there are replaced.
        reason: what the office says to each; empty: what it said when the version was returned.

    Raises:
        FileExistsError: one of the files is there and ``force`` is not given; nothing was written.
        OSError: a file cannot be written; those before it were.
    """
    if not standings:
        return
    desk = Desk.of(collection, standings, lang)
    due = list(_due(desk, standings, to))
    for one in due:
        for path in one.paths:
            refuse_existing(path, force=force)
    make_folder(to)
    for one in due:
        files = list(_files(desk, one, until, reason))
        for path, content in files:
            save(path, content, force=force)
        yield [path for path, _ in files]


def _files(desk: Desk, due: _Due, until: dt.date | None, reason: str) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of a letter, each with its bytes."""
    letter: Returned | Reminder
    copy, marked = Copy(), None
    if due.version:
        findings = desk.collection.findings(due.version.submission, due.standing.at)
        letter = returned(desk, due.standing, due.version, findings, until, reason)
        if letter.mistakes:
            marked, why = _marked(desk, due.version, findings)
            copy = Copy(due.marked.name if marked else "", why)
    else:
        letter = reminder(desk, due.standing)
    yield due.page, page_of(letter, copy, desk.lang)
    yield due.text, (_MARK + text_of(letter, copy, desk.lang)).encode("utf-8", "replace")
    if due.word in due.paths:
        yield due.word, word_of(letter, copy, desk.lang)
    if marked:
        yield due.marked, marked


def _due(desk: Desk, standings: Sequence[Standing], to: Path) -> Iterator[_Due]:
    """Yield the letters that are to be written, each unit's once."""
    kinds = {name: WORDS[desk.lang][name] for name in ("returned", "reminder")}
    longest = max(MARKED, *(f"-{kind}.html" for kind in kinds.values()), key=lambda ending: len(ending.encode()))
    stems = file_stems(desk.register.units, longest)
    for standing in {one.unit.id: one for one in standings}.values():
        version = standing.last
        if standing.state is State.WAIVED:
            continue
        kind = kinds["returned" if version else "reminder"]
        names = (f"-{kind}.html", f"-{kind}.txt", f"-{kind}.docx", MARKED)
        yield _Due(standing, version, *(to / (stems[standing.unit.id] + name) for name in names))


def _marked(desk: Desk, version: Version, findings: Sequence[Mapping[str, Any]]) -> tuple[bytes | None, str]:
    """Return the marked copy of a version; where none can be made, the key of the words that say why."""
    from workbook.excel.mark import mark_found

    file = PurePosixPath(version.file).name
    try:
        data = desk.collection.original_bytes(version.submission)
    except (Unreadable, LookupError, OSError):
        return None, "not_kept"
    try:
        if kind_of(data, file).key != "xlsx":
            return None, "not_a_workbook"
        return mark_found(data, parse(data, file), findings), ""
    except Unreadable:
        return None, "cannot_mark"

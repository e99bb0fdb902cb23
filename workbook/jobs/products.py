"""Which files of a folder a run before made of others there: documents, filled workbooks, marked copies, lines.

By their names alone, a report that somebody sent would be lost; so what they say that they were made from counts too.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.files import load, parse, shown
from workbook.intake.kinds import LINES, of_ending
from workbook.jobs.names import fitting
from workbook.jobs.result import MARKED
from workbook.report import Unreadable, content_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_Chain = tuple[set[str], set[str]]
"""The names and the digests of the files that something says it was made from."""


def products(files: Sequence[Path], folder: Path, output: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """Yield the files that were made of others of the folder, each with what it was made of.

    That is a document beside a file of its name; where ``output`` is a folder below, what stands there at the place of
    a file and has the name that its product would have; where it is a file of lines, that one, with nothing, if all its
    lines were made of files of the folder.
    """
    within = output is not None and not _real(folder).is_relative_to(_real(output))
    written = _real(output) if output is not None and within else None
    if written and written.suffix.lower() == LINES:
        names = {shown(file.name) for file in files}
        yield from ((file, None) for file in files if _real(file) == written and _are_made_of(file, names))
    sources = _sources(files)
    for file in files:
        if file.suffix.lower() not in {".json", ".xlsx"}:
            continue
        others = sources.get(file, ()) if file.suffix.lower() == ".json" else ()
        if written and (place := _real(file)).is_relative_to(written):
            others = (*others, *sources.get(folder / place.relative_to(written), ()))
        if first := _made_of(file, [other for other in others if other != file]):
            yield file, first


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _sources(files: Iterable[Path]) -> dict[Path, list[Path]]:
    """Return by the names of products, in its own folder, which files they would be products of."""
    found: dict[Path, list[Path]] = {}
    for file in files:
        if of_ending(file.suffix):
            for name in {fitting(stem, end) for stem in (file.stem, file.name) for end in (".json", ".xlsx", MARKED)}:
                found.setdefault(file.with_name(name), []).append(file)
    return found


def _made_of(product: Path, others: Sequence[Path]) -> Path | None:
    """Return the file that something names as its source, or whose digest it has where both were renamed.

    A marked copy that nobody changed names no file; it stands where it was written.
    """
    if not others:
        return None
    try:
        data = load(product)
        names, digests = _chain(data) if product.suffix.lower() == ".json" else _of_workbook(data, product.name)
    except Unreadable:
        return None  # as a task it says why
    if not names and digests:
        return others[0]
    for file in others:
        if shown(file.name) in names:
            return file
    return next((file for file in others if _has(file, digests)), None)


def _has(file: Path, digests: Collection[str]) -> bool:
    try:
        return bool(digests) and sha256(load(file)).hexdigest() in digests
    except Unreadable:
        return False


def _chain(document: bytes) -> _Chain:
    """Return what a document says that it was made from; nothing where it is none."""
    try:
        source = json.loads(document)["source"]
        chain = [source, *source.get("made_from", ())]
        return {str(origin["file"]) for origin in chain}, {str(origin["sha256"]) for origin in chain}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return set(), set()


def _of_workbook(data: bytes, name: str) -> _Chain:
    """Return what a workbook says that it was made from; of a marked copy that nobody changed, its own digest alone."""
    report = parse(data, shown(name))
    if (content := content_digest(report)) in report.copy_of:
        return set(), {content}
    chain = report.source.made_from if report.source else ()
    return {origin.file for origin in chain}, {origin.sha256 for origin in chain}


def _are_made_of(lines: Path, names: Collection[str]) -> bool:
    """Say whether all lines of a file name files of these names as their sources."""
    try:
        with lines.open("rb") as file:
            return all(not _chain(line)[0].isdisjoint(names) for line in file if line.strip())
    except OSError:
        return False

"""From what a command was given to its jobs: the files of folders, where each output goes, that none harms an input."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.files import files_in, is_folder, load, read, shown
from workbook.intake.kinds import kinds_in_words
from workbook.jobs.batch import settled
from workbook.jobs.file import index_file
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.run import run
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Sequence


@dataclass(frozen=True)
class Search:
    """What was found: the files to process; in folders besides, files that may be reports and are not taken.

    Of these ``products`` are JSON documents that were made from the workbook beside them.
    """

    tasks: list[Task] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    products: list[Path] = field(default_factory=list)


def search(
    inputs: Iterable[Path], suffixes: Collection[str], beside: Collection[str] = (), *, twins: bool = True
) -> Search:
    """Return the files to process: those named, and those in the folders named.

    A folder that cannot be looked into is a task that tells so, as is one that holds no report.

    Args:
        inputs: files and folders.
        suffixes: what is taken from a folder; a file that is named is always taken.
        beside: what else in a folder may be a report.
        twins: whether a document in a folder is taken although it was made from the workbook beside it.
    """
    found = Search()
    for path in inputs:
        if not is_folder(path):
            found.tasks.append(Task(path))
            continue
        files, faults = files_in(path)
        fitting = [file for file in files if file.suffix.lower() in suffixes]
        made = set() if twins else set(_products(fitting))
        own = [Task(file, root=path) for file in fitting if file not in made]
        own += [_closed(fault, path) for fault in faults]
        found.tasks.extend(sorted(own, key=lambda task: task.source) or [_empty(path)])
        found.left.extend(file for file in files if file.suffix.lower() in {*beside} - {*suffixes})
        found.products.extend(sorted(made))
    return found


def collect_inputs(inputs: Iterable[Path], suffixes: Collection[str]) -> list[Task]:
    """Return the files to process, as ``search`` finds them."""
    return search(inputs, suffixes).tasks


def _empty(folder: Path) -> Task:
    kinds = {"kinds": kinds_in_words("zh", told=True), "kinds_en": kinds_in_words("en", told=True)}
    return Task(folder, root=folder, refused=make_finding("file.no_reports", file=shown(folder), **kinds))


def _closed(fault: OSError, below: Path) -> Task:
    """Return the task that tells why a folder could not be looked into."""
    folder = Path(os.fsdecode(fault.filename)) if fault.filename else below
    reason = fault.strerror or str(fault)
    return Task(folder, root=below, refused=make_finding("file.unreadable", file=shown(folder), reason=reason))


def _products(files: Iterable[Path]) -> Iterable[Path]:
    """Yield the documents that say that they were made from a workbook of the same name that stands beside them.

    By their names alone, a report that somebody sent as a document would be lost.
    """
    books: dict[Path, list[Path]] = {}
    documents = []
    for file in files:
        if file.suffix.lower() == ".json":
            documents.append(file)
        else:
            books.setdefault(file.with_suffix(""), []).append(file)
    for document in documents:
        beside = books.get(document.with_suffix(""), [])
        if beside and _is_made_from(document, beside):
            yield document


def _is_made_from(document: Path, books: Sequence[Path]) -> bool:
    """Say whether a document names one of some workbooks as its source, or has its digest where both were renamed."""
    try:
        source = read(document).source
        if source is None:
            return False
        names = {shown(book.name) for book in books}
        if any(origin.file in names for origin in source.chain):
            return True
        digests = {sha256(load(book)).hexdigest() for book in books}
        return any(origin.sha256 in digests for origin in source.chain)
    except Unreadable:
        return False  # as a task it says why


def with_targets(chosen: Sequence[Task], output: Path | None, suffix: str, others: Iterable[Path] = ()) -> list[Task]:
    """Return the tasks with the file that each writes: beside its input, or as ``output`` says.

    ``output`` names a file for one input that is a file, unless it is a folder already; else a folder, in which the
    files of an input folder keep their places. ``others`` are files that the run reads besides.
    """
    if len(chosen) == 1 and chosen[0].root is None and output is not None and not is_folder(output):
        return guarded([replace(chosen[0], to=output)], others)
    taken: set[str] = set()
    found = []
    for task in chosen:
        to = _free(_folder(task, output), task.source, suffix, taken)
        taken.add(_alike(to))
        found.append(replace(task, to=to))
    return guarded(found, others)


def _free(folder: Path, source: Path, suffix: str, taken: set[str]) -> Path:
    """Return a name that no other input of this run is written to: a.json, a.xlsm.json, a-2.json and so on."""
    names = chain((source.stem, source.name), (f"{source.stem}-{number}" for number in count(2)))
    return next(to for name in names if _alike(to := folder / (name + suffix)) not in taken)


def _alike(path: Path) -> str:
    """Return what two paths share that may be one file: folders may be links, some systems do not tell A from a."""
    return os.path.realpath(path).casefold()


def guarded(chosen: Sequence[Task], others: Iterable[Path] = ()) -> list[Task]:
    """Mark the tasks whose output would take the place of a file that this run reads, whatever name that has there."""
    named = {key for path in chain(others, (task.source for task in chosen if not task.root)) for key in _keys(path)}
    found: dict[Hashable, Path] = {key: task.source for task in chosen if task.root for key in _keys(task.source)}
    marked = []
    for task in chosen:
        keys = _keys(task.to) if task.to else frozenset()
        over = tuple({found[key] for key in keys if key in found})
        marked.append(replace(task, overwrites_input=not named.isdisjoint(keys), overwrites_found=over))
    return marked


def would_harm(output: Path, inputs: Iterable[Path]) -> bool:
    """Say whether a file that is to be written is one of those that are read, by its name, a link or a hard link."""
    keys = _keys(output)
    return any(not keys.isdisjoint(_keys(path)) for path in inputs)


def _keys(path: Path) -> frozenset[Hashable]:
    """Return what tells a file from others: where it really is, and its number in the file system."""
    real = os.path.normcase(os.path.realpath(path))
    try:
        about = path.stat()
    except (OSError, ValueError):
        return frozenset({real})
    return frozenset({real, (about.st_dev, about.st_ino)} if about.st_ino else {real})


def _folder(task: Task, output: Path | None) -> Path:
    """Return the folder that the output of a task goes to."""
    if output is None:
        return task.source.parent
    return output / task.source.relative_to(task.root).parent if task.root else output


def previous_files(path: Path | None, suffixes: Collection[str]) -> list[Path]:
    """Return the files that last year's reports are read from."""
    if path is None or not is_folder(path):
        return [path] if path else []
    return [file for file in files_in(path)[0] if file.suffix.lower() in suffixes]


def index(path: Path, suffixes: Collection[str], jobs: int = 0) -> PriorReports | Result:
    """Return where last year's reports are, each read once; the result of a file that was named and cannot be read.

    Files in a folder that cannot be read are counted; marked copies that say nothing new are left out.
    """
    chosen = collect_inputs([path], suffixes)
    done = list(zip(chosen, run(index_file, chosen, Options(), jobs), strict=True))
    results = [result for _, result in settled(index_file, done, Options(), jobs).done]
    reports = [result.known for result in results if result.known]
    if is_folder(path):
        return PriorReports.in_folder(path, reports, len(results) - len(reports))
    return PriorReports(named=reports[0]) if reports else results[0]

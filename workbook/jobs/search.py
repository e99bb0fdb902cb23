"""From what a command was given to its files: every file of a folder is a task, or is passed over with a reason."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.files import LOCKS, files_in, is_folder, load, shown
from workbook.intake.foreign import unread
from workbook.intake.kinds import LINES, endings, kinds_of, of_ending
from workbook.intake.lines import file_of, line_of, lines_in
from workbook.jobs.result import MARKED, Options, Result, Task, skipped
from workbook.records import dataclass
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

    _Seen = dict[Hashable, dict[int, Path]]
    """By what tells a file from others: under what name each of its lines was taken."""


@dataclass(frozen=True)
class Found:
    """What there is to do: the tasks, and the files that are passed over unread, each with the reason.

    ``is_one`` says that one file was asked for, so that an output names a file and not a folder.
    """

    tasks: list[Task] = field(default_factory=list)
    skipped: list[Result] = field(default_factory=list)
    is_one: bool = True


def search(
    inputs: Iterable[Path], suffixes: Collection[str] = (), options: Options | None = None, output: Path | None = None
) -> Found:
    """Return the files to process: those named, in their order, then those of folders, by their kinds.

    Of files that hold one report the first is taken: workbooks come before JSON, and that before what is published. A
    folder that cannot be looked into is a task that tells so, as is one that holds nothing to process. A file that is
    given twice is taken once.

    Args:
        inputs: files and folders; of a file of many documents every line is one.
        suffixes: what this command takes from a folder; all kinds that are read where none is given. A file that is
            named is always taken.
        options: the switches of the command.
        output: the folder or the file of lines that is written to: what a run before made there is a result.
    """
    given, options = list(inputs), options or Options()
    found = Found(is_one=len(given) == 1 and not is_folder(given[0]) and len(_lines(given[0])) == 1)
    seen: _Seen = {}
    named: list[Path] = []
    folders: list[Path] = []
    for path in given:
        (folders if is_folder(path) else named).append(path)
    for path in named:
        new = [path] if path == Path("-") else _taken(path, seen, found, options)  # standard input, which no file is
        found.tasks.extend(map(Task, new))
    below: list[Task] = []
    for folder in folders:
        below += _of_folder(folder, seen, found, options, frozenset(suffixes or (*endings(), LINES)), output)
    found.tasks.extend(sorted(below, key=_order))
    return found


def _order(task: Task) -> tuple[int, bool]:
    kind = of_ending(file_of(task.source).suffix)
    return kind.rank if kind else 0, task.source.name.endswith(MARKED)


def _place(task: Task) -> tuple[str, str]:
    """Return what orders the files of a folder: a.xlsx stands before a-1.xlsx; the lines of a file keep their order."""
    file = file_of(task.source)
    return str(file.with_suffix("")), file.suffix


def _of_folder(
    folder: Path,
    seen: _Seen,
    found: Found,
    options: Options,
    suffixes: Collection[str],
    output: Path | None,
) -> Iterator[Task]:
    """Yield the tasks of a folder."""
    from workbook.jobs.products import products

    files, faults = files_in(folder)
    made = dict(products(files, folder, output))
    tasks, known = [_closed(fault, folder) for fault in faults], False
    for file in files:
        if why := _passed_over(file, suffixes, options) or _result_of(file, made, options):
            found.skipped.append(why)
        else:
            new = _taken(file, seen, found, options)
            known = known or not new
            tasks += [Task(each, root=folder) for each in new]
    yield from sorted(tasks, key=_place) or ([] if known else [_empty(folder, suffixes)])


def _passed_over(file: Path, suffixes: Collection[str], options: Options) -> Result | None:
    """Return why a file of a folder is not looked into, by its name."""
    ending = file.suffix.lower()
    if file.name.startswith(LOCKS):
        return skipped(Task(file), "skipped.lock", options)
    if ending in suffixes:
        return None
    if ending in endings() or ending == LINES:
        return skipped(Task(file), "skipped.other_command", options, **kinds_of(suffixes))
    if ending == ".svg" and _is_chart(file):
        return skipped(Task(file), "skipped.result", options)
    kind, way = unread(ending)
    words = {"kind": kind[0], "kind_en": kind[1], "way": way[0], "way_en": way[1]}
    return skipped(Task(file), "skipped.kind", options, **words)


def _is_chart(file: Path) -> bool:
    """Say whether a picture is a chart of a report that the kit drew."""
    from workbook.intake.results import is_published_by_kit

    try:
        return is_published_by_kit(load(file))
    except Unreadable:
        return False


def _result_of(file: Path, made: Mapping[Path, Path | None], options: Options) -> Result | None:
    """Return why a file of a folder is a result of the kit."""
    if file not in made:
        return None
    if first := made[file]:
        return skipped(Task(file), "skipped.made_from", options, first=shown(first.name))
    return skipped(Task(file), "skipped.result", options)


def _lines(path: Path) -> list[Path]:
    """Return a path for every document of a file of many; the file itself where it is another, or cannot be read."""
    if path.suffix.lower() != LINES:
        return [path]
    try:
        return lines_in(path) or [path]
    except (OSError, ValueError):
        return [path]


def _taken(path: Path, seen: _Seen, found: Found, options: Options) -> list[Path]:
    """Return what of a file, or of its lines, was not there before under whatever name, and tell what was."""
    keys, lines = keys_of(file_of(path)), _lines(path)
    known = next((seen[key] for key in keys if key in seen), {})
    seen.update(dict.fromkeys(keys, known))
    old = [each for each in lines if _number(each) in known]
    new = [each for each in lines if _number(each) not in known]
    for each in old if new else old[:1]:
        first = shown(known[_number(each)])
        found.skipped.append(skipped(Task(each if new else path), "skipped.twice", options, first=first))
    known.update((_number(each), path) for each in new)
    return new


def _number(path: Path) -> int:
    """Return the number of a line; 0 of a file that is taken as a whole."""
    line = line_of(path)
    return line[1] if line else 0


def _empty(folder: Path, suffixes: Collection[str]) -> Task:
    return Task(folder, root=folder, refused=make_finding("file.no_reports", file=shown(folder), **kinds_of(suffixes)))


def _closed(fault: OSError, below: Path) -> Task:
    """Return the task that tells why a folder could not be looked into."""
    folder = Path(os.fsdecode(fault.filename)) if fault.filename else below
    reason = fault.strerror or str(fault)
    return Task(folder, root=below, refused=make_finding("file.unreadable", file=shown(folder), reason=reason))


def keys_of(path: Path) -> frozenset[Any]:
    """Return what tells a file from others that are read: where it really is, and its number in the file system.

    Names that only another system takes for one are two files here; what is written keeps clear of them too.
    """
    real = os.path.normcase(os.path.realpath(path))
    try:
        about = path.stat()
    except (OSError, ValueError):
        return frozenset({real})
    return frozenset({real, (about.st_dev, about.st_ino)} if about.st_ino else {real})


def previous_files(path: Path | None) -> list[Path]:
    """Return the files that last year's reports are read from."""
    if path is None or not is_folder(path):
        return [path] if path else []
    return files_in(path)[0]

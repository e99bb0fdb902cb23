"""Where the output of each job goes: beside its input or into a folder, and never over a file that is read."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.files import files_in, is_folder
from workbook.intake.lines import file_of, line_of
from workbook.jobs.file import index_file
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.run import run
from workbook.jobs.search import Found, keys_of, search

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence


def with_targets(found: Found, output: Path | None, suffix: str, others: Iterable[Path] = ()) -> Found:
    """Return what there is to do with the file that each task writes: beside its input, or as ``output`` says.

    ``output`` names a file where one file was asked for, unless it is a folder already; else a folder, in which the
    files of an input folder keep their places. ``others`` are files that the run reads besides.
    """
    if found.is_one and found.tasks and output is not None and not is_folder(output):
        return replace(found, tasks=guarded([replace(found.tasks[0], to=output)], others))
    taken: set[str] = set()
    tasks = []
    for task in found.tasks:
        to = _free(_folder(task, output), task.source, suffix, taken)
        taken.add(_alike(to))
        tasks.append(replace(task, to=to))
    return replace(found, tasks=guarded(tasks, others))


def _free(folder: Path, source: Path, suffix: str, taken: set[str]) -> Path:
    """Return a name that no other input of this run is written to: a.json, a.xlsm.json, a-2.json and so on."""
    line = line_of(source)
    own = (f"{file_of(source).stem}-{line[1]}",) if line else (source.stem, source.name)
    names = chain(own, (f"{own[0]}-{number}" for number in count(2)))
    return next(to for name in names if _alike(to := folder / (name + suffix)) not in taken)


def _alike(path: Path) -> str:
    """Return what two paths share that may be one file: folders may be links, some systems do not tell A from a."""
    return os.path.realpath(path).casefold()


def guarded(chosen: Sequence[Task], others: Iterable[Path] = ()) -> list[Task]:
    """Mark the tasks whose output would take the place of a file that this run reads, whatever name that has there."""
    named = {
        key
        for path in chain(others, (task.source for task in chosen if not task.root))
        for key in keys_of(file_of(path))
    }
    found: dict[Hashable, Path] = {
        key: task.source for task in chosen if task.root for key in keys_of(file_of(task.source))
    }
    marked = []
    for task in chosen:
        keys = keys_of(task.to) if task.to else frozenset()
        over = tuple({found[key] for key in keys if key in found})
        marked.append(replace(task, overwrites_input=not named.isdisjoint(keys), overwrites_found=over))
    return marked


def would_harm(output: Path, inputs: Iterable[Path]) -> bool:
    """Say whether a file that is to be written is one of those that are read, by its name, a link or a hard link."""
    keys = keys_of(output)
    return any(not keys.isdisjoint(keys_of(path)) for path in set(map(file_of, inputs)))


def _folder(task: Task, output: Path | None) -> Path:
    """Return the folder that the output of a task goes to."""
    if output is None:
        return task.source.parent
    return output / task.source.relative_to(task.root).parent if task.root else output


def page_folder(output: Path, tasks: Iterable[Task]) -> Path:
    """Return the folder that holds the pages beside their index: the one of its name, and never one that is read."""
    folder = output.with_suffix("")
    read = {os.path.realpath(path) for task in tasks for path in (task.root, file_of(task.source).parent) if path}
    return folder.with_name(f"{folder.name}-网页") if os.path.realpath(folder) in read else folder


def previous_files(path: Path | None) -> list[Path]:
    """Return the files that last year's reports are read from."""
    if path is None or not is_folder(path):
        return [path] if path else []
    return files_in(path)[0]


def index(path: Path, jobs: int = 0) -> PriorReports | Result:
    """Return where last year's reports are, each read once; the result of a file that was named and cannot be read.

    Files in a folder that cannot be read are counted.
    """
    chosen = search([path]).tasks
    results = [result for result in run(index_file, chosen, Options(), jobs) if not result.is_skipped]
    reports = [result.known for result in results if result.known]
    if is_folder(path):
        return PriorReports.in_folder(path, reports, len(results) - len(reports))
    return PriorReports(named=reports[0]) if reports else results[0]

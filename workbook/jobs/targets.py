"""Where the output of each job goes: beside its input or into a folder, and never over a file that is read."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.files import is_folder
from workbook.intake.lines import file_of, line_of
from workbook.jobs.file import index_file
from workbook.jobs.names import alike, fitting
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.run import run
from workbook.jobs.search import Found, keys_of, search

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from workbook.jobs.pool import Jobs
    from workbook.report import Lang


def with_targets(found: Found, output: Path | None, suffix: str, others: Iterable[Path] = ()) -> Found:
    """Return what there is to do with the file that each task writes: beside its input, or as ``output`` says.

    ``output`` names a file where one file was asked for, unless it is a folder already; else a folder, in which the
    files of an input folder keep their places. ``others`` are files that the run reads besides.
    """
    if found.is_one and found.tasks and output is not None and not is_folder(output):
        return replace(found, tasks=guarded([replace(found.tasks[0], to=output)], others))
    folders = {_folder(task, output) for task in found.tasks}
    places = {place for folder in folders for place in (folder, *folder.parents)}
    taken: dict[str, Path | None] = {_alike(place): None for place in places}
    return replace(found, tasks=guarded([_placed(task, output, suffix, taken) for task in found.tasks], others))


def _placed(task: Task, output: Path | None, suffix: str, taken: dict[str, Path | None]) -> Task:
    """Return a task with a name that no other input of this run is written to: a.json, a.xlsm.json, a-2.json and so on.

    ``taken`` are the files that others are written to, and the folders that they go to (``None``), by what is alike.
    """
    source, folder = task.source, _folder(task, output)
    line = line_of(source)
    own = (f"{file_of(source).stem}-{line[1]}",) if line else (source.stem, source.name)
    others = chain(((name, suffix) for name in own[1:]), ((own[0], f"-{number}{suffix}") for number in count(2)))
    wanted = _folder(task, output, str) / (own[0] + suffix)
    to = first = folder / fitting(own[0], suffix)
    key = _alike(first)
    is_twin = taken.get(key, first) != first
    while key in taken:
        to = folder / fitting(*next(others))
        key = _alike(to)
    taken[key] = to
    return replace(task, to=to, instead_of=wanted if is_twin or first != wanted else None)


def beside(source: Path, ending: str) -> Task:
    """Return the task that writes a file beside its input, named like it."""
    wanted, to = source.stem + ending, fitting(source.stem, ending)
    return Task(source, source.with_name(to), instead_of=None if to == wanted else source.parent / wanted)


def _alike(path: Path) -> str:
    """Return what two paths share that may be one file: folders may be links, some systems do not tell A from a."""
    return alike(os.path.realpath(path))


def _keys(path: Path) -> frozenset[Hashable]:
    """Return what two paths share one of which must not be written over the other, here or on another system."""
    return frozenset(alike(key) if isinstance(key, str) else key for key in keys_of(path))


def guarded(chosen: Sequence[Task], others: Iterable[Path] = ()) -> list[Task]:
    """Mark the tasks whose output would take the place of a file that this run reads, whatever name that has there."""
    named = {
        key for path in chain(others, (task.source for task in chosen if not task.root)) for key in _keys(file_of(path))
    }
    found: dict[Hashable, Path] = {
        key: task.source for task in chosen if task.root for key in _keys(file_of(task.source))
    }
    marked = []
    for task in chosen:
        keys = _keys(task.to) if task.to else frozenset()
        over = tuple({found[key] for key in keys if key in found})
        marked.append(replace(task, overwrites_input=not named.isdisjoint(keys), overwrites_found=over))
    return marked


def would_harm(output: Path, inputs: Iterable[Path]) -> bool:
    """Say whether a file that is to be written is one of those that are read, by its name, a link or a hard link."""
    keys = _keys(output)
    return any(not keys.isdisjoint(_keys(path)) for path in set(map(file_of, inputs)))


def _folder(task: Task, output: Path | None, called: Callable[[str], str] = fitting) -> Path:
    """Return the folder that the output of a task goes to; below ``output`` folders are called so by their names."""
    if output is None:
        return task.source.parent
    return output.joinpath(*map(called, task.source.relative_to(task.root).parent.parts)) if task.root else output


def page_folder(output: Path, tasks: Iterable[Task]) -> Path:
    """Return the folder that holds the pages beside their index: the one of its name, and never one that is read."""
    folder = output.with_name(fitting(output.stem))
    read = {_alike(path) for task in tasks for path in (task.root, file_of(task.source).parent) if path}
    return folder.with_name(fitting(folder.name, "-网页")) if _alike(folder) in read else folder


def index(path: Path, jobs: Jobs = 0, lang: Lang = "zh") -> PriorReports | Result:
    """Return where last year's reports are, each read once; the result of a file that was named and cannot be read.

    Files in a folder that cannot be read are counted.
    """
    chosen = search([path]).tasks
    results = [result for result in run(index_file, chosen, Options(lang=lang), jobs) if not result.is_skipped]
    reports = [result.known for result in results if result.known]
    if is_folder(path):
        return PriorReports.in_folder(path, reports, len(results) - len(reports))
    return PriorReports(named=reports[0]) if reports else results[0]

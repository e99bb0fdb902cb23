"""Two folders beside each other: which report of the one is which of the other, by office and year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.checks.prior_year import same_body
from workbook.files import is_folder, shown
from workbook.jobs.file import index_file
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options, Task
from workbook.jobs.run import run
from workbook.jobs.search import Found, search
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from workbook.jobs.prior_year import PriorReport


def paired(found: Found, against: Path, jobs: int = 0) -> Found:
    """Return the tasks each with the file to compare it with, and one for each report that nobody published.

    A file is compared with another that is named. Of a folder it is the report of the same office and year.

    Args:
        found: the published files.
        against: the file or the folder of those that are right.
        jobs: number of processes; 0 chooses.
    """
    if not is_folder(against):
        return replace(found, tasks=[replace(task, against=against) for task in found.tasks])
    right = list(filter(None, _known(search([against]).tasks, jobs)))
    others = PriorReports.in_folder(against, right, 0)
    tasks: list[Task] = []
    taken: set[Path] = set()
    for task, known in zip(found.tasks, _known(found.tasks, jobs), strict=True):
        fitting = others.fitting(known.body, known.year) if known else []
        taken |= {other.path for other in fitting}
        tasks.append(task if known is None else _beside(task, known, fitting, against))
    published = {task.source.resolve() for task in found.tasks}
    missing = [other for other in right if other.path not in taken and other.path.resolve() not in published]
    return replace(found, tasks=[*tasks, *_missing(missing, against)], is_one=False)


def _known(tasks: Sequence[Task], jobs: int) -> Iterator[PriorReport | None]:
    """Yield whose report each file is and of which year; ``None`` where it is none that can be read.

    What the kit published counts as a report here, also in a folder.
    """
    plain = [task if task.refused else replace(task, root=None) for task in tasks]
    yield from (result.known for result in run(index_file, plain, Options(), jobs))


def _beside(task: Task, known: PriorReport, fitting: Sequence[PriorReport], folder: Path) -> Task:
    words = _words(known, folder)
    if not fitting:
        return replace(task, refused=make_finding("differs.unmatched", file=shown(task.source.name), **words))
    if len({other.cells for other in fitting}) > 1:
        names = "、".join(sorted(shown(other.path.name) for other in fitting))
        return replace(task, refused=make_finding("differs.ambiguous", files=names, **words))
    return replace(task, against=min(other.path for other in fitting))


def _missing(reports: Sequence[PriorReport], folder: Path) -> Iterator[Task]:
    """Yield a task that tells of each report that it is not published; one of two files of a report stands for both."""
    told: list[PriorReport] = []
    for known in sorted(reports, key=lambda other: other.path):
        if not any(other.year == known.year and same_body(other.body, known.body) for other in told):
            told.append(known)
            finding = make_finding("differs.absent", file=shown(known.path.name), **_words(known, folder))
            yield Task(known.path, root=folder, refused=finding)


def _words(known: PriorReport, folder: Path) -> dict[str, str]:
    return {"folder": shown(folder), "body": known.body.name or "", "year": str(known.year or "")}


UNPAIRED = frozenset({"differs.unmatched", "differs.ambiguous", "differs.absent"})
"""Codes of reports that were not compared, because the other folder has none of them, or several."""

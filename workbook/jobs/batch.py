"""What is known of a file only beside the others of a run: marked copies, versions of a report, a year of its own.

A copy is known by what it carries, never by its name, so all files are read first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbook.jobs.run import run
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbook.jobs.result import Options, Result, Task
    from workbook.report import Finding

    Done = Sequence[tuple[Task, Result]]


_BATCH, _NEARLY_ALL = 5, 0.8
"""How many reports make a batch, and which part of them tells its year."""


@dataclass(frozen=True)
class Settled:
    """The files that count, with what came of each, and those that are marked copies of them without any change."""

    done: list[tuple[Task, Result]]
    idle: list[Result] = field(default_factory=list)


def settled(job: Callable[[Task, Options], Result], done: Done, options: Options, jobs: int = 0) -> Settled:
    """Return what came of the files when each is known beside the others.

    A marked copy from a folder that says what a report of this run says is idle. One that was changed is a later
    version of what it was made of, and both are told. The job is done again for the files of which that changes
    something, and for those that waited.

    Args:
        job: what was done.
        done: the tasks and what came of each.
        options: the switches of the job.
        jobs: number of processes; 0 chooses.
    """
    idle = set(_idle(done))
    told = _told(done, idle)
    if not idle and not told and not any(result.waits for _, result in done):
        return Settled(list(done))
    kept = [pair for number, pair in enumerate(done) if number not in idle]
    sources = {task.source for task, _ in kept}
    again = {
        number: replace(
            task,
            overwrites_found=tuple(path for path in task.overwrites_found if path in sources),
            is_own=task.is_own or bool(result.written),
            batch=tuple(told[number]),
        )
        for number, (task, result) in enumerate(done)
        if number not in idle and (result.waits or told[number])
    }
    results = dict(zip(again, run(job, list(again.values()), options, jobs), strict=True))
    for number, result in results.items():
        _withdraw(done[number], result)
    return Settled(
        [(again.get(at, task), results.get(at, result)) for at, (task, result) in enumerate(done) if at not in idle],
        [done[number][1] for number in sorted(idle)],
    )


def _withdraw(before: tuple[Task, Result], result: Result) -> None:
    """Remove the output of this run if a second version of the report was found and none is to be written."""
    task, first = before
    if task.to and first.written and not result.written:
        task.to.unlink(missing_ok=True)


def _idle(done: Done) -> Iterator[int]:
    """Yield the copies found in folders that say what they did when they were made, where another file says it too."""
    originals = {result.content for task, result in done if not _may_be_idle(task, result)} - {None}
    for number, (task, result) in enumerate(done):
        if _may_be_idle(task, result) and result.content in originals:
            yield number


def _may_be_idle(task: Task, result: Result) -> bool:
    return bool(task.root) and result.content in result.copy_of


def _odd_years(done: Done, idle: set[int]) -> Iterator[tuple[int, Finding]]:
    """Yield the files that are of another year than nearly all of a batch."""
    years = {number: result.year for number, (_, result) in enumerate(done) if result.year and number not in idle}
    if len(years) < _BATCH:
        return
    usual, most = Counter(years.values()).most_common(1)[0]
    if most >= _NEARLY_ALL * len(years):
        for number, year in years.items():
            if year != usual:
                yield number, make_finding("batch.year", "year", year=str(year), usual=str(usual), count=str(most))


def _told(done: Done, idle: set[int]) -> defaultdict[int, list[Finding]]:
    """Return by file what follows from the others: versions of one report (told of both), a year of its own."""
    by_content: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, result) in enumerate(done):
        if result.content and number not in idle:
            by_content[result.content].append(number)
    told: defaultdict[int, list[Finding]] = defaultdict(list)
    for number, odd in _odd_years(done, idle):
        told[number].append(odd)
    for number, (_, later) in enumerate(done):
        if number in idle:
            continue
        before = [content for content in reversed(later.copy_of) if content != later.content and content in by_content]
        if before:
            first = by_content[before[0]]
            names = "”、“".join(done[other][1].file for other in first)
            for told_of in (*first, number):
                told[told_of].append(make_finding("batch.versions", first=names, later=later.file))
    return told

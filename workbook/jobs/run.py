"""Runs one job over many files: in this process or shared among workers, every file with its result."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from workbook.exits import FAULT, SOUND, UNREADABLE, held
from workbook.files import shown
from workbook.jobs.batch import Batch
from workbook.jobs.deliver import deliver
from workbook.jobs.pool import pool
from workbook.jobs.result import Options, Result, Task
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from workbook.jobs.pool import Jobs


def run(
    job: Callable[[Task, Options], Result], chosen: Sequence[Task], options: Options, jobs: Jobs = 0
) -> Generator[Result]:
    """Yield the result of each task in order.

    Many files are shared among worker processes; what goes wrong with one file, be it that a process dies of it, takes
    no other with it.

    Args:
        job: one of the functions of ``workbook.jobs.file``, or another of their kind.
        chosen: the inputs.
        options: the switches.
        jobs: number of processes, 0 chooses by the number of files and processors; or a cluster.

    Raises:
        ClusterError: the cluster cannot be used; what was yielded before is whole.
    """
    if options.previous and not isinstance(jobs, int):
        options = replace(options, previous=options.previous.carried())
    return pool(jobs).shared(partial(_do, job, options), chosen, partial(_excuse, options))


def follow(
    job: Callable[[Task, Options], Result],
    chosen: Sequence[Task],
    options: Options,
    jobs: Jobs = 0,
    deliver: Callable[[Task, Result, Options], Result] = deliver,
) -> Generator[Result]:
    """Yield what came of each file as it comes, in order, each beside those before it and what it made written.

    A stop comes between two files and never within one: what was yielded is all that was written. What is known when
    all have come is told of a file once more, in a result that ``is_closing``.

    Args:
        job: what is done with a file; it writes nothing.
        chosen: the inputs.
        options: the switches.
        jobs: number of processes, 0 chooses; or a cluster.
        deliver: writes what was made.
    """
    batch, taken = Batch(options), []
    with closing(run(job, chosen, options, jobs)) as results:
        for task, result in zip(chosen, results, strict=True):
            with held():
                settled = deliver(task, batch.settle(task, result), options)
                if settled.identity and not settled.is_skipped:
                    taken.append((settled.file, settled.edition, settled.body))
                yield settled
    for number, finding in batch.closing():
        file, edition, body = taken[number]
        told = Result(file, SOUND, edition=edition, body=body, is_closing=True)
        yield told.with_findings([finding], options)


def _do(job: Callable[[Task, Options], Result], options: Options, task: Task) -> Result:
    return job(task, options)


def _excuse(options: Options, task: Task, error: BaseException | None) -> Result:
    """Return the result of a file whose job raised what it should not, or whose process died."""
    file = shown(task.source.name)
    if error is None:
        return Result(shown(task.source), UNREADABLE, [make_finding("file.crashed", file=file).as_dict(options.lang)])
    # The text of the error may contain untrusted input; it goes to the log only.
    reason = ": ".join(filter(None, (type(error).__name__, getattr(error, "strerror", None))))
    finding = make_finding("file.failed", file=file, reason=reason).as_dict(options.lang)
    import traceback

    return Result(shown(task.source), FAULT, [finding], fault="".join(traceback.format_exception(error)))

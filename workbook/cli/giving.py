"""Gives what was found to the screen or to files: several of one reading, each in the format of its ending."""

from __future__ import annotations

import sys
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

from workbook.cli.language import misuse
from workbook.cli.options import form_of, is_on_the_line
from workbook.cli.runner import coded, columns, follow, leave, printed, refuse, save, spare
from workbook.cli.telling import telling
from workbook.cli.terminal import say
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Options, Result, Task
    from workbook.jobs.search import Found
    from workbook.output import Format
    from workbook.output.sinks import Collection, Lines, Stream
    from workbook.output.tally import Tally

_PAGES: Format = "html"
_OF_OUTPUTS = {"file.renamed", "file.not_written"}
"""Codes of what is told of a page, and is nobody else's business."""


class _Given(Protocol):
    """Where results go."""

    def take(self, result: Result) -> None:
        """Take a result as it comes."""

    def close(self, tally: Tally) -> None:
        """Write what was asked for, when all have come."""


@dataclass
class _Whole:
    """One file, or the screen."""

    path: Path | None
    form: Format
    options: Options
    _made: list[bytes] = field(default_factory=list)
    _sink: Stream | Lines | Collection = field(init=False)

    def __post_init__(self) -> None:
        from workbook.output.sinks import sink

        wide = columns(sys.stdout) if self.form == "text" and not self.path else 0
        write = self._made.append if self.path else printed
        self._sink = sink(self.form, self.options.lang, write, wide, **telling().amount)

    def take(self, result: Result) -> None:
        """Take a result, without what is told of its page."""
        others = [finding for finding in result.findings if finding["code"] not in _OF_OUTPUTS]
        self._sink.take(result if len(others) == len(result.findings) else replace(result, findings=others))

    def close(self, tally: Tally) -> None:
        """Write the file."""
        from workbook.output import FORMATS

        self._sink.close(tally)
        if self.path:
            data = FORMATS[self.form].mark + b"".join(self._made)
            save(self.path, data, force=self.options.force, lang=self.options.lang)


@dataclass
class _Pages:
    """A page a report in a folder, and the page that leads to them; the pages are written where the tasks say."""

    path: Path
    options: Options
    places: dict[str, Path | None]
    _links: dict[str, str] = field(default_factory=dict)

    def take(self, result: Result) -> None:
        """Note the page of a report, and tell a report that has none."""
        from workbook.output.html import link

        if result.written and (place := self.places[result.file]):
            self._links[result.file] = link(place, self.path.parent)
            for finding in result.findings:
                if finding["code"] == "file.renamed":
                    say(coded(finding, self.options.lang))
        elif not result.is_closing:
            failure = result.findings[-1]
            say(failure["message"], wrong=True)
            say(f"      → {failure['hint']}", wrong=True)

    def close(self, tally: Tally) -> None:
        """Write the page that leads to the others."""
        from workbook.output.html import index

        data = index(tally, self._links, self.options.lang)
        save(self.path, data, force=self.options.force, lang=self.options.lang)


def outputs_of(
    form: str | None, paths: Sequence[Path], found: Found, others: Sequence[Path] = (), *, force: bool
) -> list[tuple[Path | None, Format]]:
    """Return where results go and in which format: to the screen where no file is named.

    What cannot be written is refused here, before anything is done.

    Args:
        form: the format that is asked for by name.
        paths: the files that are asked for.
        found: the inputs.
        others: files that the run reads besides, which are not written over.
        force: whether files that exist are written over.
    """
    for path in paths:
        spare(path, found.tasks, others)
    several = len(paths) > 1
    if several and form and is_on_the_line("form"):
        raise misuse("--format is for one output; of several each goes by its ending")
    inputs = len(found.tasks)
    outputs: list[tuple[Path | None, Format]] = [(path, form_of(form, path, inputs)) for path in paths]
    for path in paths:
        refuse(path, force=force)
    if several:
        _refuse_twins(outputs, found)
    return outputs or [(None, form_of(form, None, inputs))]


def give(
    job: Callable[[Task, Options], Result],
    found: Found,
    options: Options,
    jobs: Jobs,
    outputs: Sequence[tuple[Path | None, Format]],
    others: Sequence[Path] = (),
    deliver: Callable[[Task, Result, Options], Result] | None = None,
) -> NoReturn:
    """Do a job with each input once, give what was found to all outputs, and leave with the worst exit code.

    Args:
        job: what is done with each file.
        found: the inputs.
        options: the switches.
        jobs: number of processes; 0 chooses.
        outputs: as ``outputs_of`` returns them.
        others: files that the run reads besides, which no page is written over.
        deliver: writes what was made besides what was found.
    """
    from workbook.files import shown

    pages = _pages_of(outputs, found)
    options = replace(options, document=not pages and any(form == _PAGES for _, form in outputs))
    given: list[_Given] = [_Whole(path, form, options) for path, form in outputs if path is None or path not in pages]
    for page in pages:
        from workbook.output.html import page_file

        job, found = partial(page_file, job=job), _placed(page, found, others)
        given.append(_Pages(page, options, {shown(task.source): task.to for task in found.tasks}))

    def take(result: Result) -> None:
        for each in given:
            each.take(result)

    to_files = any(path for path, _ in outputs)
    tally = follow(job, found, options, jobs, take, deliver=deliver, bar=to_files or not sys.stdout.isatty())
    if len(outputs) > 1:
        say(tally.say(options.lang))
    _close(given, tally)
    leave(tally)


def _pages_of(outputs: Sequence[tuple[Path | None, Format]], found: Found) -> list[Path]:
    """Return the outputs that are tables of pages; a page of one report is a file like others."""
    return [path for path, form in outputs if path and form == _PAGES] if len(found.tasks) > 1 else []


def _placed(page: Path, found: Found, others: Sequence[Path]) -> Found:
    """Return the inputs with the places of their pages."""
    from workbook.jobs.targets import page_folder, with_targets

    return with_targets(found, page_folder(page, found.tasks), ".html", others)


def _refuse_twins(outputs: Sequence[tuple[Path | None, Format]], found: Found) -> None:
    """Refuse outputs that would take each other's place: two of one name, and two tables of pages."""
    from workbook.files import shown
    from workbook.jobs.targets import page_folder, would_harm

    pages = _pages_of(outputs, found)
    if len(pages) > 1:
        raise misuse("{name}: of many inputs only one output can be pages", name=shown(pages[1]))
    taken = [page_folder(page, found.tasks) for page in pages]
    for path, _ in outputs:
        if path and would_harm(path, taken):
            raise misuse("{name} is named twice as an output", name=shown(path))
        taken += [path] if path else []


def _close(given: Sequence[_Given], tally: Tally) -> None:
    """Have all outputs written, whatever becomes of one of them; then tell which could not be."""
    refusals = []
    for each in given:
        try:
            each.close(tally)
        except click.ClickException as refusal:
            refusals.append(refusal)
    for told in refusals[:-1]:
        told.show()
    if refusals:
        raise refusals[-1]

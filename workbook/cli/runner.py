"""From what a command was given to its exit code: runs the jobs, tells what came of them, writes what they made."""

from __future__ import annotations

import gettext
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from workbook.cli.contract import Stopped, failed
from workbook.cli.language import misuse
from workbook.cli.telling import telling, unshown
from workbook.cli.terminal import say
from workbook.cli.waivers import unfitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from workbook.jobs.prior_year import PriorReports
    from workbook.jobs.result import Options, Result, Task
    from workbook.jobs.targets import Search
    from workbook.report import Lang

_NAMES = 3
"""How many files are named of which something is said."""
_PASSED_OVER = {
    "zh": "文件夹里的 {kinds} 没有处理，共 {{}} 个，需要的请逐个指定：{{}}",
    "en": "Files of these kinds in the folders were not taken: {kinds} ({{}}); name those that are wanted: {{}}",
}
_LEFT = {
    "zh": "文件夹里的这些文件这个命令不处理，共 {} 个：{}",
    "en": "Files in the folders that this command does not take ({}): {}",
}
_PRODUCTS = {
    "zh": "文件夹里从旁边的工作簿转换出来的 JSON 没有再处理，共 {} 个：{}",
    "en": "JSON documents in the folders that were made from the workbooks beside them were not taken ({}): {}",
}
_IDLE = {
    "zh": "标出问题的副本内容没有改动，原件也在，没有另算，共 {} 个：{}",
    "en": "Marked copies that were not changed and whose originals are here were not counted ({}): {}",
}


def pages(tasks: Sequence[Task], output: Path, options: Options, jobs: int, others: Sequence[Path]) -> list[Result]:
    """Write one page per input into a folder next to ``output``, and the index page to ``output``."""
    from workbook.files import shown
    from workbook.jobs.targets import with_targets
    from workbook.output.html import index, link, page_file

    if not options.force and os.path.lexists(output):
        raise misuse("{name} exists; choose another name or give --force", name=shown(output))
    done = _done(page_file, with_targets(tasks, output.with_suffix(""), ".html", others), options, jobs)
    links = [link(task.to, output.parent) if task.to and result.written else None for task, result in done]
    results = [result for _, result in done]
    for result in results:
        if not result.written:
            failure = result.findings[-1]
            say(failure["message"], wrong=True)
            say(f"      → {failure['hint']}", wrong=True)
    save(output, index(results, links, options.lang), force=options.force, lang=options.lang)
    return results


def spare(output: Path | None, tasks: Sequence[Task], others: Sequence[Path]) -> None:
    """Refuse an output that is a file which the run reads."""
    from workbook.files import shown
    from workbook.jobs.targets import would_harm

    if output and would_harm(output, [*others, *(task.source for task in tasks)]):
        raise misuse("{name} is an input; choose another name", name=shown(output))


def save(path: Path, data: bytes, *, force: bool, lang: Lang = "zh") -> None:
    """Write what a command made of all its inputs."""
    from workbook.files import save, shown
    from workbook.output.vocabulary import WORDS

    try:
        save(path, data, force=force)
    except FileExistsError as error:
        raise misuse("{name} exists; choose another name or give --force", name=shown(path)) from error
    except OSError as error:
        raise misuse("{name} cannot be written: {reason}", name=shown(path), reason=error.strerror or error) from error
    say(WORDS[lang]["written"].format(shown(path)))


def passed_over(found: Search, lang: Lang) -> None:
    """Tell on standard error which files in the folders named are not taken though they may be reports."""
    from workbook.intake.kinds import PUBLISHED, kinds_in_words

    told = _PASSED_OVER[lang].format(kinds=kinds_in_words(lang, told=True))
    _listed(told, [file for file in found.left if file.suffix.lower() in PUBLISHED])
    _listed(_LEFT[lang], [file for file in found.left if file.suffix.lower() not in PUBLISHED])
    _listed(_PRODUCTS[lang], found.products)


def _listed(words: str, files: Sequence[str | Path]) -> None:
    """Tell how many files something is said of, and the first of them."""
    from workbook.files import shown

    if files:
        names = " ".join(map(shown, files[:_NAMES])) + (" …" if len(files) > _NAMES else "")
        say(words.format(len(files), names))


def run(job: Callable[[Task, Options], Result], tasks: Sequence[Task], options: Options, jobs: int) -> list[Result]:
    """Return the results of all inputs; unchanged marked copies are listed on standard error and left out."""
    return [result for _, result in _done(job, tasks, options, jobs)]


def _done(
    job: Callable[[Task, Options], Result], tasks: Sequence[Task], options: Options, jobs: int
) -> list[tuple[Task, Result]]:
    from workbook.jobs.batch import settled

    found = settled(job, list(zip(tasks, _watched(job, tasks, options, jobs), strict=True)), options, jobs)
    _listed(_IDLE[options.lang], [result.file for result in found.idle])
    return found.done


def _watched(
    job: Callable[[Task, Options], Result], tasks: Sequence[Task], options: Options, jobs: int
) -> list[Result]:
    """Run a job over all inputs, with a progress bar where a person is watching."""
    from workbook.jobs.run import run

    watched: Iterable[Result]
    watched = results = run(job, tasks, options, jobs)
    if len(tasks) > 1 and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        watched = track(results, total=len(tasks), description="", console=Console(stderr=True), transient=True)
    done: list[Result] = []
    try:
        with closing(results):
            for result in watched:
                done.append(result)  # noqa: PERF402 - the number done is reported if the run is interrupted
    except Stopped as stop:
        stop.counted = len(tasks), len(done)
        raise
    return done


def previous_of(path: Path | None, jobs: int, lang: Any) -> PriorReports | None:
    """Return where last year's reports are; leave where the file that was named cannot be read."""
    if path is None:
        return None
    from workbook.intake.kinds import endings
    from workbook.jobs.result import Result
    from workbook.jobs.targets import index

    found = index(path, endings(), jobs)
    if isinstance(found, Result):
        told([found], lang)
    return found


def changed(results: Sequence[Result]) -> None:
    """Tell on standard error what was changed in the copies that were written."""
    from workbook.checks.text_numbers import CONVERTED

    for result in results:
        for finding in result.findings if result.written or result.data else ():
            if finding["code"] == CONVERTED:
                say(f"{result.file}  {finding['message']}")


def columns(stream: TextIO) -> int:
    """Return the width of the terminal that a stream is; 0 where it is none."""
    return shutil.get_terminal_size().columns if stream.isatty() else 0


def told(results: Sequence[Result], lang: Any, otherwise: str = "") -> NoReturn:
    """Tell on standard error what was written and what was found, and leave with the worst exit code.

    ``otherwise`` names what is said of a file of which nothing was made.
    """
    from workbook.output.text import brief
    from workbook.output.vocabulary import WORDS

    words = WORDS[lang].get(otherwise, "")
    click.echo(brief(results, lang, words, columns(sys.stderr), **telling().amount), nl=False, err=True)
    leave(results)


def leave(results: Sequence[Result]) -> NoReturn:
    """Leave with the worst exit code; where the kit itself failed, tell where the log is."""
    say(unshown(results))
    _listed(gettext.gettext("Waivers of which no report was among the files ({}): {}"), unfitting(results))
    faults = [result.fault for result in results if result.fault]
    if faults:
        failed(faults, gettext.gettext("files: {count}").format(count=len(faults)))
    sys.exit(max((result.exit_code for result in results), default=0))

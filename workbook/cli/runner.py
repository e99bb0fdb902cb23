"""From what a command was given to its exit code: runs the jobs, tells what came of them, writes what they made."""

from __future__ import annotations

import gettext
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from workbook.cli.contract import Stopped, failed
from workbook.cli.language import misuse
from workbook.cli.telling import telling, unshown
from workbook.cli.terminal import say
from workbook.cli.waivers import unfitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from workbook.jobs.pool import Jobs
    from workbook.jobs.prior_year import PriorReports
    from workbook.jobs.result import Options, Result, Task
    from workbook.jobs.search import Found
    from workbook.output.tally import Tally
    from workbook.report import Lang

_NAMES = 3
"""How many are named of which something is said."""
_MANY = 2
"""Files from which on a bar shows how far it is."""


def spare(output: Path | None, tasks: Sequence[Task], others: Sequence[Path]) -> None:
    """Refuse an output that is a file which the run reads; a result of the kit that lies in a folder is none."""
    from workbook.files import shown
    from workbook.jobs.passed_over import is_in_the_way
    from workbook.jobs.targets import would_harm

    if output and would_harm(output, [*others, *(task.source for task in tasks if is_in_the_way(task, output))]):
        raise misuse("{name} is an input; choose another name", name=shown(output))


def refuse(path: Path, *, force: bool) -> None:
    """Refuse an output that is there already, before anything is done."""
    from workbook.files import refuse_existing

    with writing(path):
        refuse_existing(path, force=force)


@contextmanager
def writing(path: Path, exists: click.ClickException | None = None) -> Iterator[None]:
    """Refuse an output that cannot be written or is there already; ``exists`` says what to do then."""
    from workbook.files import shown
    from workbook.intake.regular import NotRegularError

    try:
        yield
    except FileExistsError as error:
        raise exists or misuse("{name} exists; choose another name or give --force", name=shown(path)) from error
    except NotRegularError as error:
        raise misuse("{name} is no ordinary file; name another", name=shown(path)) from error
    except OSError as error:
        raise misuse("{name} cannot be written: {reason}", name=shown(path), reason=error.strerror or error) from error


def save(path: Path, data: bytes, *, force: bool, lang: Lang = "zh") -> None:
    """Write what a command made of all its inputs."""
    from workbook.files import make_folder, save, shown
    from workbook.output.vocabulary import WORDS

    with writing(path):
        make_folder(path.parent)
        save(path, data, force=force)
    say(WORDS[lang]["written"].format(shown(path)))


def follow(
    job: Callable[[Task, Options], Result],
    found: Found,
    options: Options,
    jobs: Jobs,
    tell: Callable[[Result], None],
    *,
    deliver: Callable[[Task, Result, Options], Result] | None = None,
    bar: bool = False,
) -> Tally:
    """Do a job with all inputs, and tell each result as it comes; files that are passed over on standard error.

    Args:
        job: what is done.
        found: the inputs, and what was passed over before.
        options: the switches.
        jobs: number of processes; 0 chooses.
        tell: tells what came of a report.
        deliver: writes what was made.
        bar: whether a bar shows how far it is, where a person is watching.
    """
    from workbook.jobs.deliver import deliver as usual
    from workbook.jobs.run import follow as results_of
    from workbook.output.tally import Tally

    tally, seen = Tally(), 0
    for result in found.skipped:
        _pass_over(result, options)
    results = results_of(job, found.tasks, options, jobs, deliver or usual)
    try:
        with closing(results):
            for result in _barred(results, len(found.tasks)) if bar else results:
                if result.is_skipped:
                    _pass_over(result, options)
                else:
                    tell(result)
                tally.add(result)
                seen += not result.is_closing
    except Stopped as stop:
        stop.counted = len(found.tasks), seen
        raise
    return tally


def _barred(results: Iterable[Result], total: int) -> Iterable[Result]:
    """Return results with a bar on standard error while they come, where a person is watching."""
    if total < _MANY or not sys.stderr.isatty():
        return results
    from rich.console import Console
    from rich.progress import track

    return track(results, total=total, description="", console=Console(stderr=True), transient=True)


def _pass_over(result: Result, options: Options) -> None:
    """Tell in a line on standard error why a file is passed over."""
    (finding,) = result.findings
    say(coded(finding, options.lang))


def coded(finding: dict[str, Any], lang: Lang) -> str:
    """Return what a finding says, with its code."""
    from workbook.output.vocabulary import WORDS

    return WORDS[lang]["code_last"].format(message=finding["message"], code=finding["code"])


def previous_of(path: Path | None, jobs: Jobs, lang: Any) -> PriorReports | None:
    """Return where last year's reports are; leave where the file that was named cannot be read."""
    if path is None:
        return None
    from workbook.jobs.result import Result
    from workbook.jobs.targets import index

    found = index(path, jobs, lang)
    if isinstance(found, Result):
        teller(lang)(found)
        sys.exit(found.exit_code)
    return found


def teller(lang: Any, otherwise: str = "") -> Callable[[Result], None]:
    """Return what tells a result on standard error: what was found and what was written.

    ``otherwise`` names what is said of a file of which nothing was made.
    """
    from workbook.output.text import block
    from workbook.output.vocabulary import WORDS

    words, amount = WORDS[lang].get(otherwise, ""), telling().amount

    def tell(result: Result) -> None:
        click.echo(block(result, lang, columns(sys.stderr), words, **amount), nl=False, err=True)

    return tell


def write_each(
    job: Callable[[Task, Options], Result], found: Found, options: Options, jobs: Jobs, otherwise: str = ""
) -> NoReturn:
    """Do a job that writes a file for each input, tell each as it comes, and leave with the worst exit code."""
    tally = follow(job, found, options, jobs, teller(options.lang, otherwise))
    close(tally, options.lang)


def to_output(
    job: Callable[[Task, Options], Result], found: Found, options: Options, jobs: Jobs, otherwise: str = ""
) -> NoReturn:
    """Do a job with each input, and write what it makes to standard output."""
    tell = teller(options.lang, otherwise)

    def deliver(_task: Task, result: Result, _options: Options) -> Result:
        if not result.data:
            return result
        printed(result.data)
        return replace(result, data=b"", written="-")

    def told(result: Result) -> None:
        tell(replace(result, written=None))

    close(follow(job, found, options, jobs, told, deliver=deliver), options.lang)


def to_lines(
    job: Callable[[Task, Options], Result],
    found: Found,
    output: Path,
    options: Options,
    jobs: Jobs,
    otherwise: str = "",
) -> NoReturn:
    """Do a job with each input, and write what it makes as lines of one file."""
    from workbook.files import shown
    from workbook.jobs.lines import BrokenOffError, BusyError, Lines, OtherVersionError
    from workbook.output.vocabulary import WORDS

    refuse(output, force=options.force)
    part, tell = Lines.part_of(output), teller(options.lang, otherwise)
    try:
        begun = misuse("{name} exists; give --resume to go on, or --force to begin anew", name=shown(part))
        with writing(part, begun):
            lines = Lines(output, options)
    except OtherVersionError as error:
        raise misuse("{name} has documents of version {version}", name=shown(part), version=error) from error
    except BusyError as error:
        raise misuse("another run is writing {name}", name=shown(part)) from error
    with closing(lines.file):
        try:
            tally = follow(
                job,
                found,
                lines.options,
                jobs,
                lambda result: tell(replace(result, written=None)),
                deliver=lines.deliver,
            )
        except BrokenOffError as error:
            raise misuse("{name} cannot be written to the end: {reason}", name=shown(part), reason=error) from error
        appeared = misuse("{name} exists; what was made is in {part}", name=shown(output), part=shown(part))
        with writing(output, appeared):
            if lines.finish():
                say(WORDS[options.lang]["written"].format(shown(output)))
    close(tally, options.lang)


def printed(data: bytes) -> None:
    """Write to standard output at once."""
    click.echo(data, nl=False)
    sys.stdout.flush()


def close(tally: Tally, lang: Any) -> NoReturn:
    """Tell how many files came out how and how many were written, and leave."""
    from workbook.output.text import closing as ending

    if telling().summary:
        click.echo(ending(tally, lang, **telling().amount), nl=False, err=True)
    elif len(tally.lines) > 1:
        say(tally.say(lang, writes=True))
    leave(tally)


def columns(stream: TextIO) -> int:
    """Return the width of the terminal that a stream is; 0 where it is none."""
    if not stream.isatty():
        return 0
    import shutil

    return shutil.get_terminal_size().columns


def leave(tally: Tally) -> NoReturn:
    """Leave with the worst exit code; where the kit itself failed, tell where the log is."""
    say(unshown(tally.unshown))
    if others := unfitting(tally.waivers):
        words = gettext.gettext("Waivers of which no report was among the files ({}): {}")
        say(words.format(len(others), " ".join(others[:_NAMES]) + (" …" if len(others) > _NAMES else "")))
    if tally.faults:
        failed(tally.faults, gettext.gettext("files: {count}").format(count=len(tally.faults)))
    sys.exit(tally.exit_code)

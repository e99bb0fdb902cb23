"""Where correction notices go, and what is told of them."""

from __future__ import annotations

import gettext
from functools import partial
from typing import TYPE_CHECKING, Any

from workbook.cli.language import misuse
from workbook.cli.runner import coded, refuse, spare
from workbook.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workbook.jobs.result import Options, Result, Task
    from workbook.jobs.search import Found


def noticing(
    paths: Sequence[Path], date: str | None, found: Found, against: Path, output: Path | None, options: Options
) -> tuple[Callable[[Task, Options], Result], Callable[[Task, Result, Options], Result]]:
    """Return the job that compares and makes notices, and what writes them; what cannot be written is refused here.

    Args:
        paths: the files that are asked for, or one folder.
        date: the day under the name of the office, as it was typed.
        found: the inputs.
        against: the file or folder that they are compared with.
        output: where else something is written.
        options: the switches.
    """
    from workbook.jobs.deliver import deliver as usual
    from workbook.jobs.search import previous_files
    from workbook.publish.deliver import Guard
    from workbook.publish.notice_files import ENDINGS
    from workbook.publish.notice_job import NoticeDelivery, Noticing, notice_file

    others = previous_files(against)
    endings = tuple(ENDINGS)
    if not _is_folder(paths, found):
        endings = tuple(dict.fromkeys(path.suffix.lower() for path in paths))
        _vet(paths, [output] if output else [], found, others, force=options.force)
    deliver = NoticeDelivery(paths, Guard(found.tasks, others), partial(_tell, options=options))
    return partial(notice_file, Noticing(endings, _day(date))), lambda task, result, options: deliver(
        task, usual(task, result, options), options
    )


def _is_folder(paths: Sequence[Path], found: Found) -> bool:
    """Say whether notices go into a folder; refuse what is neither that nor files."""
    from workbook.files import is_folder, shown
    from workbook.publish.notice_files import ENDINGS

    if len(paths) == 1 and is_folder(paths[0]):
        return True
    for path in paths:
        known = path.suffix.lower() in ENDINGS and not is_folder(path)
        if not found.is_one and (known or len(paths) > 1):
            raise misuse("{name}: notices of many reports go into one folder", name=shown(path))
        if found.is_one and not known:
            raise misuse("{name} must end in {endings}", name=shown(path), endings=", ".join(ENDINGS))
    return not found.is_one


def _vet(paths: Sequence[Path], outputs: Sequence[Path], found: Found, others: Sequence[Path], *, force: bool) -> None:
    from workbook.files import shown
    from workbook.jobs.targets import would_harm

    taken = list(outputs)
    for path in paths:
        spare(path, found.tasks, others)
        refuse(path, force=force)
        if would_harm(path, taken):
            raise misuse("{name} is named twice as an output", name=shown(path))
        taken.append(path)


def _day(asked: str | None) -> str | None:
    from workbook.publish.day import day

    try:
        return None if asked is None else day(asked)
    except ValueError as error:
        raise misuse("{date} is no day; write it as 2026-01-20", date=asked) from error


def _tell(written: Sequence[Path], result: Result, told: Sequence[dict[str, Any]], options: Options) -> None:
    from workbook.files import shown
    from workbook.output.vocabulary import WORDS

    for path in written:
        say(WORDS[options.lang]["written"].format(shown(path)))
    for finding in told:
        say(coded(finding, options.lang), wrong=True)
        say(f"      → {finding['hint']}", wrong=True)
    if not written and not told:
        say(gettext.gettext("{file}: nothing is to be corrected; no notice was written").format(file=result.file))

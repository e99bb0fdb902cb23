"""One job a pair of files: are they the same, and if not, the correction notice; and where it is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from workbook.exits import FAULTY, MISUSE
from workbook.files import is_folder
from workbook.jobs.names import fitting
from workbook.jobs.result import Result
from workbook.jobs.verify import compared
from workbook.publish.deliver import Guard, unlike
from workbook.publish.names import stem_of
from workbook.publish.notice import notice
from workbook.publish.notice_files import ENDINGS, write_notice
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbook.jobs.result import Options, Task

_NAME = "-更正说明"


@dataclass(frozen=True)
class Noticing:
    """What notices are wanted: their endings, and the day under the name of the office as it is printed."""

    endings: tuple[str, ...] = tuple(ENDINGS)
    date: str | None = None


@dataclass(frozen=True)
class Noticed(Result):
    """The result of a comparison with the notice by endings, or what is found that there is none for.

    Without either nothing is to be corrected. ``stem`` is what notices of the report are called.
    """

    stem: str = ""
    notices: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    refused: tuple[dict[str, Any], ...] = ()

    def named(self, number: int) -> Iterator[tuple[str, bytes]]:
        """Yield the files with their names; ``number`` tells apart notices of one office and year."""
        for ending, data in self.notices:
            yield fitting(self.stem, (f"-{number}" if number > 1 else "") + ending), data


def notice_file(how: Noticing, task: Task, options: Options) -> Result:
    """Compare as ``verify`` does, and make the notice of what differs."""
    result, published, right = compared(task, options)
    if published is None or right is None:
        return result
    about = {name: getattr(result, name) for name in result.__dataclass_fields__}
    stem = stem_of(right, task.source.stem) + _NAME
    try:
        made = notice(published, right, how.date)
        files = tuple((ending, write_notice(made, ending)) for ending in how.endings) if made else ()
        return Noticed(**about, stem=stem, notices=files)
    except Unreadable as refusal:
        return Noticed(**about, stem=stem, refused=tuple(each.as_dict(options.lang) for each in refusal.findings))


_Tell: TypeAlias = "Callable[[Sequence[Path], Result, list[dict[str, Any]]], None]"


class NoticeDelivery:
    """Writes the notices of a run: to the files that are named, or of many reports into a folder."""

    def __init__(self, paths: Sequence[Path], guard: Guard, tell: _Tell) -> None:
        """Deliver to files, or into a folder; ``tell`` is told what was written and what was found on the way."""
        self._paths, self._guard, self._tell = tuple(paths), guard, tell
        self._taken: set[str] = set()

    def __call__(self, _task: Task, result: Result, options: Options) -> Result:
        """Return the result with its notice written; where it should have one and has not, that fails."""
        if not isinstance(result, Noticed) or result.is_skipped:
            return result
        written, failed = self._guard.write(self._files(result), force=options.force)
        told = [*result.refused, *(finding.as_dict(options.lang) for finding in failed)]
        self._tell(written, result, told)
        code = max(result.exit_code, MISUSE if failed else FAULTY if told else 0)
        return replace(result, notices=(), refused=(), exit_code=code)

    def _files(self, result: Noticed) -> dict[Path, bytes]:
        if not self._is_folder():
            by_ending = dict(result.notices)
            return {path: by_ending[path.suffix.lower()] for path in self._paths} if by_ending else {}
        return unlike(self._paths[0], result.named, self._taken) if result.notices else {}

    def _is_folder(self) -> bool:
        return len(self._paths) == 1 and (is_folder(self._paths[0]) or self._paths[0].suffix.lower() not in ENDINGS)

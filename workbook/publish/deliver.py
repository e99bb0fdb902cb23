"""Writes what is published of the reports of a run: no two into one name, none over an input, each file whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.exits import FAULTY, MISUSE
from workbook.files import load, make_folder, save, shown
from workbook.intake.regular import NotRegularError
from workbook.jobs.names import alike
from workbook.jobs.passed_over import is_made_by_kit
from workbook.jobs.result import Result
from workbook.jobs.targets import would_harm
from workbook.publish.names import named
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from workbook.jobs.result import Options, Task
    from workbook.report import Finding


@dataclass(frozen=True)
class Published(Result):
    """The result of a report that is published: its ``files`` by form, each with its parts, and their common name."""

    stem: str = ""
    files: tuple[tuple[str, tuple[tuple[str, bytes], ...]], ...] = field(default=(), repr=False)

    def named(self, number: int) -> Iterator[tuple[str, bytes]]:
        """Yield the files with their names; ``number`` tells apart reports of one office and year."""
        for form, parts in self.files:
            names = named(self.stem, form, tuple(key for key, _ in parts), number)
            yield from zip(names, (data for _, data in parts), strict=True)


_INPUT = ("不能覆盖输入的文件", "an input is not written over")
_EXISTS = ("已有这个文件", "the file exists")
_SPECIAL = (
    "那里不是普通文件，是文件夹、管道或设备",
    "what stands there is no ordinary file but a folder, a pipe or a device",
)
_FORCE = ("换一个文件夹，或加 --force 覆盖。", "Choose another folder, or give --force.")
_ELSEWHERE = ("换一个文件夹。", "Choose another folder.")
_LOOK = (
    "检查文件夹、写入权限和磁盘空间，再运行一次。",
    "Check the folder, its permissions and the free space; run it again.",
)


class Delivery:
    """Writes what is published of each report of a run into one folder, no two into one name, none over an input."""

    def __init__(self, folder: Path, tasks: Sequence[Task], others: Sequence[Path] = ()) -> None:
        """Deliver into a folder what is made of tasks; ``others`` are files that the run reads besides."""
        self._folder = folder
        self._guard = Guard(tasks, others)
        self._taken: set[str] = set()

    def __call__(self, _task: Task, result: Result, options: Options) -> Result:
        """Return the result with its files written, and for each that could not be a finding that says why.

        Where one would take the place of a file, none of the report is written.
        """
        if not isinstance(result, Published) or not result.files or result.is_skipped:
            return result
        written, failed = self._guard.write(self._named(result), force=options.force)
        told = [finding.as_dict(options.lang) for finding in failed]
        code = max(result.exit_code, MISUSE, FAULTY) if failed else result.exit_code
        names = "、".join(map(shown, written)) or None
        return replace(result, files=(), written=names, exit_code=code, findings=[*result.findings, *told])

    def _named(self, result: Published) -> dict[Path, bytes]:
        return unlike(self._folder, result.named, self._taken)


def unlike(folder: Path, named: Callable[[int], Iterable[tuple[str, bytes]]], taken: set[str]) -> dict[Path, bytes]:
    """Return files with names in a folder that are not taken yet, and take them.

    ``named`` gives the files with their names for a number, 1 first.
    """
    for number in count(1):
        files = dict(named(number))
        keys = {alike(name) for name in files}
        if taken.isdisjoint(keys):
            taken |= keys
            return {folder / name: data for name, data in files.items()}
    raise AssertionError


class Guard:
    """Writes files, each whole or not at all, and none over a file that a run reads."""

    def __init__(self, tasks: Sequence[Task], others: Sequence[Path] = ()) -> None:
        """Guard what tasks read; ``others`` are files that the run reads besides."""
        self._inputs = (*others, *(task.source for task in tasks))
        self._found = tuple(task.source for task in tasks if task.root)

    def write(self, files: Mapping[Path, bytes], *, force: bool) -> tuple[list[Path], list[Finding]]:
        """Return which files were written, and of each other one why not; a disk may fill, a folder be closed."""
        if harmed := next((path for path in files if self._harms(path)), None):
            return [], [_unwritten(harmed, _INPUT, _ELSEWHERE)]
        if not force and (there := next((path for path in files if path.exists()), None)):
            return [], [_unwritten(there, _EXISTS, _FORCE)]
        written, failed = [], []
        for path, data in files.items():
            try:
                make_folder(path.parent)
                save(path, data, force=force)
                written.append(path)
            except FileExistsError:  # it came at the last moment
                failed.append(_unwritten(path, _EXISTS, _FORCE))
            except NotRegularError:
                failed.append(_unwritten(path, _SPECIAL, _ELSEWHERE))
            except OSError as error:
                reason = error.strerror or str(error)
                failed.append(_unwritten(path, (reason, reason), _LOOK))
        return written, failed

    def _harms(self, path: Path) -> bool:
        """Say whether an input would be written over; what a run before published is none."""
        return would_harm(path, self._inputs) and not (would_harm(path, self._found) and _is_ours(path))


def _unwritten(path: Path, reason: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
    return make_finding("file.not_written", file=shown(path.name), **words)


def _is_ours(path: Path) -> bool:
    try:
        return is_made_by_kit(path, load(path))
    except Unreadable:
        return False

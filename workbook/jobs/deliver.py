"""Writes what a job made to its place; an input is never overwritten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.exits import MISUSE
from workbook.files import make_folder, read, save, shown
from workbook.intake.regular import NotRegularError
from workbook.jobs.names import is_fit
from workbook.report import Unreadable, content_digest, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook.jobs.result import Options, Result, Task
    from workbook.report import Finding

_OTHER_NAME = ("换一个文件名。", "Choose another name.")
_OTHER_NAME_OR_FORCE = ("换一个文件名，或加 --force 覆盖。", "Choose another name, or give --force.")
_UNFIT = ("这个名字不是每个系统都能用", "not every system takes that name")
_TWIN = ("在 Windows、macOS 上和另一个名字分不开", "Windows and macOS do not tell that name from another")
_SPECIAL = ("那里不是普通文件，是管道或设备", "what stands there is no ordinary file but a pipe or a device")
_LOOK_AT_FOLDER = ("检查文件夹、写入权限和磁盘空间。", "Check the folder, its permissions and the free space.")


def deliver(task: Task, result: Result, options: Options) -> Result:
    """Return the result with what was made written to its place; where the task has none, it is kept for whoever asked.

    What could not be written is a finding.
    """
    if task.to is None or result.data is None:
        return result
    reason, remedy = ("不能覆盖输入的文件", "an input would be overwritten"), _OTHER_NAME
    if not (task.overwrites_input or any(not _is_idle(path, task.source) for path in task.overwrites_found)):
        try:
            make_folder(task.to.parent)
            save(task.to, result.data, force=options.force)
            return replace(result, data=None, written=shown(task.to)).with_findings(_renamed(task), options)
        except FileExistsError:
            reason, remedy = ("已有这个文件", "the file exists"), _OTHER_NAME_OR_FORCE
        except NotRegularError:
            reason, remedy = _SPECIAL, _OTHER_NAME
        except OSError as error:
            reason, remedy = (error.strerror or str(error),) * 2, _LOOK_AT_FOLDER
    words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
    finding = make_finding("file.not_written", file=shown(task.to.name), **words).as_dict(options.lang)
    return replace(result, data=None, exit_code=max(result.exit_code, MISUSE), findings=[*result.findings, finding])


def _renamed(task: Task) -> Iterator[Finding]:
    """Yield that an output is not called after its input, and why."""
    wanted, to = task.instead_of, task.to
    if wanted is None or to is None:
        return
    here = wanted.parent == to.parent
    why = _TWIN if here and is_fit(wanted.name) else _UNFIT
    first, name = (wanted.name, to.name) if here else (wanted, to)
    yield make_finding("file.renamed", file=shown(first), name=shown(name), reason=why[0], reason_en=why[1])


def _is_idle(path: Path, source: Path) -> bool:
    """Say whether a file that is to be replaced is a marked copy of another file that nobody changed."""
    try:
        report = read(path)
        return path != source and content_digest(report) in report.copy_of
    except Unreadable:
        return False

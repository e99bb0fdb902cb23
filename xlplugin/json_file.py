"""JSON out of the saved workbook, and JSON into the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import workbook
from workbook.jobs.deliver import deliver
from workbook.jobs.file import convert_file
from workbook.jobs.result import Options, Task
from xlplugin.excel import Refusal
from xlplugin.talk import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from workbook.report import Report
    from workbook.report.fold import Cause
    from xlplugin.talk import Talk

_SHOWN = 5  # errors that a message names


def export(path: Path | None, causes: Iterable[Cause]) -> Talk:
    """Write the JSON document beside the saved workbook, the same as ``nianbao convert`` makes; return what to say.

    Args:
        path: the file of the workbook, ``None`` where it is not saved.
        causes: what is wrong with the report.

    Raises:
        Refusal: the workbook is not saved, or has errors, or the document cannot be written.
    """
    if path is None:
        raise Refusal("工作簿有未保存的改动，或者还没有保存到本机。请先保存，再点“导出 JSON”。")
    errors = [cause.message("zh") for cause in causes if cause.status == "error"]
    if errors:
        raise Refusal(
            f"有 {len(errors)} 处错误，没有导出：\n\n{named(errors)}\n\n改正并保存后再导出；点“校验”可看全部。"
        )
    target = path.with_suffix(".json")
    if target.exists() and not (yield Ask(f"“{target.name}”已存在，要换成新的吗？")):
        return None
    task, options = Task(path, target), Options(force=True)
    result = deliver(task, convert_file(task, options), options)
    if result.written is None:
        raise Refusal(f"没有导出：\n\n{named([item['message'] + item['hint'] for item in result.findings])}")
    return f"已导出“{target.name}”，与工作簿在同一文件夹。"


def document(path: Path, edition: str) -> Report:
    """Return the report in a JSON document for a workbook of an edition.

    Raises:
        Refusal: it is of another edition.
        Unreadable: it cannot be read.
    """
    report = workbook.read(path)
    if report.edition != edition:
        other = f"请先用“新建年报”打开 {report.edition} 版，再导入。"
        raise Refusal(f"“{path.name}”是 {report.edition} 版的报告，当前工作簿是 {edition} 版。{other}")
    return report


def named(messages: Sequence[str]) -> str:
    """List messages, as many as fit on a screen."""
    more = [f"……另有 {len(messages) - _SHOWN} 处"] if len(messages) > _SHOWN else []
    return "\n".join(f"· {line}" for line in [*messages[:_SHOWN], *more])

"""Standard input as a file: ``-`` among the inputs."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cli.help import DASH, FilePath
from workbook.cli.language import misuse, spoken

if TYPE_CHECKING:
    from workbook.jobs.result import Task
    from workbook.jobs.search import Found

_NAMES = {"zh": "标准输入", "en": "standard input"}


class Input(FilePath):
    """The path of an input; ``-`` is standard input, and ``./-`` a file of that name."""

    def __init__(self) -> None:
        super().__init__(allow_dash=True)


def with_standard_input(found: Found, *, beside: bool = False) -> Found:
    """Return what there is to do, with what stands on standard input where it is one of them.

    ``beside`` says that outputs go beside their inputs, where that of standard input has no place.

    Raises:
        click.UsageError: it is named more than once, or its output has no name.
    """
    given = [task for task in found.tasks if task.source == DASH]
    if len(given) > 1:
        raise misuse("standard input can be read only once")
    if given and beside:
        raise misuse("standard input lies in no folder; name the output with -o")
    tasks = [each for task in found.tasks for each in (_read(task) if task.source == DASH else [task])]
    return replace(found, tasks=tasks, is_one=found.is_one and len(tasks) == 1)


def _read(task: Task) -> list[Task]:
    """Return the task with what stands on standard input; one a line where that is documents a line."""
    from workbook.intake.archive import too_large
    from workbook.intake.limits import FILE_LIMIT

    name = _NAMES[spoken()]
    stream = sys.stdin.buffer if sys.stdin else io.BytesIO()
    data = stream.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        refusal = too_large(name, f"超过 {FILE_LIMIT} 字节", f"more than {FILE_LIMIT} bytes", FILE_LIMIT)
        return [replace(task, source=Path(name), refused=refusal.findings[0])]
    lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    if len(lines) > 1 and _is_document(lines[0][1]):
        return [replace(task, source=Path(f"{name}#{number}"), data=line) for number, line in lines]
    return [replace(task, source=Path(name), data=data)]


def _is_document(line: bytes) -> bool:
    """Say whether a line is a JSON object by itself."""
    import json

    try:
        return line.lstrip().startswith(b"{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False

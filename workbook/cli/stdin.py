"""Standard input as a file: ``-`` among the inputs."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import FilePath
from workbook.cli.language import misuse, spoken

if TYPE_CHECKING:
    from workbook.jobs.result import Task
    from workbook.jobs.search import Found

DASH = Path("-")
_NAMES = {"zh": "标准输入", "en": "standard input"}


class Input(FilePath):
    """The path of an input; ``-`` is standard input, and ``./-`` a file of that name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, which is ``DASH`` for standard input alone."""
        path = super().convert(value, param, ctx)
        return Path.cwd() / path if path == DASH and str(value) != str(DASH) else path


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
    return replace(found, tasks=[_read(task) if task.source == DASH else task for task in found.tasks])


def _read(task: Task) -> Task:
    from workbook.intake.archive import too_large
    from workbook.intake.limits import FILE_LIMIT

    name = _NAMES[spoken()]
    stream = sys.stdin.buffer if sys.stdin else io.BytesIO()
    data = stream.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        refusal = too_large(name, f"超过 {FILE_LIMIT} 字节", f"more than {FILE_LIMIT} bytes", FILE_LIMIT)
        return replace(task, source=Path(name), refused=refusal.findings[0])
    return replace(task, source=Path(name), data=data)

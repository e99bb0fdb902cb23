"""A check code that was typed from paper, beside the report that it should be of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.jobs.file import result_of
from workbook.jobs.verify import read_for_comparison
from workbook.publish.code import check_code
from workbook.report import make_finding

if TYPE_CHECKING:
    from workbook.jobs.result import Options, Result, Task


def verify_code(code: str, task: Task, options: Options) -> Result:
    """Say whether the report in a file has a check code; ``code`` is its digits."""
    report, refusal = read_for_comparison(task, options)
    if report is None:
        return refusal
    own = check_code(report)
    same = own.replace(" ", "") == code
    found = () if same else (make_finding("differs.code", "code", said=_in_fours(code), own=own),)
    return result_of(task, options, report, found)


def _in_fours(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))

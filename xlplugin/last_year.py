"""Last year's report of the own office, looked for in the folder that the user named; Excel waits, so not for long."""

from __future__ import annotations

import os
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from workbook.files import is_folder
from workbook.jobs.file import index_file
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options
from workbook.jobs.run import run
from workbook.jobs.search import search
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook.jobs.prior_year import PriorReport
    from workbook.report import Report

MOST = 500
"""Files and folders that a folder may hold with those below it."""
SECONDS = 20.0
"""How long files are read: Excel gives a call up after about 60."""

_BY_HAND = "请点“载入上年”自己选。"


@dataclass(frozen=True)
class Found:
    """Last year's report and its file; or why there is none, in ``words``."""

    report: Report | None = None
    path: Path | None = None
    words: str = ""


def find(report: Report, folder: Path) -> Found:
    """Return last year's report of an office: of its name or credit code, of the year before.

    Args:
        report: this year's, of which office and year are looked at.
        folder: where last year's reports lie, in folders below it too.
    """
    name = f"上年年报的文件夹“{folder}”"
    if not is_folder(folder):
        return Found(words=f"{name}打不开，没有填上年结转。请点“我的机关”改正，或点“载入上年”自己选。")
    begun = time.monotonic()
    if len(list(islice(_entries(folder), MOST + 1))) > MOST:
        return Found(words=f"{name}里的文件和文件夹超过 {MOST} 个，没有在里面找上年的年报。{_BY_HAND}")
    known, unreadable = [], 0
    with closing(run(index_file, search([folder]).tasks, Options(), 1)) as results:
        for result in results:
            if time.monotonic() - begun > SECONDS:
                return Found(words=f"{name}里的文件 {SECONDS:.0f} 秒没有读完，没有填上年结转。{_BY_HAND}")
            known += [result.known] if result.known else []
            unreadable += not result.known and not result.is_skipped
    return _chosen(report, folder, known, unreadable)


def _chosen(report: Report, folder: Path, known: list[PriorReport], unreadable: int) -> Found:
    try:
        noted, previous = PriorReports.in_folder(folder, known, unreadable).beside(report)
    except Unreadable as refusal:
        return Found(words=f"{refusal.findings[0].message()}{_BY_HAND}")
    if previous is None or previous.source is None:
        return Found(words=f"{noted.reader_findings[-1].message()}{_BY_HAND}")
    path = next(item.path for item in known if item.sha256 == previous.source.sha256)
    return Found(previous, path)


def _entries(folder: Path) -> Iterator[str]:
    for _, folders, files in os.walk(folder):
        yield from (*folders, *files)

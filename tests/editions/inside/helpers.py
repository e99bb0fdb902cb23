"""What the facts use of the other tests' helpers: they come from here and nowhere else."""

from __future__ import annotations

from contextlib import chdir
from typing import TYPE_CHECKING

from browser import chromium
from cases import fitting, from_figures
from cases import sound as base
from click.testing import CliRunner
from command import Run
from engine.sheets import spreadsheet
from engine.user import User
from formulas import put
from noise import BESIDE, NOISES, SHAPES, WRITTEN, paper
from office import Office
from published import CARRIERS as PUBLISHED
from published import PRINTED, delimited, page, title
from results import checked
from silence import silent
from uneven import FAULTS, SPREAD, changed_page

from workbook.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CARRIERS = {**PUBLISHED, "csv": lambda report: delimited(report).encode()}
"""What makes a file of each kind in which a report is published."""

__all__ = [
    "BESIDE",
    "CARRIERS",
    "FAULTS",
    "NOISES",
    "PRINTED",
    "SHAPES",
    "SPREAD",
    "WRITTEN",
    "Office",
    "User",
    "base",
    "changed_page",
    "checked",
    "chromium",
    "fitting",
    "from_figures",
    "nianbao",
    "page",
    "paper",
    "put",
    "silent",
    "spreadsheet",
    "title",
]


def nianbao(*arguments: str, cwd: Path) -> Run:
    """Run the command in this process, which knows the kit of the tree."""
    with chdir(cwd):
        done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Run(done.exit_code, done.stdout_bytes, done.stderr)

"""Reports of the edition that was added, sound and broken."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from helpers import base, from_figures
from trees import EDITION, HERE

import workbook
from workbook.report import Report

if TYPE_CHECKING:
    from workbook.form import Equation
    from workbook.report import Number, Value

CHOICE = "上级机关网站"
"""What the cover shows of the sound base's answer to the question with choices."""


@cache
def sound() -> Report:
    """Return the sound base of the made-up edition."""
    return from_figures(tomllib.loads((HERE / EDITION / "sound.toml").read_text(encoding="utf-8")))


@cache
def sound_book() -> bytes:
    """Return the workbook of the sound base."""
    return workbook.write(sound())


@cache
def copied() -> Report:
    """Return the sound base of 2021 as one of its copy, which covers no year before its own."""
    old = base("2021")
    return Report(EDITION, int(EDITION), old.body, old.cells, old.narrative)


def broken(report: Report, equation: Equation) -> Report:
    """Return a report in which the first number on the left of an equation is the least that breaks it."""
    (first, sign), *others = equation.left
    assert sign == 1
    right = sum(_number(report.cells[key]) * sign for key, sign in equation.right)
    return report.with_cells({first: right - sum(_number(report.cells[key]) * sign for key, sign in others) + 1})


def at_rest(report: Report, equation: Equation) -> Report:
    """Return a report in which both sides of an equation are equal, by the first number on its left."""
    wrong = broken(report, equation)
    first = equation.left[0][0]
    return wrong.with_cells({first: _number(wrong.cells[first]) - 1})


def _number(value: Value) -> Number:
    assert isinstance(value, int | Decimal)
    return value


def equation(code: str, at: str) -> Equation:
    """Return the equation of a rule for one line."""
    return next(item for item in workbook.load_form(EDITION).equations() if (item.code, item.at.key) == (code, at))

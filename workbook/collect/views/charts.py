"""Small charts as numbers that templates draw: shares of a bar, columns of days. The style has colours."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect.hand import BEIJING
from workbook.collect.standing import State
from workbook.collect.views.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook.collect.standing import Standing
    from workbook.collect.views.tree import Counts
    from workbook.report import Lang

WIDTH = 1000
"""Units that a chart is wide."""
HEIGHT = 100
"""Units that the columns of days are high."""
_MOST_COLUMNS, _FEWEST = 90, 7
_ORDER = (
    State.ACCEPTED,
    State.NEWER,
    State.CORRECTED,
    State.RECEIVED,
    State.RETURNED,
    State.UNCORRECTED,
    State.MISSING,
    State.OVERDUE,
)
"""How states follow each other in a bar: what is done first, what is worst last."""


@dataclass(frozen=True)
class Bar:
    """A piece of a chart: what it stands for, where it begins and how large it is."""

    key: str
    title: str
    x: float
    width: float
    height: float = HEIGHT


def in_order(counts: Counts) -> list[tuple[State, int]]:
    """Return the states that occur in the order of a bar, then what is not due, each with how many units have it."""
    return [(state, counts.states[state]) for state in (*_ORDER, State.WAIVED) if counts.states[state]]


def shares(counts: Counts, lang: Lang) -> list[Bar]:
    """Return the pieces of a bar of everyone expected, by state; none where nobody is."""
    bars: list[Bar] = []
    before = 0
    for state in _ORDER:
        number = counts.states[state]
        if number:
            left, right = (round(at * WIDTH / counts.expected, 2) for at in (before, before + number))
            bars.append(Bar(state.key, f"{state.word(lang)} {number}", left, round(right - left, 2)))
            before += number
    return bars


@dataclass(frozen=True)
class Days:
    """Columns of the days on which units reported first.

    Args:
        bars: the columns from the first day on.
        first, last: the days at the ends.
        due: the day on which most reports are due, and where it ends in the chart; ``None`` where it is not in it.
        told: the chart in words.
    """

    bars: tuple[Bar, ...]
    first: dt.date
    last: dt.date
    due: tuple[dt.date, float] | None
    told: str


def days(standings: Sequence[Standing], lang: Lang) -> Days | None:
    """Return how many units reported first on which day; ``None`` where too few days are to be seen."""
    came = Counter(standing.first.astimezone(BEIJING).date() for standing in standings if standing.first)
    due = _usual(standing.due for standing in standings)
    if not came:
        return None
    first = min(came)
    last = max(*came, due) if due and first <= due <= max(came) + dt.timedelta(_MOST_COLUMNS) else max(came)
    span = (last - first).days + 1
    if span < _FEWEST:
        return None
    step = -(-span // _MOST_COLUMNS)
    columns = -(-span // step)
    wide = WIDTH / columns
    heights = Counter[int]()
    for day, number in came.items():
        heights[(day - first).days // step] += number
    most = max(heights.values())
    bars = tuple(
        Bar("", _titled(first, column, step, heights[column]), round(column * wide, 2), round(wide, 2),
            round(heights[column] * HEIGHT / most, 2))
        for column in sorted(heights)
    )  # fmt: skip
    line = (due, round(((due - first).days // step + 1) * wide, 2)) if due and first <= due <= last else None
    busiest = max(came, key=lambda day: (came[day], day))
    told = WORDS[lang]["chart_days"].format(
        days=len(came), units=came.total(), most=busiest.isoformat(), count=came[busiest]
    )
    return Days(bars, first, last, line, told)


def _titled(first: dt.date, column: int, step: int, number: int) -> str:
    start = first + dt.timedelta(column * step)
    end = start + dt.timedelta(step - 1)
    return f"{start}: {number}" if step == 1 else f"{start} – {end}: {number}"


def _usual(dates: Iterable[dt.date | None]) -> dt.date | None:
    """Return the date that occurs most often, the earliest of several."""
    known = Counter(date for date in dates if date)
    return min(known, key=lambda date: (-known[date], date)) if known else None

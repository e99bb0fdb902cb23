"""Who acts and what time it is: the one place that person and clock come from, so that tests set them."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.own import OwnError, load

if TYPE_CHECKING:
    from workbook.report import Body

CLOCK = "NIANBAO_NOW"
"""The variable that sets the clock: a time as ISO writes it."""
BEIJING = dt.timezone(dt.timedelta(hours=8), "UTC+8")
"""The one time of the whole country; offices put deadlines in it, wherever the machine thinks it stands."""


_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
"""A day as people write it."""


def now() -> dt.datetime:
    """Return the time in Beijing, in whole seconds.

    Raises:
        ValueError: the variable that sets the clock holds no time.
    """
    said = os.environ.get(CLOCK)
    return moment(said) if said else dt.datetime.now(BEIJING).replace(microsecond=0)


def moment(said: str) -> dt.datetime:
    """Return the time that a text names: a day, which is meant to its end, or a time of it.

    >>> str(moment("2026-01-31")), str(moment("2026-01-31 08:30"))
    ('2026-01-31 23:59:59+08:00', '2026-01-31 08:30:00+08:00')

    Raises:
        ValueError: it names none.
    """
    said = said.strip()
    day = _DAY.fullmatch(said)
    if day:
        said = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    time = dt.datetime.fromisoformat(said).replace(microsecond=0)
    if day or len(said) <= len("2026-01-31"):
        time = time.replace(hour=23, minute=59, second=59)
    return time.astimezone(BEIJING) if time.tzinfo else time.replace(tzinfo=BEIJING)


EVER = "9999"
"""Behind all times that are stored."""


def stored(time: dt.datetime) -> str:
    """Return a time as the store keeps it: texts of it sort as the times do."""
    return time.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class Hand:
    """Who acts, and why.

    Args:
        by: the person's name.
        reason: why it is done; empty where nothing was said.
    """

    by: str
    reason: str = ""


def whose(name: str | None = None) -> str:
    """Return the name of who acts: the one that is given, else that of 我的机关, else the system's user."""
    if name and name.strip():
        return name.strip()
    with suppress(OwnError):
        if known := load().by:
            return known
    try:
        return getpass.getuser()
    except (OSError, ImportError, KeyError):
        return ""


def own_office() -> Body | None:
    """Return the user's own office as 我的机关 has it, where anything was said of it."""
    try:
        return load().body
    except OwnError:
        return None

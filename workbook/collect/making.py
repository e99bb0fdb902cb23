"""A collection is made: from a register, or from last year's collection, whose register and reports it takes over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect import registers
from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import now
from workbook.collect.store import Store, create

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from workbook.collect.hand import Hand
    from workbook.report import Finding, Lang

_NEW_YEAR = 7
"""The month from which on a collection that is made is one for the year that is running."""


@dataclass(frozen=True)
class Made:
    """A collection that was made: how many units there are, how many are expected, for which year; what was found."""

    units: int
    expected: int
    year: int
    findings: tuple[Finding, ...] = ()


def make(register: Path, folder: Path, year: int | None, hand: Hand, lang: Lang) -> Made:
    """Make a collection from a register.

    Raises:
        WrongRegisterError: the register has mistakes; nothing was made.
        CollectionExistsError: there is something in the folder.
        OSError: it cannot be made.
    """
    _, read = registers.read(register)
    create(folder)
    with changing(folder, hand, lang) as change:
        change.begin(year or registers.year_of_dates(read) or usual_year(now()))
        taken = change.register(register)
    return _made(folder, taken.findings)


def make_from(last: Path, folder: Path, year: int | None, hand: Hand, lang: Lang) -> Made:
    """Make next year's collection from a collection: register, remembered names, the reports that counted.

    Raises:
        NoCollectionError, ForeignStoreError: there is none.
        CollectionExistsError: there is something in the folder.
        OSError: it cannot be made.
    """
    before = Store(last)
    try:
        of = registers.year_of(before)
        create(folder)
        with changing(folder, hand, lang) as change:
            change.begin(year or of + 1)
            change.take_over(before, of)
    finally:
        before.close()
    return _made(folder, ())


def usual_year(at: dt.datetime) -> int:
    """Return the report year that is collected at a time: from the summer on the running one, before it the last."""
    return at.year - (at.month < _NEW_YEAR)


def _made(folder: Path, findings: tuple[Finding, ...]) -> Made:
    collection = Collection(folder)
    try:
        year = collection.year()
        register = collection.register()
        return Made(len(register.units), len(register.expected(year)), year, findings)
    finally:
        collection.close()

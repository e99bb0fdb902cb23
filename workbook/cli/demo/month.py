"""January in the made-up county: received, late, wrong, returned, never come; then the sum of it."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from workbook.cli.demo.county import county
from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK, Hand, moment, now
from workbook.collect.letters import write_letters
from workbook.collect.making import make
from workbook.collect.rollup.explained import sentences
from workbook.collect.rollup.pages import render
from workbook.collect.views.pages import write_pages
from workbook.collect.views.status import overview
from workbook.excel.template.build import write
from workbook.files import save
from workbook.jobs.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workbook.cli.demo.county import County
    from workbook.cli.demo.show import Show
    from workbook.collect.change import Change

_BEGUN, _DUE, _SEEN = "2026-01-05 09:00", "2026-02-05", "2026-02-03 09:00"
"""When the collection is made, until when what is returned is to be corrected, when the pages are made."""


def collected(folder: Path, show: Show) -> dict[str, Path]:
    """Let the month pass in a folder, telling what happens; return what is worth looking at, by what it is."""
    status, rolled, letters = folder / "收报状况.html", folder / "汇总.html", folder / "退回"
    of = county()
    with show.doing():
        kept = _collect(of, folder, letters, show)
    with closing(Collection(kept)) as collection:
        with show.doing(), _at(_SEEN):
            found = overview(collection, of.year)
            write_pages(status, collection, found, show.lang)
        show.say("collected", of.name, found.counts.said(show.lang), status)
        letter = next(letters.glob("*.html"))
        show.say("letter", letter)
        _roll_up(collection, rolled, show)
    return {"status": status, "letter": letter, "rolled": rolled}


def _collect(of: County, folder: Path, letters: Path, show: Show) -> Path:
    """Make the collection, and let everything happen at its time; return where it is."""
    register, kept, mail = folder / "名册.csv", folder / "收报2025", folder / "来件"
    with _at(_BEGUN):
        save(register, of.register())
        make(register, kept, of.year, Hand(of.by), show.lang)
    mail.mkdir()
    for when, kind, unit in of.events():
        with _at(when), changing(kept, Hand(of.by, "已核实"), show.lang) as change:
            if kind == "came":
                file = mail / f"{of.units[unit]['name']}{of.year}年年报.xlsx"
                save(file, write(of.reports[unit]))
                for _ in change.add(search([file]).tasks, now(), of.year, 1):
                    pass
            else:
                _decide(change, kept, unit, letters if kind == "returned" else None, show)
    return kept


def _decide(change: Change, kept: Path, unit: str, letters: Path | None, show: Show) -> None:
    """Accept the newest report of a unit, or return it with a letter."""
    with closing(Collection(kept)) as collection:
        standing = collection.standing(unit)
        if standing.last is None:
            raise LookupError(f"the example decides on {unit} before anything came")
        if letters is None:
            change.accept(standing.last, (unit, standing.year))
        else:
            until = moment(_DUE).date()
            write_letters(collection, [standing], letters, until, show.lang)
            change.give_back(standing.last, (unit, standing.year), until)


def _roll_up(collection: Collection, rolled: Path, show: Show) -> None:
    """Sum the units up beside what the county filed, as a page; tell why the two differ."""
    with show.doing(), _at(_SEEN):
        summed = collection.rollup()
        filed = summed.filed_report()
        if filed is None:
            raise LookupError("the example has no report of the county itself")
        beside = summed.compare(filed)
        save(rolled, render(summed, beside, show.lang, rolled.parent))
    show.say("rolled", len(beside.own), rolled)
    for line in sentences(summed, beside.explanation, show.lang):
        show.plain(f"   · {line}")


@contextmanager
def _at(time: str) -> Iterator[None]:
    """Set the clock, so that the county's January is the same on every day that the demo is run."""
    before = os.environ.get(CLOCK)
    os.environ[CLOCK] = time
    try:
        yield
    finally:
        if before is None:
            del os.environ[CLOCK]
        else:
            os.environ[CLOCK] = before

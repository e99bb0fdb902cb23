"""What changes a collection: it is held meanwhile, and what was told is written."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.collect import decisions, erasing, recheck, registers, taking_over
from workbook.collect.assign import Matcher
from workbook.collect.bundle import pending
from workbook.collect.hand import own_office
from workbook.collect.lock import writing
from workbook.collect.receive import Delivery, Receiver
from workbook.collect.rollup import decided
from workbook.collect.store import Store
from workbook.collect.submitted import PriorYears
from workbook.form import edition_for, load_form
from workbook.jobs.result import Options
from workbook.report.values import Body
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from decimal import Decimal
    from pathlib import Path

    from workbook.collect.bundle.write import Exported
    from workbook.collect.hand import Hand
    from workbook.collect.receipt import Receipt
    from workbook.collect.recheck import Rechecked
    from workbook.collect.register import Register
    from workbook.collect.registers import Taken
    from workbook.collect.rollup.decided import Adjustment
    from workbook.collect.rollup.scope import Scope
    from workbook.collect.standing import Version
    from workbook.collect.versions import Key
    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Task
    from workbook.report import Lang


@contextmanager
def changing(folder: Path, hand: Hand, lang: Lang = "zh") -> Iterator[Change]:
    """Hold the collection of a folder, and hand out what changes it.

    Raises:
        BusyError: somebody else holds it.
        ForeignStoreError: what is there is no collection of this kit's.
        OSError: it cannot be written to.
    """
    with writing(folder, hand.by):
        store = Store(folder, writes=True)
        try:
            pending.settle(store)
            yield Change(store, hand, lang)
        finally:
            store.close()


class Change:
    """A collection that is held for writing; ``hand`` is who changes it, and why."""

    def __init__(self, store: Store, hand: Hand, lang: Lang) -> None:
        """Take what ``changing`` opened; findings are kept in the language that is given."""
        self._store, self.hand, self._lang = store, hand, lang

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all decisions inside at once, or none of them."""
        with self._store.transaction():
            yield

    def begin(self, year: int) -> None:
        """Note the report year that a new collection is for, where its register says none that is later."""
        with self._store.transaction():
            self._store.insert("setting", {"key": "year", "value": str(year)})

    def take_over(self, before: Store, year: int) -> int:
        """Take over from last year's collection its register and the reports that counted; return how many."""
        return taking_over.take_over(self._store, before, year, self.hand)

    def register(self, file: Path) -> Taken:
        """Take a register into force, and give what was nobody's to the units that it has now.

        Raises:
            WrongRegisterError: it has mistakes; its findings say which.
        """
        taken = registers.take(self._store, file, self.hand)
        placed = self._place_unassigned(registers.in_force(self._store))
        return replace(taken, assigned=tuple(placed))

    def add(
        self, tasks: Iterable[Task], received: dt.datetime, year: int | None = None, jobs: Jobs = 0
    ) -> Generator[Receipt]:
        """Take in what was handed over, and yield what came of each file.

        Args:
            tasks: the files.
            received: when they were handed in.
            year: the report year that they are for; that of the collection unless given.
            jobs: number of processes, 0 chooses; or a cluster.

        Raises:
            ClusterError: the cluster cannot be used; what was yielded before is in the collection.
            OSError: the collection cannot be written to; what was yielded before is in it.
        """
        store = self._store
        delivery = Delivery(self.hand, received, year or registers.year_of(store))
        before = registers.in_force(store)
        matcher = Matcher(before, registers.remembered(store))
        receiver = Receiver(store, matcher, delivery, self._options(), registers.names(store))
        yield from receiver.take(tasks, jobs)
        if registers.in_force(store).digest != before.digest:  # a bundle brought units
            self._place_unassigned(registers.in_force(store))

    def settle(self, jobs: Jobs = 0) -> Generator[Rechecked]:
        """Check again what was checked beside another of last year's reports than now counts, or by another kit."""
        yield from self.recheck(recheck.stale(self._store), jobs)

    def recheck(self, submissions: Iterable[int] | None = None, jobs: Jobs = 0) -> Generator[Rechecked]:
        """Check submissions again; all that stand, and those that another kit could not read, where none are given."""
        wanted = submissions
        if wanted is None:
            wanted = sorted({*recheck.standing(self._store), *recheck.unread(self._store)})
        yield from recheck.recheck(self._store, wanted, self._options(), registers.names(self._store), jobs)
        self._place_unassigned(registers.in_force(self._store))

    def assign(self, submission: int, unit: str, year: int | None = None) -> None:
        """Say of which unit a submission is, and check it again beside that unit's last report.

        Raises:
            RefusalError: there is no such submission, or it holds no report.
        """
        decisions.assign(self._store, submission, unit, year, self.hand, remember=self._is_telling(submission))
        for _ in self.recheck([submission], 1):
            pass

    def accept(self, version: Version, key: Key) -> None:
        """Accept a version, which is checked again first where that was done by another kit.

        Raises:
            RefusalError: it has errors, or warnings for which no reason is given.
        """
        if recheck.is_of_another_kit(self._store, version.submission):
            (again,) = self.recheck([version.submission], 1)
            version = replace(version, errors=again.errors, warnings=again.warnings)
        decisions.accept(self._store, version, key, self.hand)

    def give_back(self, version: Version, key: Key, limit: dt.date | None = None) -> dt.date:
        """Return a version to its unit, and say until when it is to be corrected.

        Raises:
            RefusalError: nothing is wrong with it and no reason is given.
        """
        return decisions.give_back(self._store, version, key, self.hand, limit)

    def withdraw(self, submission: int) -> None:
        """Take a submission out of its chain, or out of what waits.

        Raises:
            RefusalError: there is no such submission, or no reason is given.
        """
        decisions.withdraw(self._store, submission, self.hand)

    def restore(self, submission: int) -> None:
        """Bring a submission back that was withdrawn.

        Raises:
            RefusalError: there is no such submission, or it was not withdrawn.
        """
        decisions.restore(self._store, submission, self.hand)

    def erase(self, submission: int) -> None:
        """Erase what a submission holds; that it was is an event.

        Raises:
            RefusalError: there is no such submission, or no reason is given.
            OSError: its bytes cannot be removed.
        """
        erasing.erase(self._store, submission, self.hand)

    def export(
        self,
        path: Path,
        year: int | None = None,
        unit: str | None = None,
        *,
        originals: bool = False,
        force: bool = False,
    ) -> Exported:
        """Write what is handed up as one file (.zip), and note that it was.

        Args:
            path: the file.
            year: the report year; that of the collection unless given.
            unit: the unit that hands up, with all below it; the topmost of the register unless given.
            originals: whether the received files go along.
            force: whether a file of that name is replaced.

        Raises:
            RefusalError: the register has several topmost units, and the user's settings do not name the own office.
            FileExistsError: there is such a file, and ``force`` is not given.
            OSError: it cannot be written.
        """
        from workbook.collect.bundle.scope import scope_of
        from workbook.collect.bundle.write import write

        wanted = scope_of(self._store, year or registers.year_of(self._store), unit, own_office())
        return write(self._store, wanted, path, self.hand, originals=originals, force=force)

    def waive(self, unit: str, year: int) -> None:
        """Say that nothing is due of a unit.

        Raises:
            RefusalError: no reason is given.
        """
        decisions.waive(self._store, unit, year, self.hand)

    def extend(self, unit: str, year: int, limit: dt.date) -> None:
        """Say until when the report of a unit is due.

        Raises:
            RefusalError: no reason is given.
        """
        decisions.extend(self._store, unit, year, limit, self.hand)

    def scope(self, unit: str, year: int, scope: Scope) -> None:
        """Say what the report of an office is about, from a year on.

        Raises:
            RefusalError: no reason is given.
        """
        decided.set_scope(self._store, unit, year, scope, self.hand)

    def adjust(self, unit: str, year: int, cell: str, amount: int | Decimal) -> int:
        """Declare what is added to a cell of the sum of an office, money in 万元; return the adjustment's number.

        Raises:
            RefusalError: no reason is given, there is no such cell, it follows from others, or the amount is none.
        """
        form = load_form(edition_for(year) or editions()[-1])
        return decided.adjust(self._store, unit, year, form, cell, amount, self.hand)

    def take_back(self, adjustment: int) -> Adjustment:
        """Take an adjustment back, and return it.

        Raises:
            RefusalError: no reason is given, or there is no such adjustment.
        """
        return decided.take_back(self._store, adjustment, self.hand)

    def remind(self, unit: str, year: int) -> None:
        """Note that a unit was reminded."""
        decisions.remind(self._store, unit, year, self.hand)

    def _is_telling(self, submission: int) -> bool:
        """Say whether the name on a cover may be remembered as one unit's: it does not fit several."""
        row = self._store.row("SELECT name, for_year FROM submission WHERE id = ?", [submission])
        if row is None or not row["name"]:
            return False
        match = Matcher(registers.in_force(self._store)).match(Body(row["name"]), row["for_year"])
        return match.unit is None and sum(each.score >= 1 for each in match.suggestions) <= 1

    def _options(self) -> Options:
        """Return the switches of a check in this collection, beside the reports that it has of other years."""
        store = self._store
        (state,) = store.db.execute("SELECT max(id) FROM (SELECT id FROM event UNION ALL SELECT id FROM submission)")
        prior = PriorYears(str(store.folder), state[0] or 0) if recheck.has_years(store) else None
        return Options(lang=self._lang, previous=prior)  # type: ignore[arg-type]

    def _place_unassigned(self, register: Register) -> list[tuple[str, str]]:
        """Give what was nobody's to the units that the register has for it now; return files and names of units."""
        matcher, placed = Matcher(register, registers.remembered(self._store)), []
        for number, file, body, year in registers.unplaced(self._store, register):
            match = matcher.match(body, year)
            if match.unit:
                decisions.assign(self._store, number, match.unit, None, self.hand)
                placed.append((file, register.unit(match.unit).name))
        return placed

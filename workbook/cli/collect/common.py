"""What the commands of a collection share: how it is found, who acts, how units and submissions are named."""

from __future__ import annotations

import datetime as dt
import gettext
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import FilePath, option
from workbook.cli.language import misuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.change import Change
    from workbook.collect.collection import Collection
    from workbook.collect.decisions import RefusalError
    from workbook.collect.hand import Hand
    from workbook.collect.standing import Standing
    from workbook.report import Lang

_LISTED = 5
"""How many are named of those that a word may mean."""


class Moment(click.ParamType):  # type: ignore[type-arg]  # older versions know no argument
    """A day, or a time of it."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Return the time; a day is meant to its end."""
        from workbook.collect.hand import moment

        if isinstance(value, dt.datetime):
            return value
        try:
            return moment(str(value))
        except ValueError:
            self.fail(gettext.gettext("a date such as 2026-01-31 is expected"), param, ctx)


class Day(Moment):
    """A day."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the day."""
        return value if type(value) is dt.date else super().convert(value, param, ctx).date()


IN = option(
    "-C",
    "--collection",
    "folder",
    type=FilePath(file_okay=False),
    envvar="NIANBAO_COLLECTION",
    show_envvar=True,
    help="Folder of the collection; the current folder or one above it unless given.",
)
BY = option("--by", help="Who decides; the name of your settings unless given, else the system's user.")
REASON = option("--reason", default="", help="Why; it is kept with the decision.")


def _not_to_come(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    """Refuse a year that has not begun: nobody can report on it."""
    from workbook.collect.hand import now

    if value is not None and value > now().year:
        raise misuse("--year {year} has not begun", year=value)
    return value


YEAR = option(
    "--year",
    type=click.IntRange(2000, 2100),
    callback=_not_to_come,
    help="Report year; that of the newest due date unless given.",
)
AT = option("--at", type=Moment(), help="As it was at the end of that day, or at that time.")


def hand(by: str | None, reason: str = "") -> Hand:
    """Return who acts, and why."""
    from workbook.collect.hand import Hand, whose

    return Hand(whose(by), reason.strip())


def opened(folder: Path | None) -> Collection:
    """Return the collection that a command is about."""
    from workbook.collect.collection import Collection

    if folder and not folder.exists():
        raise misuse("there is no folder {name}", name=folder)
    with refusals(folder):
        found = Collection.find(folder or Path.cwd())
    click.get_current_context().call_on_close(found.close)
    return found


def vet_moment(collection: Collection, moment: dt.datetime) -> None:
    """Refuse a moment at which no register had been read."""
    if not collection.register(moment).units:
        raise misuse("there was no register yet at {at}", at=f"{moment:%Y-%m-%d %H:%M}")


@contextmanager
def changed(folder: Path | None, who: Hand, lang: Lang) -> Iterator[tuple[Collection, Change]]:
    """Hold the collection that a command is about; hand it out, and what changes it."""
    from workbook.collect.change import changing
    from workbook.files import shown

    with refusals(folder):
        collection = opened(folder)
        try:
            with changing(collection.folder, who, lang) as change:
                yield collection, change
        except OSError as error:  # what is read or written elsewhere was told where that was done
            words = {"name": shown(collection.folder), "reason": error.strerror or error}
            raise misuse("the collection in {name} cannot be written to: {reason}", **words) from error


@contextmanager
def refusals(folder: Path | None) -> Iterator[None]:
    """Tell as misuse why a collection cannot be found, opened, held or written to, or something not be decided."""
    import sqlite3

    from workbook.collect.decisions import RefusalError
    from workbook.collect.lock import BusyError
    from workbook.collect.store import ForeignStoreError, NoCollectionError
    from workbook.files import shown

    name = shown(folder or Path.cwd())
    try:
        yield
    except NoCollectionError as error:
        raise misuse(
            "there is no collection in {name} or above it; go into its folder or name that with -C; "
            "collect init makes one",
            name=name,
        ) from error
    except ForeignStoreError as error:
        raise misuse("the collection in {name} cannot be opened: {reason}", name=name, reason=error) from error
    except BusyError as error:
        raise _busy(error, name) from error
    except RefusalError as error:
        raise misuse("{reason}", reason=refused(error)) from error
    except sqlite3.OperationalError as error:
        raise misuse("the collection in {name} cannot be written to: {reason}", name=name, reason=error) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a fault of the kit's own
            raise
        raise misuse("the collection in {name} cannot be opened: {reason}", name=name, reason=error) from error


def _busy(error: Any, name: str) -> click.UsageError:
    if error.writer is None:
        return misuse(
            "somebody is writing to the collection in {name}; try again later. If nobody is, remove writing.lock in "
            "that folder",
            name=name,
        )
    words = {"name": name, "by": error.writer.by, "host": error.writer.host, "since": error.writer.since}
    return misuse(
        "{by} has been writing to the collection in {name} on {host} since {since}; try again later. If that machine "
        "is off, remove writing.lock in that folder",
        **words,
    )


def refused(error: RefusalError) -> str:
    """Say why something may not be decided."""
    said = {
        "errors": gettext.gettext("{of} has errors and cannot be accepted; return it"),
        "warnings": gettext.gettext("{of} has warnings; say with --reason why it is accepted all the same"),
        "sound": gettext.gettext("nothing is wrong with {of}; say with --reason why it is returned"),
        "reason": gettext.gettext("{of}: say why with --reason"),
        "sender": gettext.gettext(
            "the register has several topmost units ({of}), so nobody knows who hands up; name the own office in the "
            "settings (我的机关), put a unit above them, or name the UNIT"
        ),
        "unreadable": gettext.gettext("{of} could not be read, so it is nobody's report"),
        "not_withdrawn": gettext.gettext("{of} was not withdrawn"),
        "no_submission": gettext.gettext("there is no submission {of}"),
        "no_cell": gettext.gettext("no report has a cell called {of}"),
        "calculated": gettext.gettext("{of} follows from other cells; adjust those"),
        "no_amount": gettext.gettext(
            "{of} cannot be added: a whole number other than 0 is expected, of money at most 6 decimals"
        ),
        "no_adjustment": gettext.gettext("there is no adjustment {of}, or it was taken back"),
    }
    return said[error.why].format(of=error.of)


def unit_of(collection: Collection, word: str, at: dt.datetime | None = None) -> str:
    """Return the unit that a word names: its 单位ID, its name or an alias.

    Raises:
        click.UsageError: it names none, or may name several.
    """
    from workbook.collect.assign import Matcher
    from workbook.report.values import Body

    register = collection.register(at)
    if any(unit.id == word for unit in register.units):
        return word
    match = Matcher(register, {}).match(Body(word), None)
    if match.unit:
        return match.unit
    likely = [f"{register.unit(each.unit).name} ({each.unit})" for each in match.suggestions[:_LISTED]]
    if likely:
        raise misuse("no unit is called {name}; do you mean {likely}?", name=word, likely=", ".join(likely))
    raise misuse("no unit is called {name}", name=word)


def units_of(collection: Collection, words: Sequence[str]) -> list[str]:
    """Return the units that words name, each once."""
    return list(dict.fromkeys(unit_of(collection, word) for word in words))


def submission_of(collection: Collection, word: str) -> int:
    """Return the submission that a word names: its number, its file, or the beginning of its digest.

    Raises:
        click.UsageError: it names none, or may name several.
    """
    found = collection.submissions(word)
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise misuse("there is no submission {of}", of=word)
    likely = ", ".join(f"{number}: {file}" for number, file in found[:_LISTED])
    raise misuse("{name} may be several; give the number: {likely}", name=word, likely=likely)


def chosen(standings: Iterable[Standing], units: Sequence[str]) -> list[Standing]:
    """Return the standings of some units, in the order of the register; of all where none are named."""
    return [each for each in standings if not units or each.unit.id in units]

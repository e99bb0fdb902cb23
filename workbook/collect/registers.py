"""The register in the store: every reading is kept; the newest is in force, an earlier moment has that of then."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.collect.hand import Hand, now, stored
from workbook.collect.register import Register
from workbook.collect.register_changes import changes, same_units
from workbook.collect.register_file import read_register
from workbook.collect.rollup import decided
from workbook.collect.versions import chains, until
from workbook.printable import printable
from workbook.report.values import Body

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from workbook.collect.register import Spell, Unit
    from workbook.collect.register_changes import Change
    from workbook.collect.register_file import Reading
    from workbook.collect.store import Store
    from workbook.report import Finding

_BETWEEN = "、"


class WrongRegisterError(ValueError):
    """A register has mistakes; ``findings`` say which, ``is_readable`` whether it could be read at all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.message("en") for finding in findings))
        self.findings = findings
        self.is_readable = not any(finding.code.startswith("file.") for finding in findings)


@dataclass(frozen=True)
class Taken:
    """A register that came into force: what is to be said of it, what changed, what was given to units since."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    assigned: tuple[tuple[str, str], ...] = ()


def read(file: Path) -> tuple[Reading, Register]:
    """Return what a file says, and its register.

    Raises:
        WrongRegisterError: it has mistakes, or cannot be read.
    """
    reading = read_register(file)
    if reading.register is None:
        raise WrongRegisterError(reading.findings)
    return reading, reading.register


def take(store: Store, file: Path, hand: Hand) -> Taken:
    """Take the register of a file into force; the file is kept. One that says the same as before changes nothing.

    Raises:
        WrongRegisterError: it has mistakes, or cannot be read; nothing was taken.
        OSError: the collection cannot be written to.
    """
    reading, register = read(file)
    before = in_force(store)
    register = _with_grown(store, before, register)
    if register.digest == before.digest:
        return Taken(reading.findings, ())
    digest, _ = store.keep(file, file.suffix.lower())
    with store.transaction():
        _write(store, register, (digest, printable(file.name)), hand)
        store.event("registered", hand, digest=register.digest)
        for old, new in same_units(before, register).items():
            _follow(store, old, new, hand)
    return Taken(reading.findings, changes(before, register) if before.units else ())


def _follow(store: Store, old: str, new: str, hand: Hand) -> None:
    """Let what is known of a unit follow it to the key that it has now: submissions, and what was decided of dates."""
    for row in store.rows("SELECT submission, year FROM assigned WHERE unit = ?", [old]):
        store.event("assigned", hand, unit=new, year=row["year"], submission=row["submission"])
    for row in store.rows("SELECT * FROM event WHERE unit = ? AND kind IN ('waived', 'extended') ORDER BY id", [old]):
        store.event(
            row["kind"], Hand(row["by"], row["reason"]), unit=new, year=row["year"], **json.loads(row["detail"])
        )
    decided.follow(store, old, new)


def grow(store: Store, units: Sequence[Unit], file: tuple[str, str], hand: Hand, bundle: str) -> None:
    """Take units that were handed up into the register; the store is in a transaction.

    They stay when the register of this collection is read again, until that lists them itself or no longer has the unit
    that they are below.

    Args:
        store: the store.
        units: the units, whose ``parent`` are in the register or among them.
        file: digest and name of what is kept of it.
        hand: who took the bundle in.
        bundle: the digest of the bundle.
    """
    register = Register.of((*in_force(store).units, *units))
    _write(store, register, file, hand)
    store.event("registered", hand, digest=register.digest, bundle=bundle, added=[unit.id for unit in units])


def _with_grown(store: Store, before: Register, register: Register) -> Register:
    """Return a register with the units below it that were handed up and that it does not list."""
    query = "SELECT detail FROM event WHERE kind = 'registered'"
    added = {unit for row in store.rows(query) for unit in json.loads(row["detail"]).get("added", ())}
    gone = same_units(before, register).keys()
    kept: list[Unit] = []
    known = {unit.id for unit in register.units}
    for unit in before.units:  # parents come first
        if unit.id in added and unit.id not in gone and unit.id not in known and unit.parent in known:
            kept.append(unit)
            known.add(unit.id)
    kept = [unit if unit.successor in known else replace(unit, successor=None) for unit in kept]
    return Register.of((*register.units, *kept)) if kept else register


def copy(store: Store, before: Store, hand: Hand) -> None:
    """Take over the register in force of another collection with its file, and the names that were remembered."""
    row = before.row("SELECT * FROM register ORDER BY id DESC LIMIT 1")
    with store.transaction():
        if row:
            register = Register.from_json(row["units"])
            path = before.original(row["digest"], row["ending"])
            if path.is_file():
                store.keep(path, row["ending"])
            _write(store, register, (row["digest"], row["file"]), hand)
            store.event("registered", hand, digest=register.digest)
        for name, unit in remembered(before).items():
            store.event("remembered", hand, unit=unit, name=name)
        decided.copy(store, before)


def _write(store: Store, register: Register, file: tuple[str, str], hand: Hand) -> None:
    digest, name = file
    values = {
        "digest": digest,
        "file": name,
        "ending": ("." + name.rpartition(".")[2].lower()) if "." in name else "",
        "at": stored(now()),
        "by": hand.by,
        "units": register.to_json(),
    }
    number = store.insert("register", values)
    for position, unit in enumerate(register.units):
        store.insert("unit", {"register": number, "position": position, **_columns(unit)})


def _columns(unit: Unit) -> dict[str, object]:
    return {
        "id": unit.id,
        "name": unit.name,
        "aliases": _BETWEEN.join(unit.aliases),
        "parent": unit.parent,
        "kind": unit.kind,
        "credit_code": unit.credit_code,
        "division_code": unit.division_code,
        "due": str(unit.due) if unit.due else None,
        "spells": _BETWEEN.join(map(_spell, unit.spells)),
        "successor": unit.successor,
        "counted": int(unit.counted),
        "contact": unit.contact,
        "row": unit.row,
    }


def _spell(spell: Spell) -> str:
    since, last = spell
    return f"{since or ''}-{last or ''}"


def in_force(store: Store, at: dt.datetime | None = None) -> Register:
    """Return the register that is in force at a moment; an empty one before there was any."""
    row = store.row("SELECT units FROM register WHERE at <= ? ORDER BY id DESC LIMIT 1", [until(at)])
    return _parsed(row["units"]) if row else Register(())


@lru_cache(maxsize=2)
def _parsed(units: str) -> Register:
    return Register.from_json(units)


def names(store: Store) -> dict[str, str]:
    """Return what the units are called now."""
    return {row["id"]: row["name"] for row in store.rows("SELECT id, name FROM current_unit")}


def remembered(store: Store, at: dt.datetime | None = None) -> dict[str, str]:
    """Return the names on covers that somebody said the unit of: the newest word counts."""
    query = """SELECT unit, json_extract(detail, '$.name') AS name FROM event
               WHERE kind IN ('assigned', 'remembered') AND at <= ? ORDER BY id"""
    return {row["name"]: row["unit"] for row in store.rows(query, [until(at)]) if row["name"]}


def year_of(store: Store, at: dt.datetime | None = None) -> int:
    """Return the report year that is collected: that of the newest due date, or the one that was said at first.

    The later one counts: next year's collection begins with a register whose due dates are still last year's.
    """
    row = store.row("SELECT value FROM setting WHERE key = 'year'")
    known = [year for year in (year_of_dates(in_force(store, at)), row and int(row["value"])) if year]
    return max(known) if known else now().year - 1


def year_of_dates(register: Register) -> int | None:
    """Return the report year of the newest due date that has a year; ``None`` where none has."""
    full = [unit.due.year for unit in register.units if unit.due and unit.due.year]
    return max(full) - 1 if full else None


def unplaced(store: Store, register: Register) -> Iterator[tuple[int, str, Body, int | None]]:
    """Yield the submissions that are nobody's: number, file, cover and year."""
    for (unit, year), chain in chains(store).by_key.items():
        if unit is None or unit not in register:
            for version in chain:
                row = store.row("SELECT * FROM submission WHERE id = ?", [version.submission])
                if row and version.decision != "withdrawn":
                    body = Body(row["name"], row["credit_code"], row["division_code"], row["kind"])
                    yield version.submission, version.file, body, year

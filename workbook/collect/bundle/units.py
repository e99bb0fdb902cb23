"""Whose units those of a bundle are: each is one of the register's below the sender, or comes to it, which is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook.collect.assign import Matcher
from workbook.report import Unreadable, make_finding
from workbook.report.office_words import office_name
from workbook.report.values import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook.collect.bundle.layout import Sender
    from workbook.collect.bundle.read import Bundle
    from workbook.collect.register import Register, Unit


@dataclass(frozen=True)
class Placed:
    """The sender and the units of a bundle as a register has them; ``added`` are those that it did not have."""

    sender: str
    units: Mapping[str, str]
    added: tuple[Unit, ...]


def place(bundle: Bundle, register: Register) -> Placed:
    """Return whose the units of a bundle are.

    The sender is found as the office on a cover is. Another unit is one below the sender with the same credit code;
    else with the same name below the same unit, or the only one of that name. What is none of them comes to the
    register, below the sender; units that stand in it are never changed.

    Raises:
        Unreadable: nobody knows the sender, or a unit stands elsewhere in the register.
    """
    sender = _sender(bundle, register)
    return _Placing(bundle, register, sender).placed()


def _sender(bundle: Bundle, register: Register) -> str:
    said: Sender = bundle.manifest.sender
    match = Matcher(register).match(Body(said.name, said.credit_code, said.division_code), bundle.manifest.year)
    if match.unit is None:
        words = {"file": bundle.file, "name": said.name, "code": said.credit_code or ""}
        raise Unreadable(make_finding("bundle.sender_unknown", "from", **words))
    return match.unit


class _Placing:
    """The finding of units one after the other, parents before children."""

    def __init__(self, bundle: Bundle, register: Register, sender: str) -> None:
        self._bundle, self._register, self._sender = bundle, register, sender
        self._known = [unit for unit in register.units if unit.id == sender or _is_below(register, unit.id, sender)]
        self._codes = {unit.credit_code: unit for unit in register.units if unit.credit_code}
        self._units: dict[str, str] = {}
        self._taken: set[str] = set()
        self._added: list[Unit] = []

    def placed(self) -> Placed:
        """Return where all are."""
        own = self._bundle.manifest.sender.unit
        if own is not None and own in self._bundle.register:
            self._take(own, self._sender)
        for unit in self._bundle.register.units:
            if unit.id not in self._units:
                found = self._found(unit)
                self._take(unit.id, found.id if found else self._new(unit))
        return Placed(self._sender, self._units, tuple(map(self._joined, self._added)))

    def _take(self, theirs: str, ours: str) -> None:
        self._units[theirs] = ours
        self._taken.add(ours)

    def _found(self, unit: Unit) -> Unit | None:
        by_code = self._codes.get(unit.credit_code) if unit.credit_code else None
        if by_code and by_code not in self._known:
            words = {
                "file": self._bundle.file,
                "name": unit.name,
                "code": by_code.credit_code or "",
                "other": by_code.name,
            }
            raise Unreadable(make_finding("bundle.unit_elsewhere", unit.id, **words))
        if by_code and by_code.id not in self._taken:
            return by_code
        called = [each for each in self._known if self._may_be(unit, each)]
        parent = self._units.get(unit.parent or "", self._sender)
        beside = [each for each in called if each.parent == parent]
        return _only(beside) or _only(called)

    def _may_be(self, unit: Unit, other: Unit) -> bool:
        codes = {unit.credit_code, other.credit_code} - {None}
        names = {office_name(name) for name in (other.name, *other.names, *other.aliases)}
        return other.id not in self._taken and len(codes) < 2 and office_name(unit.name) in names  # noqa: PLR2004

    def _new(self, unit: Unit) -> str:
        """Note a unit that comes to the register, and return its key there: its own one where that is free."""
        key = unit.id
        while key in self._register or key in self._taken:
            key = f"{self._sender}/{key}"
        self._added.append(replace(unit, id=key, row=0))
        return key

    def _joined(self, unit: Unit) -> Unit:
        """Return a unit that comes to the register with the keys that those it names have there."""
        above = self._units[unit.parent] if unit.parent else self._sender
        successor = self._units.get(unit.successor) if unit.successor else None
        return replace(unit, parent=above, successor=successor)


def _is_below(register: Register, unit: str, above: str) -> bool:
    return any(each.id == above for each in register.ancestors(unit))


def _only(units: Iterable[Unit]) -> Unit | None:
    found = list(units)
    return found[0] if len(found) == 1 else None

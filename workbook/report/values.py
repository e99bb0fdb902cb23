"""What a report is made of: numbers and texts as they were found, each with the place that it was read from.

None is not 0: None is a cell that nobody filled, 0 is a declared nothing. A ``str`` is what stood in a number cell and
is not a number; it is kept as it was found, so that nothing is lost and the finding can quote it.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = int | Decimal | str | None
Number = int | Decimal

EXACT = 2**53
"""Below it a double holds every whole number."""

_SPREADSHEET_DIGITS = ".15g"  # what a spreadsheet shows of a stored double: 0.30000000000000004 is 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell was read from: a sheet and an address on it."""

    sheet: str
    address: str


@dataclass(frozen=True, slots=True)
class Body:
    """The reporting office. ``kind`` is a key of the form's choices, or the text as found if it is not one of them.

    ``more`` has the answers to the questions that not every edition asks, each with its key, in the form's order.
    """

    name: str | None = None
    credit_code: str | None = None
    division_code: str | None = None
    kind: str | None = None
    more: tuple[tuple[str, str | None], ...] = ()

    def answer(self, key: str) -> str | None:
        """Return the answer to a question of the cover; ``None`` where there is none."""
        given: dict[str, str | None] = {field.name: getattr(self, field.name) for field in fields(self)[:-1]}
        return (given | dict(self.more)).get(key)

    def asked(self, keys: Iterable[str]) -> Body:
        """Return the office with just those further questions, answered as far as they are."""
        return replace(self, more=tuple((key, self.answer(key)) for key in keys))


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that a report passed through: its name without folders, and its digest."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """The file a report was read from: its name without folders, its digest, the version of its template.

    ``made_from`` is the chain of the files that it was converted from, the first original first.
    """

    file: str
    sha256: str
    template: str | None = None
    made_from: tuple[Origin, ...] = ()

    @property
    def chain(self) -> tuple[Origin, ...]:
        """All files that the report passed through, this one last."""
        return (*self.made_from, Origin(self.file, self.sha256))

    def passed_to(self, file: str, sha256: str) -> Source:
        """Return the source of a report that was read from a document made from this file."""
        return replace(self, file=file, sha256=sha256, made_from=self.chain)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A warning accepted with a reason, a name and a date (ISO)."""

    code: str
    at: str
    reason: str
    by: str
    date: str


@dataclass(frozen=True, slots=True)
class LooseRow:
    """A row of a table with more or fewer cells than columns, so that its cells do not tell their columns.

    Args:
        at: the row's name, ``table.row``; of a table that is one line of numbers, ``table``.
        label: what the row is called.
        keys: the cells of the form that stand in it.
        cells: what the row holds, in its order, each with its place.
    """

    at: str
    label: str
    keys: tuple[str, ...]
    cells: tuple[tuple[Value, Place], ...]


def number(value: float) -> Number | None:
    """Return a stored double as the number its reader sees: whole where it is whole; ``None`` where it is infinite.

    >>> number(33565.0), number(0.1 + 0.2)
    (33565, Decimal('0.3'))
    """
    if isinstance(value, int):
        return value
    seen = Decimal(format(value, _SPREADSHEET_DIGITS))
    if not seen.is_finite():
        return None
    return int(seen) if seen == seen.to_integral_value() else seen


def squeezed(text: object) -> str:
    """Return a text without any blanks and line breaks; an empty one of what is not a text."""
    return "".join(text.split()) if isinstance(text, str) else ""


def tidy(text: str | None) -> str | None:
    """Return a text in its canonical form: line feeds, no blanks around it, ``None`` where nothing is left."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None if text else None


def plain(value: Number) -> int | float:
    """Return a number as JSON and spreadsheets store it: whole numbers as ``int``, others as the nearest double."""
    return value if isinstance(value, int) and -EXACT < value < EXACT else float(value)

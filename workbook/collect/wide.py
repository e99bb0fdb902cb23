"""The cells and texts of a submission in the store: a row of the wide table of its edition, money as whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.collect import schema
from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.collect.store import Store
    from workbook.report.values import Value

_LARGEST = 2**63 - 1
_TEXT, _NUMBER = "text", "number"
_TOGETHER = 500
"""Submissions that are read at once."""


def write_cells(store: Store, submission: int, edition: str, cells: Mapping[str, Value]) -> None:
    """Write the cells of a submission; what its column cannot hold is kept beside it as it stood."""
    form = load_form(edition)
    values: list[int | None] = []
    for cell in form.cells:
        found = cells[cell]
        value = _whole(found, money=schema.is_money(form, cell))
        values.append(value)
        if value is None and found is not None:
            kind = _TEXT if isinstance(found, str) else _NUMBER
            odd = {"submission": submission, "cell": cell, "kind": kind, "value": str(found)}
            store.insert("odd", odd)
    names = ", ".join(("submission", *schema.column_names(edition)))
    marks = ", ".join("?" * (len(values) + 1))
    store.db.execute(
        f"INSERT INTO {schema.wide(edition)} ({names}) VALUES ({marks})",  # noqa: S608
        (submission, *values),
    )


def _whole(value: Value, *, money: bool) -> int | None:
    """Return the whole number that stands for a value; ``None`` where none does so exactly."""
    if not isinstance(value, int | Decimal):
        return None
    exact = value * schema.MONEY if money else value
    whole = int(exact)
    return whole if whole == exact and abs(whole) <= _LARGEST else None


def cells_of(store: Store, submissions: Sequence[tuple[int, str]]) -> Iterator[tuple[int, dict[str, Value]]]:
    """Yield the cells of submissions, each given with its edition, edition by edition in ascending order of numbers."""
    for edition in editions():
        numbers = sorted(number for number, own in submissions if own == edition)
        for start in range(0, len(numbers), _TOGETHER):
            yield from _cells(store, edition, numbers[start : start + _TOGETHER])


def _cells(store: Store, edition: str, numbers: Sequence[int]) -> Iterator[tuple[int, dict[str, Value]]]:
    form = load_form(edition)
    money = {cell for cell in form.cells if schema.is_money(form, cell)}
    marks = ", ".join("?" * len(numbers))
    odd: dict[int, dict[str, Value]] = {}
    for row in store.rows(f"SELECT * FROM odd WHERE submission IN ({marks})", numbers):  # noqa: S608
        value = row["value"] if row["kind"] == _TEXT else _number(row["value"])
        odd.setdefault(row["submission"], {})[row["cell"]] = value
    names = ", ".join(("submission", *schema.column_names(edition)))
    query = f"SELECT {names} FROM {schema.wide(edition)} WHERE submission IN ({marks}) ORDER BY submission"  # noqa: S608
    for submission, *values in store.db.execute(query, numbers):
        cells: dict[str, Value] = dict(zip(form.cells, values, strict=True))
        for cell in money:
            cells[cell] = _money(cells[cell])
        yield submission, cells | odd.get(submission, {})


def _number(said: str) -> Value:
    return int(said) if said.lstrip("-").isdigit() else Decimal(said)


def _money(value: Value) -> Value:
    """Return an amount in 万元 as it is read from files: whole where it is whole."""
    if value is None:
        return None
    exact = Decimal(value).scaleb(-6)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()


def write_texts(
    store: Store, submission: int, texts: Mapping[str, str | None], digests: Mapping[str, str | None]
) -> None:
    """Write the texts of a submission with the digests that tell copies."""
    for section, text in texts.items():
        if text:
            values = {"submission": submission, "section": section, "text": text, "digest": digests.get(section)}
            store.insert("narrative", values)


def texts_of(store: Store, submission: int) -> dict[str, str]:
    """Return the texts of a submission, by section."""
    query = "SELECT section, text FROM narrative WHERE submission = ?"
    return {row["section"]: row["text"] for row in store.rows(query, [submission])}


def sums(store: Store, edition: str, cell: str, submissions: Iterable[int]) -> int:
    """Return the sum of a cell over submissions as it is stored; blanks count as 0.

    Raises:
        sqlite3.OperationalError: the edition has no such cell.
    """
    numbers = list(submissions)
    marks = ", ".join("?" * len(numbers))
    query = f"SELECT coalesce(sum({schema.quoted(cell)}), 0) FROM {schema.wide(edition)} WHERE submission IN ({marks})"  # noqa: S608
    (found,) = store.db.execute(query, numbers).fetchone()
    return int(found)

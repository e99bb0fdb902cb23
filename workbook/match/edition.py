"""Which edition of the form a document is of: by the labels of it that are there, and those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.form import load_form
from workbook.match.rows import rows_of
from workbook.match.tables import find
from workbook.records import dataclass
from workbook.report import Unreadable, make_finding
from workbook.report.notation import reading
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.form import Form
    from workbook.match.grid import Grid
    from workbook.match.tables import Found
    from workbook.report import Finding


@dataclass(frozen=True)
class Fit:
    """How a document fits an edition: every place of every table, and what it comes to.

    ``surplus`` is how many labels are there, less those that the tables found lack; ``absent`` how many tables are not
    there at all. Of two editions of which a document has the same, the one fits of which it lacks less.
    """

    form: Form
    places: Mapping[str, Sequence[Found]]
    surplus: int
    absent: int

    @property
    def rank(self) -> tuple[int, int]:
        """What the better of two fits has more of."""
        return self.surplus, -self.absent


def choose(file: str, grids: Sequence[Grid], year: int | None) -> tuple[Fit, tuple[Finding, ...]]:
    """Return the edition that fits best, and what is to be told where that is not certain.

    Where editions fit alike, those count that are prescribed for the year; where there are still several, the document
    is read as the newest of them, which is told, if what is read is the same by each.

    Args:
        file: the name of the document, for findings.
        grids: its tables.
        year: the report year that the document states, if any.

    Raises:
        Unreadable: there is no table of any edition, or several editions fit alike and differ in what they read.
    """
    sheets = [rows_of(grid) for grid in grids]
    fits = []
    for edition in editions():
        form = load_form(edition)
        places = {table.key: [place for rows in sheets for place in find(table, rows)] for table in form.tables}
        fits.append(_fit(form, places))
    fits = [fit for fit in fits if fit.absent < len(fit.form.tables)]
    if not fits:
        raise Unreadable(make_finding("file.not_a_report", file=file))
    best = [fit for fit in fits if fit.rank == max(one.rank for one in fits)]
    if len(best) > 1 and year is not None:
        best = [fit for fit in best if fit.form.covers(year)] or best
    chosen = best[-1]
    if len(best) == 1:
        return chosen, ()
    names = "、".join(fit.form.edition for fit in best)
    if any(_read(fit) != _read(chosen) for fit in best):
        raise Unreadable(make_finding("file.edition_undecided", file=file, editions=names))
    return chosen, (make_finding("file.edition_unsure", "year", editions=names, edition=chosen.form.edition),)


def _fit(form: Form, places: Mapping[str, Sequence[Found]]) -> Fit:
    fullest = [max(found, key=lambda place: place.score) for found in places.values() if found]
    return Fit(form, places, sum(place.score - place.lacks for place in fullest), len(places) - len(fullest))


def _read(fit: Fit) -> Mapping[str, object]:
    """Return what the document says by an edition, cell by cell."""
    return {
        key: (cell and (cell.place, reading(cell.value, fit.form.cells[key].kind.unit).value))
        for found in fit.places.values()
        for place in found
        for key, cell in place.cells.items()
    }

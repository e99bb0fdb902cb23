"""What was decided about sums, in words, for the record of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.rollup.adding import number
from workbook.collect.rollup.decided import ADJUSTED, SCOPED, TAKEN_BACK
from workbook.collect.rollup.scope import Scope
from workbook.collect.schema import is_money
from workbook.form import edition_for, load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.collection import Event
    from workbook.report import Lang


def rollup_words(event: Event, lang: Lang) -> Iterator[str]:
    """Yield what an event says of a sum: the scope, the cell and the amount; nothing of other events."""
    if event.kind == SCOPED:
        yield Scope.of(event.detail["scope"]).word(lang)
    elif event.kind == TAKEN_BACK:
        yield f"#{event.detail['adjustment']}"
    elif event.kind == ADJUSTED:
        form, cell = load_form(edition_for(event.year or 0) or editions()[-1]), event.detail["cell"]
        amount = event.detail["amount"]
        if cell in form.cells:
            yield f"#{event.id} {form.cells[cell].label} {number(amount, money=is_money(form, cell)):+}"
        else:
            yield f"#{event.id} {cell} {amount:+}"

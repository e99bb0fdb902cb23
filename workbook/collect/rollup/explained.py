"""An explanation in words, with the names that units have in the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.explain import sentences as said
from workbook.collect.rollup.words import name_of

if TYPE_CHECKING:
    from workbook.collect.explain import Explanation
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang


def sentences(summed: RollUp, found: Explanation, lang: Lang) -> list[str]:
    """Return what an explanation says, a sentence each; none where nothing can be said but who contributes most."""
    if not (found.moves or found.cells):
        return []
    return list(said(found, {each.unit.id: name_of(each) for each in summed.members}, summed.form, lang))

"""A roll-up as text for a terminal: who is in it, the sums, and how the report of the office differs from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.labels import heading
from workbook.collect.rollup import words as said
from workbook.collect.rollup.explained import sentences
from workbook.collect.rollup.words import WORDS
from workbook.output.wrap import hung
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.rollup.comparison import Comparison, Difference
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang

_GAP = "  "
_MOST = 20
"""Differences that are told on a terminal; the workbook has all."""
_TOP = 3
"""Units that are named of a difference."""


def render(summed: RollUp, beside: Comparison | None, lang: Lang, columns: int = 0) -> bytes:
    """Return the text; lines are broken at so many columns, 0 breaks none."""
    return "".join(f"{line}\n" for line in _lines(summed, beside, lang, columns)).encode()


def _lines(summed: RollUp, beside: Comparison | None, lang: Lang, columns: int) -> Iterator[str]:
    words = WORDS[lang]
    yield said.title(summed, lang)
    yield said.as_of(summed, lang)
    for line in said.about(summed, lang):
        yield from hung(_GAP, line, columns)
    if beside:
        yield ""
        yield from _compared(beside, lang, columns)
    yield ""
    yield words["sums"]
    yield from _sums(summed, lang, columns)


def _sums(summed: RollUp, lang: Lang, columns: int) -> Iterator[str]:
    """Yield the sums that are not 0, a table after the other."""
    table = ""
    for key, each in summed.cells.items():
        cell = summed.form.cells[key]
        if each.is_known and not each.value:
            continue
        if cell.table != table:
            table = cell.table
            yield f"{_GAP}{heading(summed.form, table)}"
        yield from hung(_GAP * 2, f"{cell.label} {said.shown(each)}{cell.kind.unit or ''}", columns)
    yield f"{_GAP}{WORDS[lang]['others_zero']}"


def _compared(beside: Comparison, lang: Lang, columns: int) -> Iterator[str]:
    words, summed, own = WORDS[lang], beside.summed, beside.own
    yield said.compared_with(summed, beside.filed, lang)
    if own:
        yield words["differs"].format(len(own))
        found = sentences(summed, beside.explanation, lang)
        yield f"{_GAP}{words['explained' if found else 'unexplained']}"
        for line in found:
            yield from hung(_GAP * 2, line, columns)
    else:
        yield words["apart_only"] if beside.aside else words["same"]
    for each in own[:_MOST]:
        yield from _difference(each, beside, lang, columns)
    if len(own) > _MOST:
        yield f"{_GAP}{words['others_table'].format(len(own) - _MOST)}"
    for each in beside.aside[:_MOST]:
        yield from hung(_GAP, words["not_added"].format(_told(summed, each, lang)), columns)


def _difference(each: Difference, beside: Comparison, lang: Lang, columns: int) -> Iterator[str]:
    words, summed = WORDS[lang], beside.summed
    yield from hung(_GAP, _told(summed, each, lang), columns)
    top = [
        words["top_one"].format(name=printable(unit.name_in(summed.year)), value=value)
        for unit, value in beside.tops[each.cell][:_TOP]
    ]
    if top:
        yield from hung(_GAP * 2, words["top"].format(words["between"].join(top)), columns)
    apart = summed.rules.apart(each.cell)
    if apart:
        yield from hung(_GAP * 2, apart.note.text(lang), columns)


def _told(summed: RollUp, each: Difference, lang: Lang) -> str:
    cell = summed.form.cells[each.cell]
    return WORDS[lang]["difference"].format(
        cell=f"{heading(summed.form, cell.table)} {cell.label}",
        filed=each.filed,
        own=said.shown(each.own),
        difference=f"{each.difference:+}",
    )

"""A roll-up as a page without script: a sum leads to the units that it is made of, a unit to its original."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect.labels import heading
from workbook.collect.reading import KIT
from workbook.collect.rollup import words as said
from workbook.collect.rollup.comparison import TOP
from workbook.collect.rollup.explained import sentences
from workbook.collect.rollup.links import Originals
from workbook.collect.rollup.scope import Part
from workbook.collect.rollup.words import WORDS
from workbook.collect.views.words import shown_time
from workbook.output.templates import filled_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.register import Unit
    from workbook.collect.rollup.comparison import Comparison, Difference
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.report import Lang
    from workbook.report.values import Number

_FOLDER = Path(__file__).parent
LISTED = 2_000
"""Units up to which a page lists all; of more it would be of many megabytes, and the workbook has them."""
_STYLES = ("../views/pages.css", "page.css")


def render(summed: RollUp, beside: Comparison | None, lang: Lang, folder: Path) -> bytes:
    """Return the page; ``folder`` is where it will stand, from which originals are linked."""
    words, anchors = WORDS[lang], {each.unit.id: f"unit-{at}" for at, each in enumerate(summed.members)}
    listed = _listed(summed, beside)
    about = {
        "title": said.title(summed, lang),
        "as_of": said.as_of(summed, lang),
        "made": f"{said.as_of(summed, lang)} · {words['kit'].format(KIT)}",
        "about": list(said.about(summed, lang)),
        "compared": _compared(beside, anchors, lang) if beside else None,
        "sums": _by_table(_sums(summed, anchors)),
        "units": list(_units(listed, anchors, Originals(summed.collection, folder), lang)),
        "not_listed": len(summed.members) - len(listed),
    }
    return filled_in(_FOLDER / "page.html", _STYLES, words, about)


def _compared(beside: Comparison, anchors: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    words, summed = WORDS[lang], beside.summed
    told = sentences(summed, beside.explanation, lang) if beside.own else []
    verdict = (
        words["differs"].format(len(beside.own)) if beside.own else words["apart_only" if beside.aside else "same"]
    )
    return {
        "file": said.compared_with(summed, beside.filed, lang),
        "differs": bool(beside.own),
        "verdict": verdict,
        "lead": words["explained" if told else "unexplained"],
        "told": told,
        "groups": _by_table(_difference(each, beside, anchors, lang) for each in (*beside.own, *beside.aside)),
    }


def _by_table(lines: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return lines with what the table that they are of is called, neighbours together."""
    return [(table, list(some)) for table, some in groupby(lines, key=lambda line: str(line["table"]))]


def _listed(summed: RollUp, beside: Comparison | None) -> list[Member]:
    """Return the units that have a line: of many thousand those that are named elsewhere, or not just counted."""
    if len(summed.members) <= LISTED:
        return list(summed.members)
    tops = [*summed.tops(list(summed.cells), TOP).values(), *(beside.tops.values() if beside else ())]
    named = {unit.id for top in tops for unit, _ in top}
    return [each for each in summed.members if each.unit.id in named or each.part not in {Part.COUNTED, Part.COVERED}]


def _difference(each: Difference, beside: Comparison, anchors: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    summed = beside.summed
    cell, apart = summed.form.cells[each.cell], summed.rules.apart(each.cell)
    note = apart.note.text(lang) if apart else ""
    return {
        "key": each.cell,
        "table": heading(summed.form, cell.table),
        "cell": cell.label,
        "filed": str(each.filed),
        "own": said.shown(each.own),
        "difference": f"{each.difference:+}",
        "top": _top(beside.tops[each.cell], summed, anchors),
        "remark": note if each.adds else WORDS[lang]["not_added"].format(note),
    }


def _sums(summed: RollUp, anchors: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    tops = summed.tops(list(summed.cells), TOP)
    for key, each in summed.cells.items():
        cell = summed.form.cells[key]
        yield {
            "key": key,
            "table": heading(summed.form, cell.table),
            "cell": cell.label,
            "value": said.shown(each),
            "blanks": each.blanks or "",
            "top": _top(tops[key], summed, anchors),
        }


def _top(top: Iterable[tuple[Unit, Number]], summed: RollUp, anchors: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"anchor": anchors[unit.id], "text": f"{unit.name_in(summed.year)} {value}"} for unit, value in top]


def _units(
    members: Iterable[Member], anchors: Mapping[str, str], originals: Originals, lang: Lang
) -> Iterator[dict[str, Any]]:
    members = list(members)
    names = {each.unit.id: said.name_of(each) for each in members}
    for each in members:
        version = each.standing.current
        yield {
            "anchor": anchors[each.unit.id],
            "name": "　" * max(each.depth - 1, 0) + said.name_of(each),
            "state": each.standing.state.word(lang),
            "part": each.part.word(lang),
            "within": WORDS[lang]["within"].format(name=names.get(each.within, each.within)) if each.within else "",
            "version": version.number if version else "",
            "received": shown_time(version.received) if version else "",
            "errors": version.errors if version else "",
            "link": originals.link(version.submission) if version else None,
        }

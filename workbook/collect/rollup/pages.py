"""A roll-up as a page without script: a sum leads to the units that it is made of, a unit to its original."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect.labels import heading
from workbook.collect.reading import KIT
from workbook.collect.rollup import words as said
from workbook.collect.rollup.comparison import TOP
from workbook.collect.rollup.explained import sentences
from workbook.collect.rollup.links import Originals
from workbook.collect.rollup.words import WORDS
from workbook.collect.views.words import shown_time
from workbook.output.templates import filled_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.register import Unit
    from workbook.collect.rollup.comparison import Comparison, Difference
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang
    from workbook.report.values import Number

_FOLDER = Path(__file__).parent
_STYLES = ("../views/pages.css", "page.css")


def render(summed: RollUp, beside: Comparison | None, lang: Lang, folder: Path) -> bytes:
    """Return the page; ``folder`` is where it will stand, from which originals are linked."""
    words, anchors = WORDS[lang], {each.unit.id: f"unit-{at}" for at, each in enumerate(summed.members)}
    about = {
        "title": said.title(summed, lang),
        "as_of": said.as_of(summed, lang),
        "made": f"{said.as_of(summed, lang)} · {words['kit'].format(KIT)}",
        "about": list(said.about(summed, lang)),
        "compared": _compared(beside, anchors, lang) if beside else None,
        "sums": list(_sums(summed, anchors)),
        "units": list(_units(summed, anchors, Originals(summed.collection, folder), lang)),
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
        "lines": [_difference(each, beside, anchors, lang) for each in (*beside.own, *beside.aside)],
    }


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


def _units(summed: RollUp, anchors: Mapping[str, str], originals: Originals, lang: Lang) -> Iterator[dict[str, Any]]:
    names = {each.unit.id: said.name_of(each) for each in summed.members}
    for each in summed.members:
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

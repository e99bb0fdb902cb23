"""What a collection stands like as a workbook: every unit, the files that wait, the counts. No text is a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from workbook.collect.reading import KIT
from workbook.collect.standing import State
from workbook.collect.views.status import MATTER_COLUMNS, UNIT_COLUMNS, matter_rows, unit_row
from workbook.collect.views.words import WORDS, shown_time
from workbook.excel.findings_sheet import BLUE, TINTS
from workbook.excel.template.build import EPOCH
from workbook.intake.results import RESULT
from workbook.output.sheets import table
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.views.status import Overview
    from workbook.collect.views.tree import Counts
    from workbook.report import Lang

_RED = {"bg_color": f"#{TINTS['error']}", "font_color": "#9C0006", "bold": True}
_YELLOW = {"bg_color": f"#{TINTS['warning']}", "font_color": "#7A4F00"}
_BLUE = {"bg_color": f"#{TINTS['info']}", "font_color": f"#{BLUE}"}
_GREEN = {"bg_color": "#E2F0D9", "font_color": "#23602B"}
_GREY = {"bg_color": "#EDEDED", "font_color": "#595959"}
_STATES: Mapping[str, Mapping[str, Any]] = {
    State.MISSING.key: _YELLOW,
    State.OVERDUE.key: _RED,
    State.RECEIVED.key: _BLUE,
    State.RETURNED.key: _YELLOW,
    State.UNCORRECTED.key: _RED,
    State.ACCEPTED.key: _GREEN,
    State.NEWER.key: _BLUE,
    State.CORRECTED.key: _BLUE,
    State.WAIVED.key: _GREY,
}


def render(overview: Overview, lang: Lang) -> bytes:
    """Return the bytes of a workbook (.xlsx). Rows go to disk as they are made: memory does not grow with the units."""
    from xlsxwriter import Workbook

    words, stream = WORDS[lang], io.BytesIO()
    book = Workbook(stream, {"constant_memory": True})
    about = f"{words['as_of'].format(at=shown_time(overview.at))} · {words['kit'].format(KIT)}"
    book.set_properties({"created": EPOCH, "keywords": RESULT, "title": overview.title(lang), "comments": about})
    summary = {"parent": (words["parent"], 36)}
    summary |= {key: (words[key], 10) for key in ("expected", "came", "share", "late")}
    summary |= {state.key: (state.word(lang), 12) for state in State}
    for name, columns, rows, tints in (
        (words["state"], _headed(UNIT_COLUMNS, lang), _units(overview, lang), _STATES),
        (words["waiting"], _headed(MATTER_COLUMNS, lang), matter_rows(overview, lang), {}),
        (words["summary"], summary, _summary(overview, lang), {}),
    ):
        sheet = table(book, name, columns, rows, tints, "state")
        sheet.set_footer(f"&L{about}&R&P/&N")
    book.close()
    return stream.getvalue()


def _headed(widths: Mapping[str, int], lang: Lang) -> dict[str, tuple[str, int]]:
    return {key: (WORDS[lang][key], wide) for key, wide in widths.items()}


def _units(overview: Overview, lang: Lang) -> Iterator[dict[str, Any]]:
    for standing in overview.standings:
        yield unit_row(standing, overview, lang) | {"how": standing.state.key}


def _summary(overview: Overview, lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield the counts of all, then those below each office, then of when and by what the table was made."""
    words = WORDS[lang]
    yield _counted(words["all"], overview.counts)
    for node in overview.tree.parents:
        yield _counted(printable(node.unit.name), node.below)
    blank = dict.fromkeys(_counted("", overview.counts))
    yield blank | {"parent": words["as_of"].format(at=shown_time(overview.at))}
    yield blank | {"parent": words["kit"].format(KIT)}


def _counted(name: str, counts: Counts) -> dict[str, Any]:
    return {
        "parent": name,
        "expected": counts.expected,
        "came": counts.came,
        "share": counts.share,
        "late": counts.late,
        **{state.key: counts.states[state] for state in State},
    }

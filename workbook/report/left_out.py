"""What is said of that which stands in a file and is not read: struck out, not to be seen, covered, or a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from workbook.report.findings import Lang, make_finding, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.form import Kind
    from workbook.report.findings import CellValue, Finding
    from workbook.report.values import Place

LeftOut = tuple[Literal["struck", "hidden", "covered", "picture", "odd"], str]
"""Why something that stands in a cell was not read, and its text."""

_PATTERNS: dict[Lang, dict[str, str]] = {
    "zh": {
        "struck": "{}（已划去）",
        "hidden": "{}（看不见）",
        "covered": "{}（被合并单元格盖住）",
        "picture": "图片或控件",
        "odd": "{}（各段的样式不同，看不准）",
    },
    "en": {
        "struck": "{} (struck out)",
        "hidden": "{} (not to be seen)",
        "covered": "{} (under a merged cell)",
        "picture": "a picture or a field",
        "odd": "{} (stretches in styles that cannot be told apart)",
    },
}
_NAMES: dict[Lang, str] = {"zh": "what", "en": "what_en"}
_QUOTED = 30
"""Characters of a text left out that are told."""


def left_out(cell: CellValue, kind: Kind, pieces: Sequence[LeftOut]) -> Finding:
    """Return what is said of a number cell in which something was not read: beside its number, or in place of one.

    Args:
        cell: the cell, with the number that was read.
        kind: what kind of number it takes.
        pieces: what was not read of it.
    """
    words = {"taken": show(cell.value), "kind": kind.label, "kind_en": kind.label_en}
    for lang, patterns in _PATTERNS.items():
        shown = (patterns[why].format(show(text, lang)) for why, text in pieces)
        words[_NAMES[lang]] = ("、" if lang == "zh" else ", ").join(shown)
    return make_finding(
        "cell.not_taken" if cell.value is None else "cell.left_out", cell.cell, (cell,), cell.value, **words
    )


def text_left_out(places: Sequence[tuple[Place, str]]) -> tuple[Finding, ...]:
    """Return what is said of a report of whose texts something was not read; nothing where all was.

    Args:
        places: where it stands, and its text.
    """
    if not places:
        return ()
    place, text = places[0]
    words = {"sheet": place.sheet, "address": place.address, "text": text.strip()[:_QUOTED]}
    return (make_finding("text.left_out", count=str(len(places)), **words),)

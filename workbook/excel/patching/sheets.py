"""Sheets as markup: cells that are coloured in one that is there, and the sheets that a marked copy has of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.excel.address import a1, link_target, spot
from workbook.excel.findings_sheet import (
    BAD,
    BLUE,
    GOOD,
    HEAD_TINT,
    HEADS,
    LEVEL,
    LINK,
    WIDTHS,
    place_of,
    rows,
    tint,
    verdict,
)
from workbook.excel.patching.markup import MAIN, Element, Markup, Unpatchable, escaped
from workbook.excel.patching.styles import plain_fill
from workbook.excel.template.styles import lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from workbook.excel.address import Spot
    from workbook.excel.patching.before import Before
    from workbook.excel.patching.styles import Styles
    from workbook.report.fold import Cause

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SELECTED = re.compile(rb"""(<sheetView\s[^<>]*?)\s+tabSelected=["'](?:1|true)["']""")
_CELLS = b"<sheetData"
_BEHIND_NOTES = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "AlternateContent", "controls", "webPublishItems",
     "tableParts", "extLst")
)  # fmt: skip


def unselected(xml: bytes) -> bytes:
    """Return a sheet that is not among the selected ones."""
    head, cells, rest = xml.partition(_CELLS)
    return _SELECTED.sub(rb"\1", head) + cells + rest


class Sheet:
    """A sheet whose cells are coloured."""

    def __init__(self, xml: bytes) -> None:
        """Follow a sheet that was vetted: no cell stands twice.

        Raises:
            Unpatchable: it is written in another way than programs do.
        """
        self.markup = Markup(xml, "worksheet", leaf="c")
        root = self.markup.root
        data = root.find("sheetData")
        if not data:
            raise Unpatchable("no cells")
        self._data = data
        self._rows = {int(row.attributes.get("r", 0)): row for row in data.each("row")}
        self._merged = [_area(one.attributes["ref"]) for listed in root.each("mergeCells") for one in listed.children]

    def top_left(self, address: str) -> str:
        """Return the address of a cell, or of the one that stands for it where it was merged with others."""
        row, column = spot(address)
        for (top, left), (bottom, right) in self._merged:
            if top <= row <= bottom and left <= column <= right:
                return a1(top, left)
        return address

    def colour(self, tints: Mapping[str, str], before: Mapping[str, Before], styles: Styles) -> dict[str, str]:
        """Colour cells, and give those their fill back that were coloured before and are no more.

        Cells that are blank and not written are made. One whose colour was changed since is as it is now.

        Args:
            tints: colours by the addresses of cells.
            before: what the cells were that were marked before.
            styles: the formats of the workbook.

        Returns:
            By address the fill that a coloured cell has without marks, as markup.
        """
        made: dict[int, list[str]] = {}
        own: dict[str, str] = {}
        for address in sorted(tints.keys() | before.keys(), key=spot):
            row = self._rows.get(spot(address)[0] + 1)
            cell = row and next((cell for cell in row.each("c") if cell.attributes.get("r") == address), None)
            number, was = int(cell.attributes.get("s", 0)) if cell else 0, before.get(address)
            fill = styles.fill_of(number)
            if cell and was and f'rgb="FF{was.tint}"' in fill:
                fill = was.fill
            elif address not in tints:
                continue
            if address in tints:
                own[address] = fill
            style = str(styles.filled(number, plain_fill(tints[address]) if address in tints else fill))
            if cell:
                self.markup.set(cell, s=style)
            elif row:
                self._insert(row, row.children, spot(address)[1], f'<c r="{address}" s="{style}"/>')
            else:
                made.setdefault(spot(address)[0], []).append(f'<c r="{address}" s="{style}"/>')
        for at, cells in made.items():
            self._insert(self._data, self._data.children, at, f'<row r="{at + 1}">{"".join(cells)}</row>')
        return own

    def _insert(self, within: Element, among: Sequence[Element], at: int, content: str) -> None:
        """Put a row or a cell before the first that comes after it.

        Raises:
            Unpatchable: one of the others does not say where it stands.
        """
        for other in among:
            address = other.attributes.get("r", "")
            if not address:
                raise Unpatchable("a cell without an address")
            if (int(address) - 1 if other.name == "row" else spot(address)[1]) > at:
                self.markup.insert(other.start, content)
                return
        self.markup.append(within, content)

    def draw_notes(self, relation: str) -> None:
        """Name the drawing of the notes."""
        self.markup.insert_before(_BEHIND_NOTES, f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{relation}"/>')


def _area(reference: str) -> tuple[Spot, Spot]:
    first, _, last = reference.partition(":")
    return spot(first), spot(last or first)


def sheet_of_results(causes: Sequence[Cause], below: Sequence[str], sheets: Collection[str], styles: Styles) -> str:
    """Return the sheet that lists mistakes.

    Args:
        causes: the mistakes, as ``fold`` returns them.
        below: lines that stand below the list.
        sheets: the names of the sheets that a link may lead to.
        styles: the formats of the workbook.
    """
    bad = any(cause.status == "error" for cause in causes)
    title = styles.format(styles.font(14, BAD if bad else GOOD, bold=True))
    border = styles.thin_border()
    head = styles.format(styles.font(11, bold=True), styles.fill(plain_fill(HEAD_TINT)), border, wrapped=True)
    plain = styles.format(0, 0, border, wrapped=True)
    link = styles.format(styles.font(11, BLUE, underlined=True), 0, border, wrapped=True)
    small = styles.format(styles.font(9))
    laid = [_row(1, [f"校验结果：{verdict(causes)}"], [title]), _row(2, HEADS, [head] * len(HEADS))]
    links = []
    for number, (cause, values) in enumerate(zip(causes, rows(causes), strict=True), 3):
        formats = [plain] * len(values)
        formats[LEVEL] = styles.format(0, styles.fill(plain_fill(tint(cause))), border, wrapped=True)
        place = place_of(cause)
        if place and place.sheet in sheets:
            formats[LINK] = link
            links.append(f'<hyperlink ref="{a1(number - 1, LINK)}" location="{escaped(link_target(place))}"/>')
        laid.append(_row(number, values, formats, _height(values)))
    start = len(laid) + 2
    laid += [_row(start + at, [text], [small]) for at, text in enumerate(below)]
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(WIDTHS, 1)
    )
    return (
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(laid)}</sheetData>"
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def sheet_of_texts(texts: Iterable[Sequence[str]]) -> str:
    """Return a sheet with these rows of texts."""
    laid = (_row(number, row, [0] * len(row)) for number, row in enumerate(texts, 1))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(laid)}</sheetData></worksheet>'


def _height(values: Iterable[object]) -> int:
    """Return the height of a row in which each value is seen whole."""
    texts = ((str(value or ""), width) for value, width in zip(values, WIDTHS, strict=True))
    return max(sum(lines(line, width) for line in text.split("\n")) for text, width in texts) * 15 + 6


def _row(number: int, values: Sequence[object], formats: Sequence[int], height: int = 0) -> str:
    cells = (
        _cell(a1(number - 1, at), value, style) for at, (value, style) in enumerate(zip(values, formats, strict=True))
    )
    tall = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{tall}>{"".join(cells)}</row>'


def _cell(address: str, value: object, style: int) -> str:
    start = f'<c r="{address}"' + (f' s="{style}"' if style else "")
    if value is None or value == "":
        return f"{start}/>"
    if isinstance(value, int | float):
        return f"{start}><v>{value!r}</v></c>"
    return (
        f'{start} t="str"><v>{escaped(str(value), quotes=False)}</v></c>'  # the plain way: a reader need not look twice
    )

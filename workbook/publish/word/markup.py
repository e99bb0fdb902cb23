"""The markup of paragraphs and tables of a Word document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from workbook.publish import geometry as g
from workbook.publish.word import styles as s
from workbook.publish.word.styles import twips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import PrintedTable

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FIGURES = {s.FIGURE, s.DENSE[s.FIGURE], s.TIGHT[s.FIGURE]}
_LOOKS: Mapping[float, Mapping[str, str]] = {g.DENSE: s.DENSE, g.TIGHT: s.TIGHT}
"""The styles of cells of tables that are set in smaller type."""
UNINDENTED = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
"""The property of a paragraph that begins flush left."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return a text with U+FFFD in place of what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def words(text: str) -> str:
    """Return a text as markup."""
    return escape(legal(text))


def run(text: str, style: str = "", properties: str = "") -> str:
    """Return letters of a style: a run."""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    parts = text.replace("\r", "\n").split("\t")
    pieces = "<w:tab/>".join(
        "<w:br/>".join(f'<w:t xml:space="preserve">{words(line)}</w:t>' if line else "" for line in part.split("\n"))
        for part in parts
    )
    kept = f"<w:rPr>{named}{properties}</w:rPr>" if named or properties else ""
    return f"<w:r>{kept}{pieces}</w:r>" if text else ""


def paragraph(style: str, runs: str, properties: str = "") -> str:
    """Return a paragraph of a style around its runs."""
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


class Grid:
    """A table in the making: texts in boxes on a grid, of which each may reach over rows and columns."""

    def __init__(
        self, names: Mapping[str, str], widths: Sequence[float], title: str = "", padding: float = g.PADDING
    ) -> None:
        """Begin a table.

        Args:
            names: the identifiers of the styles by their names.
            widths: of its columns, in points.
            title: what is read out in place of the table.
            padding: what stands above and below each text, in points.
        """
        self._names, self._widths, self._title = names, [twips(width) for width in widths], title
        self._padding = padding
        self._boxes: dict[tuple[int, int], tuple[int, int, str]] = {}

    def put(self, text: str, style: str, spot: tuple[int, int], reach: tuple[int, int], size: float = 0) -> None:
        """Put a text into the box that begins at a row and a column and reaches to another row and column."""
        (top, left), (bottom, right) = spot, reach
        half = round(size * 2)
        letters = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if size else ""
        self._boxes[top, left] = bottom, right, f"{style}\0{run(text, properties=letters)}"

    def element(self, heads: int, *, whole: bool) -> Any:
        """Return the table; ``heads`` of its rows are repeated on each page, and no row is broken by one.

        One that is ``whole`` stands on one page, as far as there is room on one.
        """
        from docx.oxml import parse_xml

        last = max(bottom for bottom, _, _ in self._boxes.values())
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in self._widths)
        title = f"<w:tblCaption w:val={quoteattr(legal(self._title))}/>" if self._title else ""
        rows = "".join(
            self._row(row, head=row < heads, keep=row < (last if whole else heads)) for row in range(last + 1)
        )
        look = (
            '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" '
            'w:noVBand="1"/>'
        )
        return parse_xml(
            f'<w:tbl {NAMESPACE}><w:tblPr><w:tblStyle w:val="{self._names[s.TABLE]}"/>'
            f'<w:tblW w:w="{sum(self._widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
            f"{self._margins()}{look}{title}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    def _margins(self) -> str:
        """Return what stands between rules and texts, where that is not as in the style of the tables."""
        if self._padding == g.PADDING:
            return ""
        sides = (("top", self._padding), ("left", g.INSET), ("bottom", self._padding), ("right", g.INSET))
        inner = "".join(f'<w:{side} w:w="{twips(width)}" w:type="dxa"/>' for side, width in sides)
        return f"<w:tblCellMar>{inner}</w:tblCellMar>"

    def _row(self, row: int, *, head: bool, keep: bool) -> str:
        repeated = "<w:tblHeader/>" if head else ""
        cells = "".join(self._cells(row, keep=keep))
        return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"

    def _cells(self, row: int, *, keep: bool) -> Iterator[str]:
        """Yield the cells of a row: those that begin in it, and those that go on from above."""
        column = 0
        while column < len(self._widths):
            top, left, bottom, right, content = self._at(row, column)
            style, _, runs = content.partition("\0")
            merge = "" if top == bottom else '<w:vMerge w:val="restart"/>' if top == row else "<w:vMerge/>"
            span = f'<w:gridSpan w:val="{right - left + 1}"/>' if right > left else ""
            side = f'<w:w_ w:w="{twips(g.CLOSE)}" w:type="dxa"/>'
            close = "".join(side.replace("w_", name) for name in ("left", "right")) if style in _FIGURES else ""
            margins = f"<w:tcMar>{close}</w:tcMar>" if close else ""
            yield (
                f'<w:tc><w:tcPr><w:tcW w:w="{sum(self._widths[left : right + 1])}" w:type="dxa"/>{span}{merge}{margins}'
                f'<w:vAlign w:val="center"/></w:tcPr>'
                f"{paragraph(self._names[style], runs if top == row else '', '<w:keepNext/>' if keep else '')}</w:tc>"
            )
            column = right + 1

    def _at(self, row: int, column: int) -> tuple[int, int, int, int, str]:
        """Return the box that covers a position; one of a single empty cell where there is none."""
        for (top, left), (bottom, right, content) in self._boxes.items():
            if top <= row <= bottom and left <= column <= right:
                return top, left, bottom, right, content
        return row, column, row, column, f"{s.LABEL}\0"


def printed_table(table: PrintedTable, values: Mapping[str, str], names: Mapping[str, str], width: float) -> Any:
    """Return a table of the form as printed.

    Args:
        table: the table.
        values: its numbers as they are shown, by the keys of their cells.
        names: the identifiers of the styles by their names.
        width: that of a line, in points.
    """
    shape = g.columns(table, values, width)
    looks = _LOOKS.get(shape.type, {})
    head, line, figure = (looks.get(name, name) for name in (s.HEAD, s.LABEL, s.FIGURE))
    top = min(label.top for label in table.labels)
    grid = Grid(names, shape.widths, table.table.title, shape.padding)
    for label in table.labels:
        style = line if label.role in {"line", "year"} else head
        grid.put(label.text, style, (label.top - top, label.left), (label.bottom - top, label.right))
    for key, (row, column) in table.cells.items():
        reach = row - top, table.wide.get(key, column)
        size = shape.size if shape.size < shape.type else 0
        grid.put(values.get(key, ""), figure, (row - top, column), reach, size)
    return grid.element(min(row for row, _ in table.cells.values()) - top, whole=True)


def plain_table(rows: Iterable[Sequence[str]], names: Mapping[str, str]) -> Any:
    """Return a table of rows of texts, all as long as the first, which is its head."""
    rows = [list(row) for row in rows]
    grid = Grid(names, _shares(rows))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            grid.put(text, s.LABEL if at else s.HEAD, (at, column), (at, column))
    return grid.element(1, whole=False)


def _shares(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the widths of columns: room for their heads as far as there is any, the rest by the length of texts."""
    least = [min(6, max(2, len(head))) * g.TABLE + 2 * g.INSET for head in rows[0]]
    rest = max(0.0, g.WIDTH - sum(least))
    longest = [min(60, 1 + max(map(len, column))) for column in zip(*rows, strict=True)]
    widths = [own + rest * each / sum(longest) for own, each in zip(least, longest, strict=True)]
    return [each * g.WIDTH / sum(widths) for each in widths]

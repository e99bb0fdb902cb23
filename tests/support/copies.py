"""Cells as a spreadsheet copies them: the text, and XML Spreadsheet as Microsoft published its schema (2002, 2003).

Written after the schema and what is known of Excel: attributes have the prefix ``ss``, gaps are jumped by ``ss:Index``,
what merged cells cover is not written, numbers have up to 17 digits, the text ends each row with a line break. Nothing
of it was recorded from Excel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from workbook.excel.reading.number_format import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_HEAD = (
    '<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:html="http://www.w3.org/TR/REC-html40">\r\n'
    '<Styles><Style ss:ID="Default" ss:Name="Normal"><Alignment ss:Vertical="Center"/><NumberFormat/></Style>'
    '<Style ss:ID="s62"><NumberFormat ss:Format="General Date"/></Style></Styles>'
)
_TAIL = "</Table></Worksheet></Workbook>\r\n"
_LAYOUT = ' x:FullColumns="1" x:FullRows="1" ss:DefaultColumnWidth="54" ss:DefaultRowHeight="13.5"'


@dataclass(frozen=True)
class Source:
    """A cell of the sheet that is copied: a number, text, truth, date, or an error as the text ``#N/A``.

    ``look`` is its number format, or what it shows where that is no format; ``across`` and ``down`` say how far it is
    merged; ``note`` is a comment.
    """

    value: Any
    look: str = "General"
    across: int = 0
    down: int = 0
    note: str = ""
    plain: str | None = None
    """What it shows, where the format does not tell."""

    @property
    def kind(self) -> str:
        """Its type by the words of the schema."""
        if isinstance(self.value, bool):
            return "Boolean"
        if isinstance(self.value, dt.datetime):
            return "DateTime"
        if isinstance(self.value, str):
            return "Error" if self.value.startswith("#") else "String"
        return "Number"

    @property
    def written(self) -> str:
        """What XML Spreadsheet has of it."""
        if self.kind == "Boolean":
            return str(int(self.value))
        if self.kind == "DateTime":
            return self.value.isoformat(timespec="milliseconds")
        return str(self.value) if self.kind in {"String", "Error"} else f"{self.value:.17g}"

    @property
    def seen(self) -> str:
        """What the text has of it."""
        if self.plain is not None:
            return self.plain
        if self.kind == "Boolean":
            return str(self.value).upper()
        if self.kind == "DateTime":
            return f"{self.value.year}/{self.value.month}/{self.value.day}"
        if self.kind in {"String", "Error"}:
            return str(self.value)
        text = f"{self.value:.15g}" if self.look == "General" else shown(self.look, self.value)
        assert text is not None, self.look
        return text


def text_of(rows: Any, *, filtered: Collection[int] = (), hidden_rows: Any = (), hidden_columns: Any = ()) -> str:  # noqa: ARG001
    """Return the text: what a filter hides is not copied, what is hidden otherwise is."""
    width = max(map(len, rows))
    lines = []
    for at, row in enumerate(rows):
        if at not in filtered:
            cells = [_quoted(cell.seen) if cell else "" for cell in row]
            lines.append("\t".join(cells + [""] * (width - len(cells))))
    return "".join(f"{line}\r\n" for line in lines)


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if "\n" in text or "\t" in text else text


def xml_of(
    rows: Sequence[Sequence[Source | None]],
    *,
    filtered: Collection[int] = (),
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    expanded: bool = True,
    body: str | None = None,
) -> bytes:
    """Return the XML Spreadsheet; rows that a filter hides are there and hidden."""
    width = max(map(len, rows), default=0)
    size = f' ss:ExpandedColumnCount="{width}" ss:ExpandedRowCount="{len(rows)}"' * expanded
    columns = "".join(
        f'<Column ss:Index="{at + 1}" ss:Hidden="1" ss:AutoFitWidth="0"/>' for at in sorted(hidden_columns)
    )
    lines = _rows(rows, {*filtered, *hidden_rows}) if body is None else body
    return f'{_HEAD}<Worksheet ss:Name="台账"><Table{size}{_LAYOUT}>\r\n{columns}{lines}{_TAIL}'.encode()


def _rows(rows: Sequence[Sequence[Source | None]], hidden: Collection[int]) -> str:
    lines, following = [], 0
    for at, row in enumerate(rows):
        cells = _cells(row)
        if cells or at in hidden:
            index = f' ss:Index="{at + 1}"' if at != following else ""
            lines.append(f"<Row{index}{' ss:Hidden=' + quoteattr('1') if at in hidden else ''}>{cells}</Row>\r\n")
            following = at + 1
    return "".join(lines)


def _cells(row: Sequence[Source | None]) -> str:
    cells, following = [], 0
    for at, cell in enumerate(row):
        if cell is not None:
            index = f' ss:Index="{at + 1}"' if at != following else ""
            merged = f' ss:MergeAcross="{cell.across}"' * bool(cell.across) + f' ss:MergeDown="{cell.down}"' * bool(
                cell.down
            )
            note = f'<Comment ss:Author="李四"><ss:Data>{escape(cell.note)}</ss:Data></Comment>' if cell.note else ""
            style = ' ss:StyleID="s62"' * (cell.kind == "DateTime")
            data = escape(cell.written, {"\n": "&#10;"})
            cells.append(f'<Cell{index}{merged}{style}><Data ss:Type="{cell.kind}">{data}</Data>{note}</Cell>')
            following = at + 1 + cell.across
    return "".join(cells)

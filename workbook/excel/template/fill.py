"""The finished template, taken apart once: a report's contents go into its parts, and all else stays as it is.

Knows the markup of the template, which XlsxWriter wrote, and of no other workbook.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from workbook.excel.address import column
from workbook.excel.layout import CHECKS, COVER, GUIDE
from workbook.excel.template.zipped import deflated, zipped
from workbook.report import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from workbook.excel.address import Spot
    from workbook.excel.template.contents import Contents
    from workbook.excel.template.spots import TextRows
    from workbook.report import Value

_TEXTS, _BOOK = "xl/sharedStrings.xml", "xl/workbook.xml"
_SHEET = "xl/worksheets/sheet{}.xml"
_ROWS = re.compile(rb"(.*<sheetData>)(.*)(</sheetData>.*)", re.DOTALL)
_ROW = re.compile(
    rb'<row r="([0-9]+)"((?: spans="[0-9:]+")?)((?: ht="[0-9.]+" customHeight="1")?)(?:/>|>(.*?)</row>)', re.DOTALL
)
_CELL = re.compile(
    rb'(<c r="([A-Z]+)[0-9]+"(?: s="[0-9]+")?)((?: t="[a-z]+")?)(?:/>|>((?:<f>[^<]*</f>)?)<v>[^<]*</v></c>)'
)
_NUMBERED = re.compile(rb'(<(?:row|c) r="[A-Z]*)[0-9]+')
_PANE = re.compile(rb'(<sheetView [^>]*>)<pane .*<selection pane="[a-zA-Z]+"')
_LAST = re.compile(rb'(<dimension ref="[^"]*?)([0-9]+)"')
_SST = re.compile(rb'(.*<sst [^>]*) count="([0-9]+)" uniqueCount="([0-9]+)">(.*)</sst>', re.DOTALL)
_ITEM = re.compile(rb"<si>.*?</si>", re.DOTALL)
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_CODE = re.compile("(_x[0-9a-fA-F]{4}_)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class Finished:
    """The blank template of an edition, ready to be filled."""

    def __init__(self, data: bytes, contents: Contents) -> None:
        """Take a template apart.

        Args:
            data: the blank workbook, as ``workbook.excel.template.build`` draws it.
            contents: what follows from a blank report, which tells where that of another goes.
        """
        plan = contents.plan
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        self._blank = contents
        self._names = {_SHEET.format(at): name for at, name in enumerate((GUIDE, COVER, *plan.names, CHECKS), 1)}
        self._book, self._texts = parts.get(_BOOK, b""), _Texts(parts.get(_TEXTS, b""))
        self._sheets = {
            part: _Sheet.of(parts.get(part, b""), contents.cells[name].keys())
            for part, name in self._names.items()
            if name in contents.cells
        }
        self._rest = {name: deflated(name, part) for name, part in parts.items() if name not in self._sheets}
        self._order = list(parts)
        self._replaced = sum(sheet.texts for sheet in self._sheets.values())
        self._references = _references(plan.text_sheets)

    def filled(self, contents: Contents) -> bytes:
        """Return the workbook with the contents of a report; the same contents give the same bytes."""
        texts = self._texts.open()
        moves = self._moves(contents.texts)
        made = {}
        for part, sheet in self._sheets.items():
            name = self._names[part]
            refers = moves and (name == CHECKS or name in moves)
            own = sheet.with_references(lambda piece: self._moved(piece, moves)) if refers else sheet
            made[part] = own.filled(contents, name, moves.get(name, {}), texts)
        if moves:
            made[_BOOK] = self._moved(self._book, moves)
        made[_TEXTS] = texts.part(less=self._replaced)
        return zipped(deflated(name, made[name]) if name in made else self._rest[name] for name in self._order)

    def _moves(self, texts: Mapping[str, TextRows]) -> dict[str, dict[int, int]]:
        """Return by sheet the last open rows, counted from 1, behind which a text needs more, and how many."""
        found: dict[str, dict[int, int]] = {}
        for name, own in self._blank.plan.text_sheets.items():
            more = {self._blank.texts[key].last + 1: texts[key].count - self._blank.texts[key].count for key in own}
            if any(more.values()):
                found[name] = more
        return found

    def _moved(self, piece: bytes, moves: Mapping[str, Mapping[int, int]]) -> bytes:
        """Return markup in which references to paragraphs are to where these stand."""

        def shifted(match: re.Match[bytes]) -> bytes:
            more = moves.get(unescape(match["name"].decode()), {})
            ends = {"first": False, "shown": False, "last": True}
            rows = {
                name: b"%d" % (int(match[name]) + sum(n for at, n in more.items() if at < int(match[name]) + is_end))
                for name, is_end in ends.items()
                if match[name]
            }
            whole, start = match[0], match.start()
            for name, row in sorted(rows.items(), key=lambda item: -match.start(item[0])):
                whole = whole[: match.start(name) - start] + row + whole[match.end(name) - start :]
            return whole

        return self._references.sub(shifted, piece)


def _references(names: Mapping[str, object]) -> re.Pattern[bytes]:
    """Return what finds references to sheets of texts in formulas, names and links, which show their target too."""
    listed = "|".join(re.escape(escape(name, quote=False)) for name in names)
    behind = r":\$?[A-Z]+\$?(?P<last>[0-9]+)|\" display=\"A(?P<shown>[0-9]+)"
    pattern = rf"(?:'|(?<=>))(?P<name>{listed})'?!\$?A\$?(?P<first>[0-9]+)(?:{behind})?"
    return re.compile(pattern.encode())


@dataclass(frozen=True, slots=True)
class _Slot:
    """A cell that a report has its say in: where it begins, its column, and its formula up to the result."""

    column: int
    begin: bytes
    formula: bytes

    def held(self, value: Value, texts: _OpenTexts) -> bytes:
        """Return the cell with what was given."""
        if value is None:
            return self.begin + b"/>"
        if isinstance(value, str):
            return b'%s t="s"><v>%d</v></c>' % (self.begin, texts.index(value))
        return b"%s><v>%s</v></c>" % (self.begin, format(plain(value), ".16G").encode())

    def shown(self, value: Value) -> bytes:
        """Return the cell with its formula and the result."""
        if value is None or value == "":
            return b"%s%s</v></c>" % (self.begin, self.formula)
        if isinstance(value, str):
            kind = b"e" if value in _ERRORS else b"str"
            return b'%s t="%s"%s%s</v></c>' % (self.begin, kind, self.formula, _markup(value))
        return b"%s%s%s</v></c>" % (self.begin, self.formula, str(plain(value)).encode())


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its number, its height where it has one, and what stands around its slots."""

    number: int
    begin: bytes
    height: bytes
    pieces: tuple[bytes, ...]
    slots: tuple[_Slot, ...]

    def at(self, number: int) -> _Row:
        """Return the row as it stands elsewhere."""
        if number == self.number:
            return self

        def numbered(piece: bytes) -> bytes:
            return _NUMBERED.sub(rb"\g<1>%d" % number, piece)

        slots = tuple(replace(slot, begin=numbered(slot.begin)) for slot in self.slots)
        return _Row(number, numbered(self.begin), self.height, tuple(map(numbered, self.pieces)), slots)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the template; ``texts`` is how many of its slots hold a text while they are blank."""

    head: bytes
    rows: tuple[_Row, ...]
    tail: bytes
    texts: int

    @classmethod
    def of(cls, xml: bytes, spots: AbstractSet[Spot]) -> _Sheet:
        """Take a sheet apart, in which these cells are a report's.

        Raises:
            ValueError: it does not have them.
        """
        parts = _ROWS.fullmatch(xml)
        if not parts:
            raise ValueError("a template that was not drawn by the kit")
        rows, texts, found = [], 0, 0
        for match in _ROW.finditer(parts[2]):
            number, content = int(match[1]), match[4] or b""
            pieces, slots, end = [], [], 0
            for cell in _CELL.finditer(content):
                spot = number - 1, column(cell[2].decode())
                if spot in spots:
                    pieces.append(content[end : cell.start()])
                    slots.append(_Slot(spot[1], cell[1], b">%s<v>" % cell[4] if cell[4] else b""))
                    texts += cell[3] == b' t="s"'
                    end = cell.end()
            found += len(slots)
            rows.append(
                _Row(number, b'<row r="%s"%s' % match.group(1, 2), match[3], (*pieces, content[end:]), tuple(slots))
            )
        if found != len(spots):
            raise ValueError("a template that was not drawn by the kit")
        return cls(parts[1], tuple(rows), parts[3], texts)

    def with_references(self, change: Callable[[bytes], bytes]) -> _Sheet:
        """Return the sheet with other references in its formulas and links."""

        def changed(row: _Row) -> _Row:
            slots = tuple(replace(slot, formula=change(slot.formula)) for slot in row.slots)
            return replace(row, slots=slots)

        return replace(self, rows=tuple(map(changed, self.rows)), tail=change(self.tail))

    def filled(self, contents: Contents, name: str, more: Mapping[int, int], texts: _OpenTexts) -> bytes:
        """Return the sheet with the contents of a report, and with more rows of the same kind behind some."""
        cells, typed, heights = contents.cells[name], contents.typed.get(name, ()), contents.heights.get(name, {})
        head = _PANE.sub(rb"\1<selection", self.head) if name in contents.thawed else self.head
        added = sum(more.values())
        if added:
            head = _LAST.sub(lambda match: b'%s%d"' % (match[1], int(match[2]) + added), head)
        made = [head]
        for row in self._moved(more):
            at = row.number - 1
            height = heights.get(at)
            made += row.begin, row.height if height is None else _height(height)
            if not row.slots:
                made.append(b">%s</row>" % row.pieces[0] if row.pieces[0] else b"/>")
                continue
            made.append(b">")
            for piece, slot in zip(row.pieces, row.slots, strict=False):
                spot = at, slot.column
                value = cells[spot]
                made += piece, slot.shown(value) if slot.formula and spot not in typed else slot.held(value, texts)
            made += row.pieces[-1], b"</row>"
        return b"".join((*made, self.tail))

    def _moved(self, more: Mapping[int, int]) -> Iterator[_Row]:
        """Yield the rows where they stand, those of which there are more several times."""
        down = 0
        for row in self.rows:
            yield row.at(row.number + down)
            for _ in range(more.get(row.number, 0)):
                down += 1
                yield row.at(row.number + down)


def _height(points: float) -> bytes:
    """Return the height of a row as XlsxWriter has it, in whole pixels."""
    return b' ht="%s" customHeight="1"' % format(int(points * 4 / 3 + 0.5) * 0.75, "g").encode()


class _Texts:
    """The shared texts of the template."""

    def __init__(self, xml: bytes) -> None:
        match = _SST.fullmatch(xml)
        if not match:
            raise ValueError("a template that was not drawn by the kit")
        self.head, self.items, self.count = match[1], match[4], int(match[2])
        self.numbers = {item: number for number, item in enumerate(_ITEM.findall(match[4]))}

    def open(self) -> _OpenTexts:
        """Return them open for those of a report."""
        return _OpenTexts(self)


class _OpenTexts:
    """The shared texts of a workbook that is being filled."""

    def __init__(self, texts: _Texts) -> None:
        self._texts, self._own, self._uses = texts, dict[bytes, int](), 0

    def index(self, text: str) -> int:
        """Return the number of a text, which is added where it is new."""
        self._uses += 1
        kept = b' xml:space="preserve"' if text != text.strip() else b""
        item = b"<si><t%s>%s</t></si>" % (kept, _markup(text))
        known = self._texts.numbers.get(item)
        return self._own.setdefault(item, len(self._texts.numbers) + len(self._own)) if known is None else known

    def part(self, less: int) -> bytes:
        """Return the part; ``less`` uses of texts by the template are no more."""
        texts = self._texts
        count, unique = texts.count - less + self._uses, len(texts.numbers) + len(self._own)
        numbers = b' count="%d" uniqueCount="%d">' % (count, unique)
        return b"".join((texts.head, numbers, texts.items, *self._own, b"</sst>"))


@lru_cache(maxsize=1024)
def _markup(text: str) -> bytes:
    """Return a text as the markup of a workbook has it, control characters as their codes."""
    if not text.isalnum():
        text = _CODE.sub(r"_x005F\1", text)
        text = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
        text = escape(text, quote=False)
    return text.encode()

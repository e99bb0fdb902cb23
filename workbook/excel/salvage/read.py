"""Reads a damaged workbook: recovered sheets go to the normal reader; doubtful or lost cells get findings.

A checksum cannot say which number is wrong. So every sheet whose part, or anything its cells depend on, is not
confirmed by its checksum is told as doubtful with all its cells; and where two parts differ, none is chosen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook.excel.address import Spot, a1
from workbook.excel.findings_sheet import COPY, RESULTS
from workbook.excel.layout import CHECKS, COVER, GUIDE, TEXTS_1, plan_of
from workbook.excel.reading.by_position import read_sheets
from workbook.excel.reading.faces import shared_texts, styles
from workbook.excel.reading.other_formats import MemoryWorkbook
from workbook.excel.reading.sheet_looks import Around, SheetLook, linked_names
from workbook.excel.reading.visible import lay_under
from workbook.excel.salvage.labels import called, labels
from workbook.excel.salvage.markup import Listed, Sheet
from workbook.excel.salvage.parts import parts
from workbook.intake.archive import damaged, too_large
from workbook.intake.limits import AREA_LIMIT, BOOK_SHEET_LIMIT, REPEATED_LIMIT, SHEET_COUNT_LIMIT
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.visible import Looks, Seen
    from workbook.report import Finding, Report

_REFUSED = {"file.damaged", "file.encrypted", "file.not_a_workbook", "file.too_large"}
"""Codes of refusals that damage may be the cause of: a byte may say that a part is encrypted, or huge."""

_BOOK, _STRINGS, _STYLES, _SHEETS = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml", "xl/worksheets/"
_LISTED = (_BOOK, "xl/_rels/workbook.xml.rels", _STRINGS, _STYLES)
_NAME = 31  # characters of a sheet's name
_NAMED = 40  # addresses that a finding lists one by one

Reason = tuple[str, str]
_CHECKSUM: Reason = ("内容与校验码不符，其中的数可能已经改变", "the content does not match its checksum")
_BROKEN: Reason = ("数据在 {last} 之后中断，后面的内容丢失", "the data breaks off after {last}")
_TEXTS: Reason = ("存放全部文字的部件已损坏，行名、列名和文字可能错位", "the part that holds all texts is damaged")
_LABELS: Reason = ("行名、列名丢失，各格按模板中的名称辨认", "its labels are lost, cells were told by their names")
_FORMATS: Reason = ("单元格格式丢失，日期会显示成数", "the formats of cells are lost, dates look like numbers")
_TWINS: Reason = ("文件里有两份不同的内容，无法确定哪一份有效", "the file holds it twice, and the two differ")
_ABSENT: Reason = ("文件里没有它的数据，或数据从开头就已损坏", "its data is not there, or broken from its beginning")


def read_damaged(data: bytes, file: str, refusal: Unreadable) -> Report:
    """Return the report in a damaged package (``.xlsx``, ``.xlsm``); what was damaged is its first finding.

    Args:
        data: the bytes of the file.
        file: its name, for findings.
        refusal: why it cannot be read as it is.

    Raises:
        Unreadable: nothing can be saved, what was saved holds no report, or a limit is exceeded.
    """
    # The first two bytes may be what is damaged.
    if refusal.findings[0].code not in _REFUSED or not (data.startswith(b"PK") or data[2:4] == b"\x03\x04"):
        raise refusal
    salvage = _Salvage(data, file)
    if not salvage.saved:
        raise refusal
    try:
        report = read_sheets(salvage.book(), hashlib.sha256(data).hexdigest())
    except Unreadable as second:
        raise Unreadable(*refusal.findings, *second.findings) from second
    return replace(report, reader_findings=(*salvage.findings(report), *report.reader_findings))


@dataclass
class _Saved:
    """A sheet that was saved, whether its name was, and why its content is in doubt."""

    name: str
    named: bool
    content: bytes
    sheet: Sheet
    doubts: list[Reason]


class _Salvage:
    """The sheets of a damaged package, with what is doubtful or lost of each."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file, self._parts = file, parts(data, file)
        size = sum(len(part.content) for part in self._parts.values() if part)
        self._limit(size, BOOK_SHEET_LIMIT, "要抢救的内容有 {} 字节", "{} bytes to be saved")
        listed = (Listed(self._parts.get(name)) for name in _LISTED)
        self._book, self._relations, self._texts, self._formats = listed
        self._runs = shared_texts(self._content(_STRINGS))
        self._around = Around(styles(self._content(_STYLES)), linked_names(self._book.names.items()))
        self._all_listed = self._book.sound and self._relations.sound
        count = max(len(self._book.sheets), sum(name.startswith(_SHEETS) for name in self._parts))
        self._limit(count, SHEET_COUNT_LIMIT, "有 {} 张工作表", "{} sheets")
        self.saved: list[_Saved] = []
        self._absent: list[tuple[str, Reason]] = []
        known = labels(self._book.names) if self._book.sound else {}
        for name, place, named in self._places():
            self._save(name, place, known.get(name, {}), named=named)

    def _content(self, name: str) -> bytes:
        part = self._parts.get(name)
        return part.content if part else b""

    def _limit(self, count: int, limit: int, what: str, what_en: str) -> None:
        if count > limit:
            raise too_large(self.file, what.format(count), what_en.format(count), limit)

    def _places(self) -> Iterator[tuple[str, str, bool]]:
        """Yield each sheet's name, its part, and whether it is listed; one that is not is called like its part."""
        left = [name for name in self._parts if name.startswith(_SHEETS)]
        listed = {name[:_NAME]: self._relations.targets.get(relation, "") for name, relation in self._book.sheets}
        for name, place in listed.items():
            if place in left:
                left.remove(place)
                yield name, place, True
            elif place.startswith(_SHEETS):
                self._absent.append((name, _ABSENT))
        if not self._all_listed:
            names = {place: place.removeprefix(_SHEETS).removesuffix(".xml")[:_NAME] for place in left}
            yield from ((name, place, False) for place, name in names.items() if name not in listed)

    def _save(self, name: str, place: str, known: dict[Spot, str], *, named: bool) -> None:
        """Read a sheet as far as it goes, with the reasons to doubt it."""
        part = self._parts[place]
        if part is None:
            self._absent.append((name, _TWINS))
            return
        sheet = Sheet(part, self._texts.strings, self._formats.dates if self._formats.sound else ())
        if not sheet.is_sheet or not (sheet.last >= (0, 0) or sheet.sound):
            self._absent.append((name, _ABSENT))
            return
        # Those behind the place where it breaks off tell what the rows before it are.
        restored = {place for place in known if place in sheet.lost or (place > sheet.last and not sheet.whole)}
        sheet.values |= {place: known[place] for place in restored}
        sheet.lost -= restored
        broken, broken_en = (words.format(last=a1(*sheet.last)) for words in _BROKEN)
        doubts = {
            (broken, broken_en): not sheet.whole,
            _CHECKSUM: not part.sound,
            _TEXTS: _STRINGS in self._parts and not self._texts.sound,
            _LABELS: bool(restored),
            _FORMATS: sheet.formatted and not self._formats.sound,
        }
        self.saved.append(
            _Saved(name, named, part.content, sheet, [reason for reason, doubted in doubts.items() if doubted])
        )

    def book(self) -> MemoryWorkbook:
        """Return the sheets that were saved as the reader asks for them; lost names are told by what is on them."""
        areas = (rows * columns for rows, columns in (saved.sheet.size for saved in self.saved))
        self._limit(sum(areas), AREA_LIMIT, "中有远离表格的单元格，所占区域有 {} 格", "sheets span {} cells")
        texts = (len(value) for saved in self.saved for value in saved.sheet.values.values() if isinstance(value, str))
        self._limit(sum(texts), REPEATED_LIMIT, "中的文字重复后有 {} 字", "texts of {} characters")
        grids: dict[str, Grid] = {}
        looks: dict[str, Looks] = {}
        for saved in self.saved:
            grid, seen = self._seen(saved)
            name = None if saved.named else called(grid)
            if name and name not in {other.name for other in self.saved}:
                saved.name = name
            grids[saved.name], looks[saved.name] = grid, seen.looks
        return MemoryWorkbook(grids, self.file, {saved.name: saved.sheet.unseen for saved in self.saved}, looks)

    def _seen(self, saved: _Saved) -> tuple[Grid, Seen]:
        """Return the visible values of a sheet and its findings; lost cells have no value."""
        look = SheetLook(saved.content, self._around, self._runs, hidden=saved.name in self._book.hidden)
        grid = saved.sheet.grid()
        look.cells = [cell for cell in look.cells if cell.spot in saved.sheet.values]
        seen = look.seen()
        try:
            lay_under(seen, grid, look.areas)
        except ValueError as error:
            raise damaged(self.file, str(error)) from error
        return seen.laid_over(grid), seen

    def findings(self, report: Report) -> Iterator[Finding]:
        """Yield what the report's reader must know: that it was saved, what is doubtful, what is lost."""
        yield make_finding("file.salvaged", file=self.file, sheets="、".join(f"“{saved.name}”" for saved in self.saved))
        plan = plan_of(report.edition)
        for saved in self.saved:
            if saved.name in {GUIDE, RESULTS, COPY}:
                continue
            # What the sheet of checks holds besides accepted warnings is the template's own.
            idle = saved.name == CHECKS and saved.sheet.whole and not report.waivers
            if saved.doubts and not idle:
                own = [key for key, place in report.places.items() if place.sheet == saved.name and key in report.cells]
                cells = tuple(report.cell(key) for key in own)
                why = "；".join(reason for reason, _ in saved.doubts)
                why_en = "; ".join(reason for _, reason in saved.doubts)
                yield make_finding("file.sheet_doubtful", "", cells, sheet=saved.name, reason=why, reason_en=why_en)
            first = plan.waivers_row if saved.name == CHECKS else 0
            gone = [a1(*place) for place in sorted(saved.sheet.lost) if place[0] >= first]
            if gone:
                listed = "、".join(gone[:_NAMED]) + (" ……" if len(gone) > _NAMED else "")
                yield make_finding("file.cells_lost", sheet=saved.name, cells=listed, count=str(len(gone)))
        there = {saved.name for saved in self.saved} | {name for name, _ in self._absent}
        texts = () if there & {TEXTS_1} else tuple(plan.text_sheets)
        usual = () if self._all_listed else (COVER, *texts)
        missing = [(name, _ABSENT) for name in usual if name not in there]
        for name, (why, why_en) in (*self._absent, *missing):
            yield make_finding("file.sheet_lost", sheet=name, reason=why, reason_en=why_en)

"""Saves what can be read of a damaged package: a sound, plain one is built anew from its parts, and losses are told.

A checksum cannot say which number is wrong. So every sheet whose part, or anything its cells depend on, is not
confirmed by its checksum is told as doubtful with all its cells; and where two parts differ, none is chosen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from workbook.archive import too_large
from workbook.excel.fragments import Listed, Sheet, Strings, is_whole
from workbook.excel.known import called, labels
from workbook.excel.layout import CHECKS, COVER, GUIDE, plan
from workbook.excel.package import SHEET_COUNT_LIMIT, SHEET_LIMIT
from workbook.excel.read import read_workbook
from workbook.excel.rebuilt import rebuilt
from workbook.excel.results import RESULTS
from workbook.excel.wreck import Part, parts
from workbook.report import Unreadable, cell_at, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.report import Finding, Report

_REFUSED = {"file.damaged", "file.encrypted", "file.not_a_workbook", "file.too_large"}
"""Codes of refusals that damage may be the cause of: a byte may say that a part is encrypted, or huge."""

_BOOK, _RELATIONS, _STRINGS, _STYLES, _SHEETS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/",
)
_WITHOUT_NUMBERS = {GUIDE, RESULTS}
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


@dataclass
class _Saved:
    """A sheet that was saved, whether its name was, and the reasons why its content is in doubt."""

    name: str
    sheet: Sheet
    named: bool
    doubts: list[Reason] = field(default_factory=list)


def read_damaged(data: bytes, file: str, refusal: Unreadable) -> Report:
    """Return the report in a damaged package (``.xlsx``, ``.xlsm``); its ``noted`` begins with what was damaged.

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
    wreck = _Salvage(data, file)
    if not wreck.sheets:
        raise refusal
    try:
        report = read_workbook(wreck.package(), file)
    except Unreadable as second:
        known = {finding.code for finding in refusal.findings}
        raise Unreadable(*refusal.findings, *(item for item in second.findings if item.code not in known)) from second
    source = replace(report.source, sha256=hashlib.sha256(data).hexdigest()) if report.source else None
    return replace(report, source=source, noted=(*wreck.findings(report), *report.noted))


class _Salvage:
    """The sheets of a damaged package, with what is doubtful or lost of each."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._parts, self._twins = _single(parts(data, file))
        size = sum(len(part.content) for name, part in self._parts.items() if _is_read(name))
        if size > SHEET_LIMIT:
            raise too_large(file, f"要抢救的内容有 {size} 字节", f"{size} bytes to be saved", SHEET_LIMIT)
        self.strings = Strings(self._content(_STRINGS))
        self.styles = self._content(_STYLES) if self._is_whole(_STYLES) else b""
        self._book, self._relations = Listed(self._content(_BOOK)), Listed(self._content(_RELATIONS))
        if len(self._book.sheets) > SHEET_COUNT_LIMIT:
            count = len(self._book.sheets)
            raise too_large(file, f"有 {count} 张工作表", f"{count} sheets", SHEET_COUNT_LIMIT)
        self._labels = labels(self._book.names) if self._is_whole(_BOOK) else {}
        self._absent: list[tuple[str, Reason]] = []
        read = (self._saved(name, part, named=named) for name, part, named in self._places())
        self.sheets = [saved for saved in read if saved]
        self._recognise()

    def _content(self, name: str) -> bytes:
        part = self._parts.get(name)
        return part.content if part else b""

    def _is_whole(self, name: str) -> bool:
        part = self._parts.get(name)
        return part is not None and part.sound and is_whole(part.content)

    def _places(self) -> Iterator[tuple[str, str, bool]]:
        """Yield each sheet's name, its part, and whether it is listed; one that is not is called like its part."""
        found = (*self._parts, *self._twins)
        left = dict.fromkeys(name for name in found if name.startswith(_SHEETS) and name.endswith(".xml"))
        names: set[str] = set()
        for name, relation in ((name[:_NAME], relation) for name, relation in self._book.sheets):
            part = self._relations.targets.get(relation, "")
            if part in left and name and name.lower() not in names:
                del left[part]
                names.add(name.lower())
                yield name, part, True
            elif part.startswith(_SHEETS):
                self._absent.append((name, _ABSENT))
        if all(self._is_whole(name) for name in (_BOOK, _RELATIONS)):
            return
        for part in left:
            name = part.removeprefix(_SHEETS).removesuffix(".xml")[:_NAME]
            if name.lower() not in names:
                names.add(name.lower())
                yield name, part, False

    def _saved(self, name: str, place: str, *, named: bool) -> _Saved | None:
        """Read a sheet as far as it goes; none where it has no cell left."""
        part = self._parts.get(place)
        if part is None:
            self._absent.append((name, _TWINS))
            return None
        sheet = Sheet(part.content, self.strings.found, self._labels.get(name, {}), styled=bool(self.styles))
        if not sheet.is_sheet or not (sheet.last or (part.sound and sheet.whole)):
            self._absent.append((name, _ABSENT))
            return None
        found = _Saved(name, sheet, named)
        if not sheet.whole:
            found.doubts.append((_BROKEN[0].format(last=sheet.last), _BROKEN[1].format(last=sheet.last)))
        if not part.sound:
            found.doubts.append(_CHECKSUM)
        texts = self._parts.get(_STRINGS)
        if _STRINGS in self._twins or (texts and not (texts.sound and self.strings.whole)):
            found.doubts.append(_TEXTS)
        if sheet.restored:
            found.doubts.append(_LABELS)
        if sheet.formatted and not self.styles:
            found.doubts.append(_FORMATS)
        return found

    def _recognise(self) -> None:
        """Name the sheets that are known by their names only, where the names are lost."""
        for saved in self.sheets:
            name = None if saved.named else called(saved.sheet.texts_at)
            if name and name not in {other.name for other in self.sheets}:
                saved.name = name

    def package(self) -> bytes:
        """Return a plain package of what was saved."""
        return rebuilt([(saved.name, saved.sheet.xml()) for saved in self.sheets], self.strings.xml(), self.styles)

    def findings(self, report: Report) -> Iterator[Finding]:
        """Yield what the report's reader must know: that it was saved, what is doubtful, what is lost."""
        names = "、".join(f"“{saved.name}”" for saved in self.sheets)
        yield note("file.salvaged", file=self.file, sheets=names)
        for saved in self.sheets:
            # What the sheet of checks holds besides accepted warnings is the template's own.
            idle = saved.name == CHECKS and saved.sheet.whole and not report.waivers
            if saved.doubts and saved.name not in _WITHOUT_NUMBERS and not idle:
                own = [key for key, place in report.places.items() if place.sheet == saved.name and key in report.cells]
                cells = tuple(cell_at(report, key) for key in own)
                why = "；".join(reason for reason, _ in saved.doubts)
                why_en = "; ".join(reason for _, reason in saved.doubts)
                yield note("file.sheet_doubtful", "", cells, sheet=saved.name, reason=why, reason_en=why_en)
        yield from self._lost(report)

    def _lost(self, report: Report) -> Iterator[Finding]:
        of, lost = plan(report.edition), list(self._absent)
        if not all(saved.named for saved in self.sheets):
            there = {saved.name for saved in self.sheets} | {name for name, _ in lost}
            lost += [(name, _ABSENT) for name in (COVER, of.text_sheet) if name not in there]
        for name, (why, why_en) in lost:
            yield note("file.sheet_lost", sheet=name, reason=why, reason_en=why_en)
        for saved in self.sheets:
            first = of.waivers_row if saved.name == CHECKS else 0
            gone = [at for at in (*saved.sheet.lost, *saved.sheet.unclear) if int(at.strip(ascii_uppercase)) > first]
            if gone and saved.name not in _WITHOUT_NUMBERS:
                listed = "、".join(gone[:_NAMED]) + (" ……" if len(gone) > _NAMED else "")
                yield note("file.cells_lost", sheet=saved.name, cells=listed, count=str(len(gone)))


def _single(found: Iterable[Part]) -> tuple[dict[str, Part], list[str]]:
    """Return the parts by name, and the names that stand for several parts which differ; case makes no name."""
    kept: dict[str, Part] = {}
    usual: dict[str, str] = {}
    twins: list[str] = []
    for part in found:
        name = usual.setdefault(part.name.lower(), part.name)
        if name in kept and kept[name].content != part.content:
            twins.append(name)
        elif name not in kept or part.sound:
            kept[name] = part
    return {name: part for name, part in kept.items() if name not in twins}, list(dict.fromkeys(twins))


def _is_read(name: str) -> bool:
    return name in {_BOOK, _RELATIONS, _STRINGS, _STYLES} or name.startswith(_SHEETS)

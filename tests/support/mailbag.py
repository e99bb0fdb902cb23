"""A made-up city, whatever its seed and size: its register, last year's reports, and a mailbag with every usual fault.

What must come of every file stands beside it: the outcome, the unit, and every code, so that no other may be found.
"""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import openpyxl
from archives import archive
from figures import balanced, code_of, figures
from published import page, word
from published import text as plain

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import plan_of
from workbook.report import Body, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

YEAR = 2025
HEADS = (
    "单位ID", "名称", "别名", "上级", "类型", "统一社会信用代码", "行政区划代码", "报送期限", "起始年度", "截止年度",
    "承接单位", "计入汇总", "联系人",
)  # fmt: skip
KINDS = {"government": "人民政府", "department": "政府部门", "township": "乡镇或街道"}
_FIRST, _SECOND = "云澄宁沅芷岚汀枫棠珑", "川溪洲陵浦桥塘屿坪岭"
_FIELDS = (
    "发展和改革、教育、科学技术、公安、民政、司法、财政、人力资源和社会保障、自然资源、生态环境、住房和城乡建设、交通运输、"
    "水利、农业农村、商务、退役军人事务、应急管理、审计、市场监督管理、统计、医疗保障、信访"
)
_OFFICES = (*(f"{field}局" for field in _FIELDS.split("、")), "卫生健康委员会")
SHORT = {
    "发展和改革局": "发改局",
    "人力资源和社会保障局": "人社局",
    "住房和城乡建设局": "住建局",
    "卫生健康委员会": "卫健委",
}


@dataclass(frozen=True)
class Office:
    """A unit of the city, as its register has it."""

    id: str
    name: str
    parent: str
    kind: str
    code: str = ""
    alias: str = ""
    until: int | None = None
    successor: str = ""


@dataclass(frozen=True)
class Came:
    """What must come of a file: outcome, unit, codes, the year that it is taken for."""

    file: str
    outcome: str = "received"
    unit: str | None = None
    codes: frozenset[str] = frozenset()
    year: int | None = YEAR


@dataclass
class Mailbag:
    """A city, and what it hands in.

    Args:
        seed: of all choices.
        size: how many units are expected.
    """

    seed: int = 1
    size: int = 60
    came: list[Came] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the city and its mailbag."""
        self._chosen = random.Random(self.seed)  # noqa: S311 - a made-up city
        self.city = self._chosen.choice(_FIRST) + self._chosen.choice(_SECOND)
        self.offices = [*self._offices()]
        open_ones = [each for each in self.offices if each.until is None]
        self.last = {each.id: figures(self._chosen, self.body(each), YEAR - 1) for each in open_ones}
        self.now = {each.id: figures(self._chosen, self.body(each), YEAR, self.last[each.id]) for each in open_ones}
        self._left = [each for each in open_ones if each.parent]
        self._chosen.shuffle(self._left)
        self._fill()

    def _offices(self) -> Iterator[Office]:
        """Yield the city, its departments, its districts with their departments and towns, and one that is closed."""
        yield Office("C", f"{self.city}市人民政府", "", "government", code_of(1))
        count = self.size - 1
        own = min(len(_OFFICES), max(len(SHORT), count // 3))
        names = [*SHORT, *self._chosen.sample([each for each in _OFFICES if each not in SHORT], own - len(SHORT))]
        for number, name in enumerate(names):
            code = code_of(100 + number) if self._chosen.random() < 0.7 else ""
            yield Office(f"C-{number:02}", f"{self.city}市{name}", "C", "department", code)
        yield Office("C-99", f"{self.city}市旧城办公室", "C", "department", until=YEAR - 2, successor="C-00")
        count -= own
        firsts = self._chosen.sample([one + two for one in _FIRST for two in _SECOND if one + two != self.city], 10)
        for number, first in enumerate(firsts):
            if count <= 0:
                return
            above = f"D{number}"
            yield Office(above, f"{first}区人民政府", "C", "government", code_of(1000 + number))
            below = min(count - 1, self._chosen.randint(6, 14))
            yield from self._below(above, first, below)
            count -= 1 + below

    def _below(self, above: str, first: str, count: int) -> Iterator[Office]:
        offices = self._chosen.sample(_OFFICES, count // 2)
        for number, name in enumerate(offices):
            yield Office(f"{above}-{number:02}", f"{first}区{name}", above, "department")
        towns = self._chosen.sample([one + two for one in _SECOND for two in _FIRST], count - len(offices))
        for number, town in enumerate(towns, len(offices)):
            yield Office(f"{above}-{number:02}", f"{first}区{town}镇人民政府", above, "township")

    @staticmethod
    def body(office: Office) -> Body:
        """Return the cover of a unit's report."""
        return Body(office.name, office.code or None, None, office.kind)

    @cached_property
    def expected(self) -> list[str]:
        """The units that are to report."""
        return [each.id for each in self.offices if each.until is None]

    def office(self, unit: str) -> Office:
        """Return a unit."""
        return next(each for each in self.offices if each.id == unit)

    # ---- the register -----------------------------------------------------------------------------------------------

    def rows(self) -> list[list[str]]:
        """Return the rows of the register below its heads; children may stand before their parents."""
        rows = [
            [each.id, each.name, each.alias, each.parent, KINDS[each.kind], each.code, "",
             f"{YEAR + 1}-03-31" if each.id == "C" else f"{YEAR + 1}-01-31", "", str(each.until or ""), each.successor,
             "是", ""]
            for each in self.offices
        ]  # fmt: skip
        return rows[::-1] if self.seed % 2 else rows

    def write_register(self, path: Path, rows: list[list[str]] | None = None) -> Path:
        """Write the register as a workbook or as CSV."""
        lines = [list(HEADS), *(rows or self.rows())]
        if path.suffix == ".csv":
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows(lines)
            path.write_bytes(stream.getvalue().encode("gb18030"))
            return path
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([each or None for each in line])
        book.save(path)
        return path

    def write_last(self, path: Path) -> Path:
        """Write last year's reports as a file of lines."""
        path.write_bytes(b"".join(_line(report) for report in self.last.values()))
        return path

    def write(self, folder: Path) -> Path:
        """Write the mailbag to a folder."""
        for file, data in self.files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder

    # ---- the mailbag ------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Let every fault happen once, three say nothing, and the others send what is sound."""
        for fault in FAULTS:
            fault(self)
        for name in ("_one", "_two", "_three"):
            self.about[f"missing{name}"] = self.take().id
        _nobodys(self)
        _no_reports(self)
        self.sound(self.office("C"))
        while self._left:
            self.sound(self.take())

    def take(self, fits: Callable[[Office], bool] = lambda _: True) -> Office:
        """Return a unit of which nothing is in the mailbag yet."""
        found = next(each for each in self._left if fits(each))
        self._left.remove(found)
        return found

    def sound(self, office: Office) -> str:
        """Let a unit send a sound report."""
        return self.send(office, f"{office.name}{YEAR}年年报.xlsx", workbook.write(self.now[office.id]))

    def send(self, office: Office | None, file: str, data: bytes, *codes: str, **more: Any) -> str:
        """Put a file into the mailbag, and note what must come of it; return its name."""
        self.files[file] = data
        self.came.append(Came(file, unit=office.id if office else None, codes=frozenset(codes), **more))
        return file

    def faulty(self, kind: str, office: Office, report: Report, *codes: str, **more: Any) -> None:
        """Let a unit send a workbook with a fault."""
        self.about[kind] = office.id
        self.send(office, f"{office.name}{YEAR}年年报.xlsx", workbook.write(report), *codes, **more)


def _line(report: Report) -> bytes:
    return json.dumps(json.loads(workbook.to_json(report)), ensure_ascii=False).encode() + b"\n"


def _plus(report: Report, cell: str, more: int) -> Report:
    value: Any = report.cells[cell]
    return report.with_cells({cell: value + more})


def _wrong_cell(bag: Mailbag) -> None:
    """One entry is wrong and the totals stand as they were."""
    office = bag.take()
    report = _plus(bag.now[office.id], "disputes.review.other", 3)
    bag.faulty("wrong_cell", office, report, "disputes.total")


def _total_overwritten(bag: Mailbag) -> None:
    """Somebody typed over the formula of a total."""
    office = bag.take()
    data = workbook.write(bag.now[office.id])
    book = openpyxl.load_workbook(io.BytesIO(data))
    place = next(
        (sheet.name, *table.cells["disputes.suit_direct.total"])
        for sheet in plan_of("2021").sheets
        for table in sheet.tables
        if "disputes.suit_direct.total" in table.cells
    )
    cell = book[place[0]][a1(*place[1:])]
    value: Any = bag.now[office.id].cells["disputes.suit_direct.total"]
    cell.value = value + 10
    stream = io.BytesIO()
    book.save(stream)
    bag.about["total"] = office.id
    bag.send(office, f"{office.name}年报（定稿）.xlsx", stream.getvalue(), "disputes.total")


def _blank_row(bag: Mailbag) -> None:
    """A row was left blank, for there was nothing to tell."""
    office = bag.take()
    row = [key for key in bag.now[office.id].cells if key.startswith("applications.refused_secret.")]
    report = bag.now[office.id].with_cells({key: None for key in row if not key.endswith(".total")})
    bag.faulty("blank_row", office, report, "cell.blank")


def _contradicted(bag: Mailbag) -> None:
    """The text tells another number than the table."""
    office = bag.take()
    report = bag.now[office.id]
    wrong: Any = report.cells["applications.received.total"]
    said = f"本年新收政府信息公开申请{wrong + 7}件。{report.narrative['overview']}"
    report = replace(report, narrative={**report.narrative, "overview": said})
    bag.faulty("text", office, report, "text.contradicts")


def _carry_over(bag: Mailbag) -> None:
    """What was left last year is another number than what is brought forward."""
    office = bag.take()
    report = balanced(_plus(bag.now[office.id], "applications.brought_forward.natural", 2))
    bag.faulty("carry_over", office, report, "year.brought_forward")


def _other_year(bag: Mailbag) -> None:
    """The cover has a year of long ago."""
    office = bag.take()
    report = replace(bag.now[office.id], year=YEAR - 4)
    bag.faulty("other_year", office, report, "unit.other_year", "file.other_year", year=YEAR - 4)


def _yuan(bag: Mailbag) -> None:
    """Fees in yuan where ten thousand yuan are asked."""
    office = bag.take()
    fee: Any = bag.now[office.id].cells["fees.fee.amount"]
    report = bag.now[office.id].with_cells({"fees.fee.amount": fee * 10_000})
    codes = {"year.thousandfold"} | ({"plausible.beyond"} if fee * 10_000 >= _beyond(office) else set())
    bag.faulty("yuan", office, report, *codes)


def _beyond(office: Office) -> int:
    return {"township": 2_000, "department": 100_000, "government": 5_000_000}[office.kind]


def _last_again(bag: Mailbag) -> None:
    """Last year's report once more, with this year on the cover."""
    office = bag.take()
    report = replace(bag.last[office.id], year=YEAR)
    bag.faulty("last_again", office, report, "year.identical", "year.brought_forward", "year.in_force")


def _versions(bag: Mailbag) -> None:
    """Two versions lie in the mailbag, and nobody knows which is the newer."""
    office = bag.take()
    bag.about["versions"] = office.id
    bag.sound(office)
    other = balanced(_plus(bag.now[office.id], "applications.received.natural", 1))
    bag.send(office, f"{office.name}{YEAR}年年报-改.xlsx", workbook.write(other), "unit.versions")


def _short_name(bag: Mailbag) -> None:
    """The cover has the name that everybody uses, and no code."""
    office = bag.take(lambda each: each.parent == "C" and each.name.removeprefix(f"{bag.city}市") in SHORT)
    short = f"{bag.city}市{SHORT[office.name.removeprefix(f'{bag.city}市')]}"
    report = replace(bag.now[office.id], body=Body(short, None, None, office.kind))
    bag.faulty("short", office, report)


def _alias(bag: Mailbag) -> None:
    """The cover has what the register calls another name of the unit."""
    office = bag.take(lambda each: each.kind == "township")
    bag.offices[bag.offices.index(office)] = replace(office, alias=f"{bag.city}风景区")
    report = replace(bag.now[office.id], body=Body(f"{bag.city}风景区", None, None, office.kind))
    bag.faulty("alias", office, report)


def _copied_cells(bag: Mailbag) -> None:
    """The numbers of another unit under one's own name; who is told is the one that comes second."""
    one, other = sorted((bag.take(), bag.take()), key=lambda each: each.name)
    bag.sound(one)
    report = replace(bag.now[one.id], body=bag.body(other), narrative=bag.now[other.id].narrative)
    in_force = "documents.normative.in_force"
    differ = bag.last[one.id].cells[in_force] != bag.last[other.id].cells[in_force]
    codes = ["unit.copied", "year.brought_forward", *(["year.in_force"] if differ else [])]
    bag.faulty("copied_cells", other, report, *codes)


def _copied_text(bag: Mailbag) -> None:
    """The text of another unit, that unit's name replaced."""
    one, other = sorted((bag.take(), bag.take()), key=lambda each: each.name)
    bag.sound(one)
    texts = bag.now[other.id].narrative
    report = replace(bag.now[other.id], narrative={**texts, "problems": bag.now[one.id].narrative["problems"]})
    bag.faulty("copied_text", other, report, "unit.copied")


def _same_in_word(bag: Mailbag) -> None:
    """The same report once more as a document."""
    office = bag.take()
    bag.sound(office)
    bag.send(office, f"{office.name}{YEAR}年年报.docx", word(bag.now[office.id]), outcome="unchanged")


def _same_in_text(bag: Mailbag) -> None:
    """Another's report comes as a plain text alone."""
    office = bag.take()
    bag.about["plain"] = office.id
    bag.send(office, f"{office.name}.txt", plain(bag.now[office.id]))


def _word_of(bag: Mailbag) -> None:
    """Another's comes as a document alone."""
    office = bag.take()
    bag.about["word"] = office.id
    bag.send(office, f"{office.name}年报（盖章）.docx", word(bag.now[office.id]))


def _page_of(bag: Mailbag) -> None:
    """A page that was saved from the unit's site."""
    office = bag.take()
    bag.about["page"] = office.id
    bag.send(office, f"{office.name}政府信息公开年报.html", page(bag.now[office.id]))


def _json_of(bag: Mailbag) -> None:
    """A document of the kit's own."""
    office = bag.take()
    bag.about["json"] = office.id
    bag.send(office, f"{office.id}.json", workbook.to_json(bag.now[office.id]))


def _cut(bag: Mailbag) -> None:
    """A workbook of which the end is missing, of a unit that so is missing too."""
    office = bag.take()
    bag.about["cut"] = office.id
    data = workbook.write(bag.now[office.id])
    name = f"{office.name}{YEAR}年年报.xlsx"
    bag.send(None, name, data[: len(data) * 2 // 3], "file.damaged", outcome="unreadable", year=None)


def _subfolder(bag: Mailbag) -> None:
    """A copy lies in a folder below."""
    office = bag.take()
    file = bag.sound(office)
    bag.send(office, f"（备份）/{office.name}副本.xlsx", bag.files[file], outcome="again")


def _lines(bag: Mailbag) -> None:
    """A file of lines holds some reports."""
    offices = [bag.take() for _ in range(3)]
    bag.files["系统导出.jsonl"] = b"".join(_line(bag.now[each.id]) for each in offices)
    bag.came += [Came(f"系统导出.jsonl#{line}", unit=each.id) for line, each in enumerate(offices, 1)]


def _archive(bag: Mailbag) -> None:
    """An archive with names as Chinese Windows writes them, a picture and another archive in it."""
    one, two, three = (bag.take() for _ in range(3))
    inner = archive({f"{three.name}.xlsx": workbook.write(bag.now[three.id])}, "utf-8")
    files = {
        f"下级/{one.name}.xlsx": workbook.write(bag.now[one.id]),
        f"下级/{two.name}.html": page(bag.now[two.id]),
        "下级/合影.jpg": b"\xff\xd8\xff\xe0",
        "下级/~$草稿.xlsx": b"lock",
        "下级/再下级.zip": inner,
    }
    bag.files["各单位.zip"] = archive(files, "gbk")
    bag.came += [
        Came(f"各单位.zip/下级/{one.name}.xlsx", unit=one.id),
        Came(f"各单位.zip/下级/{two.name}.html", unit=two.id),
        Came("各单位.zip/下级/合影.jpg", "skipped", None, frozenset({"skipped.kind"}), None),
        Came("各单位.zip/下级/~$草稿.xlsx", "skipped", None, frozenset({"skipped.lock"}), None),
        Came(f"各单位.zip/下级/再下级.zip/{three.name}.xlsx", unit=three.id),
    ]


def _nobodys(bag: Mailbag) -> None:
    """A body that is not on the list."""
    body = Body("远山旅游度假区管理委员会", None, None, "other")
    report = figures(random.Random(bag.seed), body, YEAR)  # noqa: S311
    bag.send(None, "远山管委会.xlsx", workbook.write(report), "unit.unknown", outcome="unknown")


def _no_reports(bag: Mailbag) -> None:
    """What people leave in such folders."""
    for file, data, code in (
        ("~$年报.xlsx", b"lock", "skipped.lock"),
        ("会议照片.jpg", b"\xff\xd8\xff\xe0", "skipped.kind"),
        ("名单.pptx", b"PK", "skipped.kind"),
    ):
        bag.send(None, file, data, code, outcome="skipped", year=None)
    bag.send(None, "空的.xlsx", b"", "file.empty", outcome="unreadable", year=None)


FAULTS: tuple[Callable[[Mailbag], None], ...] = (
    _short_name, _alias, _wrong_cell, _total_overwritten, _blank_row, _contradicted, _carry_over, _other_year, _yuan,
    _last_again, _versions, _copied_cells, _copied_text, _same_in_word, _same_in_text, _page_of, _json_of, _cut,
    _subfolder, _lines, _archive, _word_of,
)  # fmt: skip
"""What may be wrong with a mailbag, or unusual: each happens once."""

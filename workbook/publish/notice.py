"""The correction notice 更正说明: what a report said as it was published, and what it should have said.

It is made from what ``workbook.report.compare`` finds apart, which is what ``verify`` tells; nothing is compared here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.prior_year import same_body
from workbook.printable import printable
from workbook.report import Unreadable, make_finding
from workbook.report.compare import cells_apart, compare, texts_apart
from workbook.report.folding import folded
from workbook.report.paragraphs import changed_paragraphs
from workbook.report.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report import Finding, Report, Value
    from workbook.report.paragraphs import Change

HEADS = ("序号", "位置", "原公布", "更正为")
_NONE, _UNKNOWN = "（空白）", "（没有公布或无法辨认）"
_INERT = "\t"


@dataclass(frozen=True, slots=True)
class Correction:
    """A number or a name: where it stands, in the labels of the form, what was published, and what is right."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction notice; ``texts`` are the headings of sections with the paragraphs of theirs that change."""

    title: str
    office: str
    opening: str
    corrections: tuple[Correction, ...]
    texts: tuple[tuple[str, tuple[Change, ...]], ...]
    date: str | None = None

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The table of the corrections, its heads first; nothing where no number changes."""
        rows = enumerate(self.corrections, 1)
        return [HEADS, *((str(at), each.place, each.old, each.new) for at, each in rows)] if self.corrections else []


def notice(published: Report, right: Report, date: str | None = None) -> Notice | None:
    """Return what is to be said of a published report; ``None`` where nothing in it is to be corrected.

    Args:
        published: the report as it was published.
        right: what it should have been.
        date: the day under the name of the office, as it is to be printed.

    Raises:
        Unreadable: the two are not reports of one office and year, or one is none to publish; its finding says why.
    """
    if refused := _refused(published, right, compare(published, right)):
        raise Unreadable(refused)
    corrections = (*_cover(published, right), *_cells(published, right))
    apart = texts_apart(published, right)
    texts = tuple(
        (section.heading, tuple(map(_inert, changed_paragraphs(published.narrative[key], right.narrative[key]))))
        for key, section, _ in apart
    )
    count = len(corrections) + sum(len(changes) for _, changes in texts)
    if not count:
        return None
    office = printable(right.body.name or "")
    report = f"《{printable(right.form.publication.title_of(right.body.name, right.year))}》"
    opening = f"已公布的{report}有 {count} 处需要更正，现说明如下："
    return Notice(f"关于更正{report}的说明", office, opening, corrections, texts, date)


def _refused(published: Report, right: Report, found: Sequence[Finding]) -> Finding | None:
    """Return why there is no notice; ``None`` where there may be one."""
    codes = {finding.code for finding in found}
    errors = sum(finding.level == "error" for finding in check(right))
    reason = remedy = ("", "")
    if "differs.edition" in codes or "differs.year" in codes or not _is_of_one(published, right):
        reason = (
            "两份看不出是同一机关、同一年度、同一版表格的报告",
            "the two are not sure to be one office's reports of one year and form",
        )
        remedy = ("找出要更正的那一份报告，再核对。", "Take the report that is to be corrected.")
    elif "file.still_draft" in codes:
        reason = ("有一份是草稿，不能作为更正的依据", "one of the two is a draft, which proves nothing")
        remedy = ("用定稿核对。", "Compare with the final report.")
    elif errors:
        reason = (f"作为依据的报告还有 {errors} 处错误", f"the report that should be right has {errors} errors")
        remedy = ("先用 check 查出并改正，再出更正说明。", "Check and correct it first.")
    if not reason[0]:
        return None
    words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
    return make_finding("file.not_written", file="更正说明", **words)


def _is_of_one(published: Report, right: Report) -> bool:
    """Say whether two reports are surely of one office."""
    same, name = same_body(published.body, right.body), folded(right.body.name)
    return bool(name) and folded(published.body.name) == name if same is None else same


def _cover(published: Report, right: Report) -> Iterator[Correction]:
    for finding in compare(published, right):
        if finding.code == "differs.body":
            old, new = (printable(str(answer or _NONE)) for answer in (finding.found, finding.expected))
            yield Correction(f"标题：{published.form.field(finding.at).label}", old, new)


def _cells(published: Report, right: Report) -> Iterator[Correction]:
    missed = unread(published)
    form = published.form
    headings = {section.number: section for section in form.sections}
    tables = {table.key: table for table in form.tables}
    for key in cells_apart(published, right):
        cell = form.cells[key]
        table, section = tables[cell.table], headings[tables[cell.table].section]
        name = section.heading if table.title == section.title else f"{section.heading}，{table.title}"
        line, column = ("·".join((*each.under, each.label)) for each in (cell.row, cell.column))
        old = _UNKNOWN if key in missed else _said(published.cells[key])
        yield Correction(f"{name}，“{line}”行，“{column}”列", old, _said(right.cells[key]))


def _said(value: Value) -> str:
    if value is None:
        return _NONE
    return printable(value) if isinstance(value, str) else f"{value:f}" if value % 1 else str(int(value))


def _inert(change: Change) -> Change:
    old, new = (None if text is None else printable(text, keep=_INERT) for text in (change.old, change.new))
    return type(change)(old, new, change.number)


def lines_of(change: Change) -> list[tuple[str, bool]]:
    """Return what is said of a paragraph, a line each, and whether it is the text itself, letter by letter."""
    if change.old is None:
        return [(f"增加一段，为更正后的第 {change.number} 段：", False), (change.new or "", True)]
    if change.new is None:
        return [(f"删去原公布的第 {change.number} 段：", False), (change.old, True)]
    return [
        (f"第 {change.number} 段，原公布：", False),
        (change.old, True),
        ("更正为：", False),
        (change.new, True),
    ]

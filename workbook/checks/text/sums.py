"""Text against itself: parts listed after a whole add up to it, and their shares of it follow."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from workbook.checks.text.sentences import Count, Text, unit_of
from workbook.checks.text.statements import as_number, section, totals
from workbook.expression import expression
from workbook.records import dataclass
from workbook.report.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report.report import Report

_ALL = expression("(?:[，,]?(?:分别为|分别是|分别|包括|即)|（(?:分别为|分别是|分别|包括|即)|：)：?")
_SOME = expression("[，,（]?其中[，：]?")
_COMMA = expression("[，,]")
_BRACKET = expression("（(?!其中|含|如|包含)")
_WAY_WORDS = (
    *("线上", "线下", "网上", "网络", "当面", "现场", "信函", "邮寄", "来信"),
    *("自然人", "法人", "组织", "概况", "动态", "目录", "上半年", "下半年"),
)
_WAY = expression("|".join(_WAY_WORDS))
_WAYS = expression(rf"[，,（]?(?=(?:通过)?(?:{_WAY.pattern})[^\d，。；、公发]{{0,6}}\d)")
_OPPOSITES = ({"线上", "线下"}, {"自然人", "法人"}, {"自然人", "组织"}, {"概况", "动态", "目录"}, {"上半年", "下半年"})
_ALL_WAYS = ({"网上", "当面", "信函"}, {"网络", "当面", "信函"}, {"网络", "现场", "信函"})
_REST = expression("(?:其他|其余)(?:类型?|形式|方式|渠道|途径)?(?:申请|信息|内容|文件)?(?:为|的)?$")
_LABEL = expression(r"[^\d，,。；、：（）\n%]{1,24}+")
_NAMES = expression(r"[^\d，,。；：（）\n%]{4,60}+")
_LISTED = str.maketrans("和及", "、、")
_BETWEEN = frozenset("、和及")
"""What stands between the names, and between the numbers, of parts that are counted together."""

_NO_ITEM = expression(
    "其中|共|合计|累计|总计|总数|同比|比|较|增|减|降|超|约|近|逾|全部|均|另|还|此外|(?<!半)年|约|第|办结|答复|含"
)
_SHARE = expression(
    r"(?:（(?:占比?|占总数的?|占总量的?|占申请总数的?|占总申请量的?)?[为约达：]?(?P<bracket>\d{1,3}(?:\.\d{1,4})?)%）"
    r"|[，,、]?占(?:比|总数|总量|申请总数|申请总量|全部申请|总申请量)?的?[为达：]?(?P<said>\d{1,3}(?:\.\d{1,4})?)%)"
)
_REMARK = expression(r"（[^（）\n]{0,20}+）")
_VAGUE = "约近超逾过达第"
_RECENT = 12
"""How many numbers before a part its share may be of."""

_LIST = 3
"""From how many items on a list in brackets, or behind 包括, is taken to be complete."""

_MOST = 30
"""Items of a list that are read."""

_SPELT_OUT = 12
"""Parts that a message names."""


_SHARED = ("共同", "同时", "交叉", "兼", "重叠", "合办", "重复")
"""Parts that may be counted twice."""

_AHEAD = 6
"""Characters behind a number within which its ways begin and the first is named."""

_MORE = expression("其中|另|还|以及|此外|其他|其余|等")


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole and the parts listed after it, the first ``run`` of them without another mark than 、 between them.

    ``complete`` says that the list has all parts.
    """

    whole: Count
    items: tuple[Count, ...]
    run: int
    complete: bool

    @property
    def due(self) -> Decimal | None:
        """The sum of the parts where it cannot be that of the whole, else ``None``."""
        taken = self.items if self.complete else self.items[: self.run]
        total = Decimal(0)
        for item in taken:
            total += item.value
            if total == self.whole.value:
                return None  # what follows is told apart in another way
        return total if self.complete or total > self.whole.value else None


class _Items(NamedTuple):
    """Parts with their labels: where they end, the first ``run`` without another mark between them, the mark behind."""

    items: list[Count]
    labels: list[str]
    at: int
    run: int
    mark: str


def check(text: Text, report: Report, found: Sequence[Count], wrong: set[int | None]) -> Iterator[Finding]:
    """Yield the lists whose parts do not add up, and the shares that do not follow.

    ``wrong``: where numbers end that the tables contradict already; a list with one of them is not added up.
    """
    heading = section(report, text.part)
    items: set[int] = set()
    for index, whole in enumerate(found):
        if whole.end in items and text.plain.startswith(("，其中", ",其中"), whole.end):
            continue  # it may be some of the whole before
        if whole.start and text.plain[whole.start - 1] in _VAGUE:
            continue
        listed = _listed(text.plain, found, index)
        if listed is None:
            continue
        items.update(item.end for item in listed.items)
        if listed.due is not None and index and _of_both(listed, found[index - 1]):
            continue
        if listed.due is not None and wrong.isdisjoint({whole.end, *(item.end for item in listed.items)}):
            total, stated = as_number(listed.due), as_number(whole.value)
            quote = text.quote(whole.start, listed.items[-1 if listed.complete else listed.run - 1].end)
            parts = " + ".join(str(as_number(item.value)) for item in listed.items[:_SPELT_OUT])
            words = {
                "section": heading,
                "phrase": quote.text,
                "parts": parts + " + …" * (len(listed.items) > _SPELT_OUT),
            }
            yield Finding(
                "text.parts", "warning", text.part, (), total, stated, total - stated, words=words, quote=quote
            )
    yield from _shares(text, report, found)


def _of_both(listed: Listed, before: Count) -> bool:
    """Say whether parts may be those of two numbers: 收到 9 件，上年结转 1 件，其中网络申请 5 件、信函申请 5 件."""
    both, total = before.value + listed.whole.value, _total(listed.items)
    return before.unit == listed.whole.unit and (total == both or (total < both and not listed.complete))


def _shares(text: Text, report: Report, found: Sequence[Count]) -> Iterator[Finding]:
    """Yield the shares that follow from no number that stands before them, nor from one of the tables."""
    tables: list[Decimal] | None = None
    for index, item in enumerate(found if "%" in text.plain else ()):
        written = _SHARE.match(text.plain, item.end)
        if written is None:
            continue
        begin = text.sentence(item.start)[0]
        near = [one for one in found[max(0, index - _RECENT) : index] if one.unit == item.unit and one.start >= begin]
        tables = totals(report) if tables is None else tables
        # The last number of what stands before, and the first of the sentence, are wholes of the longest list.
        first = max(0, bisect_left(found, begin, key=lambda one: one.start) - 1)
        known = [*tables, *(one.value for one in (*found[first : first + 2], *found[max(0, index - _RECENT) : index]))]
        known += [_total(some) for some in (near[-2:], near, [*near, item])]
        share = written["bracket"] or written["said"]
        if not near or any(follows(100 * item.value, one, share) for one in known):
            continue
        if not follows(100 * item.value, _total(_beside(text, found, index)), share):
            whole = max(near, key=lambda count: count.value).value
            quote = text.quote(item.start, written.end())
            right = (100 * item.value / whole).quantize(unit_of(share)) if whole else None
            words = {"section": section(report, text.part), "phrase": quote.text, "whole": str(as_number(whole))}
            yield Finding("text.share", "warning", text.part, (), Decimal(share), right, words=words, quote=quote)


def _total(counted: Sequence[Count]) -> Decimal:
    return sum((count.value for count in counted), Decimal(0))


def _beside(text: Text, found: Sequence[Count], index: int) -> list[Count]:
    """Return the counts with shares in the sentence of one: without a whole before them they may be all of it."""
    begin, end = text.sentence(found[index].start)
    begin = text.joined(begin)
    some = [one for one in found[max(0, index - _MOST) : index + _MOST] if _SHARE.match(text.plain, one.end)]
    for one in some:
        if one.start >= end and text.plain.startswith("；", end - 1):
            end = text.sentence(end)[1]
    return [one for one in some if begin <= one.start < end]


def follows(hundredfold: Decimal, whole: Decimal, share: str) -> bool:
    """Say whether a share as written is that of a hundredfold part, within one unit of its last digit."""
    return whole > 0 and abs(hundredfold / whole - Decimal(share)) < unit_of(share)


def _listed(plain: str, found: Sequence[Count], index: int) -> Listed | None:
    """Return the list that follows a count, ``None`` where none does."""
    whole = found[index]
    some = _SOME.match(plain, whole.end) if "其中" in plain[whole.end : whole.end + 3] else None
    every = None if some else _ALL.match(plain, whole.end)
    opened = some or every or _BRACKET.match(plain, whole.end) or _ways(plain, whole)
    bare = None if opened else _COMMA.match(plain, whole.end)
    opened = opened or bare
    if opened is None:
        return None
    items, labels, at, run, mark = _together(plain, found, index, opened.end()) or _one_by_one(
        plain, found, index, opened.end()
    )
    if not items or any(word in plain[at : at + _SPELT_OUT] for word in _SHARED):
        return None
    following = found[index + 1 + len(items) : index + 2 + len(items)]
    if mark == "；" and any(one.unit == whole.unit and _label(plain, at + 1, one) for one in following):
        mark = "，"  # the list may go on behind it
    closed = mark in {"。", "；", "）", "\n", ""} or (
        plain[at : at + 1] == mark == "，" and run == len(items) and not _MORE.match(plain, at)
    )
    sure = every and "包括" not in every[0]
    some = some or bare
    complete = closed and ((not some and len(items) >= (2 if sure else _LIST)) or _is_partition(labels, named=not some))
    if bare and (run < len(items) or not complete):
        return None  # without a word that begins a list it is one only if it ends with the rest
    return Listed(whole, tuple(items), run, complete)


def _one_by_one(plain: str, found: Sequence[Count], index: int, at: int) -> _Items:
    """Return the parts that begin at a place, each with its label."""
    whole, items, labels = found[index], list[Count](), list[str]()
    run, mark = 0, "、"
    for item in found[index + 1 : index + 1 + _MOST]:
        label = _label(plain, at, item)
        if label is None or item.unit != whole.unit:
            break
        run += run == len(items) and mark != "，" and at != item.start
        items.append(item)
        labels.append(label[0])
        end = max(item.end, label.end())
        share = _SHARE.match(plain, end)
        remark = share or _REMARK.match(plain, end)
        at = remark.end() if remark else end
        mark = plain[at : at + 1]
        if mark not in set("、，和及"):
            break
        at += 1
    return _Items(items, labels, at, run, mark)


def _together(plain: str, found: Sequence[Count], index: int, at: int) -> _Items | None:
    """Return the parts of which the names stand before all their numbers: 网络、信函申请 5 件、3 件."""
    first = found[index + 1].start if index + 1 < len(found) else at
    said = plain[at:first]
    if _BETWEEN.isdisjoint(said) or not _NAMES.fullmatch(said):
        return None
    pieces = said.translate(_LISTED).split("、")
    items = found[index + 1 : index + 1 + len(pieces)]
    if len(items) < len(pieces) or any(map(_NO_ITEM.search, pieces)):
        return None
    gaps = [plain[one.end : other.start] for one, other in pairwise(items)]
    end = items[-1].end
    one_unit = {item.unit for item in items} == {found[index].unit}
    if not one_unit or not _BETWEEN.issuperset(gaps) or plain[end : end + 1] in _BETWEEN:
        return None
    return _Items(list(items), pieces, end, len(items), plain[end : end + 1])


def _ways(plain: str, whole: Count) -> re.Match[str] | None:
    """Return where the ways or kinds of applicants begin right behind a number that is not of one of them."""
    before, behind = plain[max(0, whole.start - _SPELT_OUT) : whole.start], plain[whole.end : whole.end + _AHEAD]
    if any(way in before for way in _WAY_WORDS) or not any(way in behind for way in _WAY_WORDS):
        return None
    return _WAYS.match(plain, whole.end)


def _label(plain: str, at: int, item: Count) -> re.Match[str] | None:
    """Return the label of a part, which stands before its number, or behind it."""
    behind = item.start == at
    label = _LABEL.match(plain, item.end) if behind else _LABEL.match(plain, at, item.start)
    if label is None or _NO_ITEM.search(label[0]) or (not behind and label.end() != item.start):
        return None
    return label


def _is_partition(labels: Sequence[str], *, named: bool) -> bool:
    """Say whether parts are all that there can be: the last is the rest, or they are each other's opposites.

    ``named``: without 其中 before them.
    """
    if len(labels) > 1 and _REST.match(labels[-1]):
        return True
    kinds = {found[0] for label in labels if (found := _WAY.search(label))}
    return len(kinds) == len(labels) > 1 and any(pair <= kinds for pair in (*_OPPOSITES, *(_ALL_WAYS if named else ())))

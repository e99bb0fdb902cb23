"""Text against itself: parts listed after a whole add up to it, and their shares of it follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.checks.text.sentences import Count, Text, unit_of, written_as
from workbook.checks.text.statements import as_number, section, totals
from workbook.report.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report.report import Report

_ALL = re.compile("(?:[，,]?(?:分别为|分别是|分别|包括|即)|（(?:分别为|分别是|分别|包括|即)|：)：?")
_SOME = re.compile("[，,（]?其中[，：]?")
_BRACKET = re.compile("（(?!其中|含|如|包含)")
_LABEL = re.compile(r"[^\d，,。；、：（）\n%]{1,24}+")
_NO_ITEM = re.compile(
    "其中|共|合计|累计|总计|总数|同比|比|较|增|减|降|超|约|近|逾|全部|均|另|还|此外|年|约|第|办结|答复|含"
)
_SHARE = re.compile(
    r"(?:（(?:占比?|占总数的?|占总量的?|占申请总数的?|占总申请量的?)?[为约达：]?(?P<bracket>\d{1,3}(?:\.\d{1,4})?)%）"
    r"|[，,]?占(?:比|总数|总量|申请总数|申请总量|全部申请|总申请量)?的?[为达：]?(?P<said>\d{1,3}(?:\.\d{1,4})?)%)"
)
_REMARK = re.compile(r"（[^（）\n]{0,20}+）")
_VAGUE = "约近超逾过达第"
_RECENT = 12
"""How many numbers before a part its share may be of."""

_LIST = 3
"""From how many items on a list in brackets, or behind 包括, is taken to be complete."""

_SPELT_OUT = 12
"""Parts that a message names."""


_MORE = re.compile("其中|另|还|以及|此外|其他|其余|等")


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole and the parts listed after it, the first ``run`` of them without another mark than 、 between them.

    ``complete`` says that the list has all parts; ``shares`` holds parts with the share written behind them.
    """

    whole: Count
    items: tuple[Count, ...]
    shares: tuple[tuple[Count, str, int], ...]
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


def check(text: Text, report: Report, found: Sequence[Count]) -> Iterator[Finding]:
    """Yield the lists whose parts do not add up, and the shares that do not follow.

    A share may be of the numbers that stand before it, and of those that the tables have.
    """
    tables: list[Decimal] | None = None
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
        if listed.due is not None:
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
        if not listed.shares:
            continue
        tables = totals(report) if tables is None else tables
        known = [*tables, *(count.value for count in found[max(0, index - _RECENT) : index + 1])]
        for item, share, end in listed.shares:
            if not any(follows(100 * item.value, one, share) for one in known):
                quote = text.quote(item.start, end)
                right = (100 * item.value / whole.value).quantize(unit_of(share)) if whole.value else None
                words = {"section": heading, "phrase": quote.text, "whole": str(as_number(whole.value))}
                written = Decimal(share)
                yield Finding("text.share", "warning", text.part, (), written, right, words=words, quote=quote)


def follows(hundredfold: Decimal, whole: Decimal, share: str) -> bool:
    """Say whether a share as written is that of a hundredfold part, rounded or cut off."""
    return whole > 0 and written_as(hundredfold / whole, Decimal(share), unit_of(share))


def _listed(plain: str, found: Sequence[Count], index: int) -> Listed | None:
    """Return the list that follows a count, ``None`` where none does."""
    whole = found[index]
    some = _SOME.match(plain, whole.end)
    every = None if some else _ALL.match(plain, whole.end)
    opened = some or every or _BRACKET.match(plain, whole.end)
    if opened is None:
        return None
    items: list[Count] = []
    at, shares, run, mark = opened.end(), [], 0, "、"
    for following in range(index + 1, len(found)):
        item = found[following]
        if not _is_item(plain, at, item, whole):
            break
        run += run == len(items) and mark != "，"
        items.append(item)
        share = _SHARE.match(plain, item.end)
        if share:
            shares.append((item, share["bracket"] or share["said"], share.end()))
        remark = share or _REMARK.match(plain, item.end)
        at = remark.end() if remark else item.end
        mark = plain[at : at + 1]
        if mark not in set("、，和及"):
            break
        at += 1
    closed = mark in {"。", "；", "）", "\n", ""} or (mark == "，" and run == len(items) and not _MORE.match(plain, at))
    enough = 2 if every and "包括" not in every[0] else _LIST
    return (
        Listed(whole, tuple(items), tuple(shares), run, closed and not some and len(items) >= enough) if items else None
    )


def _is_item(plain: str, at: int, item: Count, whole: Count) -> bool:
    label = _LABEL.match(plain, at, item.start)
    return item.unit == whole.unit and label is not None and label.end() == item.start and not _NO_ITEM.search(label[0])

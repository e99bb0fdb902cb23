"""Reasons that the user types beside warnings in the list of findings: they become waivers of the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.checks.waivers import key_of, waiver_at
from workbook.excel import findings_sheet
from workbook.excel.reading.grid import ROWS, text
from workbook.report import Waiver
from workbook.report.findings import LEVEL_WORDS
from workbook.report.values import squeezed
from xlplugin.excel import Refusal
from xlplugin.fill import put_waivers
from xlplugin.json_file import named
from xlplugin.marks import FIRST_ROW, is_comparison, is_ours, laid
from xlplugin.read import plain_value

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from workbook.report import Finding, Report
    from workbook.report.fold import Cause
    from xlplugin.excel import Desk
    from xlplugin.talk import Question
    from xlplugin.transaction import Transaction

Key = tuple[str, str]


@dataclass(frozen=True)
class Taken:
    """The waivers of a report after what was typed, and what to say of it; both empty where nothing was typed."""

    waivers: tuple[Waiver, ...] = ()
    words: str = ""


def typed(desk: Desk) -> dict[Key, str]:
    """Return what was typed or cleared in the column 说明 since the list was laid, by code and place of the row."""
    if not is_ours(desk) or is_comparison(desk):
        return {}
    sheet, known = desk.book.sheets[findings_sheet.RESULTS], laid(desk)
    last = min(sheet.used_range.last_cell.row, ROWS)
    if last < FIRST_ROW:
        return {}
    area = sheet.range((FIRST_ROW, 1), (last, len(findings_sheet.HEADS)))
    changed = {}
    for row in area.options(ndim=2, empty="", err_to_str=True).value:
        columns = findings_sheet.CODE, findings_sheet.AT, findings_sheet.REASON
        code, at, reason = (text(plain_value(row[column])) or "" for column in columns)
        key = key_of(code, at)
        if code and squeezed(reason) != squeezed(known.get(key, "")):
            changed[key] = reason
    return changed


def taken(desk: Desk, report: Report, findings: Sequence[Finding]) -> Generator[Question, Any, Taken]:
    """Return the waivers of the report with what was typed: a reason makes one, a cleared one removes it.

    Raises:
        Refusal: something was typed beside a finding that is not a warning, or nobody says who accepts it.
    """
    changed = typed(desk)
    if not changed:
        return Taken()
    known = {key_of(finding.code, waiver_at(finding)): finding for finding in findings}
    changed = _for_all(changed, findings_sheet.causes_of(findings, report.edition))
    _refuse_others([known[key] for key, reason in changed.items() if reason and key in known])
    fresh = {key: known[key] for key, reason in changed.items() if reason and key in known}
    by, waivers, removed = (yield from desk.who()) if fresh else "", list(report.waivers), 0
    for key, finding in fresh.items():
        waiver = Waiver(finding.code, waiver_at(finding), changed[key], by, _today())
        waivers = _with(waivers, {key}, waiver)
    for key in (key for key, reason in changed.items() if not reason):
        accepted = known[key].waived if key in known else None
        less = _with(waivers, {key} | ({key_of(accepted.code, accepted.at)} if accepted else set()), None)
        removed, waivers = removed + len(waivers) - len(less), less
    gone = sum(bool(reason) for reason in changed.values()) - len(fresh)
    return Taken(tuple(waivers), _words(len(fresh), by, removed, gone))


def _for_all(changed: Mapping[Key, str], causes: Iterable[Cause]) -> dict[Key, str]:
    """Return what was typed beside a row that stands for several warnings as typed for each of them."""
    whole = dict(changed)
    for cause in causes:
        keys = [key_of(finding["code"], findings_sheet.accepted_at(finding)) for finding in cause.findings]
        if keys[0] in changed and cause.first["level"] == "warning":
            whole |= dict.fromkeys(keys, changed[keys[0]])
    return whole


def put(transaction: Transaction, report: Report, change: Taken) -> None:
    """Write the waivers into their table on the sheet of checks, where anything was typed."""
    if change.words and change.waivers != report.waivers:
        put_waivers(transaction, replace(report, waivers=change.waivers))


def _refuse_others(findings: Sequence[Finding]) -> None:
    """Refuse reasons beside a finding that is not a warning."""
    others = [
        f"{LEVEL_WORDS['zh'][finding.status]} {finding.message()}" for finding in findings if finding.level != "warning"
    ]
    if others:
        raise Refusal(
            f"「{findings_sheet.RESULTS}」表里，只有“提示”可以写说明；错误要改正，写了说明也不能放过：\n\n{named(others)}\n\n"
            "请清空这几行的“说明”，再点一次。"
        )


def _with(waivers: Sequence[Waiver], keys: set[Key], waiver: Waiver | None) -> list[Waiver]:
    """Return waivers without those of some places, and with one instead where it is given."""
    places = [index for index, other in enumerate(waivers) if key_of(other.code, other.at) in keys]
    found = [other for index, other in enumerate(waivers) if index not in places]
    if waiver is not None:
        found.insert(places[0] if places else len(found), waiver)
    return found


def _words(stored: int, by: str, removed: int, gone: int) -> str:
    parts = {
        f"已记下 {stored} 条说明（说明人：{by}），写在「校验」表最下方。": stored,
        f"已删去 {removed} 条说明。": removed,
        f"有 {gone} 条说明对应的提示已经没有了，没有记下。": gone,
    }
    return "".join(words for words, count in parts.items() if count)


def _today() -> str:
    return dt.date.today().isoformat()  # noqa: DTZ011 - the user's day

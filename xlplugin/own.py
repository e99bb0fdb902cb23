"""我的机关: asks what the user wants remembered of the own office, and fills it into a new report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import workbook
from workbook import own
from workbook.checks.cover import check
from workbook.jobs.prior_year import carried_over
from workbook.own import Own, OwnError
from workbook.report import Body
from workbook.report.report import blank
from workbook.resources import editions
from xlplugin import fill, last_year
from xlplugin.excel import Refusal
from xlplugin.press import Where, anywhere, refuse_mismatch
from xlplugin.read import live_report
from xlplugin.talk import Ask, AskText, PickFolder, Talk

if TYPE_CHECKING:
    from collections.abc import Generator

    from workbook.report import Report
    from xlplugin.excel import Desk
    from xlplugin.talk import Question
    from xlplugin.transaction import Transaction

TEXTS = ("name", "credit_code", "division_code")
"""What is asked as the cover asks it; the kind is chosen from a list."""

_EMPTY = "清空表示不填；点“取消”则什么都不改。"
_UNCHANGED = "没有改动。"
_OFFER = (
    "还没有记下本机关的名称、代码等信息。填好后，新建年报会自动填入封面。\n\n现在填吗？以后要填、要改，点“我的机关”。"
)


class _GivenUp(Exception):  # noqa: N818 - it is an answer of the user
    """The user gives up."""


@anywhere
def own_body(where: Where) -> Talk:
    """我的机关: ask for what is remembered of the own office, one box each."""
    refuse_mismatch(where)
    try:
        known = own.load()
    except OwnError as error:
        if not (yield Ask(f"{error}\n\n现在重新填写吗？")):
            return _UNCHANGED
        known = Own()
    return (yield from _asked(known))


def offered() -> Generator[Question, Any, tuple[Own, str]]:
    """Return what is remembered, and what to say of it; who was never asked is asked, this once."""
    try:
        own.file()  # where there is no place for it, nobody is asked
        if not own.is_known():
            if (yield Ask(_OFFER)):
                yield from _asked(Own())
            if not own.is_known():
                own.save(Own())  # and is not asked again
        return own.load(), ""
    except (OwnError, Refusal) as error:
        return Own(), f"{error}\n"


def _asked(known: Own) -> Generator[Question, Any, str]:
    """Ask for everything, what is known proposed; keep it, and return what to say."""
    try:
        body = known.body or Body()
        for key in TEXTS:
            body = yield from _text(body, key)
        body = yield from _kind(body)
        folder = yield from _folder(known.last_year)
        by = yield from _box("你的姓名。收件、审核时记作经办人。", known.by)
    except _GivenUp:
        return _UNCHANGED
    given = replace(known, body=body if body != Body() else None, last_year=folder, by=by)
    try:
        own.save(given)
    except OwnError as error:
        raise Refusal(str(error)) from error
    return _told(given)


def _box(question: str, proposed: str) -> Generator[Question, Any, str]:
    """Ask for a text, which may be empty.

    Raises:
        _GivenUp: the user gives up.
    """
    text: str | None = yield AskText(f"{question}\n\n{_EMPTY}", proposed)
    if text is None:
        raise _GivenUp
    return text


def _with(body: Body, key: str, text: str | None) -> Body:
    changed: dict[str, Any] = {key: text}
    return replace(body, **changed)


def _text(body: Body, key: str) -> Generator[Question, Any, Body]:
    """Ask for an answer of the cover until it is one that the check takes."""
    field = _form().field(key)
    why, proposed = "", body.answer(key) or ""
    while True:
        text = yield from _box(f"{why}{field.label}\n{field.note}", proposed)
        changed = _with(body, key, text or None)
        wrong = [finding for finding in check(replace(_blank(), body=changed)) if finding.at == key] if text else []
        if not wrong:
            return changed
        why, proposed = f"{wrong[0].message()}{wrong[0].hint()}\n\n", text


def _kind(body: Body) -> Generator[Question, Any, Body]:
    """Ask for the kind of the office by its number."""
    field = _form().field("kind")
    keys = list(field.choices)
    lines = "\n".join(f"{number}  {field.choices[key]}" for number, key in enumerate(keys, 1))
    why, proposed = "", str(keys.index(body.kind) + 1) if body.kind in keys else ""
    while True:
        text = yield from _box(f"{why}{field.label}，请输入编号：\n{lines}", proposed)
        chosen = {"": None, **{str(number): key for number, key in enumerate(keys, 1)}}
        chosen |= {label: key for key, label in field.choices.items()}
        if text in chosen:
            return replace(body, kind=chosen[text])
        why, proposed = f"“{text}”不是下面的编号。\n\n", text


def _folder(known: Path | None) -> Generator[Question, Any, Path | None]:
    """Ask for the folder of last year's reports."""
    now = f"现在是：{known}\n\n要换一个吗？点“否”不变。" if known else "现在没有。\n\n要选一个吗？"
    picking = "选择时点“取消”，就不再从上年年报填入上年结转。" if known else ""
    if not (yield Ask(f"上年年报所在的文件夹。新建年报时从里面找本机关上年的年报，填入“上年结转”。\n{now}{picking}")):
        return known
    folder: Path | None = yield PickFolder("选择上年年报所在的文件夹")
    return folder


def _told(given: Own) -> str:
    """Say what is remembered now."""
    form, body = _form(), given.body or Body()
    kind = form.field("kind").choices.get(body.kind or "", body.kind)
    lines: list[tuple[str, object]] = [(form.field(key).label, body.answer(key)) for key in TEXTS]
    lines += [(form.field("kind").label, kind), ("上年年报的文件夹", given.last_year), ("姓名", given.by)]
    return "已记下，新建年报时自动填入：\n\n" + "\n".join(f"{label}：{value or '（不填）'}" for label, value in lines)


@dataclass(frozen=True)
class Prefilled:
    """What a new report begins with: office and year, and last year's where it was found."""

    report: Report
    previous: last_year.Found


def prefilled(said: Own, edition: str, year: int) -> Prefilled:
    """Return what a new report begins with."""
    report = replace(blank(edition, year), body=said.body or Body())
    known = said.last_year and (report.body.name or report.body.credit_code)
    return Prefilled(report, last_year.find(report, said.last_year) if said.last_year and known else last_year.Found())


def put(transaction: Transaction, desk: Desk, begun: Prefilled) -> str:
    """Fill a new report with what it begins with, and return what to say."""
    shown = live_report(desk.book)
    fill.put_cover(transaction, begun.report, shown)
    words = "封面已按“我的机关”填好，请核对。\n" if begun.report.body != Body() else ""
    previous, path = begun.previous.report, begun.previous.path
    if previous is None or path is None:
        return words + (f"{begun.previous.words}\n" if begun.previous.words else "")
    count = fill.put_numbers(transaction, shown, carried_over(shown, previous))
    kept = fill.remember(transaction, path)
    return f"{words}已从“{path.name}”填入上年结转 {count} 格。{'' if kept else fill.FORGOTTEN}\n"


def _form() -> workbook.Form:
    return workbook.load_form(editions()[-1])


def _blank() -> Report:
    return blank(editions()[-1])

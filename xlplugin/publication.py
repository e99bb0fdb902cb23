"""生成公开稿 and 核对公布稿: the report as it is published, and whether what was published is the same."""

from __future__ import annotations

import datetime as dt
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import workbook
from workbook.excel.findings_sheet import RESULTS, causes_of, verdict
from workbook.files import is_folder, load, save
from workbook.printable import printable
from workbook.publish.code import check_code
from workbook.publish.day import day
from workbook.publish.door import by_name
from workbook.publish.job import Publishing, publish
from workbook.publish.names import USUAL
from workbook.publish.pdf import libraries_lacking
from workbook.report.compare import compare
from workbook.report.fold import fold
from xlplugin import waivers
from xlplugin.check import judged, report_of
from xlplugin.differences import at_the_workbook
from xlplugin.excel import TITLE, Refusal
from xlplugin.json_file import named
from xlplugin.marks import COMPARED, clear, is_comparison, show
from xlplugin.press import at_desk
from xlplugin.talk import Ask, AskText, PickFile, PickFolder, Talk
from xlplugin.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from workbook.report import Finding, Report
    from workbook.report.fold import Cause
    from xlplugin.excel import Desk
    from xlplugin.talk import Question

BASE, STYLE = "底稿.docx", "本局.css"
"""The office's own document and style sheet, where they lie in the folder that is published to."""
_UNSAVED = "工作簿有未保存的改动，或者还没有保存过。公开稿要与报送的工作簿一致，请先保存，再点“生成公开稿”。"
_NO_PDF = "没有写 PDF：用 Word 或 WPS 打开 .docx，另存为或导出 PDF 即可。"
_PUBLISHED = (
    "网页、Word、PDF、文本 (*.html;*.htm;*.docx;*.pdf;*.txt),*.html;*.htm;*.docx;*.pdf;*.txt,所有文件 (*.*),*.*"
)
_HELD = "一个文件也没有写。如果它正在 Word、WPS 或浏览器里打开，请关闭后再点一次。"
_STRANGER = frozenset({"differs.body", "differs.year", "differs.edition"})
"""Codes of what is another report altogether, more likely than one with so many differences."""


_DRAFT = "file.still_draft"


class _GivenUp(Exception):  # noqa: N818 - it is an answer of the user
    """The user gives up."""


@dataclass(frozen=True)
class _Made:
    """The files of a report by name, why some forms were not made, and whether they are drafts."""

    files: Mapping[str, bytes]
    refused: Sequence[Finding]
    draft: bool


# ---- 生成公开稿 -----------------------------------------------------------------------------------------------------


@at_desk
def publish_report(desk: Desk) -> Talk:
    """生成公开稿: write the report as it is published into a folder; one with errors as a draft at most."""
    is_saved = desk.is_saved  # calculating may mark the workbook as changed
    report = report_of(desk)
    findings = judged(desk, report)
    if not is_saved:
        raise Refusal(_UNSAVED)
    causes = causes_of(findings, report.edition)
    errors = [cause.message("zh") for cause in causes if cause.status == "error"]
    if errors and not (yield Ask(_offer(errors))):
        return None
    try:
        date = yield from _date()
    except _GivenUp:
        return None
    folder: Path | None = yield PickFolder("选择公开稿放在哪个文件夹里")
    if folder is None:
        return None
    if not is_folder(folder):
        raise Refusal(f"“{folder}”不是能写的文件夹，没有生成。请选择电脑或共享盘上的文件夹。")
    own = yield from _own(folder)
    made = _made(desk, report, findings, replace(own, date=date), draft=bool(errors))
    there = [name for name in made.files if os.path.lexists(folder / name)]
    if there and not (yield Ask(f"“{folder}”里已有：\n\n{named(there)}\n\n要换成新的吗？点“否”什么都不写。")):
        return None
    _write(folder, made.files, there)
    if (yield Ask(_told(folder, made, verdict(causes)))):
        _open(folder)
    return None


def _offer(errors: Sequence[str]) -> str:
    """Say what is wrong, and offer a draft."""
    return (
        f"有 {len(errors)} 处错误，不能生成公开稿：\n\n{named(errors)}\n\n"
        "改正并保存后再生成；点“校验”可看全部。\n\n现在先生成草稿吗？每页都印上“草稿”，不能公布。"
    )


def _date() -> Generator[Question, Any, str | None]:
    """Ask for the day under the name of the office until it is one; ``None`` where none is to stand there.

    Raises:
        _GivenUp: the user gives up.
    """
    why, proposed = "", day(dt.date.today())  # noqa: DTZ011 - the user's day
    while True:
        text: str | None = yield AskText(
            f"{why}成文日期，印在机关名称下面，如 2026-01-20。\n\n清空表示不印；点“取消”则什么都不写。", proposed
        )
        if text is None:
            raise _GivenUp
        if not text:
            return None
        try:
            return day(text)
        except ValueError:
            why, proposed = f"“{text}”不是日期。\n\n", text


def _own(folder: Path) -> Generator[Question, Any, Publishing]:
    """Return the office's own document and style sheet, where they lie in the folder and the user wants them.

    Raises:
        Unreadable: one cannot be read.
    """
    there = [folder / name for name in (BASE, STYLE) if (folder / name).is_file()]
    names = "、".join(f"“{path.name}”" for path in there)
    if not there or not (yield Ask(f"文件夹里有{names}。按本机关自己的样子生成吗？点“否”用通常的样子。")):
        return Publishing()
    found = {path.name: (load(path), path.name) for path in there}
    return Publishing(base=found.get(BASE), style=found.get(STYLE))


def _made(desk: Desk, report: Report, findings: Sequence[Finding], how: Publishing, *, draft: bool) -> _Made:
    """Make what is published; the PDF only where its libraries are, for Word and WPS can make one too."""
    how = replace(how, forms=USUAL if libraries_lacking() else (*USUAL, "pdf"))
    made, refused = publish(report, how, draft=draft, findings=findings)
    return _Made(by_name(report, made, desk.book.name), refused, draft)


def _write(folder: Path, files: Mapping[str, bytes], there: Sequence[str]) -> None:
    """Write files into a folder; those that are there already are replaced.

    Raises:
        Refusal: one cannot be written; the text says what was.
    """
    for name in there:
        try:
            with (folder / name).open("r+b"):
                pass
        except OSError as error:
            raise Refusal(f"“{name}”换不了（{_reason(error)}），{_HELD}") from error
    written: list[str] = []
    for name, data in files.items():
        try:
            save(folder / name, data, force=name in there)
        except OSError as error:
            done = f"已写出 {'、'.join(written)}，其余没有写。" if written else "一个文件也没有写。"
            raise Refusal(f"“{folder}”里不能写“{name}”（{_reason(error)}）。{done}请换一个文件夹。") from error
        written.append(name)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _told(folder: Path, made: _Made, judgement: str) -> str:
    """Say what was written, what was not and why, and ask whether to open the folder."""
    names = "\n".join(f"· {name}" for name in made.files)
    what = "草稿（每页印有“草稿”，不能公布）" if made.draft else "公开稿"
    lines = [f"已在“{folder}”生成{what}：\n\n{names}\n", f"校验：{judgement}。"]
    lines += [f"{finding.message()}{finding.hint()}" for finding in made.refused]
    if not any(name.endswith(".pdf") for name in made.files):
        lines.append(_NO_PDF)
    if not made.draft:
        lines.append("公布以后，把网页另存下来，点“核对公布稿”核对一遍。")
    return "\n".join([*lines, "", "现在打开这个文件夹吗？"])


def _open(folder: Path) -> None:
    if sys.platform == "win32":
        with suppress(OSError):
            os.startfile(folder)  # noqa: S606 - the folder that the user picked


# ---- 核对公布稿 -----------------------------------------------------------------------------------------------------


@at_desk
def verify_published(desk: Desk) -> Talk:
    """核对公布稿: compare a published file with the open workbook, and list what it says otherwise."""
    unsaved = "" if desk.is_saved else "\n\n核对的是现在显示的内容；工作簿有未保存的改动，或者还没有保存过。"
    report = report_of(desk)
    path: Path | None = yield PickFile("选择公布的文件：浏览器“另存为”的网页，或 Word、PDF、文本", _PUBLISHED)
    if path is None:
        return None
    if path == desk.path:
        raise Refusal("选的就是当前这份工作簿。请选公布的那个文件；网页在浏览器里“另存为”一份再选。")
    published = workbook.read(path)
    findings = compare(published, report)
    other = [finding.message() for finding in findings if finding.code in _STRANGER]
    if other and not (yield Ask(_doubt(path, other))):
        return None
    causes = fold([*at_the_workbook(desk, findings, report, published)], report.edition)
    if not causes:
        return _agreed(desk, path, report) + unsaved
    told = _difference(path, causes)
    change = yield from waivers.taken(desk, report, judged(desk, report))  # what was typed would be lost with the list
    again = is_comparison(desk)
    with Transaction(desk) as transaction:
        waivers.put(transaction, report, change)
        done = show(transaction, causes, f"{COMPARED}{printable(told)}")
    if again:
        desk.written = None  # the list before was of another file, and cannot be made again
    desk.select(RESULTS, "A1")
    desk.app.status_bar = f"{TITLE}：{told}"
    listed = f"「{RESULTS}」表逐条列出，点单元格转到工作簿里的那一格，已标出 {done.cells} 格。{done.words}"
    return f"{change.words}{told}。\n\n{named([cause.message('zh') for cause in causes])}\n\n{listed}{unsaved}"


def _doubt(path: Path, other: Sequence[str]) -> str:
    return f"“{path.name}”可能不是这份年报的公布稿（对照文件是当前工作簿）：\n\n{named(other)}\n\n仍要逐项核对吗？"


def _difference(path: Path, causes: Sequence[Cause]) -> str:
    """Say in one line how many differences there are; with none, something remains to be seen by a person."""
    differing = [cause.first["code"] for cause in causes if cause.status == "error"]
    if differing == [_DRAFT]:
        return f"✗ “{path.name}”印着“草稿”，其余与当前工作簿没有不同"
    if differing:
        return f"✗ “{path.name}”与当前工作簿有 {len(differing)} 处不同"
    return f"✓ “{path.name}”与当前工作簿没有不同，有几点要看一眼"


def _agreed(desk: Desk, path: Path, report: Report) -> str:
    """Say that all agrees, and what was compared; a list of differences that were there before goes."""
    if is_comparison(desk):
        with Transaction(desk) as transaction:
            clear(transaction)
        desk.written = None  # same
    numbers = sum(value is not None for value in report.cells.values())
    texts = sum(text is not None for text in report.narrative.values())
    return (
        f"✓ “{path.name}”与当前工作簿相同：机关名称、年度、{numbers} 个数和 {texts} 部分文字都一致"
        f"（文字的空格、全角半角和引号的样式不计）。\n\n这份报告的校验码是 {check_code(report)}。"
    )

"""名册, 收件, 状况, 退回, 汇总: the collection of many units from the ribbon, each in its own window; Excel goes on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import own
from workbook.files import is_folder
from workbook.own import OwnError
from workbook.report.limits import YEARS
from xlplugin import window
from xlplugin.excel import Refusal
from xlplugin.press import Where, anywhere, refuse_mismatch
from xlplugin.talk import Ask, AskNumber, PickFile, PickFolder, Talk

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from xlplugin.talk import Question

STORE = "collection.sqlite"
"""The file that tells a folder of a collection."""
_REGISTERS = "名册 (*.xlsx;*.xls;*.csv;*.ods),*.xlsx;*.xlsm;*.xls;*.csv;*.ods"
_FILED = "年报 (*.xlsx;*.xls;*.docx;*.html;*.pdf;*.json),*.xlsx;*.xlsm;*.xls;*.docx;*.html;*.htm;*.pdf;*.json;*.txt"
_STARTED = "已开始{what}，进度见另一个窗口{then}。这里可以照常工作。\n\n收报文件夹：{folder}"
_NONE = "还没有收报文件夹。先点“名册”，用单位名册建立收报。"


@anywhere
def collect_register(where: Where) -> Talk:
    """名册: make a collection from a register, or read the register anew."""
    refuse_mismatch(where)
    known = _known()
    if known and (yield Ask(f"收报文件夹是：{known}\n\n名册改过了，重新读入吗？点“否”另建或改用别的收报文件夹。")):
        file = yield from _register()
        return _start("读入名册", known, ("register", str(file)), then="，改了什么会列在那里") if file else None
    if (yield Ask("用名册新建收报吗？点“否”选用已有的收报文件夹。")):
        return (yield from _made())
    folder: Path | None = yield PickFolder("选择收报文件夹（里面有 collection.sqlite）")
    if folder is None:
        return None
    if not (folder / STORE).is_file():
        raise Refusal(f"“{folder}”里没有收报（{STORE}）。请选收报文件夹本身，或新建收报。")
    _keep(folder)
    return f"以后收件、状况、退回都用这个收报文件夹：\n{folder}"


@anywhere
def collect_add(where: Where) -> Talk:
    """收件: take in everything in a folder."""
    refuse_mismatch(where)
    collection = _needed()
    folder: Path | None = yield PickFolder("选择来件所在的文件夹，里面的年报和压缩包（包括下级文件夹里的）都会收下")
    if folder is None:
        return None
    if not is_folder(folder):
        raise Refusal(f"“{folder}”不是能读取的文件夹，没有收件。请选择电脑或共享盘上的文件夹。")
    account = collection / "收件清单" / f"{dt.datetime.now():%Y-%m-%d %H%M%S}.csv"  # noqa: DTZ005 - the user's clock
    return _start(
        "收件", collection, ("add", str(folder), "-o", str(account)), [account], "，做完会自动打开逐个文件的清单"
    )


@anywhere
def collect_status(where: Where) -> str:
    """状况: show who is missing, late, returned, received, accepted, as pages."""
    refuse_mismatch(where)
    collection = _needed()
    page = collection / "状况.html"
    return _start("汇总状况", collection, ("status", "-o", str(page), "--force"), [page], "，做完会自动打开网页")


@anywhere
def collect_return(where: Where) -> Talk:
    """退回: write letters for the reports with errors, and where wanted for those that sent nothing."""
    refuse_mismatch(where)
    collection = _needed()
    if not (yield Ask("把最新一份有错误的报告全部退回吗？每个单位写一份退回单和标注副本，由您发送。")):
        return None
    missing = ("--missing",) if (yield Ask("没有报的单位，也写催报单吗？")) else ()
    to = collection / "退回" / f"{dt.datetime.now():%Y-%m-%d %H%M%S}"  # noqa: DTZ005 - the user's clock
    return _start("写退回单", collection, ("return", "--errors", *missing, "-o", str(to)), [to], "，做完会打开文件夹")


@anywhere
def collect_rollup(where: Where) -> Talk:
    """汇总: add up what the units reported, beside the report that the office filed."""
    refuse_mismatch(where)
    collection = _needed()
    against: tuple[str, ...] = ()
    if (yield Ask("另选一份本级年报来对照吗？点“否”用收报里本级报送的那一份，没有报送的只做合计。")):
        file: Path | None = yield PickFile("选择本级年报", _FILED)
        if file is None:
            return None
        against = ("--against", str(file))
    to = collection / "汇总" / f"{dt.datetime.now():%Y-%m-%d %H%M%S}.xlsx"  # noqa: DTZ005 - the user's clock
    return _start("汇总", collection, ("rollup", *against, "-o", str(to)), [to], "，做完会自动打开汇总工作簿")


def _start(what: str, folder: Path, command: Sequence[str], results: Sequence[Path] = (), then: str = "") -> str:
    window.start(f"{what}：{folder}", results, ("collect", *command, "-C", str(folder), "--lang", "zh"))
    return _STARTED.format(what=what, then=then, folder=folder)


def _register() -> Generator[Question, Any, Path | None]:
    file: Path | None = yield PickFile("选择单位名册（Excel 或 CSV）", _REGISTERS)
    return file


def _made() -> Talk:
    """Make a collection from a register that is picked, in a folder that is picked."""
    file = yield from _register()
    if file is None:
        return None
    year = yield AskNumber("收哪个年度的年报？请输入年份。", dt.date.today().year - 1)  # noqa: DTZ011 - the user's day
    if year is None:
        return None
    if year not in YEARS:
        raise Refusal(f"年份应是 {YEARS[0]} 到 {YEARS[-1]} 之间的四位数。")
    place: Path | None = yield PickFolder("收报文件夹建在哪个文件夹里")
    if place is None:
        return None
    folder = _free(place, year)
    command = ("collect", "init", str(file), "-o", str(folder), "--year", str(year), "--lang", "zh")
    window.start(f"新建收报：{folder}", [], command)
    _keep(folder)
    return _STARTED.format(what="检查名册、新建收报", then="；名册有错的，那里会指出哪一行", folder=folder)


def _free(place: Path, year: int) -> Path:
    """Return a folder that is not there yet."""
    names = (f"收报{year}", *(f"收报{year}-{number}" for number in range(2, 1000)))
    return next(place / name for name in names if not (place / name).exists())


def _known() -> Path | None:
    """Return the collection that was used last, where it is still there."""
    try:
        folder = own.load().collection
    except OwnError:
        return None
    return folder if folder and (folder / STORE).is_file() else None


def _needed() -> Path:
    found = _known()
    if found is None:
        raise Refusal(_NONE)
    return found


def _keep(folder: Path) -> None:
    """Remember the collection.

    Raises:
        Refusal: it cannot be kept.
    """
    try:
        own.save(replace(own.load(), collection=folder))
    except OwnError as error:
        raise Refusal(str(error)) from error

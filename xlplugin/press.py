"""From a press of a button to what is said: VBA calls ``press`` and ``answer``, and shows what they return.

A fault undoes what was written and is told in one message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlwings as xw

import workbook
from workbook.report import Unreadable
from xlplugin import json_file
from xlplugin.addin import diagnose
from xlplugin.addin.definition import load_definition
from xlplugin.excel import Desk, Refusal, is_excel
from xlplugin.talk import Conversation, Talk, said
from xlplugin.undo import Kept, name_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from xlplugin.talk import Question


@dataclass(frozen=True)
class Where:
    """Where a button was pressed.

    Args:
        addin: the version of the add-in.
        program: what the program calls itself.
        folder: the folder that it is installed in.
        facts: what VBA found out about it, for 环境自检.
    """

    addin: str
    program: str
    folder: str
    facts: str = ""


Words = Talk | str | None
"""What a macro gives: what to say, or a talk that ends in it."""

AT_DESK: dict[str, Callable[[Desk], Words]] = {}
"""Buttons that work on the open workbook."""
ANYWHERE: dict[str, Callable[[Where], Words]] = {}
"""Buttons that need no workbook."""
_conversation = Conversation()
_kept: list[Kept] = []
"""What the button before wrote, until the next is pressed."""


def press(macro: str, addin: str, program: str, folder: str, facts: str = "") -> str:
    """Press a button; return the first dialog, for VBA to show; an empty text where there is none."""
    return _conversation.begin(_pressed(macro, Where(addin, program, folder, facts)))


def answer(text: str) -> str:
    """Return what follows the answer to the dialog that was shown."""
    return _conversation.go_on(text)


def _pressed(macro: str, where: Where) -> Generator[Question, Any, str]:
    """Do what a button does, and return what to say, whatever goes wrong."""
    desk = None
    if macro != "undo":
        _kept.clear()
    try:
        if macro in ANYWHERE:
            words = ANYWHERE[macro](where)
        else:
            refuse_mismatch(where)
            desk = Desk(xw.Book.caller())
            desk.app.status_bar = False
            words = AT_DESK[macro](desk)
        message = (words if words is None or isinstance(words, str) else (yield from words)) or ""
        return said(message, undo=_keep(macro, desk) if desk else "")
    except Refusal as refusal:
        what = str(refusal)
    except Unreadable as refusal:
        what = json_file.named([item.message() + item.hint() for item in refusal.findings])
    except Exception as error:  # noqa: BLE001 - whatever Excel may raise; the transaction has put everything back
        return said(f"没有完成。{_after(desk)}\n\n{type(error).__name__}：{error}\n\n{_HELP}", grave=True)
    return said(f"{what}{_after(desk)}", grave=True)


def taken_back() -> Kept | None:
    """Return what the button before wrote, for it to be taken back; it is kept no longer."""
    return _kept.pop() if _kept else None


def _keep(macro: str, desk: Desk) -> str:
    """Keep what a button wrote, and return what Excel offers to undo; nothing where it wrote nothing."""
    label = next((button.label for button in load_definition().buttons if button.macro == macro), "")
    if not label or desk.written is None or desk.written.is_empty(desk):
        return ""
    _kept.append(Kept(label, name_of(desk), desk.written))
    return f"撤销“{label}”"


def anywhere(work: Callable[[Where], Words]) -> Callable[[Where], Words]:
    """Make a button of a function that needs no workbook."""
    return ANYWHERE.setdefault(work.__name__, work)


def at_desk(work: Callable[[Desk], Words]) -> Callable[[Desk], Words]:
    """Make a button of a function that works on the open workbook."""
    return AT_DESK.setdefault(work.__name__, work)


def _after(desk: Desk | None) -> str:
    """Say how the workbook is after something went wrong."""
    if desk is None or desk.undone is None:
        return ""
    if not desk.undone:
        return "\n\n改动已全部撤销，工作簿恢复原状。"
    return f"\n\n注意：有 {desk.undone} 处改动没能恢复。请不要保存，关闭后重新打开这份工作簿。"


_HELP = "如果再次出现，请点“环境自检”，把结果发给技术人员。"


def refuse_mismatch(where: Where) -> None:
    """Refuse to write where the add-in does not fit the package, or where the program is not Excel."""
    if where.addin != workbook.__version__:
        raise Refusal(diagnose.VERSIONS_DIFFER.format(addin=where.addin, package=workbook.__version__))
    if not is_excel(where.program, where.folder):
        raise Refusal(diagnose.NOT_EXCEL)

"""Copies of a table that contradict each other: which of them is meant, and what is told of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.records import dataclass
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.form import Table
    from workbook.match.grid import Hidden
    from workbook.report import Finding

_HIDDEN: dict[Hidden, tuple[str, str]] = {
    "": ("", ""),
    "hidden": ("（已隐藏）", " (hidden)"),
    "very": ("（深度隐藏）", " (very hidden)"),
}
_SHOW: dict[Hidden, tuple[str, str]] = {
    "hidden": (
        "“{sheet}”已隐藏：右键单击任一工作表标签，选“取消隐藏”，就能看到它。",
        " To see “{sheet}”, right-click the tab of any sheet and choose Unhide.",
    ),
    "very": (
        "“{sheet}”深度隐藏，“取消隐藏”里没有它：在 Excel 中按 Alt+F11，选中它，按 F4，把 Visible 改为 xlSheetVisible。",
        " Unhide does not list “{sheet}”: in Excel press Alt+F11, select it, press F4, set Visible to xlSheetVisible.",
    ),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a copy of a table stands; ``named`` says that the file's own names of its cells lead there."""

    sheet: str
    hidden: Hidden
    named: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """A copy on a hidden sheet that was not read, and the one that was."""

    table: Table
    copy: Stand
    kept: Stand


def meant(file: str, table: Table, stands: Sequence[Stand]) -> int:
    """Return which of several copies is meant: the only one that is shown, if the file's own names lead to it.

    Raises:
        Unreadable: there is no such; the finding says which sheets are hidden, and how they are shown.
    """
    shown = [at for at, stand in enumerate(stands) if not stand.hidden]
    if len(shown) == 1 and stands[shown[0]].named:
        return shown[0]
    words = {}
    for at, lang in enumerate(("", "_en")):
        words[f"places{lang}"] = "、".join(f"「{stand.sheet}」{_HIDDEN[stand.hidden][at]}" for stand in stands)
        ways = (_SHOW[stand.hidden][at].format(sheet=stand.sheet) for stand in dict.fromkeys(stands) if stand.hidden)
        words[f"show{lang}"] = "".join(ways)
    raise Unreadable(make_finding("file.ambiguous", table.key, file=file, table=table.title, **words))


def set_aside(copies: Iterable[Aside]) -> Iterator[Finding]:
    """Yield for each hidden sheet which tables on it were not read."""
    sheets: dict[Stand, list[Aside]] = {}
    for aside in copies:
        sheets.setdefault(aside.copy, []).append(aside)
    for copy, found in sheets.items():
        words = {
            "sheet": copy.sheet,
            "tables": "”、“".join(dict.fromkeys(one.table.title for one in found)),
            "kept": "”、“".join(dict.fromkeys(one.kept.sheet for one in found)),
        }
        show, show_en = (text.format(sheet=copy.sheet) for text in _SHOW[copy.hidden])
        yield make_finding("file.hidden_copy", copy.sheet, show=show, show_en=show_en, **words)

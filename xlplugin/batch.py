"""批量校验: a folder is checked in a window of its own, into a workbook of all findings and pages; Excel goes on."""

from __future__ import annotations

import re
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.files import is_folder
from workbook.jobs.names import alike, fitting
from xlplugin import window
from xlplugin.excel import Refusal
from xlplugin.press import Where, anywhere, refuse_mismatch
from xlplugin.talk import PickFolder, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT = "批量校验结果_"
"""What the names of results begin with; the name of the folder follows."""

BOOK, PAGE = ".xlsx", ".html"

_started: set[str] = set()
"""Names that runs of this session write to, which may not be there yet."""
_ROOT = re.compile(r"[\\/:]+")


@anywhere
def check_folder(where: Where) -> Talk:
    """批量校验: check all reports of a folder."""
    refuse_mismatch(where)
    folder = yield PickFolder("选择要校验的文件夹，里面的年报（包括下级文件夹里的）都会校验")
    if folder is None:
        return None
    if not is_folder(folder):
        raise Refusal(f"“{folder}”不是能读取的文件夹，没有校验。请选择电脑或共享盘上的文件夹。")
    book, page = results_of(folder)
    outputs = ("-o", str(book), "-o", str(page))
    window.start(f"批量校验：{folder}", (book, page), ("check", str(folder), *outputs, "--lang", "zh"))
    _started.update({alike(str(book)), alike(str(page))})
    return (
        f"已开始校验“{folder}”，进度见另一个窗口，做完会自动打开结果。这里可以照常工作。\n\n结果：{book}\n网页：{page}"
    )


def results_of(folder: Path) -> tuple[Path, Path]:
    """Return where the results of a folder go: a workbook and a page of a free name, never inside the folder.

    Raises:
        Refusal: there is no place for them that can be written to.
    """
    for place in _places(folder):
        for number in count(1):
            name = f"{RESULT}{_name(folder)}{f'-{number}' if number > 1 else ''}"
            book, page = (place / fitting(name, ending) for ending in (BOOK, PAGE))
            if not any(_is_taken(path) for path in (book, page, page.with_suffix(""))):
                return book, page
    raise Refusal(f"“{folder}”旁边不能写文件，没有校验。请把要校验的年报复制到一个能写的文件夹里，再选那个文件夹。")


def _name(folder: Path) -> str:
    """Return what a folder is called; of a drive or a share, what is left of its name without strokes."""
    return folder.name or _ROOT.sub(" ", folder.anchor).strip()


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink() or alike(str(path)) in _started


def _places(folder: Path) -> Iterator[Path]:
    """Yield the folders beside and not inside a folder that files can be written to: its own, else the user's."""
    for place in (folder.parent, Path.home() / "Documents", Path.home()):
        if not place.resolve().is_relative_to(folder.resolve()) and _is_writable(place):
            yield place


def _is_writable(place: Path) -> bool:
    """Say whether files can be written to a folder; of a share, Windows tells only who tries."""
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False

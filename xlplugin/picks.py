"""Which files a workbook may have this machine open: one that lies beside it, or one that this user picked.

Workbooks come from strangers. A name of a file in one could lead anywhere, to a network too, where opening alone sends
a stranger the proof of who the user is. So nothing is looked at before its name is.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path, PureWindowsPath

from workbook.files import save
from xlplugin.addin.install import places

MOST = 200
"""How many picked files are remembered, the newest of them."""

_NAME = re.compile(r'[^\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)


class Unpicked(Exception):  # noqa: N818 - it becomes a finding, or a text in a cell
    """A workbook names a file that it may not have opened; the text says why, ``file`` is its name without a folder."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(why)
        self.file = PureWindowsPath(text).name or text


def allowed(text: str, own: Path | None) -> Path:
    """Return the file that a text in a workbook stands for.

    Args:
        text: the name of a file beside the workbook, with the folder or without; or the whole path of one that this
            user picked.
        own: the file of the workbook; ``None`` where it has none.

    Raises:
        Unpicked: it is neither.
    """
    name = text.removeprefix(f"{own.parent}{os.sep}") if own else text
    if own and is_name(name):
        return own.parent / name
    if text in picked():
        return Path(text)
    if is_name(text):
        raise Unpicked(text, "工作簿还没有保存到本机，找不到同一文件夹的文件，没有打开。")
    raise Unpicked(text, "它不在工作簿所在的文件夹，也不是你在这台电脑上用“载入上年”选过的，为安全起见没有打开。")


def is_name(text: str) -> bool:
    r"""Return whether a text is the name of a file and nothing more, whatever system reads it.

    >>> is_name("上年.xlsx")
    True
    >>> [is_name(text) for text in (r"\\server\a.xlsx", "file:a.xlsx", "..", "a/b.xlsx", "a.xlsx:b", "nul.xlsx", "")]
    [False, False, False, False, False, False, False]
    """
    return bool(_NAME.fullmatch(text) and text.strip(". ") and not _DEVICE.fullmatch(text))


def picked() -> list[str]:
    """Return the files that this user picked, by their whole paths, the newest last; none where the list is damaged."""
    try:
        found = json.loads(places().picked.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def pick(path: Path) -> bool:
    """Note that this user picked a file; return whether that could be written down."""
    known = [item for item in picked() if item != str(path)]
    target = places().picked
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        save(target, json.dumps([*known, str(path)][-MOST:], ensure_ascii=False, indent=0).encode(), force=True)
    except OSError:
        return False
    return True

"""Puts the add-in where Excel loads it from, and tells it where Python is; takes both away again.

No COM, no registry, no administrator: two files in the user's own folders, and the list of files that the user picked.
"""

from __future__ import annotations

import os
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from workbook.extras import install as install_extra
from workbook.files import save
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDIN = "nianbao.xlam"
INTERPRETER = "INTERPRETER_WIN"

REFUSED = ';^&%"'
"""What the path of the interpreter may not hold: it is written into the command that starts Python."""

_TITLE = re.compile("<dc:title>年报工具箱 ([^<]+)</dc:title>")
_LINE = re.compile(r'"([^"]*)","([^"]*)"')
_SHORT = ("LOCALAPPDATA", "APPDATA", "USERPROFILE")
"""Folders that Windows names by variables, longest first: they keep a user's name out of the configuration."""


class InstallError(Exception):
    """The add-in cannot be installed or removed; the text says why and what to do."""


@dataclass(frozen=True)
class Places:
    """Where the add-in and the user's configuration stand."""

    addin: Path
    configuration: Path

    @property
    def picked(self) -> Path:
        """The list of the files that the user picked (``picks.py``)."""
        return self.configuration.with_name("picked.json")


def places(to: Path | None = None, home: Path | None = None) -> Places:
    """Return the files of this user.

    Args:
        to: the folder that Excel loads add-ins from, in place of the user's XLSTART.
        home: the user's folder, in place of that of the user who runs this.
    """
    roaming = os.environ.get("APPDATA") if home is None else None
    base = home or Path.home()
    start = Path(roaming) if roaming else base / "AppData" / "Roaming"
    folder = to or start / "Microsoft" / "Excel" / "XLSTART"
    return Places(folder / ADDIN, base / ".nianbao" / "nianbao.conf")


def version_of(path: Path) -> str | None:
    """Return the version of an add-in of ours; ``None`` where there is none, an empty text for a foreign file."""
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            match = _TITLE.search(archive.read("docProps/core.xml").decode())
    except (OSError, KeyError, ValueError, zlib.error, zipfile.BadZipFile):
        return ""
    return match[1] if match else ""


def install(at: Places, interpreter: str | None = None) -> None:
    """Copy the add-in and write down the interpreter, by default the one in use.

    Raises:
        InstallError: what the add-in needs of Python is not installed, the interpreter cannot be started from Excel, a
            foreign file has the add-in's name, or a file cannot be written.
    """
    require_extra("xlwings")
    if odd := odd_path(interpreter or sys.executable):
        raise InstallError(odd)
    if version_of(at.addin) == "":
        raise InstallError(f"{at.addin} 不是年报工具箱的加载项（或已损坏），没有覆盖。请先移走或删除这个文件，再安装。")
    settings = read_settings(at.configuration) | {INTERPRETER: shortened(interpreter or sys.executable, os.environ)}
    try:
        configuration = _written(settings)
        at.addin.parent.mkdir(parents=True, exist_ok=True)
        at.configuration.parent.mkdir(parents=True, exist_ok=True)
        save(at.addin, resource(f"templates/{ADDIN}").read_bytes(), force=True)
        save(at.configuration, configuration, force=True)
    except UnicodeEncodeError as error:
        raise InstallError(
            f"Python 的路径“{interpreter or sys.executable}”含有系统编码写不出的字。请装到别的文件夹。"
        ) from error
    except OSError as error:
        raise InstallError(
            f"写不进去：{error.filename or at.addin}（{error.strerror or error}）。请先关闭 Excel 再试。"
        ) from error


def odd_path(interpreter: str) -> str:
    """Say why the add-in does not start an interpreter that lies there, and what to do; nothing where it does."""
    found = " ".join(sign for sign in REFUSED if sign in interpreter)
    told = f"Python 的路径“{interpreter}”含有 {found}，不能从 Excel 里启动。请把它装到别的文件夹，再安装加载项。"
    return told if found else ""


def require_extra(*packages: str) -> None:
    """Insist on packages that only Excel needs.

    Raises:
        InstallError: one is not installed.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        command = install_extra("excel")
        raise InstallError(f"没有安装 {'、'.join(missing)}。请先在放安装文件的文件夹里运行 {command}，再试一次。")


def remove(at: Places) -> bool:
    """Take the add-in away, forget the interpreter and what was picked; return whether there was an add-in.

    Raises:
        InstallError: the file of that name is not ours, or cannot be deleted.
    """
    found = version_of(at.addin)
    if found == "":
        raise InstallError(f"{at.addin} 不是年报工具箱的加载项（或已损坏），没有删除。请自行移走或删除这个文件。")
    try:
        at.addin.unlink(missing_ok=True)
        at.picked.unlink(missing_ok=True)
        settings = read_settings(at.configuration)
        if settings.pop(INTERPRETER, None) is not None:
            if settings:
                save(at.configuration, _written(settings), force=True)
            else:
                at.configuration.unlink()
        if at.configuration.parent.is_dir() and not any(at.configuration.parent.iterdir()):
            at.configuration.parent.rmdir()
    except OSError as error:
        raise InstallError(f"删不掉：{error.filename}（{error.strerror or error}）。请先关闭 Excel 再试。") from error
    return found is not None


def read_settings(path: Path) -> dict[str, str]:
    """Return the settings in the user's configuration; none where there is no such file."""
    if not path.is_file():
        return {}
    text = path.read_bytes().decode(encoding(), "replace")
    return {match[1]: match[2] for match in map(_LINE.match, text.splitlines()) if match}


def shortened(path: str, environment: Mapping[str, str]) -> str:
    r"""Return a path with its beginning as a variable of Windows, which the add-in expands.

    >>> print(shortened(r"C:\Local\nianbao\python.exe", {"LOCALAPPDATA": r"C:\Local"}))
    %LOCALAPPDATA%\nianbao\python.exe
    """
    whole = PureWindowsPath(path)
    for name in _SHORT:
        folder = environment.get(name)
        if folder and whole.is_relative_to(folder):
            return f"%{name}%\\{whole.relative_to(folder)}"
    return path


def expanded(path: str, environment: Mapping[str, str]) -> str:
    """Return a path with its variables filled in; the other way round from ``shortened``."""
    return re.sub(r"%([^%]+)%", lambda match: environment.get(match[1], match[0]), path)


def encoding() -> str:
    """Return the encoding in which VBA reads text files: the code page of Windows."""
    return "mbcs" if sys.platform == "win32" else "utf-8"


def _written(settings: Mapping[str, str]) -> bytes:
    return "".join(f'"{key}","{value}"\r\n' for key, value in settings.items()).encode(encoding())

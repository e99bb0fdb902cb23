"""我的机关: what a user of the kit says of the own office once, kept in the user's own folder.

A file that cannot be read is told and never lost: what is saved then goes beside it.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.records import dataclass

if TYPE_CHECKING:
    from workbook.report import Body

FILE = "own.json"
LIMIT = 1_000_000
"""Bytes; more is no file of ours."""

_TEXTS = ("name", "credit_code", "division_code", "kind")
"""What is kept of an office."""


class OwnError(Exception):
    """The settings cannot be read or written; the text says why and what to do."""


@dataclass(frozen=True)
class Own:
    """What a user said.

    Args:
        body: the own office; ``kind`` is a key of the form's choices. ``None`` where nothing was said of it.
        last_year: the folder that last year's reports lie in.
        by: the name of the user, as who receives and decides.
        collection: the folder of the collection that was used last.
    """

    body: Body | None = None
    last_year: Path | None = None
    by: str = ""
    collection: Path | None = None


def folder() -> Path | None:
    """Return the user's own folder of the kit; ``None`` where the system names none, or only a relative one."""
    if sys.platform == "win32":
        said, usual = os.environ.get("APPDATA"), "~/AppData/Roaming"
    elif sys.platform == "darwin":
        said, usual = None, "~/Library/Application Support"
    else:
        said, usual = os.environ.get("XDG_CONFIG_HOME"), "~/.config"
    found = Path(said or os.path.expanduser(usual), "nianbao")  # noqa: PTH111 - pathlib raises where there is no home
    return found if found.is_absolute() else None


def file() -> Path:
    """Return where the settings stand.

    Raises:
        OwnError: the system names no folder for them.
    """
    own = folder()
    if own is None:
        raise OwnError("系统没有给出用户文件夹，“我的机关”没有地方可放。请让技术人员检查环境变量 APPDATA（Windows）。")
    return own / FILE


def is_known() -> bool:
    """Say whether the user was ever asked; a file that cannot be read says so too."""
    own = folder()
    return own is not None and os.path.lexists(own / FILE)


def load() -> Own:
    """Return what the user said; of who was never asked, nothing.

    Raises:
        OwnError: the file is there and is not what it should be.
    """
    path = file()
    said = _read(path)
    given = {key: _text(path, said["body"], key) for key in _TEXTS}
    last_year, collection = (_text(path, said, key) for key in ("last_year", "collection"))
    return Own(
        _body(given),
        Path(last_year) if last_year else None,
        _text(path, said, "by") or "",
        Path(collection) if collection else None,
    )


def save(own: Own) -> None:
    """Keep what the user said; what a newer version of the kit put into the file stays there.

    Raises:
        OwnError: it cannot be written; what was there before is still there.
    """
    from workbook.files import save as write

    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            before = _read(path)
            load()
        except OwnError:
            before = {"body": {}}
            _put_aside(path)
        body = {**before["body"], **{key: getattr(own.body, key, None) for key in _TEXTS}}
        said = {
            **before,
            "body": body,
            "last_year": str(own.last_year) if own.last_year else None,
            "by": own.by or None,
            "collection": str(own.collection) if own.collection else None,
        }
        write(path, f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode(), force=True)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OwnError(
            f"“我的机关”没有记下：{path} 写不进去（{reason}）。请检查这个文件夹能不能写，再试一次。"
        ) from error


def _read(path: Path) -> dict[str, Any]:
    """Return what stands in the file, with an object ``body``; nothing else where there is none.

    Raises:
        OwnError: it cannot be read, or is no object of JSON.
    """
    try:
        with path.open("rb") as opened:
            data = opened.read(LIMIT + 1)
    except FileNotFoundError:
        return {"body": {}}
    except OSError as error:
        raise OwnError(_broken(path, f"打不开（{error.strerror or error}）")) from error
    if len(data) > LIMIT:
        raise OwnError(_broken(path, f"超过 {LIMIT} 字节"))
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise OwnError(_broken(path, f"第 {error.lineno} 行不是 JSON")) from error
    except (ValueError, RecursionError) as error:
        raise OwnError(_broken(path, "不是 UTF-8 的 JSON")) from error
    if not isinstance(said, dict) or not isinstance(said.setdefault("body", {}), dict):
        raise OwnError(_broken(path, "应是一个 JSON 对象，其中的“body”也是"))
    return said


def _text(path: Path, said: dict[str, Any], key: str) -> str | None:
    """Return a text of the file; ``None`` where nothing is said."""
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise OwnError(_broken(path, f"“{key}”应是文字，现在是 {json.dumps(value, ensure_ascii=False)[:40]}"))
    return (value or "").strip() or None


def _broken(path: Path, why: str) -> str:
    return f"“我的机关”读不出来：{path} {why}。请点“我的机关”重新填写（原文件会另存在旁边），或改好这个文件。"


def _body(given: dict[str, str | None]) -> Body | None:
    from workbook.report import Body

    office = Body(given["name"], given["credit_code"], given["division_code"], given["kind"])
    return office if any(given.values()) else None


def _put_aside(path: Path) -> None:
    """Give a file that cannot be read another name, so that nothing of it is lost."""
    for number in count(1):
        other = path.with_name(f"{path.stem}-{number}.broken{path.suffix}")
        if not os.path.lexists(other):
            path.rename(other)
            return

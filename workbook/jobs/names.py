"""Names that every system takes as they are: what Windows refuses is not written on Linux and macOS either.

Which names are no files: https://learn.microsoft.com/windows/win32/fileio/naming-a-file; what two names have in common:
Unicode, D145 (canonical caseless match).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from workbook.expression import expression
from workbook.files import is_folder

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 255
"""Bytes of a name in UTF-8: the limit of Linux, within that of Windows and macOS, which count 255 units of UTF-16."""

_REFUSED = expression(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff]')
"""What Windows refuses in a name, and what stands for bytes that are no characters."""
_DEVICES = frozenset(
    (
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(port + digit for port in ("COM", "LPT") for digit in "123456789¹²³"),
    )
)


def is_fit(name: str) -> bool:
    """Say whether a file or a folder can have this name on every system."""
    return not (_REFUSED.search(name) or name[-1:] in {"", " ", "."} or _is_device(name) or _size(name) > LONGEST)


def fitting(stem: str, ending: str = "") -> str:
    """Return a name that is fit and ends so: the stem itself where it can be.

    Else ``_`` stands for what is refused and behind the name of a device, blanks and dots at the end fall away, and of
    the stem stays what there is room for.

    >>> fitting("con", ".json"), fitting("a:b", ".json"), fitting("a. ")
    ('con_.json', 'a_b.json', 'a')
    """
    if is_fit(stem + ending):
        return stem + ending
    stem = _REFUSED.sub("_", stem)
    if _size(stem + ending) > LONGEST:
        room = LONGEST - _size(ending) - 1  # for the mark behind the name of a device
        stem = stem.encode()[:room].decode(errors="ignore")
    name = (stem + ending).rstrip(" .") or "_"
    if not _is_device(name):
        return name
    device = _before_dot(name)
    return f"{device}_{name[len(device) :]}"


def alike(path: str) -> str:
    """Return what two paths share that Windows or macOS takes for one: with A and a, or é in its two ways."""
    return normalize("NFC", normalize("NFD", path).casefold())


def unfit_part(path: Path) -> str | None:
    """Return the name in a path to be written that is not fit; a folder that is there may be called anything."""
    for place in (path, *path.parents):
        if is_folder(place):
            break
        if place.name not in {"", ".."} and not is_fit(place.name):
            return place.name
    return None


def _before_dot(name: str) -> str:
    return name.partition(".")[0].rstrip(" ")


def _is_device(name: str) -> bool:
    """Say whether a name is one of a device, whatever ending it has."""
    return _before_dot(name).upper() in _DEVICES


def _size(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))

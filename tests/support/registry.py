"""A made-up registry of Windows, with the calls of ``winreg`` that reading takes; what files of ``regedit`` set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_HIVES = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE", "HKCR": "HKEY_CLASSES_ROOT"}
_HEAD = "Windows Registry Editor Version 5.00"
_KEY = re.compile(r"\[(HKEY_[A-Z_]+)\\([^\[\]]+[^\[\]\\])\]")
_VALUE = re.compile(r'"((?:[^"\\]|\\.)+)"=(?:dword:([0-9a-f]{8})|"((?:[^"\\]|\\.)*)")')


@dataclass(frozen=True)
class Key:
    """An open key: the values of one view, and the names of the keys below."""

    values: tuple[tuple[str, Any], ...]
    below: tuple[str, ...]


class FakeWinreg:
    r"""Keys by their paths, such as ``HKCU\Software``; each a mapping of the values by name. ``""`` is the default.

    A path that begins with ``32:`` stands in the view for programs of 32 bits alone, as any other does in both. Keys
    that are ``denied`` may not be read.
    """

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, HKEY_CLASSES_ROOT = "HKCU", "HKLM", "HKCR"
    KEY_READ, KEY_WOW64_64KEY, KEY_WOW64_32KEY = 0x20019, 0x100, 0x200

    def __init__(self, keys: Mapping[str, Mapping[str, Any]], denied: tuple[str, ...] = ()) -> None:
        self._keys = {key.lower(): (key, dict(values)) for key, values in keys.items()}
        self._denied = {key.lower() for key in denied}

    @contextmanager
    def OpenKey(self, hive: str, path: str, reserved: int, access: int) -> Iterator[Key]:  # noqa: N802 - its name there
        """Open a key that is there, or has others below it."""
        assert reserved == 0
        assert access & self.KEY_READ == self.KEY_READ
        whole = f"{hive}\\{path}".lower()
        if whole in self._denied:
            raise PermissionError(5, "Access is denied")
        views = (whole, f"32:{whole}") if access & self.KEY_WOW64_32KEY else (whole,)
        here = [values for view in views for _, values in [self._keys.get(view, ("", None))] if values is not None]
        below = {
            written[len(view) + 1 :].partition("\\")[0]
            for view in views
            for key, (written, _) in self._keys.items()
            if key.startswith(view + "\\")
        }
        if not here and not below:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        yield Key(tuple(item for values in here for item in values.items()), tuple(sorted(below)))

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802 - its name there
        """Return how many keys are below, how many values there are, and when it was changed."""
        return len(key.below), len(key.values), 0

    def EnumValue(self, key: Key, index: int) -> tuple[str, Any, int]:  # noqa: N802 - its name there
        """Return a value: name, content, type."""
        name, value = key.values[index]
        return name, value, 4 if isinstance(value, int) else 3 if isinstance(value, bytes) else 1

    def EnumKey(self, key: Key, index: int) -> str:  # noqa: N802 - its name there
        """Return the name of a key below."""
        return key.below[index]


def keys_of(data: bytes) -> dict[str, dict[str, Any]]:
    """Return what a file of ``regedit`` sets, which is written as strictly as ``regedit`` reads it.

    Raises:
        ValueError: a line is no head, no remark, no key, no number and no text.
    """
    text = data.decode("ascii")
    if "\n" in text.replace("\r\n", "") or not text.endswith("\r\n"):
        raise ValueError("lines must end in CRLF")
    head, *lines = text.split("\r\n")
    if head != _HEAD:
        raise ValueError(head)
    keys: dict[str, dict[str, Any]] = {}
    values: dict[str, Any] | None = None
    for line in lines:
        if not line or line.startswith(";"):
            continue
        if key := _KEY.fullmatch(line):
            hive = next((short for short, long in _HIVES.items() if long == key[1]), "")
            if not hive or f"{hive}\\{key[2]}" in keys:
                raise ValueError(line)
            values = keys[f"{hive}\\{key[2]}"] = {}
        elif (value := _VALUE.fullmatch(line)) and values is not None and value[1] not in values:
            values[value[1]] = int(value[2], 16) if value[2] else re.sub(r"\\(.)", r"\1", value[3])
        else:
            raise ValueError(line)
    return keys

"""Reads the kit's definitions, which are TOML, and refuses one that is wrong, naming file and key."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class FormError(ValueError):
    """A definition of the kit is wrong: of the form, or of what speaks of it. Never raised for wrong data."""


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{where}: {error}") from error


class Reader:
    """A table of the definition with its place, which knows the keys it must and may have."""

    def __init__(self, where: str, data: Any, required: str, optional: str = "") -> None:
        if not isinstance(data, dict):
            raise FormError(f"{where}: a table is expected, not {data!r}")
        self.where = where
        self._data = data
        for key in data:
            if key not in required.split() + optional.split():
                raise FormError(f"{where}: unknown key {key!r}")
        for key in required.split():
            if data.get(key) in (None, "", [], {}):
                raise FormError(f"{where}: {key!r} is missing or empty")

    def __getitem__(self, key: str) -> Any:
        """Return what the definition says; the key is one that it must have."""
        return self._data[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return what the definition says, or the default."""
        return self._data.get(key, default)

    def inside(self, name: str) -> str:
        """Return the place of a part of it, as errors name it."""
        return f"{self.where}, {name}"

    def many(self, key: str, make: Callable[[str, Any], T], identity: str) -> tuple[T, ...]:
        """Return what is made of the items of a list, which differ in what identifies them."""
        one = key.removesuffix("s").replace("_", " ")
        found: dict[Any, T] = {}
        for number, item in enumerate(self._data.get(key, ()), 1):
            name = item.get(identity, number) if isinstance(item, dict) else number
            made = make(f"{self.where}, {one} {name}", item)
            if name in found:
                raise FormError(f"{self.where}: duplicate {one} {name!r}")
            found[name] = made
        return tuple(found.values())

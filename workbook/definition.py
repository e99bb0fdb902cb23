"""Reads the kit's definitions, which are TOML, and refuses one that is wrong, naming file and key.

To read them takes longer than to check a report. What was made of them is kept in ``schema/compiled`` together with the
checksums of their texts. It holds as long as these are the same; a definition that was changed is read itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from zlib import crc32

from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")


class FormError(ValueError):
    """A definition of the kit is wrong: of the form, or of what speaks of it. Never raised for wrong data."""


_LETTERS, _SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz"), frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def is_name(value: Any) -> bool:
    """Say whether a value is a name of small letters, digits and ``_``."""
    return isinstance(value, str) and value[:1] in _LETTERS and _SIGNS.issuperset(value)


_SHAPES: Mapping[str, tuple[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "text": ("a text", lambda value: isinstance(value, str)),
        "name": ("a name of small letters, digits and _", is_name),
        "whole": ("a whole number", lambda value: type(value) is int),
        "flag": ("true or false", lambda value: isinstance(value, bool)),
        "texts": ("a list of texts", lambda value: isinstance(value, list) and all(map(_is_filled, value))),
        "tables": ("a list of tables", lambda value: isinstance(value, list)),
        "table": ("a table", lambda value: isinstance(value, dict)),
        "answers": (
            "a table of names and texts",
            lambda value: isinstance(value, dict) and all(map(is_name, value)) and all(map(_is_filled, value.values())),
        ),
    }
)
"""What a value of a definition may have to be: in words, and how it is told."""


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: it is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{where}: {error}") from error


class Kept(dict[str, Any]):
    """A table of a definition that was verified when it was kept, and is not verified again."""


def load_toml(name: str, others: Iterable[Path] = ()) -> dict[str, Any]:
    """Return what a definition of the kit says, such as ``"schema/2021/form.toml"``.

    ``others`` are the definitions that it speaks of: of what was verified against others nothing is kept either.

    Raises:
        FileNotFoundError: there is no such definition.
        FormError: it is not TOML.
    """
    path = resource(name)
    known: Kept | None = compiled(compiled_file(name), [path, *others], Kept)
    return read_toml(path.read_text(encoding="utf-8"), name) if known is None else known


def compiled_file(name: str) -> str:
    """Return where that stands which was made of a definition.

    >>> compiled_file("schema/2021/form.toml")
    'schema/compiled/2021-form.json'
    """
    return f"schema/compiled/{name.removeprefix('schema/').removesuffix('.toml').replace('/', '-')}.json"


def compiled(name: str, sources: Iterable[Path], table: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """Return what was made of definitions; ``None`` if that was never done, or one of them has changed since.

    ``table`` makes of each table what it is returned as.
    """
    try:
        kept = json.loads(resource(name).read_bytes(), object_hook=table)
    except FileNotFoundError:
        return None
    return kept["made"] if kept["of"] == _checksums(sources) else None


def compile_to(made: Any, sources: Iterable[Path]) -> bytes:
    """Return what ``compiled`` reads, for it to be kept."""
    kept = {"of": _checksums(sources), "made": made}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _checksums(sources: Iterable[Path]) -> list[int]:
    return [crc32(path.read_bytes()) for path in sources]


class Later(Mapping[str, T]):
    """What is made of a table's items: each when it is asked for first, for a run asks for few of them."""

    def __init__(self, kept: Mapping[str, Any], make: Callable[[Any], T]) -> None:
        self._kept, self._make = kept, make
        self._made: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        """Return what is made of an item."""
        if key not in self._made:
            self._made[key] = self._make(self._kept[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in their order."""
        return iter(self._kept)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._kept)


class Reader:
    """A table of the definition with its place, which knows the keys it must and may have."""

    def __init__(self, where: str, data: Any, required: str, optional: str = "") -> None:
        if not isinstance(data, dict):
            raise FormError(f"{where}: a table is expected, not {data!r}")
        self.where = where
        self._data = data
        self.is_kept = isinstance(data, Kept)
        if self.is_kept:
            return
        for key in data:
            if key not in required.split() + optional.split():
                raise FormError(f"{where}: unknown key {key!r}")
        for key in required.split():
            if data.get(key) in (None, "", [], {}):
                raise FormError(f"{where}: {key!r} is missing or empty")

    def typed(self, **shapes: str) -> Self:
        """Refuse a value that is not of its shape: each names its keys, and a key that none of them names is a text."""
        if self.is_kept:
            return self
        named = {"key": "name"} | {key: shape for shape, keys in shapes.items() for key in keys.split()}
        for key, value in self._data.items():
            words, fits = _SHAPES[named.get(key, "text")]
            if not fits(value):
                raise FormError(f"{self.where}: {key} {value!r} is not {words}")
        return self

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

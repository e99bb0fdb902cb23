"""The catalogue in which gettext finds the Chinese words of the command line, made of ``workbook/cli/words.toml``."""

from __future__ import annotations

import struct
import tomllib
from pathlib import Path

_WORDS = Path(__file__).resolve().parents[2] / "workbook/cli/words.toml"
_MAGIC, _HEAD = 0x950412DE, 28
_ABOUT = "Content-Type: text/plain; charset=UTF-8\nLanguage: zh\nPlural-Forms: nplurals=1; plural=0;\n"


def words() -> dict[str, str]:
    """Return the words: English to Chinese; of words that have a plural, both with a NUL between them."""
    data = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    plurals = {f"{item['one']}\0{item['many']}": item["zh"] for item in data.pop("plural")}
    found = [*(pair for part in data.values() for pair in part.items()), *plurals.items()]
    twice = {en for en, _ in found if [key for key, _ in found].count(en) > 1}
    if twice:
        raise ValueError(f"{_WORDS.name}: said twice: {', '.join(sorted(twice))}")
    return dict(found)


def laid_out(folder: Path) -> Path:
    """Write the catalogue into a folder as gettext looks for it, and return the folder."""
    path = folder / "zh/LC_MESSAGES/nianbao.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogue())
    return folder


def catalogue() -> bytes:
    """Return the words as a catalogue in the binary form of GNU gettext."""
    pairs = sorted((en.encode(), zh.encode()) for en, zh in {"": _ABOUT, **words()}.items())
    start = _HEAD + 16 * len(pairs)
    texts, places = b"", []
    for column in (0, 1):
        for pair in pairs:
            places.append((len(pair[column]), start + len(texts)))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEAD, _HEAD + 8 * len(pairs), 0, start)
    return head + b"".join(struct.pack("<2I", *place) for place in places) + texts

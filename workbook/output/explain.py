"""Codes explained from the catalogue: what is looked for, what to do, which clause of law, in which edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.output.vocabulary import WORDS
from workbook.output.wrap import hung

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.report import Entry, Lang

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "remedy": "怎么办：",
        "clause": "依据：",
        "editions": "版式：",
        "template": "模板自带的公式也能发现。",
        "told": "按结果里的提示处理。",
    },
    "en": {
        "remedy": "What to do: ",
        "clause": "Clause: ",
        "editions": "Editions: ",
        "template": "The template's own formulas find it too.",
        "told": "As the finding says.",
    },
}


def as_dict(code: str, entries: Mapping[str, Entry], lang: Lang) -> dict[str, Any]:
    """Return what the catalogue says of a code, by the edition that has it, the newest first."""
    entry = next(iter(entries.values()))
    words = entry.words[lang]
    return {
        "code": code,
        "level": entry.level,
        "title": words["title"],
        "explanation": words["explanation"],
        "remedy": words["hint"] if "{" not in words["hint"] else _WORDS[lang]["told"],
        "clause": entry.clause or None,
        "in_workbook": entry.in_workbook,
        "editions": sorted(entries),
    }


def lines(said: Mapping[str, Any], lang: Lang, columns: int) -> Iterator[str]:
    """Yield what is said of a code as lines of a terminal that is so wide; 0 breaks none."""
    words = _WORDS[lang]
    yield f"{said['code']}  {WORDS[lang][said['level']]}  {said['title']}"
    yield from hung("  ", said["explanation"], columns)
    yield from hung(f"  {words['remedy']}", said["remedy"], columns)
    if said["clause"]:
        yield from hung(f"  {words['clause']}", said["clause"], columns)
    if said["in_workbook"]:
        yield f"  {words['template']}"
    yield f"  {words['editions']}{'、'.join(said['editions']) if lang == 'zh' else ', '.join(said['editions'])}"

"""The page of a unit, as its template takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.views.show import event_words, original_words, version_words
from workbook.collect.views.status import notes
from workbook.collect.views.words import EVENTS, WORDS, shown_day, shown_id, shown_kind, shown_time
from workbook.output.vocabulary import reason, title
from workbook.report.findings import LEVEL_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.standing import Standing
    from workbook.collect.views.dossier import Dossier, Entry
    from workbook.report import Lang
    from workbook.report.fold import Cause


def unit_page(found: Dossier, lang: Lang) -> dict[str, Any]:
    """Return what the page of a unit shows: the newest version first, its mistakes open, those of the others folded."""
    standing = found.standing
    unit = standing.unit
    return {
        "unit": {
            "name": unit.name,
            "state": standing.state.key,
            "word": standing.state.word(lang),
            "notes": list(notes(standing, lang)),
            "about": [text for text in _about(standing, lang) if text],
        },
        "entries": [_entry(entry, found, lang) for entry in reversed(found.entries)],
        "events": [
            {"at": shown_time(event.at), "what": EVENTS[lang].get(event.kind, event.kind),
             "about": list(event_words(event, lang))[1:]}
            for event in found.events
        ],
    }  # fmt: skip


def _about(standing: Standing, lang: Lang) -> Iterator[str]:
    """Yield what the register says of a unit; empty texts for what it does not say."""
    unit, words = standing.unit, WORDS[lang]
    yield f"{words['id']} {shown_id(unit)}" if shown_id(unit) else ""
    yield shown_kind(unit.kind)
    yield words["due_by"].format(shown_day(standing.due)) if standing.due else ""
    yield f"{words['contact']} {unit.contact}" if unit.contact else ""


def _entry(entry: Entry, found: Dossier, lang: Lang) -> dict[str, Any]:
    version, current = entry.version, found.standing.current
    return {
        "number": version.number,
        "file": version.file,
        "counts": current is not None and current.submission == version.submission,
        "withdrawn": version.decision == "withdrawn",
        "newest": entry is found.entries[-1],
        "about": list(version_words(version, lang)),
        "original": original_words(entry, lang),
        "causes": [_cause(cause, version.edition, lang) for cause in entry.causes],
        "changes": entry.changes,
    }


def _cause(cause: Cause, edition: str, lang: Lang) -> dict[str, Any]:
    finding = cause.first
    return {
        "level": cause.status,
        "word": LEVEL_WORDS[lang][cause.status],
        "message": cause.message(lang),
        "hint": reason(finding, lang) or finding["hint"],
        "effects": cause.consequences(lang),
        "quote": finding["quote"]["text"] if finding["quote"] else "",
        "code": finding["code"],
        "title": title(finding["code"], edition, lang),
    }

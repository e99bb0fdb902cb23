"""Everything about one unit as text and as JSON: versions, what each changed, findings, decisions, the original."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now
from workbook.collect.reading import KIT
from workbook.collect.views.dossier import dossier
from workbook.collect.views.json import printed, standing_as_dict, version_as_dict, when
from workbook.collect.views.status import notes
from workbook.collect.views.words import EVENTS, WORDS, shown_day, shown_id, shown_time
from workbook.output.vocabulary import WORDS as CHECK_WORDS
from workbook.output.vocabulary import reason
from workbook.output.wrap import hung
from workbook.collect.rollup.event_words import rollup_words
from workbook.printable import printable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from workbook.collect.collection import Collection, Event
    from workbook.collect.standing import Version
    from workbook.collect.views.dossier import Dossier, Entry
    from workbook.report import Lang

_GAP = "  "


def show(
    collection: Collection, unit: str, year: int, at: dt.datetime | None = None, lang: Lang = "zh", columns: int = 0
) -> str:
    """Return everything about a unit in a year as text; lines are broken at so many columns, 0 breaks none.

    Raises:
        KeyError: the register has no such unit.
    """
    at = at or now()
    found = dossier(collection, collection.standing(unit, year, at), at, lang)
    return "".join(f"{line}\n" for line in _lines(found, lang, columns))


def show_json(collection: Collection, unit: str, year: int, at: dt.datetime | None = None, lang: Lang = "zh") -> bytes:
    """Return everything about a unit in a year as a JSON object.

    Raises:
        KeyError: the register has no such unit.
    """
    at = at or now()
    found = dossier(collection, collection.standing(unit, year, at), at, lang)
    about: dict[str, Any] = standing_as_dict(found.standing)
    about["versions"] = [
        version_as_dict(entry.version)
        | {
            "original": entry.original or None,
            "part": entry.part,
            "findings": collection.findings(entry.version.submission, at),
            "changes": None
            if entry.changes is None
            else [{"what": each.what, "before": each.before, "after": each.after} for each in entry.changes],
        }
        for entry in found.entries
    ]
    return printed(
        {
            "year": year,
            "at": when(at),
            "kit": KIT,
            "above": list(found.above),
            **about,
            "events": [_event(event) for event in found.events],
        }
    )


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": when(event.at),
        "by": event.by,
        "kind": event.kind,
        "submission": event.submission,
        "reason": event.reason,
        "detail": dict(event.detail),
    }


def _lines(found: Dossier, lang: Lang, columns: int) -> Iterator[str]:
    words, standing = WORDS[lang], found.standing
    unit = standing.unit
    yield words["of_unit"].format(name=printable(unit.name), year=standing.year)
    yield f"{words['as_of'].format(at=shown_time(standing.at))} · {words['kit'].format(KIT)}"
    yield ""
    above = " › ".join(printable(name) for name in reversed(found.above))
    due = shown_day(standing.due)
    told = {
        words["id"]: printable(shown_id(unit)),
        words["parent"]: above,
        words["contact"]: printable(unit.contact or ""),
        words["due"]: due,
        words["state"]: " · ".join([standing.state.word(lang), *notes(standing, lang)]),
    }
    for name, value in told.items():
        if value:
            yield from hung(f"{name}  ", value, columns)
    for entry in reversed(found.entries):
        yield ""
        yield from _version(entry, lang, columns)
    if found.events:
        yield ""
        yield words["events"]
        for event in found.events:
            yield from hung(f"{_GAP}{shown_time(event.at)}{_GAP}", " · ".join(event_words(event, lang)), columns)


def _version(entry: Entry, lang: Lang, columns: int) -> Iterator[str]:
    words, version = WORDS[lang], entry.version
    said = version_words(version, lang)
    yield " · ".join([words["version"].format(version.number), printable(version.file), *said])
    yield from hung(f"{_GAP}{words['original']} ", original_words(entry, lang), columns)
    for cause in entry.causes:
        head = f"{_GAP}{CHECK_WORDS[lang][cause.status]} "
        told = CHECK_WORDS[lang]["code_last"].format(message=cause.message(lang), code=cause.first["code"])
        yield from hung(head, printable(told), columns)
        yield from hung("      → ", printable(reason(cause.first, lang) or cause.first["hint"]), columns)
    if entry.changes is not None:
        yield f"{_GAP}{words['changed'].format(len(entry.changes))}"
        for each in entry.changes:
            told = words["from_to"].format(what=each.what, before=each.before, after=each.after)
            yield from hung(f"{_GAP}{_GAP}", printable(told), columns)


def original_words(entry: Entry, lang: Lang) -> str:
    """Say where the original of a version is kept, and what its digest is."""
    words = WORDS[lang]
    where = entry.original or words["erased"]
    if entry.original and not entry.part:
        return where  # its name is its digest
    part = words["part"].format(entry.part) if entry.part else ""
    return f"{where}{part} · SHA-256 {entry.version.digest}"


def version_words(version: Version, lang: Lang) -> Iterator[str]:
    """Yield what is said of a version: when it came, what is wrong with it, what was decided; every text printable."""
    words = WORDS[lang]
    yield f"#{version.submission}"
    yield words["came_at"].format(shown_time(version.received))
    counted = version.errors or version.warnings
    yield words["mistakes"].format(errors=version.errors, warnings=version.warnings) if counted else words["sound"]
    if version.decision:
        told = [EVENTS[lang].get(version.decision, version.decision), shown_time(version.decided), version.by]
        yield printable(" ".join(filter(None, told)))
        if version.reason:
            yield words["because"].format(printable(version.reason))
    if version.until:
        yield words["until_by"].format(shown_day(version.until))
    if version.together:
        yield words["together_with"]
    if version.exported:
        yield words["exported"]
    for file, time in version.same_again:
        yield words["again"].format(at=shown_time(time), file=printable(file))


def event_words(event: Event, lang: Lang) -> Iterator[str]:
    """Yield what is said of an event beside its time; every text is printable."""
    words = WORDS[lang]
    yield EVENTS[lang].get(event.kind, event.kind)
    if event.detail.get("until"):
        yield words["until_day"].format(printable(str(event.detail["until"])))
    yield from rollup_words(event, lang)
    if event.by:
        yield printable(event.by)
    if event.reason:
        yield words["because"].format(printable(event.reason))

"""The sentences that page and text of a letter share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook import __version__
from workbook.collect.letters.content import Returned
from workbook.collect.letters.words import WORDS
from workbook.collect.standing import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.collect.letters.content import Reminder
    from workbook.report import Lang


class Copy(NamedTuple):
    """The marked copy that comes with a letter: its name; without one, the key of the words that say why."""

    file: str = ""
    why: str = ""


def title(letter: Returned | Reminder, lang: Lang) -> tuple[str, str]:
    """Return what a letter is about: the report, and what there is to say of it."""
    name = "title_returned" if isinstance(letter, Returned) else "title_reminder"
    return WORDS[lang]["title"].format(year=letter.head.year), WORDS[lang][name]


def joined(letter: Returned | Reminder, lang: Lang) -> str:
    """Return the title in one line."""
    return ("" if lang == "zh" else " ").join(title(letter, lang))


def asked(letter: Returned | Reminder, lang: Lang) -> str:
    """Return what a letter asks for, in a sentence or two."""
    words, head = WORDS[lang], letter.head
    if isinstance(letter, Returned):
        intro = words["intro" if letter.mistakes else "intro_sound"]
        until = words["until"].format(until=letter.until) if letter.until else words["no_until"]
        return f"{intro}{until}" if lang == "zh" else f"{intro} {until}"
    if not letter.due:
        name = "missing_no_due"
    elif letter.state is State.OVERDUE:
        name = "overdue"
    else:
        name = "missing" if letter.days else "missing_today"
    return words[name].format(at=head.at, year=head.year, days=letter.days)


def standing_of(letter: Returned | Reminder, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield what a letter says of the report, each with its label."""
    words = WORDS[lang]
    if isinstance(letter, Returned):
        number = words["version"].format(number=letter.version.number)
        yield words["file"], f"{letter.file}（{number}）" if lang == "zh" else f"{letter.file} ({number})"
        yield words["received"], letter.received
        counts = words["mistakes"].format(errors=letter.errors, warnings=letter.warnings)
        yield words["counts"], counts if letter.errors or letter.warnings else words["none"]
        return
    if letter.due:
        why = f"（{letter.why}）" if lang == "zh" else f" ({letter.why})"
        yield words["due"], letter.due + (why if letter.why else "")
    if letter.reason:
        yield words["extended"], letter.reason


def how_to_correct(letter: Returned, copy: Copy, lang: Lang) -> Iterator[str]:
    """Yield what to do about a returned report."""
    words = WORDS[lang]
    if copy.file:
        yield words["marked"].format(file=copy.file)
    elif letter.mistakes:
        yield words["unmarked"].format(why=words[copy.why])
    if letter.warnings:
        yield words["errors_first"]
    if letter.waived:
        yield words["waived"].format(count=letter.waived)
    yield words["again"]


def how_to_report(letter: Reminder, lang: Lang) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield headings with what stands under them: what came of other years, what was withdrawn, how to report."""
    words, head = WORDS[lang], letter.head
    if letter.elsewhere:
        came = [
            words["elsewhere_one"].format(year=year, file=file, received=received)
            for year, file, received in letter.elsewhere
        ]
        yield words["elsewhere"].format(year=head.year), (*came, words["elsewhere_do"].format(year=head.year))
    if letter.withdrawn:
        yield (
            words["withdrawn"],
            [
                words["withdrawn_one"].format(file=file, received=received, reason=reason).strip()
                for file, received, reason in letter.withdrawn
            ],
        )
    office = head.office or words["office"]
    steps = ("step_template", "step_check", "step_send")
    yield words["how_to_report"], [words[step].format(year=head.year, name=head.unit, office=office) for step in steps]


def closing(letter: Returned | Reminder, lang: Lang) -> Iterator[str]:
    """Yield who writes, as of when, with which version of the kit, about which file."""
    words = WORDS[lang]
    if letter.head.office:
        yield letter.head.office
    made = [words["as_of"].format(at=letter.head.at), words["kit"].format(__version__)]
    yield " · ".join(made)

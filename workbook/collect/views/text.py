"""What a collection stands like as text for a terminal: the counts, then what waits for a person, the missing first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from workbook.collect.reading import KIT
from workbook.collect.views.status import SECTIONS, looked_at, matter_rows
from workbook.collect.views.words import WORDS, shown_day, shown_id, shown_time
from workbook.output.wrap import hung, width
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.standing import Standing
    from workbook.collect.views.status import Overview
    from workbook.report import Lang

_GAP = "  "
_LEAST = 30
"""Columns that what is said of a unit needs beside its name; else it stands below."""
_MOST = 100
"""Units of a section that are named on a terminal; files for programs name all."""


def render(overview: Overview, lang: Lang, columns: int = 0) -> bytes:
    """Return the text; lines are broken at so many columns, 0 breaks none."""
    return "".join(f"{line}\n" for line in _lines(overview, lang, columns)).encode()


def _lines(overview: Overview, lang: Lang, columns: int) -> Iterator[str]:
    words, counts = WORDS[lang], overview.counts
    yield overview.title(lang)
    yield f"{words['as_of'].format(at=shown_time(overview.at))} · {words['kit'].format(KIT)}"
    yield ""
    if not overview.standings:
        yield words["nothing"]
    else:
        yield words["of_all"].format(all=counts.expected, came=counts.came, share=counts.share)
        yield from hung(_GAP, counts.said(lang), columns)
    told_below = {id(each) for name in ("returned", "review") for each in overview.sections[name]}
    for name in SECTIONS:
        standings = overview.sections[name]
        shown = [each for each in standings if id(each) not in told_below] if name == "late" else standings
        yield from _section(words[name], shown, len(standings), overview, lang, columns)
    matters = [
        (f"{matter['what']}{_GAP}{matter['file']}", [matter["body"], matter["suggestions"], matter["why"]])
        for matter in matter_rows(overview, lang)
    ]
    yield from _block(words["files"], matters, columns, lang, len(matters))
    yield from _parents(overview, lang, columns)


def _section(
    title: str, standings: Sequence[Standing], count: int, overview: Overview, lang: Lang, columns: int
) -> Iterator[str]:
    """Yield a section of so many units; those that are not given stand in later ones."""
    first = list(islice(standings, _MOST))
    wide = max((width(_named(standing)) for standing in first), default=0)
    state_wide = max((width(standing.state.word(lang)) for standing in first), default=0)
    lines = []
    for standing in first:
        name, state = _named(standing), standing.state.word(lang)
        head = f"{name}{' ' * (wide - width(name))}{_GAP}{state}{' ' * (state_wide - width(state))}"
        lines.append((head, list(_about(standing, overview, lang))))
    yield from _block(title, lines, columns, lang, count)
    if len(first) < len(standings):
        yield f"{_GAP}{WORDS[lang]['others'].format(len(standings) - len(first))}"
    if len(standings) < count:
        yield f"{_GAP}{WORDS[lang]['elsewhere_told'].format(count - len(standings))}"


def _named(standing: Standing) -> str:
    return _GAP.join(map(printable, filter(None, [shown_id(standing.unit), standing.unit.name])))


def _about(standing: Standing, overview: Overview, lang: Lang) -> Iterator[str]:
    """Yield what there is to say of a unit in a section."""
    words, version = WORDS[lang], looked_at(standing)
    yield printable(overview.parent_name(standing))
    if version is None:
        yield words["due_by"].format(shown_day(standing.due)) if standing.due else ""
        yield printable(standing.unit.contact or "")
    else:
        yield shown_time(version.received)
        counted = version.errors or version.warnings
        yield words["mistakes"].format(errors=version.errors, warnings=version.warnings) if counted else words["sound"]
    yield from overview.notes(standing, lang)


def _block(
    title: str, lines: Sequence[tuple[str, Iterable[str]]], columns: int, lang: Lang, count: int
) -> Iterator[str]:
    """Yield a section: its title with how many there are, then a line each; nothing where there is none."""
    if not count:
        return
    yield ""
    yield WORDS[lang]["list"].format(title=title, count=count)
    for head, about in lines:
        said = " · ".join(filter(None, about))
        if columns and width(head) > columns - _LEAST:
            yield from hung(_GAP, head.rstrip(), columns)
            yield from hung(_GAP * 3, said, columns)
        else:
            yield from hung(f"{_GAP}{head}{_GAP}" if said else f"{_GAP}{head}", said, columns)


def _parents(overview: Overview, lang: Lang, columns: int) -> Iterator[str]:
    """Yield a line an office above, if there are several: how many of those below it came, and their standings."""
    parents = list(islice(overview.tree.parents, _MOST + 1))
    if len(parents) < 2:  # noqa: PLR2004 - one has the counts of all
        return
    words = WORDS[lang]
    yield ""
    yield words["by_parent"]
    parents = parents[:_MOST]
    wide = max(width(printable(node.unit.name)) for node in parents)
    for node in parents:
        name = printable(node.unit.name)
        share = f"{node.below.came}/{node.below.expected}"
        head = f"{_GAP}{name}{' ' * (wide - width(name))}{_GAP}{share:>9}{_GAP}"
        yield from hung(head, node.below.said(lang), columns)

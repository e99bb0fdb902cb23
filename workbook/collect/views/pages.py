"""What a collection stands like as a folder of pages without script: an overview, a page an office, pages of units.

A unit has a page only if there is something about it to look at, so many clean units do not make many pages. Pages are
written one after the other; what is kept of each is its name.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now
from workbook.collect.reading import KIT
from workbook.collect.views import charts
from workbook.collect.views.dossier import dossier
from workbook.collect.views.lines import counted, tree_lines, unit_lines
from workbook.collect.views.site import HERE, INDEX, Site, part
from workbook.collect.views.status import SECTIONS, matter_rows
from workbook.collect.views.unit_page import unit_page
from workbook.collect.views.words import WORDS, shown_time
from workbook.output.templates import filled_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.collection import Collection
    from workbook.collect.views.status import Overview
    from workbook.collect.views.tree import Node
    from workbook.report import Lang

_FOLDER = Path(__file__).parent
_STYLES = ("pages.css",)
_FIRST = 100
"""Lines of a section that the overview shows; the whole list is a page of its own."""
_WHOLE = 400
"""Units up to which the page of an office shows its whole tree; of larger ones it shows the next level."""
_PART = 1000
"""Lines of a list that one page has."""
_ALL = "list-all.html"
Line = dict[str, Any]


def write_pages(target: Path, collection: Collection, overview: Overview, lang: Lang, *, force: bool = False) -> int:
    """Write the pages, the overview last, and return how many they are.

    Args:
        target: where the overview goes; the other pages go into a folder beside it that is named like it.
        collection: what the pages are about.
        overview: what it stands like.
        lang: the language of the pages.
        force: whether pages that are there are written over.

    Raises:
        FileExistsError: there is something already, and ``force`` is not given.
        OSError: it cannot be written.
    """
    site = Site(target, collection.folder, overview)
    site.prepare(force=force)
    for name, data in _pages(site, collection, overview, lang):
        site.write(name, data)
    site.finish(_index(site, overview, lang), force=force)
    return len(site.written) + 1


def show_page(collection: Collection, unit: str, year: int, at: dt.datetime | None = None, lang: Lang = "zh") -> bytes:
    """Return the page of one unit by itself: everything about it, and no way to other pages.

    Raises:
        KeyError: the register has no such unit.
    """
    at = at or now()
    found = dossier(collection, collection.standing(unit, year, at), at, lang)
    about = _when(at, lang) | {"title": WORDS[lang]["title"].format(year=year), "home": None}
    about |= {"crumbs": [(name, None) for name in reversed(found.above)]} | unit_page(found, lang)
    return _page("dossier.html", about, lang)


def _pages(site: Site, collection: Collection, overview: Overview, lang: Lang) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of the folder, each with its name."""
    words = WORDS[lang]
    for key in SECTIONS:
        standings = overview.sections[key]
        if len(standings) > _FIRST:
            title = words["list"].format(title=words[key], count=len(standings))
            lines = unit_lines(standings, site, overview, lang, HERE)
            yield from _list(_name(key), title, lines, overview, site, lang, has=_has(key))
    matters = list(matter_rows(overview, lang))
    if len(matters) > _FIRST:
        about = _about(overview, lang) | {"matters": matters, "home": site.home, "heading": words["files"]}
        yield "list-files.html", _page("matters.html", about, lang)
    roots = overview.tree.roots
    size = len(overview.tree.nodes)
    yield from _list(
        _ALL, words["all"], tree_lines(_shown(roots, size), site, overview, lang, HERE), overview, site, lang
    )
    for node in overview.tree.parents:
        yield from _office(node, site, overview, lang)
    for standing in chain(overview.standings, overview.strays):
        name = site.units.get(standing.unit.id)
        if name:
            about = _about(overview, lang) | {"crumbs": _crumbs(overview.tree.above(standing.unit), site)}
            about |= unit_page(dossier(collection, standing, overview.at, lang, overview.register), lang)
            yield name, _page("dossier.html", about | {"home": site.home}, lang)


def _office(node: Node, site: Site, overview: Overview, lang: Lang) -> Iterator[tuple[str, bytes]]:
    name = site.offices[node.unit.id]
    above = overview.tree.above(node.unit)
    own = next(tree_lines([(0, node)], site, overview, lang, HERE))
    lines = tree_lines(_shown(node.children, node.size), site, overview, lang, HERE)
    yield from _list(
        name, node.unit.name, lines, overview, site, lang,
        crumbs=_crumbs(above, site), own=own, counts=counted(node.below, lang),
    )  # fmt: skip


def _shown(nodes: Iterable[Node], size: int) -> Iterator[tuple[int, Node]]:
    """Yield what the page of an office shows of what is below it, each with its depth."""
    for node in nodes:
        yield 0, node
        if size <= _WHOLE:
            yield from node.walk(1)


def _crumbs(above: Sequence[Node], site: Site) -> list[tuple[str, str | None]]:
    return [(node.unit.name, site.link(site.offices.get(node.unit.id), HERE)) for node in reversed(above)]


def _list(
    name: str, heading: str, lines: Iterable[Line], overview: Overview, site: Site, lang: Lang, **more: Any
) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of a list that may be long, each but the last with as many lines as a page has."""
    told = list(lines)
    has = ["belows"] if any(line["below"] for line in told) else []
    pages = max(1, -(-len(told) // _PART))
    about = {"crumbs": [], "own": None, "counts": None, "has": has} | _about(overview, lang) | more
    about |= {"heading": heading, "home": site.home, "pages": pages}
    for number in range(1, pages + 1):
        ways = {
            "number": number,
            "before": site.link(part(name, number - 1), HERE) if number > 1 else None,
            "after": site.link(part(name, number + 1), HERE) if number < pages else None,
        }
        shown = told[(number - 1) * _PART : number * _PART]
        yield part(name, number), _page("list.html", about | ways | {"lines": shown}, lang)


def _name(section: str) -> str:
    return f"list-{section}.html"


def _has(section: str) -> list[str]:
    """Return what columns the list of a section has beside those of all."""
    return ["parents", "absent"] if section == "missing" else ["parents"]


def _index(site: Site, overview: Overview, lang: Lang) -> bytes:
    words = WORDS[lang]
    sections = [
        {
            "key": key,
            "heading": words[key],
            "count": len(standings),
            "has": _has(key),
            "lines": list(unit_lines(standings[:_FIRST], site, overview, lang, INDEX)),
            "more": site.link(_name(key), INDEX) if len(standings) > _FIRST else None,
        }
        for key, standings in overview.sections.items()
    ]
    matters = list(matter_rows(overview, lang))
    about = _about(overview, lang) | {
        "sections": sections,
        "matters": matters[:_FIRST],
        "matter_count": len(matters),
        "more_matters": site.link("list-files.html", INDEX) if len(matters) > _FIRST else None,
        "counts": counted(overview.counts, lang),
        "share": overview.counts.share,
        "states": [(state.key, state.word(lang), number) for state, number in charts.in_order(overview.counts)],
        "days": charts.days(overview.standings, lang),
        "offices": list(tree_lines(_offices(overview), site, overview, lang, INDEX)),
        "whole": site.link(_ALL, INDEX),
    }
    return _page("overview.html", about, lang)


def _offices(overview: Overview) -> list[tuple[int, Node]]:
    """Return the offices that the overview shows: of the first two levels, or of the first where those are many."""
    first = [node for node in overview.tree.roots if node.children]
    lower = {node.unit.id: [child for child in node.children if child.children] for node in first}
    many = sum(map(len, lower.values())) > _FIRST
    return [line for node in first for line in ((0, node), *((1, child) for child in lower[node.unit.id] if not many))]


def _about(overview: Overview, lang: Lang) -> dict[str, Any]:
    return {"title": overview.title(lang)} | _when(overview.at, lang)


def _when(at: dt.datetime, lang: Lang) -> dict[str, Any]:
    words = WORDS[lang]
    as_of = words["as_of"].format(at=shown_time(at))
    return {"as_of": as_of, "made": f"{as_of} · {words['kit'].format(KIT)}"}


def _page(template: str, about: dict[str, Any], lang: Lang) -> bytes:
    return filled_in(_FOLDER / template, _STYLES, WORDS[lang], about)

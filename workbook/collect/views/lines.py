"""The lines of the lists on pages: a unit each, with where its name leads. Templates escape what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.views import charts
from workbook.collect.views.status import looked_at
from workbook.collect.views.words import shown_day, shown_id, shown_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.collect.standing import Standing
    from workbook.collect.views.site import Site
    from workbook.collect.views.status import Overview
    from workbook.collect.views.tree import Counts, Node
    from workbook.report import Lang


def unit_lines(
    standings: Iterable[Standing], site: Site, overview: Overview, lang: Lang, base: str
) -> Iterator[dict[str, Any]]:
    """Yield the lines of a list, each with the office above the unit."""
    for standing in standings:
        parent = standing.unit.parent
        yield unit_line(standing, site, overview, lang, base) | {
            "depth": 0,
            "parent": overview.parent_name(standing),
            "parent_link": site.link(site.offices.get(parent or ""), base),
            "below": None,
        }


def tree_lines(
    nodes: Iterable[tuple[int, Node]], site: Site, overview: Overview, lang: Lang, base: str
) -> Iterator[dict[str, Any]]:
    """Yield the lines of a tree, an office with what came in below it."""
    for depth, node in nodes:
        own: dict[str, Any] = {"name": node.unit.name, "id": shown_id(node.unit), "state": None, "link": None}
        if node.standing:
            own = unit_line(node.standing, site, overview, lang, base)
        below = counted(node.below, lang) if node.children else None
        office = site.link(site.offices.get(node.unit.id), base)
        yield own | {"depth": min(depth, _DEEPEST), "parent": "", "below": below, "office": office}


_DEEPEST = 6


def counted(counts: Counts, lang: Lang) -> dict[str, Any]:
    """Return what a template shows of counts: a bar, and the same in words."""
    return {
        "bars": charts.shares(counts, lang),
        "said": counts.said(lang),
        "came": counts.came,
        "expected": counts.expected,
    }


def unit_line(standing: Standing, site: Site, overview: Overview, lang: Lang, base: str) -> dict[str, Any]:
    """Return a unit as a line."""
    unit, version = standing.unit, looked_at(standing)
    return {
        "id": shown_id(unit),
        "name": unit.name,
        "link": site.link(site.units.get(unit.id), base),
        "office": site.link(site.offices.get(unit.id), base),
        "state": standing.state.key,
        "word": standing.state.word(lang),
        "due": shown_day(standing.due),
        "received": shown_time(version.received) if version else "",
        "errors": version.errors if version else None,
        "warnings": version.warnings if version else None,
        "contact": "" if version else unit.contact or "",
        "notes": list(overview.notes(standing, lang)),
    }

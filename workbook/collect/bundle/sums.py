"""The roll-up of what is handed up: made below, made again above of what was received, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.store import Store


def sums(store: Store, unit: str, year: int) -> dict[str, Any]:
    """Return what the units below an office add up to, without what only its own collection knows: numbers and keys."""
    said = Collection.on(store).rollup(year, unit).to_dict()
    return {key: said[key] for key in ("edition", "scope", "counts", "cells")} | {
        "counted": sorted(each["digest"] for each in said["units"] if each["digest"])
    }


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """Yield what two roll-ups say otherwise: cells by their keys, and what stands beside them."""
    cells, own = theirs.get("cells"), ours["cells"]
    yield from (key for key in ("edition", "scope", "counts", "counted") if theirs.get(key) != ours[key])
    if not isinstance(cells, dict):
        yield "cells"
        return
    yield from (key for key in {**own, **cells} if cells.get(key) != own.get(key))

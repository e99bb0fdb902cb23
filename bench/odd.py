"""How many sound units ``collect odd`` warns of, how much of what is planted it finds, and how long it takes.

``python bench/odd.py [SEEDS] [TRIALS]``: cities of 60 and more units that know nothing of each other, so that every
warning is false; then what is planted in them, one at a time. Milliseconds are of the processor.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from filed import PLANTS, Plant, city, mailbag

from workbook.collect.odd.odd import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.collect.odd.filed import Filings

CITIES = {
    "mailbag, 60": (mailbag, 1),
    "rich, 60": (partial(city, many=60, rich=True), 1),
    "sparse, 60": (partial(city, many=60, rich=False), 1),
    "a year, 60": (partial(city, many=60, rich=True, years=1), 1),
    "steady, 60": (partial(city, many=60, rich=True, years=1, steady=4), 1),
    "rich, 500": (partial(city, many=500, rich=True), 8),
    "sparse, 500": (partial(city, many=500, rich=False), 8),
    "sparse, 2000": (partial(city, many=2000, rich=False), 32),
}
"""Cities, and by how much fewer of them are tried."""


def main(seeds: int = 32, trials: int = 100) -> None:
    """Print a line a city and a kind of what is planted."""
    total, warned = 0, 0
    print(f"{'sound':16}{'units':>8}{'warned':>8}{'a 1,000':>9}{'ms':>8}   by code")
    for name, (make, fewer) in CITIES.items():
        units, told, spent, codes = 0, 0, 0.0, Counter[str]()
        tries = max(1, seeds // fewer)
        for seed in range(tries):
            filings = make(seed)
            start = time.process_time()
            shown = look(filings)
            spent += time.process_time() - start
            units, told = units + len(filings.units), told + len(shown)
            codes.update(each.finding.code for some in shown.values() for each in some)
        total, warned = total + units, warned + told
        print(
            f"{name:16}{units:8}{told:8}{1000 * told / units:9.2f}{1000 * spent / tries:8.0f}   {dict(codes)}",
            flush=True,
        )
    print(f"{'all':16}{total:8}{warned:8}{1000 * warned / total:9.2f}\n")
    print(f"{'planted':16}" + "".join(f"{each.name:>14}" for each in PLANTS))
    for name, (make, fewer) in list(CITIES.items())[:-1]:
        line = [found(make, plant, max(1, trials // fewer)) for plant in PLANTS]
        print(f"{name:16}" + "".join(f"{share:13.0%} " for share in line), flush=True)


def found(make: Callable[[int], Filings], plant: Plant, trials: int) -> float:
    """Return the share of what must be told that is told."""
    chance = random.Random(plant.name)  # noqa: S311 - figures, no secrets
    told, wanted = 0, 0
    for seed in range(trials):
        filings, must = plant.plant(make(seed), chance)
        known = {(unit, each.finding.code) for unit, some in look(filings).items() for each in some}
        told, wanted = told + len(must & known), wanted + len(must)
    return told / wanted


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

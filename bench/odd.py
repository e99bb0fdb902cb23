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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from filed import PLANTS, city, mailbag

from workbook.collect.odd.odd import look

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


def main(seeds: int = 32, trials: int = 24) -> None:
    """Print a line a city: what is falsely told, then what is found of all that is planted."""
    if seeds:
        sound(seeds)
    if trials:
        planted(trials)


def sound(seeds: int) -> None:
    """Count who is told of though nothing is odd."""
    total, warned = 0, 0
    print(f"{'sound':16}{'units':>8}{'warned':>8}{'a 1,000':>9}{'ms':>8}   by code")
    for name, (make, fewer) in CITIES.items():
        units, told, spent, codes = 0, 0, 0.0, Counter[str]()
        tries = max(1, seeds // fewer)
        for seed in range(tries):
            filings = make(seed)
            start = time.process_time()
            found = look(filings)
            spent += time.process_time() - start
            units, told = units + len(filings.units), told + len(found)
            codes.update(each.finding.code for some in found.values() for each in some)
        total, warned = total + units, warned + told
        figures = f"{units:8}{told:8}{1000 * told / units:9.2f}{1000 * spent / tries:8.0f}"
        print(f"{name:16}{figures}   {dict(codes)}", flush=True)
    print(f"{'all':16}{total:8}{warned:8}{1000 * warned / total:9.2f}\n")


def planted(trials: int) -> None:
    """Print the share of what must be told that is told, for each thing that is planted."""
    print(f"{'planted':16}" + "".join(f"{each.name:>14}" for each in PLANTS))
    for name, (make, fewer) in list(CITIES.items())[:-1]:
        chance = random.Random(name)  # noqa: S311 - figures, no secrets
        told, wanted = Counter[str](), Counter[str]()
        for seed in range(max(1, trials // fewer)):
            for plant in PLANTS:
                filings, must = plant.plant(make(seed), chance)
                known = {(unit, each.finding.code) for unit, some in look(filings).items() for each in some}
                told[plant.name] += len(must & known)
                wanted[plant.name] += len(must)
        print(f"{name:16}" + "".join(f"{told[each.name] / wanted[each.name]:13.0%} " for each in PLANTS), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

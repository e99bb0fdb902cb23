"""How often the explanation of a wrong sum is right, wrong or silent, by what was done, and how long it takes.

``python bench/explain.py [TRIALS] [CONTROLS] [CITY]``: 100 trials a kind and 10,000 controls over all unless given,
with 60 and 500 units, rich and sparse, both editions; CITY is one of those four, 0 to 3. Wrong is every word that is
not true, also a true word with an untrue addition; ``part`` is a true word where there was more to say; of a control
nothing may be said.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from mishaps import CONTROLS, KINDS, Mishaps, verdict
from sums import units

from workbook import editions, load_form
from workbook.collect.explain import Explainer

CITIES = [(many, rich) for many in (60, 500) for rich in (True, False)]
FRESH = 20
"""Trials with the units of one city before another is drawn."""


def main(trials: int = 100, controls: int = 10_000, only: int | None = None) -> None:
    """Try all kinds and controls, and print a line each; milliseconds of the processor are for a parent, all in all."""
    each = -(-controls // (len(CITIES) * len(CONTROLS)))
    shown: Counter[str] = Counter()
    for many, rich in CITIES if only is None else CITIES[only : only + 1]:
        print(f"\n{many} units, {'rich' if rich else 'sparse'}")
        print(f"{'':20}{'right':>7}{'part':>7}{'wrong':>7}{'silent':>7}{'ms':>8}   named in single cells: true, untrue")
        for kind in (*KINDS, *CONTROLS):
            times = trials if kind in KINDS else each
            if not times:
                continue
            found, seconds, cells = tried(kind, many, times, rich=rich)
            figures = "".join(f"{found[word]:7}" for word in ("right", "part", "wrong", "silent"))
            print(f"{kind:20}{figures}{seconds * 1000:8.0f}   {cells['true']}, {cells['untrue']}", flush=True)
            if kind in CONTROLS:
                shown.update(found)
    print(f"\nwrong words in {shown.total():,} controls: {shown['wrong']}")


def tried(kind: str, many: int, times: int, *, rich: bool) -> tuple[Counter[str], float, Counter[str]]:
    """Return verdicts, seconds for each, and whether the units that single cells name had a part in it."""
    chance = random.Random(f"{kind} {many} {rich}")  # noqa: S311 - figures, no secrets
    found: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    spent = ready = 0.0
    for number in range(times):
        if number % FRESH == 0:
            form = load_form(editions()[number // FRESH % len(editions())])
            mishaps = Mishaps(form, units(form, many, rich=rich, chance=chance), chance, rich=rich)
        trial = getattr(mishaps, kind)()
        start = time.process_time()
        if number % FRESH == 0:
            explainer = Explainer(mishaps.units, form)
            ready += time.process_time() - start
            start = time.process_time()
        said = explainer.explain(trial.residual)
        spent += time.process_time() - start
        found[verdict(trial, said)] += 1
        to_blame = {unit for _, names in trial.truth for unit in names}
        cells.update("true" if fault.unit in to_blame else "untrue" for fault in said.cells if fault.unit)
        if verdict(trial, said) == "wrong":
            print(f"  {kind}: {sorted(trial.truth)[:4]} but {[(move.kind, *move.units[:4]) for move in said.moves]}")
    return found, spent / times + ready / -(-times // FRESH), cells


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))

"""Ratios against units of the same kind: beta-binomial around the ratios of the others, so that 1 of 1 says nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect.columns import columns
from workbook.collect.odd.chance import ratio_bits
from workbook.collect.odd.filed import Total
from workbook.collect.odd.oddity import Oddity
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.odd.filed import Filings
    from workbook.collect.odd.thresholds import Peers, Ratio, Thresholds

_WORKING = 0.1
"""The likeness of cases within a unit by which units are weighed: large ones count for more, but not by all."""


def ratios(filings: Filings, rules: Thresholds) -> Iterator[Oddity]:
    """Yield the ratios that lie far from those of the other units of the kind; a unit of no known kind has no peers."""
    for ratio in rules.ratios:
        cells = ratio.cells(filings.form)
        if cells is None:
            continue
        of_part, of_whole = (Total(filings.form, *sorted(keys)) for keys in cells)
        kinds: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for each in filings.units:
            part, whole = of_part.of(each.cells), of_whole.of(each.cells)
            if each.kind and part is not None and whole and 0 <= part <= whole:
                kinds[each.kind][each.unit] = part, whole
        for kind, found in kinds.items():
            yield from _far(ratio, kind, found, rules)


def _far(ratio: Ratio, kind: str, found: Mapping[str, tuple[int, int]], rules: Thresholds) -> Iterator[Oddity]:
    peers = rules.peers
    if len(found) <= peers.least:
        return
    everyone = _Sums()
    for part, whole in found.values():
        everyone.add(part, whole)
    for unit, (part, whole) in found.items():
        mean, worth = everyone.without(part, whole).usual(peers)
        bits = _bits(part, whole, mean, worth, peers.cases)
        if bits >= rules.bits:
            words = {
                "ratio": ratio.name,
                "ratio_en": ratio.name_en,
                "part": str(part),
                "whole": str(whole),
                "share": _percent(part / whole),
                "usual": _percent(mean),
                "kind": columns().choices[kind],
                "kind_en": kind,
                "peers": str(len(found) - 1),
            }
            numbers = {"part": part, "whole": whole, "usual": round(mean, 4), "units": len(found) - 1}
            yield Oddity(unit, make_finding("odd.ratio", ratio.key, **words), bits, numbers=numbers)


def _bits(part: int, whole: int, mean: float, worth: float, cases: int) -> float:
    """Return how unlikely a ratio is; one of very many cases as if it were of fewer, and no farther away for that."""
    if whole > cases:
        above = part > mean * whole
        part, whole = (part * cases // whole if above else -(-part * cases // whole)), cases
    return ratio_bits(part, whole, mean, worth)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


@dataclass
class _Sums:
    """What the usual ratio of units is made from: sums from which one can be taken out again (Kleinman 1973)."""

    units: int = 0
    weight: float = 0.0
    share: float = 0.0
    square: float = 0.0
    draw: float = 0.0
    weight_square: float = 0.0
    weight_draw: float = 0.0

    def add(self, part: int, whole: int, sign: int = 1) -> None:
        weight, share = whole / (1 + (whole - 1) * _WORKING), part / whole
        self.units += sign
        self.weight += sign * weight
        self.share += sign * weight * share
        self.square += sign * weight * share * share
        self.draw += sign * weight / whole
        self.weight_square += sign * weight * weight
        self.weight_draw += sign * weight * weight / whole

    def without(self, part: int, whole: int) -> _Sums:
        """Return those of the others."""
        found = _Sums(**vars(self))
        found.add(part, whole, -1)
        return found

    def usual(self, peers: Peers) -> tuple[float, float]:
        """Return the usual ratio, and how many cases it is worth: the fewer, the more the units differ."""
        low, high = peers.between
        mean = min(max(self.share / self.weight, low), high)
        spread = mean * (1 - mean)
        draw = self.draw - self.weight_draw / self.weight
        whole = self.weight - self.weight_square / self.weight
        seen = max(0.0, self.square - self.share * self.share / self.weight)
        likeness = min(1.0, max(0.0, (seen / spread - draw) / (whole - draw))) if whole > draw else 1.0
        likeness = (self.units * likeness + peers.units / (1 + peers.supposed)) / (self.units + peers.units)
        least, most = peers.worth
        return mean, min(max(1 / likeness - 1, least), most)

"""What looks odd in a report, and how odd."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.report import Finding, Lang


@dataclass(frozen=True)
class Oddity:
    """One thing that looks odd in the report of a unit.

    Args:
        unit: the 单位ID.
        finding: what is told of it; a warning of the catalogue.
        bits: how unlikely it is by chance: the negative logarithm of base 2 of an estimate.
        others: the units that it is like, the most alike first.
        numbers: what the estimate was made from.
    """

    unit: str
    finding: Finding
    bits: float
    others: tuple[str, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[float, str, str]:
        """What a list of them is sorted by: the strongest first, in an order that is the same every time."""
        return -self.bits, *self.finding.identity

    def message(self, lang: Lang = "zh") -> str:
        """Say it in a sentence."""
        return self.finding.message(lang)

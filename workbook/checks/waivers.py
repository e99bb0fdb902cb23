"""Accepted warnings: which waiver covers which finding, and what is wrong with the waivers themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from workbook.report.findings import Finding, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.report.values import Waiver

CODES = frozenset({"waiver.incomplete", "waiver.refused", "waiver.unused"})

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""What a date looks like, as a regular expression."""

Key = tuple[str, str]


def apply(findings: Sequence[Finding], waivers: Iterable[Waiver], *, compared: bool) -> list[Finding]:
    """Return the findings, warnings that a complete waiver covers as waived, and what is wrong with the waivers.

    A waiver of a finding's place covers every finding of its code there; one of ``waiver_at`` covers one phrase only
    and goes before the other. Errors stay as they are. Each finding is looked up, so time grows with the sum of both.

    Args:
        findings: everything that was found.
        waivers: the waivers of the report.
        compared: whether last year's report was at hand; else nothing can be said of waivers of ``year.*``. Of those of
            ``batch.*`` nothing can be said without the other files.
    """
    waivers = tuple(waivers)
    given: dict[Key, Waiver] = {}
    for waiver in waivers:
        if is_complete(waiver):
            given.setdefault(key_of(waiver.code, waiver.at), waiver)
    found = [_covered(finding, given) for finding in findings] if given else list(findings)
    return [*found, *_about(waivers, found, compared=compared)]


def waiver_at(finding: Finding) -> str:
    """Return what a waiver of just this finding names as its place: that of the finding, and the phrase it quotes."""
    return place_named(finding.at, finding.quote.text if finding.quote else "")


def place_named(at: str, phrase: str) -> str:
    """Return what a waiver names as the place of a finding that is at ``at`` and quotes ``phrase``, if anything."""
    return f"{at}「{phrase}」" if phrase else at


def key_of(code: str, at: str) -> Key:
    """Return code and place as they are compared: people copy them by hand, so blanks do not count."""
    return "".join(code.split()), "".join(at.split())


def keys_of(finding: Finding) -> tuple[Key, Key]:
    """Return what a waiver of a finding may name, the narrower first."""
    return key_of(finding.code, waiver_at(finding)), key_of(finding.code, finding.at)


def is_complete(waiver: Waiver) -> bool:
    """Say whether a waiver has a reason, a name and a day of the calendar."""
    if not (waiver.reason and waiver.by and re.fullmatch(DATE, waiver.date)):
        return False
    try:
        date.fromisoformat(waiver.date)
    except ValueError:
        return False
    return True


def covered(finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    """Return a finding that was made after the others, as waived where a complete waiver covers it."""
    return _covered(finding, {key_of(waiver.code, waiver.at): waiver for waiver in waivers if is_complete(waiver)})


def _covered(finding: Finding, given: Mapping[Key, Waiver]) -> Finding:
    if finding.level != "warning":
        return finding
    waiver = next((given[key] for key in keys_of(finding) if key in given), None)
    return replace(finding, waived=waiver) if waiver else finding


def _about(waivers: Iterable[Waiver], found: Sequence[Finding], *, compared: bool) -> Iterator[Finding]:
    """Yield what is wrong with waivers: incomplete ones, those of errors, those that cover nothing."""
    unjudged = {"batch"} if compared else {"batch", "year"}
    used = {key_of(finding.waived.code, finding.waived.at) for finding in found if finding.waived}
    errors = {key for finding in found if finding.level == "error" for key in keys_of(finding)}
    for waiver in waivers:
        key = key_of(waiver.code, waiver.at)
        words = {"waiver_code": waiver.code, "waiver_at": waiver.at}
        if not is_complete(waiver):
            yield make_finding("waiver.incomplete", waiver.code, **words)
        elif key in errors:
            yield make_finding("waiver.refused", waiver.code, **words)
        elif key not in used and waiver.code.partition(".")[0] not in unjudged:
            yield make_finding("waiver.unused", waiver.code, **words)

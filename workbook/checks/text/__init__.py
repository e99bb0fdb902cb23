"""The text of a report: whether it agrees with the tables, with itself and with its year. Everything is a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks.text.definitions import load_rules
from workbook.checks.text.growth import growing
from workbook.checks.text.period import fitting
from workbook.checks.text.sentences import Text, counting, counts
from workbook.checks.text.statements import claims, contradiction
from workbook.checks.text.sums import adding_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report.findings import Finding
    from workbook.report.values import Report


_LONGEST = 1_000_000
"""Characters of a part that is read; what is longer is refused as too long anyway."""


def dispute(report: Report, previous: Report | None = None) -> Iterator[Finding]:
    """Yield what the text of a report says that its tables, last year's report or the text itself contradict.

    Only what is understood beyond doubt is compared: subject, verb, counter word and scope. Time is linear in the
    length of the text.
    """
    rules = load_rules(report.edition)
    units = counting((*rules.counters, *rules.other_counters))
    for number, (part, _) in enumerate(report.form.narratives()):
        written = report.narrative[part]
        if not written or len(written) > _LONGEST:
            continue
        text = Text(part, written)
        said, found = list(claims(text, report)), counts(units, text.plain)
        yield from (contradiction(text, report, claim) for claim in said if not claim.agrees)
        yield from adding_up(text, report, found)
        yield from growing(text, report, found, said, previous)
        yield from fitting(text, report, opening=number == 0)

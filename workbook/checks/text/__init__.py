"""The text of a report: whether it agrees with the tables, with itself and with its year. Everything is a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks.text import growth, period, sums
from workbook.checks.text.definitions import load_statements
from workbook.checks.text.sentences import counting, counts, read
from workbook.checks.text.statements import claims, contradiction, disputed, may_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report.findings import Finding
    from workbook.report.report import Report


CODES = frozenset(
    {
        "text.contradicts",
        "text.form_sentence",
        "text.growth",
        "text.notice",
        "text.parts",
        "text.period",
        "text.share",
    }
)

_LONGEST = 1_000_000
"""Characters of a part that is read; what is longer is refused as too long anyway."""


def check(report: Report, previous: Report | None = None) -> Iterator[Finding]:
    """Yield what the text of a report says that its tables, last year's report or the text itself contradict.

    Only what is understood beyond doubt is compared: subject, verb, counter word and scope. Time is linear in the
    length of the text.
    """
    rules = load_statements(report.edition)
    units = counting((*rules.counters, *rules.other_counters))
    for number, (part, _) in enumerate(report.form.narratives()):
        written = report.narrative[part]
        if not written or len(written) > _LONGEST:
            continue
        text = read(part, written)
        found = counts(units, text.plain)
        said = list(claims(text, report, found)) if found or may_claim(text.plain) else []
        wrong = list(disputed(said))
        yield from (contradiction(text, report, claim) for claim in wrong)
        yield from sums.check(text, report, found, {claim.counted for claim in wrong})
        yield from growth.check(text, report, found, said, previous)
        yield from period.check(text, report, opening=number == 0)

"""What is told of a submission: the checks that are appended, and what is said where nobody knows whose it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now, stored
from workbook.collect.reading import KIT
from workbook.report import make_finding
from workbook.report.fold import count, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.collect.assign import Match
    from workbook.collect.reading import Content, Read
    from workbook.collect.store import Store
    from workbook.report import Finding


def cover_of(content: Content) -> dict[str, Any]:
    """Return what a row of the store says of a report beside where it came from, by column."""
    body = content.body
    return {
        "edition": content.edition,
        "year": content.year,
        "name": body.name,
        "credit_code": body.credit_code,
        "division_code": body.division_code,
        "kind": body.kind,
        "more": json.dumps(body.more, ensure_ascii=False),
        "template": content.template,
        "published": int(content.published),
        "weight": content.weight,
        **dict(zip(("cells", "texts", "body"), content.digests, strict=True)),
    }


def append_check(
    store: Store, submission: int, previous: int | None, counts: tuple[int, int], findings: Sequence[dict[str, Any]]
) -> None:
    """Append a check of a submission.

    Args:
        store: the store, in a transaction.
        submission: the submission.
        previous: last year's submission beside it.
        counts: mistakes that are errors, and that are warnings.
        findings: everything that was found, as JSON has findings.
    """
    values = {
        "submission": submission,
        "at": stored(now()),
        "kit": KIT,
        "previous": previous,
        "errors": counts[0],
        "warnings": counts[1],
        "findings": json.dumps(findings, ensure_ascii=False, separators=(",", ":")),
    }
    store.insert("checked", values)


def append_first_check(
    store: Store, submission: int, result: Read, more: Sequence[dict[str, Any]] = ()
) -> tuple[int, int]:
    """Append the check of a report that was just read, and return how many mistakes there are of both levels.

    Args:
        store: the store, in a transaction.
        submission: the submission.
        result: what its reading and its check found.
        more: what was found of it beside the others, as JSON has findings.
    """
    findings = [*result.findings, *more]
    counts = result.mistakes, result.doubts
    if more:
        folded = count(fold(findings, result.edition))
        counts = folded["error"], folded["warning"]
    append_check(store, submission, result.previous, counts, findings)
    return counts


def unknown(name: str | None, match: Match, names: Mapping[str, str]) -> Finding:
    """Return that nobody knows whose a report is, with the units that it may be."""
    likely = [f"{each.unit} {names.get(each.unit, '')}".strip() for each in match.suggestions]
    words = {
        "name": name or "",
        "why": f"（{match.conflict}）" if match.conflict else "",
        "why_en": f" ({match.conflict})" if match.conflict else "",
        "suggestions": f"可能是 {'、'.join(likely)}" if likely else "名册里没有名称相近的单位",
        "suggestions_en": f"it may be {', '.join(likely)}" if likely else "no unit has a name like it",
    }
    return make_finding("unit.unknown", "name", **words)

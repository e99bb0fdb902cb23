"""What a version of a report changed: the two compared, each difference with what stood there before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbook.report.compare import compare
from workbook.report.findings import show
from workbook.report.values import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbook.report import Finding, Lang, Report

_EARLIER, _LATER = "earlier", "later"
_EDITION: Mapping[Lang, str] = {"zh": "版式", "en": "edition of the form"}
_WAIVER: Mapping[Lang, str] = {"zh": "对 {} 的说明", "en": "why {} is accepted"}


@dataclass(frozen=True)
class Change:
    """A difference between two versions: what it is of, what stood there before and what stands there now."""

    what: str
    before: str
    after: str


def changes(earlier: Report, later: Report, lang: Lang) -> list[Change]:
    """Return what a version says otherwise than the one before it: cover, cells, texts, accepted warnings."""
    found = compare(_called(later, _LATER), _called(earlier, _EARLIER))
    return [_TOLD[finding.code](finding, lang) for finding in found if finding.code in _TOLD]


def _called(report: Report, name: str) -> Report:
    """Return a report whose source goes by that name, so that what only one of the two has can be told apart."""
    return replace(report, source=replace(report.source or Source(name, ""), file=name))


def _of_cell(finding: Finding, lang: Lang) -> Change:
    return Change(finding.cells[0].label, show(finding.expected, lang), show(finding.found, lang))


def _of_words(what: str, before: str, after: str) -> Callable[[Finding, Lang], Change]:
    def told(finding: Finding, lang: Lang) -> Change:
        said, ending = finding.words, "" if lang == "zh" else "_en"
        label = finding.cells[0].label if finding.cells else said[what]
        return Change(label, said[before + ending], said[after + ending])

    return told


def _of_edition(finding: Finding, lang: Lang) -> Change:
    return Change(_EDITION[lang], finding.words["other"], finding.words["edition"])


def _of_missing(finding: Finding, lang: Lang) -> Change:
    ending = "" if lang == "zh" else "_en"
    return _one_sided(finding, finding.words[f"part{ending}"], finding.words[f"held{ending}"], lang)


def _of_waiver(finding: Finding, lang: Lang) -> Change:
    said = finding.words
    return _one_sided(
        finding, _WAIVER[lang].format(f"{said['waiver_code']}（{said['waiver_at']}）"), said["reason"], lang
    )


def _one_sided(finding: Finding, what: str, held: str, lang: Lang) -> Change:
    """Return the difference where only one of the two has something."""
    new = _EARLIER in finding.words["lacking"]
    return Change(what, show(None, lang) if new else held, held if new else show(None, lang))


_TOLD: Mapping[str, Callable[[Finding, Lang], Change]] = {
    "differs.cell": _of_cell,
    "differs.year": _of_cell,
    "differs.body": _of_words("", "wanted", "said"),
    "differs.text": _of_words("section", "there", "here"),
    "differs.edition": _of_edition,
    "differs.missing": _of_missing,
    "differs.waiver": _of_waiver,
}
"""How each difference is told. That the file is another one, and what its reader told, is no change of the report."""

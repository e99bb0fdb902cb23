"""What is known of a file only beside the others of a run: the same report again, its versions, a year of its own.

Files come in the order in which they are taken, so each is judged by those before it, and told as it comes; only the
year that is odd is known when all have come.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workbook.checks.waivers import covered
from workbook.jobs.result import Options, Result, skipped
from workbook.printable import printable
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.jobs.identity import Identity
    from workbook.jobs.result import Task
    from workbook.report import Finding, Waiver

_BATCH, _NEARLY_ALL = 5, 0.8
"""How many reports make a batch, and which part of them tells its year."""
_NAMES = 3
"""How many other versions are named."""
_SAME_TEXTS, _OTHER_TEXTS = ("文字也相同", "its texts too"), ("但文字有出入，请核对", "but its texts differ: look")
_NUMBERS_DIFFER = ("数不相同", "their numbers differ")
_TEXTS_DIFFER = ("数相同而文字或封面不同", "their texts or covers differ")


class Batch:
    """The reports of a run that were taken so far."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._by_office: defaultdict[tuple[str, int], list[tuple[str, Identity]]] = defaultdict(list)
        self._by_content: dict[str, tuple[str, Identity]] = {}
        self._by_year: defaultdict[int, list[tuple[int, tuple[Waiver, ...]]]] = defaultdict(list)
        self._count = 0

    def settle(self, task: Task, result: Result) -> Result:
        """Return what came of a file, beside those before it.

        One of a folder that holds a report which was taken already is passed over; a file that was named never is.
        Another version of such a report is taken, and told.
        """
        who = result.identity
        if who is None:
            return result
        if result.is_skipped:  # it was written by a run before
            self._remember(result.file, who)
            return result
        known = self._known(who)
        same = next(((file, other) for file, other in known if other.is_same(who)), None)
        if same and task.root:
            return _again(task, same[1].texts == who.texts, same[0], self._options)
        if not same:
            self._remember(result.file, who)
            if known:
                finding = covered(_versions(result.file, who, known), who.waivers)
                result = result.with_findings([finding], self._options)
        if result.year:
            self._by_year[result.year].append((self._count, who.waivers))
        self._count += 1
        return result

    def _known(self, who: Identity) -> list[tuple[str, Identity]]:
        """Return the reports that may be this one or versions of it."""
        known = list(self._by_office.get(who.office, ())) if who.office else []
        for content in (*who.copy_of, who.content):
            if (found := self._by_content.get(content)) and found not in known:
                known.append(found)
        return known if who.office or who.copy_of else [one for one in known if one[1].copy_of]

    def _remember(self, file: str, who: Identity) -> None:
        if who.office:
            self._by_office[who.office].append((file, who))
        self._by_content.setdefault(who.content, (file, who))

    def closing(self) -> Iterator[tuple[int, Finding]]:
        """Yield what is known when all have come: which of those taken is of another year than nearly all."""
        total = sum(map(len, self._by_year.values()))
        if total < _BATCH:
            return
        usual, most = max(self._by_year.items(), key=lambda item: len(item[1]))
        if len(most) < _NEARLY_ALL * total:
            return
        odd = sorted((*place, year) for year, places in self._by_year.items() if year != usual for place in places)
        for at, waivers, year in odd:
            finding = make_finding("batch.year", "year", year=str(year), usual=str(usual), count=str(len(most)))
            yield at, covered(finding, waivers)


def _again(task: Task, same_texts: bool, first: str, options: Options) -> Result:  # noqa: FBT001
    texts = _SAME_TEXTS if same_texts else _OTHER_TEXTS
    return skipped(task, "skipped.same_report", options, first=printable(first), texts=texts[0], texts_en=texts[1])


def _versions(file: str, who: Identity, known: list[tuple[str, Identity]]) -> Finding:
    names = "”、“".join(printable(name) for name, _ in known[:_NAMES])
    differs = _TEXTS_DIFFER if all(other.cells == who.cells for _, other in known) else _NUMBERS_DIFFER
    return make_finding("batch.versions", first=names, later=printable(file), differs=differs[0], differs_en=differs[1])

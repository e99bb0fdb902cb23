"""What is kept of each report once it was told: a line of the table of many, and how often which code was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from workbook.exits import FAULTY
from workbook.output.vocabulary import WORDS, failing, title
from workbook.records import dataclass
from workbook.report.findings import LEVELS, WAIVED
from workbook.report.findings import verdict as verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.jobs.result import Result
    from workbook.report import Lang

MOST_CODES = 10
"""How many of the most frequent codes a summary names."""
UNWRITTEN = "file.not_written"
"""The code of what is no mistake in a report."""


_ORDER = (*LEVELS, WAIVED)
_Found = tuple[str, str | None, str]


@dataclass(slots=True)
class Line:
    """A report in the table of many: its file, whose it is, and how many mistakes of which level it has."""

    file: str
    body: str | None
    year: int | None
    edition: str | None
    exit_code: int
    levels: dict[str, int]
    against: str = ""

    @classmethod
    def of(cls, result: Result) -> Line:
        """Return the line of a result; that its output could not be written is no mistake."""
        levels = Counter(cause.status for cause in result.judged if cause.first["code"] != UNWRITTEN)
        return cls(
            result.file, result.body, result.year, result.edition, result.exit_code, dict(levels), result.against or ""
        )

    @property
    def errors(self) -> int:
        """How many mistakes are errors."""
        return self.levels.get("error", 0)

    @property
    def warnings(self) -> int:
        """How many mistakes are warnings without an accepted reason."""
        return self.levels.get("warning", 0)

    def verdict(self, lang: Lang) -> str:
        """Say in a few words what came of the file."""
        if not self.edition:
            return WORDS[lang]["unreadable"]
        strict = self.exit_code == FAULTY and not self.errors
        return WORDS[lang]["strict"] if strict else verdict_of(Counter(self.levels).elements(), lang, self.against)

    def add(self, later: Result) -> None:
        """Add what was told of the report when all had come."""
        more = Line.of(later)
        self.exit_code = max(self.exit_code, more.exit_code)
        self.levels = dict(Counter(self.levels) + Counter(more.levels))


@dataclass(slots=True)
class Tally:
    """The reports that were told so far. Files that were passed over are none."""

    lines: list[Line] = field(default_factory=list)
    written: int = 0
    unwritten: int = 0
    exit_code: int = 0
    faults: list[str] = field(default_factory=list)
    unshown: Counter[str] = field(default_factory=Counter)
    waivers: set[int] = field(default_factory=set)
    _codes: Counter[_Found] = field(default_factory=Counter)
    _failing: Counter[_Found] = field(default_factory=Counter)

    @classmethod
    def of(cls, results: Iterable[Result]) -> Tally:
        """Return the tally of results that are all there."""
        tally = cls()
        for result in results:
            tally.add(result)
        return tally

    def add(self, result: Result) -> None:
        """Count a result."""
        self.exit_code = max(self.exit_code, result.exit_code)
        self.faults += [result.fault] if result.fault else []
        if result.is_skipped:
            return
        if result.is_closing:
            next(line for line in self.lines if line.file == result.file).add(result)
        else:
            self.lines.append(Line.of(result))
            self.written += result.written is not None
            self.unwritten += result.written is None
        self._codes.update(_found(result))
        self._failing.update(found for one in failing([result]) for found in _found(one))
        self.unshown.update(finding["code"] for finding in result.unshown)
        self.waivers.update(result.waivers)

    def say(self, lang: Lang, *, writes: bool = False) -> str:
        """Return the counts as a sentence; ``writes``: with how many reports were written."""
        unreadable = sum(not line.edition for line in self.lines)
        faulty = sum(line.errors > 0 for line in self.lines if line.edition)
        sound = len(self.lines) - faulty - unreadable
        told = WORDS[lang]["sum"].format(len(self.lines), sound, faulty, unreadable)
        return told + (WORDS[lang]["sum_written"].format(self.written, self.unwritten) if writes else "")

    def frequent(self, lang: Lang) -> list[tuple[str, str, int]]:
        """Return the most frequent codes of errors and warnings: code, title, how often; ties by code."""
        codes: Counter[str] = Counter()
        titles: dict[str, str] = {}
        for code, how, words, number in self.codes(lang):
            if how in {"error", "warning"}:
                codes[code] += number
                titles[code] = words
        order = sorted(codes, key=lambda code: (-codes[code], code))[:MOST_CODES]
        return [(code, titles[code], codes[code]) for code in order]

    def codes(self, lang: Lang, *, failing: bool = False) -> list[tuple[str, str, str, int]]:
        """Return how often mistakes of each code are found: code, level, title, how often; the worst come first.

        ``failing`` counts only what files fail of.
        """
        found: Counter[tuple[str, str]] = Counter()
        titles: dict[str, str] = {}
        for (code, edition, how), number in (self._failing if failing else self._codes).items():
            found[code, how] += number
            titles.setdefault(code, title(code, edition, lang))
        order = sorted(found, key=lambda each: (_ORDER.index(each[1]), -found[each], each[0]))
        return [(code, how, titles[code], found[code, how]) for code, how in order]


def _found(result: Result) -> Iterator[_Found]:
    """Yield each mistake as it is counted: its code, the edition that words it, its level."""
    yield from ((cause.first["code"], result.edition, cause.status) for cause in result.causes)


def verdict(result: Result, lang: Lang) -> str:
    """Say in a few words what came of a file."""
    return Line.of(result).verdict(lang)

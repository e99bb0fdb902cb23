"""What a job is given and what it gives back: plain data, so that worker processes can hand it over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.exits import FAULTY, SOUND
from workbook.files import load, shown
from workbook.intake.lines import file_of
from workbook.jobs.identity import Identity
from workbook.jobs.shown import Shown
from workbook.jobs.waivers import KeptWaivers
from workbook.records import dataclass
from workbook.report import Finding, Lang, Unreadable, make_finding
from workbook.report.fold import Cause, fold
from workbook.resources import editions

if TYPE_CHECKING:
    from workbook.jobs.prior_year import PriorReport, PriorReports

MARKED = "-校验.xlsx"
"""What the name of a marked copy ends in; what it is a copy of stands inside."""


@dataclass(frozen=True)
class Result:
    """What came of one file. ``findings`` are dictionaries as in JSON; ``data`` is what was made and not written yet.

    ``known`` is what an index of last year's reports keeps of it, ``identity`` what a batch does.
    ``document`` is the report as ``to_document`` returns it, where the options ask for it.
    ``fault`` is what the log is told where the kit itself failed.
    ``only_sound`` says that nothing is to be written where the report turns out not to be sound.
    ``is_closing`` says that it is told of a file of which there was a result before, when all had come.
    ``is_skipped`` says that the file is none of the reports of the run; its one finding says why.
    ``against`` is the file that it was compared with, where it was compared and not checked.
    ``unshown`` are the findings that somebody chose not to be shown; none is an error, and the verdict counts them.
    ``waivers`` are the numbers of those waivers that the office keeps which are of this report.
    """

    file: str
    exit_code: int
    findings: list[dict[str, Any]] = field(default_factory=list)
    edition: str | None = None
    year: int | None = None
    body: str | None = None
    written: str | None = None
    data: bytes | None = None
    known: PriorReport | None = None
    identity: Identity | None = None
    document: dict[str, Any] | None = field(default=None, repr=False)
    fault: str | None = field(default=None, repr=False)
    only_sound: bool = False
    is_skipped: bool = False
    is_closing: bool = False
    against: str | None = None
    unshown: list[dict[str, Any]] = field(default_factory=list)
    waivers: tuple[int, ...] = ()

    def with_findings(self, more: Iterable[Finding], options: Options) -> Result:
        """Return the result of a report of which more was found."""
        more = list(more)
        seen, unseen = options.shown.divided(finding.as_dict(options.lang) for finding in more)
        bad = any(
            finding.level == "error" or (options.strict and finding.level == "warning" and not finding.waived)
            for finding in more
        )
        data = None if bad and self.only_sound else self.data
        exit_code = max(self.exit_code, FAULTY * bad)
        found, unshown = [*self.findings, *seen], [*self.unshown, *unseen]
        return replace(self, findings=found, unshown=unshown, exit_code=exit_code, data=data)

    @property
    def errors(self) -> int:
        """How many errors the report has; an output that could not be written does not count."""
        return sum(finding["level"] == "error" and finding["code"] != "file.not_written" for finding in self.findings)

    @property
    def is_unwritten(self) -> bool:
        """Whether something was made and could not be written."""
        return any(finding["code"] == "file.not_written" for finding in self.findings)

    @cached_property
    def causes(self) -> list[Cause]:
        """The mistakes that the findings tell: what people are shown, and what they are told the number of."""
        return fold(self.findings, self.edition)

    @cached_property
    def judged(self) -> list[Cause]:
        """The mistakes that the verdict counts: those that are shown, and the others."""
        return fold([*self.findings, *self.unshown], self.edition) if self.unshown else self.causes

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``check --format json`` prints it; its schema is that of findings."""
        from workbook.document.schema import finding_identifier

        keys = {
            "$schema": finding_identifier(self.edition or editions()[-1]),
            "file": self.file,
            "edition": self.edition,
            "year": self.year,
            "body": self.body,
            "sound": not self.errors,
            **({"against": self.against} if self.against else {}),
        }
        return {**keys, "findings": self.findings, **({"not_shown": len(self.unshown)} if self.unshown else {})}


@dataclass(frozen=True)
class Task:
    """One input, where its output goes (``None``: nowhere), and the folder that it was found in (``root``).

    ``overwrites_input`` says that the output is a file that was named as an input; ``overwrites_found`` are the inputs
    found in folders that it is, which may turn out to be results of the kit that nobody needs. ``refused`` says why
    there is nothing to read.
    ``instead_of`` is what the output would be called after its input, where that is no name on every system.
    ``against`` is the file that it is compared with.
    ``data`` is what was read already, of an input that is no file; ``source`` is then what people call it.
    """

    source: Path
    to: Path | None = None
    root: Path | None = None
    overwrites_input: bool = False
    overwrites_found: tuple[Path, ...] = ()
    refused: Finding | None = None
    instead_of: Path | None = None
    against: Path | None = None
    data: bytes | None = field(default=None, repr=False)

    @property
    def file(self) -> Path | None:
        """The file that it is read from; ``None`` where nothing is to be read."""
        return None if self.refused or self.data is not None else file_of(self.source)

    def loaded(self) -> Task:
        """Return the task with the bytes of its file, or with why they cannot be read."""
        if self.file is None:
            return self
        try:
            return replace(self, data=load(self.source))
        except Unreadable as refusal:
            return replace(self, refused=refusal.findings[0])


@dataclass(frozen=True)
class Options:
    """What the commands' switches say."""

    lang: Lang = "zh"
    strict: bool = False
    draft: bool = False
    force: bool = False
    line: bool = False
    zero: bool = False
    fix: bool = False
    edition: str | None = None
    previous: PriorReports | None = None
    document: bool = False
    contract: int | None = None
    resume: bool = False
    have: frozenset[str] = frozenset()
    shown: Shown = field(default_factory=Shown)
    waivers: KeptWaivers = field(default_factory=KeptWaivers)
    only_faulty: bool = False


def skipped(task: Task, code: str, options: Options, **words: str) -> Result:
    """Return the result of a file that is passed over, with the reason."""
    finding = make_finding(code, file=shown(task.source), **words)
    return Result(shown(task.source), SOUND, [finding.as_dict(options.lang)], is_skipped=True)

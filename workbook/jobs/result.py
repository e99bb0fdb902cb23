"""What a job is given and what it gives back: plain data, so that worker processes can hand it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.document.schema import finding_identifier
from workbook.jobs.prior_year import PriorReport, PriorReports
from workbook.jobs.shown import Shown
from workbook.jobs.waivers import KeptWaivers
from workbook.report import Finding, Lang
from workbook.report.fold import Cause, fold
from workbook.resources import editions


@dataclass(frozen=True)
class Result:
    """What came of one file. ``findings`` are dictionaries as in JSON; ``data`` is what was made and not written.

    ``known`` is what an index of last year's reports keeps of it.
    ``document`` is the report as ``to_document`` returns it, where the options ask for it.
    ``fault`` is what the log is told where the kit itself failed.
    ``content`` is the digest of what the report says, ``copy_of`` those of what it is a marked copy of; ``waits`` says
    that nothing was done but reading, as it depends on the other files.
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
    document: dict[str, Any] | None = field(default=None, repr=False)
    fault: str | None = field(default=None, repr=False)
    content: str | None = None
    copy_of: tuple[str, ...] = ()
    waits: bool = False
    unshown: list[dict[str, Any]] = field(default_factory=list)
    waivers: tuple[int, ...] = ()

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
        keys = {
            "$schema": finding_identifier(self.edition or editions()[-1]),
            "file": self.file,
            "edition": self.edition,
            "year": self.year,
            "body": self.body,
            "sound": not self.errors,
        }
        return {**keys, "findings": self.findings, **({"not_shown": len(self.unshown)} if self.unshown else {})}


@dataclass(frozen=True)
class Task:
    """One input, where its output goes (``None``: nowhere), and the folder that it was found in (``root``).

    ``overwrites_input`` says that the output is a file that was named as an input; ``overwrites_found`` are the inputs
    found in folders that it is, which may turn out to be copies that nobody needs. ``is_new`` says that there was no
    such file when the run began, ``is_own`` that this run wrote it. ``refused`` says why there is nothing to read;
    ``batch`` are the findings that follow from the other files, ``None`` before all were read. ``data`` is what was
    read already, of an input that is no file; ``source`` is then what people call it.
    """

    source: Path
    to: Path | None = None
    root: Path | None = None
    overwrites_input: bool = False
    overwrites_found: tuple[Path, ...] = ()
    is_new: bool = False
    is_own: bool = False
    refused: Finding | None = None
    batch: tuple[Finding, ...] | None = None
    data: bytes | None = field(default=None, repr=False)


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
    shown: Shown = field(default_factory=Shown)
    waivers: KeptWaivers = field(default_factory=KeptWaivers)
    only_faulty: bool = False

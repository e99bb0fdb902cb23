"""Publishing one report for a program: ``workbook.publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.run import is_sound
from workbook.files import load, shown
from workbook.publish.day import day
from workbook.publish.job import Publishing
from workbook.publish.job import publish as made_of
from workbook.publish.names import BEHIND, LAST_YEAR, chosen, named, stem_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from workbook.report import Finding, Report

_NAMELESS = "年报"
"""What the files of a report are called that names neither office nor year nor its file."""


class NotPublished(Exception):  # noqa: N818 - it is a verdict on the report, not a fault of the program
    """A report is not published, because it has errors or a form cannot be made; ``findings`` say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message("en") for finding in findings))
        self.findings = findings


def publish(
    report: Report,
    forms: Iterable[str] | str | None = None,
    *,
    previous: Report | None = None,
    draft: bool = False,
    date: dt.date | str | None = None,
    base: Path | str | bytes | None = None,
    style: Path | str | bytes | None = None,
    behind: Iterable[str] = (),
) -> dict[str, bytes]:
    """Return the files that are published of a report; ``workbook.publish`` says what is given and raised."""
    printed = None if date is None else day(date)
    how = Publishing(chosen(forms), printed, _content(base), _content(style), _behind(behind, previous))
    findings = check(report, previous)
    if not draft and not is_sound(findings):
        raise NotPublished(*(finding for finding in findings if finding.level == "error"))
    made, refused = made_of(report, how, previous, draft=draft, findings=findings)
    if len(made) < len(how.forms):
        raise NotPublished(*(finding for finding in refused if finding.level == "error"))
    return by_name(report, made, report.source.file if report.source else _NAMELESS)


def _behind(asked: Iterable[str], previous: Report | None) -> tuple[str, ...]:
    """Return what is put behind the report.

    Raises:
        ValueError: nothing of that name goes there, or last year's report is missing.
    """
    names = (asked,) if isinstance(asked, str) else tuple(dict.fromkeys(asked))
    unknown = [name for name in names if name not in BEHIND]
    if unknown:
        raise ValueError(f"nothing of that name goes behind: {unknown[0]}; there are {', '.join(BEHIND)}")
    if LAST_YEAR in names and previous is None:
        raise ValueError(f"{LAST_YEAR} takes the report of last year as previous")
    return names


def by_name(report: Report, made: dict[str, dict[str, bytes]], file: str) -> dict[str, bytes]:
    """Return the files of a report by their names.

    Args:
        report: the report.
        made: the files by form and part.
        file: what the file of the report is called, for one that names neither office nor year.
    """
    stem = stem_of(report, Path(file).stem)
    return {
        name: data
        for form, parts in made.items()
        for name, data in zip(named(stem, form, tuple(parts)), parts.values(), strict=True)
    }


def _content(given: Path | str | bytes | None) -> tuple[bytes, str] | None:
    """Return the content and the name of a file that belongs to publishing; what is given as bytes has no name."""
    if given is None:
        return None
    return (given, "") if isinstance(given, bytes) else (load(Path(given)), shown(Path(given).name))

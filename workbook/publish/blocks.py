"""A published report as a list of blocks: what its carriers write, in their order, without a label of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from workbook.form import printed_sections
from workbook.match.appendix import heading
from workbook.publish.code import check_code
from workbook.publish.signs import legible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.form import PrintedTable
    from workbook.report import Report, Value


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The usual sentence before the first section."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those of sections have level 1."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text, just as it is written.

    ``level`` is that of the number that it begins with: 2 for （一）, 3 for 1., 4 for （1）, 0 for none.
    ``start`` is the number of characters of the heading that stands in it.
    """

    text: str
    level: Literal[0, 2, 3, 4] = 0
    start: int = 0


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table as printed; ``values`` are its numbers as they are shown, by the keys of their cells."""

    key: str
    printed: PrintedTable
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart as SVG, with its title and what it shows in words."""

    key: str
    svg: bytes
    title: str
    desc: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who publishes, and when."""

    body: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class CheckCode:
    """The check code of the report."""

    code: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """The heading of what stands behind a report without being a part of it, on a page of its own; and a note to it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The report is a draft: every page says so."""


Block = Title | Opening | Heading | Paragraph | TableBlock | ChartBlock | Signature | CheckCode | Appendix | Draft

_HAN = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"\s*(?:(?P<han>[（(][{_HAN}]{{1,3}}[)）])|(?P<digit>[0-9０-９]{{1,2}}[.．、](?![0-9]))"
    r"|(?P<inner>[（(][0-9０-９]{1,2}[)）]))[^。！？；：，\n]{0,30}(?:[。：]|$)"
)
"""The beginning of a line that has a number and is a heading: a few words up to a full stop."""
_LEVELS: Mapping[str, Literal[2, 3, 4]] = MappingProxyType({"han": 2, "digit": 3, "inner": 4})


def blocks(
    report: Report,
    previous: Report | None = None,
    *,
    charts: Sequence[ChartBlock] = (),
    draft: bool = False,
    date: str | None = None,
) -> tuple[Block, ...]:
    """Return what is published of a report.

    Args:
        report: the report.
        previous: that of the year before, whose numbers are to stand beside, behind the report.
        charts: what is to be drawn behind the report.
        draft: whether every page says that it is a draft.
        date: the day under the name of the office, as it is to be printed.
    """
    from workbook.publish.two_years import two_years

    code, report = CheckCode(check_code(report)), legible(report)
    words, name = report.form.publication, report.body.name
    opening = words.opening_of(name, report.year)
    behind: list[Block] = list(two_years(report, previous)) if previous else []
    if charts:
        behind += [Appendix(heading(f"{'本年' if report.year is None else f'{report.year}年'}数据图")), *charts]
    return (
        *([Draft()] if draft else []),
        Title(words.title_of(name, report.year)),
        *([Opening(opening)] if opening else []),
        *_sections(report),
        Signature(name or "", date),
        code,
        # Once more: it ends a text of the kit's, and says of a sheet that was taken off whose it is.
        *([*behind, code] if behind else []),
    )


def _sections(report: Report) -> Iterator[Block]:
    printed = {section.section.number: section.tables for section in printed_sections(report.edition)}
    for section in report.form.sections:
        yield Heading(1, section.heading)
        text = report.narrative[section.narrative] if section.narrative else None
        if text is not None:
            yield from map(_paragraph, text.split("\n"))
        for table in printed.get(section.number, ()):
            yield TableBlock(table.table.key, table, {key: shown(report.cells[key]) for key in table.cells})


def shown(value: Value) -> str:
    """Return a number as it is printed, with all its digits."""
    return "" if value is None else f"{value:f}" if not isinstance(value, str | int) else str(value)


def _paragraph(line: str) -> Paragraph:
    found = _HEADING.match(line)
    return Paragraph(line, _LEVELS[str(found.lastgroup)], found.end()) if found else Paragraph(line)

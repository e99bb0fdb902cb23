"""The sheet 单位: what is to be said of the sum, then a row a unit: how it stands in it, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.rollup import words as said
from workbook.collect.rollup.scope import Part
from workbook.collect.rollup.words import WORDS
from workbook.collect.views.words import shown_id, shown_time
from workbook.excel.layout import DATA
from workbook.output.sheets import BODY
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.collect.rollup.data_sheet import DataPlan
    from workbook.collect.rollup.links import Originals
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.excel.template.job import TemplateJob
    from workbook.report import Lang

_WIDTHS = {
    "unit": 32, "id": 14, "parent": 24, "state": 13, "part": 24, "version": 8, "received": 17, "errors": 7,
    "edition": 8, "notes": 40, "to_data": 10, "to_original": 10,
}  # fmt: skip
_TINTS: Mapping[Part, Mapping[str, Any]] = {
    Part.COUNTED: {"bg_color": "#E2F0D9"},
    Part.MISSING: {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True},
    Part.BELOW: {"bg_color": "#FFE699"},
}


def write_units(job: TemplateJob, sheet: Any, summed: RollUp, lang: Lang, data: DataPlan, originals: Originals) -> None:
    """Write the sheet."""
    book, words = job.book, WORDS[lang]
    plain = {**BODY, "font_size": 10, "valign": "vcenter"}
    body, link = book.add_format(plain), book.add_format({**plain, "font_color": "#1F4E79", "underline": 1})
    tints = {part: book.add_format({**plain, **tint}) for part, tint in _TINTS.items()}
    head = book.add_format({**plain, "bold": True, "bg_color": "#E8EEF5", "align": "center"})
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, said.title(summed, lang), book.add_format({"bold": True, "font_size": 14}))
    lines = [said.as_of(summed, lang), *said.about(summed, lang)]
    note = book.add_format({"font_size": 10, "font_color": "#404040"})
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, note)
    top = len(lines) + 2
    for column, (key, wide) in enumerate(_WIDTHS.items()):
        sheet.set_column(column, column, wide)
        sheet.write_string(top, column, words[key], head)
    names = {each.unit.id: said.name_of(each) for each in summed.members}
    row = top
    for row, member in enumerate(summed.members, top + 1):
        for column, (key, value) in enumerate(_row(member, names, summed, lang).items()):
            style = tints.get(member.part, body) if key == "part" else body
            if isinstance(value, int):
                sheet.write_number(row, column, value, style)
            else:
                sheet.write_string(row, column, value, style)
        _links(sheet, row, member, data, originals, (body, link), lang)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, row, len(_WIDTHS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _row(member: Member, names: Mapping[str, str], summed: RollUp, lang: Lang) -> dict[str, Any]:
    unit, version = member.unit, member.standing.current
    return {
        "unit": "　" * max(member.depth - 1, 0) + said.name_of(member),
        "id": printable(shown_id(unit)),
        "parent": names.get(unit.parent or "", printable(unit.parent or "")),
        "state": member.standing.state.word(lang),
        "part": member.part.word(lang),
        "version": version.number if version else "",
        "received": shown_time(version.received) if version else "",
        "errors": version.errors if version else "",
        "edition": version.edition if version else "",
        "notes": _notes(member, names, summed, lang),
    }


def _notes(member: Member, names: Mapping[str, str], summed: RollUp, lang: Lang) -> str:
    """Return what is to be said of a unit: within whose report it is, why nothing is due, its other edition."""
    words, said_of = WORDS[lang], list[str]()
    if member.within:
        said_of.append(words["within"].format(name=names.get(member.within, member.within)))
    if member.part is Part.MISSING and member.standing.last:
        said_of.append(words["no_version"])
    if member.standing.reason:
        said_of.append(printable(member.standing.reason))
    if member.counted and member.counted.edition != summed.form.edition:
        note = summed.rules.note(member.counted.edition)
        said_of.append(note.text(lang) if note else words["no_form"])
    return "；".join(said_of) if lang == "zh" else "; ".join(said_of)


def _links(
    sheet: Any, row: int, member: Member, data: DataPlan, originals: Originals, formats: tuple[Any, Any], lang: Lang
) -> None:
    """Write where to look: the row of 数据, the original."""
    words, column = WORDS[lang], len(_WIDTHS) - 2
    body, link = formats
    version, spot = member.standing.current, data.row(member.unit.id)
    if spot and version:
        sheet.write_url(row, column, f"internal:'{DATA}'!{spot}", link, words["to_data"])
    else:
        sheet.write_blank(row, column, None, body)
    address = originals.link(version.submission) if version else None
    if address:
        sheet.write_url(row, column + 1, f"external:{address}", link, words["to_original"])
    else:
        sheet.write_blank(row, column + 1, None, body)

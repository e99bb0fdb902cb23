"""The report as a Word document: its blocks, put into the kit's or the office's own 底稿.docx."""

from __future__ import annotations

import io
import re
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any

from workbook.intake.results import DRAFT_PDF, PUBLISHED
from workbook.publish.blocks import (
    Appendix,
    ChartBlock,
    CheckCode,
    Draft,
    Heading,
    Opening,
    Paragraph,
    Signature,
    TableBlock,
    Title,
)
from workbook.publish.code import labelled
from workbook.publish.geometry import PICTURE, title_lines
from workbook.publish.picture import png_of
from workbook.publish.word import base as b
from workbook.publish.word import styles as s
from workbook.publish.word.markup import UNINDENTED, legal, paragraph, printed_table, run
from workbook.publish.word.package import TITLE_LIMIT, append, to_bytes
from workbook.publish.word.sheet import EMU, line_width, mark_draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.publish.blocks import Block

_YEAR = re.compile("20[0-9]{2}")
_NEAR = '<w:keepNext/><w:spacing w:before="0" w:after="80"/>'
_AROUND = '<w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>'


def write_word(blocks: Sequence[Block], base: tuple[bytes, str] | None = None) -> bytes:
    """Return a report as the bytes of a Word document; the same blocks and base give the same bytes.

    Args:
        blocks: the report.
        base: content and name of the office's own document; its styles, page and words are kept.

    Raises:
        Unreadable: the base cannot be taken, and why; a library that draws its charts is missing.
    """
    document = b.open_base(*base) if base else b.blank_base()
    names = s.add_styles(document.styles.element)
    answers = _answers(blocks)
    draft = any(isinstance(block, Draft) for block in blocks)
    _describe(document, answers, draft=draft)
    if not b.has_place(document, b.CODE):
        append(document, paragraph(names[s.CODE], run(f"【{b.CODE}】")))
    # The places are filled first: a text of the report may have words in it that look like one.
    mark = b.mark_body(document)
    b.fill_places(document, answers | {b.BODY: ""})
    for element in _elements(blocks, names, line_width(document, mark)):
        mark.addprevious(element)
    mark.getparent().remove(mark)
    for element in _behind(document, blocks, names):
        append(document, element)  # one after the other: a picture is numbered by those that stand in the document
    if draft:
        mark_draft(document)
    return to_bytes(document)


def _answers(blocks: Sequence[Block]) -> dict[str, str]:
    """Return what is put into the places of a base, by their names."""
    answers = dict.fromkeys((b.TITLE, b.OPENING, b.NAME, b.YEAR, b.DATE, b.CODE), "")
    for block in blocks:
        match block:
            case Title(text):
                answers[b.TITLE] = text
            case Opening(text):
                answers[b.OPENING] = text
            case Signature(body, date):
                answers |= {b.NAME: body, b.DATE: date or ""}
            case CheckCode(code):
                answers[b.CODE] = labelled(code)
            case _:
                pass
    lines = title_lines(answers[b.TITLE], answers[b.NAME])
    year = _YEAR.search(answers[b.TITLE].removeprefix(answers[b.NAME]))
    return answers | {b.TITLE: "\n".join(lines), b.YEAR: year[0] if year else ""}


def _describe(document: Any, answers: Mapping[str, str], *, draft: bool) -> None:
    """Say in the properties of a document what it is, and which report."""
    about = document.core_properties
    about.title = answers[b.TITLE].replace("\n", "")[:TITLE_LIMIT]
    about.author = answers[b.NAME][:TITLE_LIMIT]
    about.keywords = f"{PUBLISHED} {DRAFT_PDF}" if draft else PUBLISHED
    about.comments = answers[b.CODE]


def _elements(blocks: Sequence[Block], names: Mapping[str, str], width: float) -> Iterator[Any]:
    """Yield what stands in place of 【正文】: headings, texts and tables as wide as a line, each as an element."""
    from docx.oxml import parse_xml

    for block in takewhile(lambda block: not isinstance(block, Appendix), blocks):
        match block:
            case Heading(level, text):
                yield parse_xml(paragraph(names[s.HEADINGS[level]], run(text)))
            case Paragraph():
                yield parse_xml(_text(block, names))
            case TableBlock():
                yield from _table(block, names, width)
            case _:
                pass


def _behind(document: Any, blocks: Sequence[Block], names: Mapping[str, str]) -> Iterator[Any]:
    """Yield what stands behind a report, from a new page on, as elements."""
    from docx.oxml import parse_xml

    width = line_width(document, document.element.body[-1])
    for block in dropwhile(lambda block: not isinstance(block, Appendix), blocks):
        match block:
            case Appendix(text, note):
                yield parse_xml(paragraph(names[s.HEADINGS[1]], run(text), "<w:pageBreakBefore/>"))
                yield from [parse_xml(paragraph(names[s.CODE], run(note), _NEAR))] if note else []
            case TableBlock():
                yield from _table(block, names, width)
            case ChartBlock():
                yield _picture(document, block, names, width)
            case CheckCode(code):
                yield parse_xml(paragraph(names[s.CODE], run(labelled(code))))
            case _:
                pass


def _picture(document: Any, block: ChartBlock, names: Mapping[str, str], width: float) -> Any:
    """Return a chart as a paragraph with a picture, which says in words what it shows."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    wide = round(min(width, PICTURE) * EMU)
    inline = document.part.new_pic_inline(io.BytesIO(png_of(block.svg)), width=wide)
    inline.docPr.set("name", f"图-{block.key}")
    inline.docPr.set("title", legal(block.title))
    inline.docPr.set("descr", legal(f"{block.title}。{block.desc}"))
    element = parse_xml(paragraph(names[s.GAP], "<w:r><w:drawing/></w:r>", _AROUND))
    next(element.iter(qn("w:drawing"))).append(inline)
    return element


def _table(block: TableBlock, names: Mapping[str, str], width: float) -> Iterator[Any]:
    from docx.oxml import parse_xml

    yield printed_table(block.printed, block.values, names, width)
    yield parse_xml(paragraph(names[s.GAP], ""))  # tables without anything between them are one


def _text(block: Paragraph, names: Mapping[str, str]) -> str:
    """Return a line of a text; the blanks with which it begins are its indent, where it has any."""
    numbered = run(block.text[: block.start], names[s.NUMBERS[block.level]]) if block.start else ""
    runs = numbered + run(block.text[block.start :])
    return paragraph(names[s.BODY], runs, UNINDENTED if block.text[:1].isspace() else "")

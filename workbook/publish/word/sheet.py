"""The sheet that a document is printed on: its margins, the numbers of its pages, 草稿 across a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.match.drafts import MARK
from workbook.publish import geometry as g
from workbook.publish.word import styles as s
from workbook.publish.word.markup import NAMESPACE, paragraph, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EMU = 12700
"""Units of python-docx in a point."""
DASH = "—"
"""一字线: one stroke on each side of the number of a page."""
_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_SHAPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="Draft{number}" o:spid="_x0000_s{spot}" type="#_x0000_t136" alt="{text}" style="position:absolute;'
    "margin-left:0;margin-top:0;width:360pt;height:180pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d0d0d0" stroked="f">'
    '<v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt" string="{text}"/></v:shape>'
)


def set_sheet(document: Any, names: Mapping[str, str]) -> None:
    """Give a new document the page of GB/T 9704 and its page numbers: outside, on the right of odd pages."""
    section = document.sections[0]
    for name, points in (
        ("page_width", g.PAPER[0]),
        ("page_height", g.PAPER[1]),
        ("top_margin", g.TOP),
        ("bottom_margin", g.BOTTOM),
        ("left_margin", g.LEFT),
        ("right_margin", g.RIGHT),
        ("header_distance", g.NUMBER_LINE),
        ("footer_distance", g.NUMBER_LINE),
        ("gutter", 0),
    ):
        setattr(section, name, round(points * _EMU))
    for grid in section._sectPr.xpath("w:docGrid"):  # noqa: SLF001 - python-docx has no name for it
        grid.getparent().remove(grid)  # programs spread the letters of tables over it
    document.settings.odd_and_even_pages_header_footer = True
    _put_number(section.footer, names, "right")
    _put_number(section.even_page_footer, names, "left")


def _put_number(footer: Any, names: Mapping[str, str], side: str) -> None:
    from docx.oxml import parse_xml

    marks = ("begin", "separate", "end")
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>' for mark in marks)
    code = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    runs = f"{run(f'{DASH} ')}{begin}{code}{separate}{run('1')}{end}{run(f' {DASH}')}"
    indent = (f'<w:ind w:leftChars="{100 * (side == "left")}" w:left="{280 * (side == "left")}" '
              f'w:rightChars="{100 * (side == "right")}" w:right="{280 * (side == "right")}" '
              f'w:firstLineChars="0" w:firstLine="0"/>')  # fmt: skip
    footer.is_linked_to_previous = False
    for old in list(footer._element):  # noqa: SLF001
        footer._element.remove(old)  # noqa: SLF001
    footer._element.append(parse_xml(paragraph(names[s.FOOTER], runs, f'{indent}<w:jc w:val="{side}"/>')))  # noqa: SLF001


def line_width(document: Any, element: Any) -> float:
    """Return the width of a line of text in the section of a document in which an element stands, in points."""
    behind = element.xpath("following::w:sectPr")
    section = next((each for each in document.sections if behind and each._sectPr is behind[0]), None)  # noqa: SLF001
    if section is None or not section.page_width:
        return g.WIDTH
    sides = (section.left_margin or 0) + (section.right_margin or 0) + (section.gutter or 0)
    return max(g.WIDTH / 2, float(section.page_width - sides) / _EMU)


def mark_draft(document: Any) -> None:
    """Put 草稿 across every page, under its text; the properties of the document say it too."""
    from docx.oxml import parse_xml

    document.core_properties.content_status = MARK
    for number, header in enumerate(_headers(document), 1):
        shape = _SHAPE.format(number=number, spot=2048 + number, text=MARK, font=s.HEI)
        picture = parse_xml(f"<w:r {NAMESPACE} {_VML}><w:pict>{shape}</w:pict></w:r>")
        if not header.paragraphs:
            header.add_paragraph()
        header.paragraphs[0]._p.append(picture)  # noqa: SLF001


def _headers(document: Any) -> Iterator[Any]:
    """Yield the headers of all pages; those that a first section lacks are made."""
    even = document.settings.odd_and_even_pages_header_footer
    for at, section in enumerate(document.sections):
        kinds = [section.header, *([section.even_page_header] if even else [])]
        kinds += [section.first_page_header] if section.different_first_page_header_footer else []
        for header in kinds:
            if at and header.is_linked_to_previous:
                continue  # it shows that of the section before
            header.is_linked_to_previous = False
            yield header

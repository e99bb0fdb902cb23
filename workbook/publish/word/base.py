"""The office's own 底稿.docx, and where the report is put into it.

It is edited in Word or WPS and comes from outside, so it is vetted like every file that is read.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from workbook.carriers.limits import needs_library, vet_archive
from workbook.intake.archive import damaged, vet_size
from workbook.intake.kinds import kind_of
from workbook.publish.word import styles as s
from workbook.publish.word.markup import legal, paragraph, run
from workbook.publish.word.package import EPOCH, append, new_document, to_bytes
from workbook.publish.word.sheet import set_sheet
from workbook.publish.word.vet import refused, vet, vet_type
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE, OPENING, BODY, NAME, YEAR, DATE, CODE = "标题", "开头", "正文", "机关名称", "年度", "成文日期", "校验码"
_PLACE = re.compile(rf"【\s*({TITLE}|{OPENING}|{BODY}|{NAME}|{YEAR}|{DATE}|{CODE})\s*】")


def template() -> bytes:
    """Return the document for an office to edit: page, styles and places of a report, without a report."""
    return to_bytes(blank_base())


def blank_base() -> Any:
    """Return that document as one of python-docx."""
    document, names = new_document()
    set_sheet(document, names)
    places = {TITLE: s.TITLE, OPENING: s.OPENING, BODY: s.BODY, NAME: s.SIGNATURE, DATE: s.DATE, CODE: s.CODE}
    append(document, *(paragraph(names[style], run(f"【{place}】")) for place, style in places.items()))
    return document


def open_base(data: bytes, file: str) -> Any:
    """Return an office's document as one of python-docx.

    Raises:
        Unreadable: it is no Word document, damaged, beyond a limit, would fetch or run something when it is opened,
            or has not exactly one paragraph 【正文】.
    """
    vet_size(data, file)
    if kind_of(data, file).key != "word":
        raise refused(file, "不是 .docx 文档", "it is no .docx document")
    vet_archive(data, file)
    vet_type(data, file)
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml import etree
    except ImportError as error:
        raise needs_library(file, "python-docx") from error
    try:
        document = docx.Document(io.BytesIO(data))
        vet(document, file)
        found = list(bodies(document))
        about = document.core_properties
        about.last_modified_by, about.revision = "", 1
        about.created = about.modified = EPOCH.replace(tzinfo=None)
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise damaged(file, str(error)) from error
    if len(found) != 1:
        many = refused(file, "【正文】出现了不止一次", "【正文】 stands in it more than once")
        raise many if found else Unreadable(make_finding("file.base_no_body", file=file))
    return document


def _holders(document: Any) -> Iterator[Any]:
    """Yield the elements of the body and of all headers and footers."""
    from docx.oxml.ns import qn

    yield document.element.body
    for part in document.part.package.iter_parts():
        element = getattr(part, "element", None)
        if element is not None and element.tag in {qn("w:hdr"), qn("w:ftr")}:
            yield element


def bodies(document: Any) -> Iterator[Any]:
    """Yield the paragraphs of the body in which 【正文】 stands, but for those of text boxes."""
    from docx.oxml.ns import qn

    for each in document.element.body.iter(qn("w:p")):
        boxed = any(above.tag == qn("w:txbxContent") for above in each.iterancestors())
        if not boxed and any(place[1] == BODY for place in _PLACE.finditer(_text(each))):
            yield each


def mark_body(document: Any) -> Any:
    """Put an empty paragraph before the one in which 【正文】 stands, and return it."""
    from docx.oxml import OxmlElement

    (body,) = bodies(document)
    body.addprevious(OxmlElement("w:p"))
    return body.getprevious()


def has_place(document: Any, place: str) -> bool:
    """Say whether a place is anywhere in a document."""
    return any(found[1] == place for each in _paragraphs(document) for found in _PLACE.finditer(_text(each)))


def fill_places(document: Any, answers: Mapping[str, str]) -> None:
    """Put texts into their places, wherever these stand; a place may be in pieces, as Word leaves what was edited.

    A text takes the looks of the first letter of its place. A paragraph that is blank then is removed.
    """
    for element in _paragraphs(document):
        places = [found for found in _PLACE.finditer(_text(element)) if found[1] in answers]
        for found in reversed(places):
            _put(element, found.start(), found.end(), answers[found[1]])
        if places and not any(answers[found[1]] for found in places) and not _text(element).strip():
            _remove(element)


def _remove(element: Any) -> None:
    """Remove a paragraph that is blank now, unless something must stand there: a cell or a section ends with it."""
    from docx.oxml.ns import qn

    parent = element.getparent()
    alone = parent.tag in {qn("w:tc"), qn("w:hdr"), qn("w:ftr"), qn("w:txbxContent")}
    if not alone and element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        parent.remove(element)


def _paragraphs(document: Any) -> Iterator[Any]:
    from docx.oxml.ns import qn

    for holder in _holders(document):
        yield from list(holder.iter(qn("w:p")))


def _pieces(element: Any) -> list[Any]:
    """Return the elements of text of a paragraph, but for those of paragraphs in its text boxes."""
    from docx.oxml.ns import qn

    return [each for each in element.iter(qn("w:t")) if next(each.iterancestors(qn("w:p"))) is element]


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in _pieces(element))


def _put(element: Any, start: int, end: int, text: str) -> None:
    """Put a text into a paragraph in place of the letters between two places."""
    at, left = 0, text
    for piece in _pieces(element):
        held = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(held))
        at += len(held)
        if first < last:
            _set(piece, held[:first] + left + held[last:])
            left = ""


def _set(piece: Any, text: str) -> None:
    """Give an element of text another text, in which line feeds begin new lines."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for at, line in enumerate(text.split("\n")):
        if at:
            for name in ("w:br", "w:t"):
                piece.addnext(OxmlElement(name))
                piece = piece.getnext()
        piece.text = legal(line)
        piece.set(qn("xml:space"), "preserve")

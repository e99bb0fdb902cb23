"""A Word document as bytes: the same content gives the same bytes, whenever and wherever it is written."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from workbook.excel.template.zipped import deflated, zipped
from workbook.publish.word.markup import NAMESPACE
from workbook.publish.word.styles import SECOND_FONTS, add_styles, defaults

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""What documents say of when they were made: nothing that differs from one run to the next."""
TITLE_LIMIT = 255
"""Characters of a property that python-docx takes."""
_UNUSED = ("/thumbnail", "/customXml", "/stylesWithEffects", "/numbering")
_COMPATIBLE = "http://schemas.microsoft.com/office/word"
_SETTINGS = (
    f'<w:settings {NAMESPACE}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>'
    f'<w:compatSetting w:name="compatibilityMode" w:uri="{_COMPATIBLE}" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    "</w:settings>"
)
"""Punctuation keeps its width, so that the characters of a line can be counted."""
_OFFICE_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>nianbao'
    "</Application></Properties>"
)


def new_document() -> tuple[Any, Mapping[str, str]]:
    """Return an empty document with the kit's styles, and the identifiers of these by their names."""
    import docx
    from docx.oxml import parse_xml

    document: Any = docx.Document()
    for holder in (document.part, document.part.package):
        for key, link in list(holder.rels.items()):
            if link.reltype.endswith(_UNUSED):
                del holder.rels[key]
    _replace_part(document, f"{_OFFICE_DOCUMENT}/fontTable", _font_table())
    _replace_children(document.settings.element, parse_xml(_SETTINGS))
    _replace_children(document.styles.element, defaults())
    _replace_part(document, f"{_OFFICE_DOCUMENT}/extended-properties", _APP.encode())
    _set_properties(document)
    return document, add_styles(document.styles.element)


def _replace_children(old: Any, new: Any) -> None:
    for child in list(old):
        old.remove(child)
    for child in list(new):
        old.append(child)


def _set_properties(document: Any) -> None:
    about = document.core_properties
    about.author, about.last_modified_by, about.comments, about.revision = "", "", "", 1
    about.created = about.modified = EPOCH.replace(tzinfo=None)
    about.language = "zh-CN"


def _replace_part(document: Any, kind: str, content: bytes) -> None:
    for holder in (document.part, document.part.package):
        for link in holder.rels.values():
            if link.reltype == kind:
                link.target_part._blob = content  # noqa: SLF001 - parts that python-docx knows no more of than their bytes


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in SECOND_FONTS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {NAMESPACE}>{fonts}</w:fonts>'.encode()


def to_bytes(document: Any) -> bytes:
    """Return a document as the bytes of its file."""
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as package:
        return zipped(deflated(name, package.read(name)) for name in package.namelist())


def append(document: Any, *elements: Any) -> None:
    """Put paragraphs and tables behind what a document holds, before the element of its section."""
    from docx.oxml import parse_xml

    body = document.element.body
    for each in elements:
        element = parse_xml(each) if isinstance(each, str) else each
        if body.sectPr is None:
            body.append(element)
        else:
            body.sectPr.addprevious(element)

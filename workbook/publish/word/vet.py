"""What an office's document may not have: what would fetch or run something when the published report is opened."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

_FETCHING = re.compile(r"\b(?:DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|DATABASE|RD|MACROBUTTON|EMBED)\b", re.IGNORECASE)
"""Fields that fetch or run something."""
_RUNNING = ("/vbaProject", "/oleObject", "/aFChunk", "/control", "/attachedToolbars", "/package", "/subDocument")
"""What a document is related to that runs, or that Word makes a document of when it opens it."""
_TYPES, _DOCUMENT = "[Content_Types].xml", "word/document.xml"
_STRICT, _START = b"http://purl.oclc.org/ooxml/wordprocessingml/main", 4096
_EMBEDDED = frozenset({"object", "altChunk", "subDoc", "control"})


def refused(file: str, reason: str, reason_en: str) -> Unreadable:
    """Return the refusal of a document that is no base."""
    return Unreadable(make_finding("file.base_unfit", file=file, reason=reason, reason_en=reason_en))


def vet_type(data: bytes, file: str) -> None:
    """Refuse documents with macros, and templates, by what their package says that they are.

    Raises:
        Unreadable: it is one of these.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read(_TYPES) if _TYPES in package.namelist() else b""
        with package.open(_DOCUMENT) as part:
            start = part.read(_START)
    if _STRICT in start:
        raise refused(
            file, "是“Strict Open XML”文档，请另存为普通的 .docx", "it is Strict Open XML: save it as a usual .docx"
        )
    if b"macroEnabled" in types:
        raise refused(file, "是带宏的文档", "it is a document with macros")
    if b"template.main+xml" in types:
        raise refused(file, "是 Word 模板，不是文档", "it is a template of Word, not a document")


def vet(document: Any, file: str) -> None:
    """Refuse what would fetch or run something; the template that a document names is forgotten.

    Raises:
        Unreadable: there is such a thing; the finding says what.
    """
    for part in list(document.part.package.iter_parts()):
        _vet_relations(part, file)
        if not str(part.partname).isascii():
            raise refused(file, "里有部件的名称不规范", "a part of it has an unusual name")
    for root in _roots(document):
        if any(_name(element) in _EMBEDDED for element in root.iter()):
            raise refused(file, "里有嵌入的对象", "it has embedded objects")
        codes = [_code(element) for element in root.iter() if _name(element) in {"instrText", "fldSimple"}]
        # A code may be cut into pieces anywhere, and one may follow another.
        found = _FETCHING.search("".join(codes)) or _FETCHING.search(" ".join(codes))
        if found:
            raise refused(file, f"里有域 {found[0]}", f"it has the field {found[0]}")


def _vet_relations(part: Any, file: str) -> None:
    for key, link in list(part.rels.items()):
        if link.reltype.endswith("/attachedTemplate"):
            _forget(part, key)
        elif link.reltype.endswith(_RUNNING):
            raise refused(file, "里有宏或嵌入的对象", "it has macros or embedded objects")
        elif link.is_external and not link.reltype.endswith("/hyperlink"):
            raise refused(file, "引用了文件以外的内容", "it refers to content outside of the file")


def _forget(part: Any, key: str) -> None:
    """Remove the relation to a template, and the element of the settings that names it."""
    del part.rels[key]
    for each in list(part.element):
        if _name(each) == "attachedTemplate":
            part.element.remove(each)


def _roots(document: Any) -> Iterator[Any]:
    """Yield the elements of all parts that are markup."""
    from lxml import etree

    for part in document.part.package.iter_parts():
        element = getattr(part, "element", None)
        if element is not None:
            yield element
        elif str(part.content_type).endswith("xml"):
            yield etree.fromstring(part.blob)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _code(element: Any) -> str:
    """Return the code of a field, or the piece of one that an element holds."""
    held = (value for name, value in element.attrib.items() if name.endswith("}instr"))
    return next(held, "") if _name(element) == "fldSimple" else element.text or ""

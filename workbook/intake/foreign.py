"""Kinds of files that hold reports and are not read: told for what they are, with the way out."""

from __future__ import annotations

import re

from workbook.expression import expression
from workbook.records import dataclass

_XML = rb"(?:<!--(?:(?!-->).)*-->|<\?[^>]*>|\s)*"
"""What may stand before the first tag."""


@dataclass(frozen=True)
class Foreign:
    """A kind of file, told by its beginning or by a part of it where it is a package; names and ways out."""

    begins: re.Pattern[bytes]
    part: str
    kind: str
    kind_en: str
    way: str
    way_en: str


def _named(kind: tuple[str, str], way: tuple[str, str], *, begins: bytes = rb"(?!)", part: str = "") -> Foreign:
    return Foreign(expression(begins, re.DOTALL | re.IGNORECASE), part, *kind, *way)


_AS_BOOK = "用 LibreOffice、Excel 或 WPS 打开，另存为 .xlsx", "Open it in LibreOffice or Excel and save it as .xlsx"
_AS_WORD = "用 LibreOffice、Word 或 WPS 打开，另存为 .docx", "Open it in LibreOffice or Word and save it as .docx"
_AS_PAGE = (
    "用浏览器打开，另存为“网页，仅 HTML”（.html）；或用 Word 打开，另存为 .docx",
    "Open it in a browser and save it as a page, HTML only; or open it in Word and save it as .docx",
)
_AS_PDF = "用 OFD 阅读器打开，导出为 PDF", "Open it in a reader of OFD and export it as PDF"

FOREIGN = (
    _named(
        ("单个文件网页（.mht）", "a web archive (.mht)"),
        _AS_PAGE,
        begins=rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?(?:MIME-Version:|Content-Type:\s*multipart/related)",
    ),
    _named(
        ("网页归档（.webarchive）", "a web archive of Safari"),
        _AS_PAGE,
        begins=rb"bplist00.{0,200}WebMainResource",
    ),
    _named(
        ("OpenDocument 单文件表格（.fods）", "a flat OpenDocument spreadsheet (.fods)"),
        _AS_BOOK,
        begins=_XML + rb"<office:document\b[^>]*opendocument\.spreadsheet",
    ),
    _named(
        ("OpenDocument 单文件文档（.fodt 等）", "a flat OpenDocument file (.fodt)"),
        _AS_WORD,
        begins=_XML + rb"<office:document\b",
    ),
    _named(
        ("XML 电子表格 2003（.xml）", "an XML spreadsheet of Excel 2003"),
        _AS_BOOK,
        begins=_XML + rb"<(?:\w+:)?Workbook\b",
    ),
    _named(
        ("Word XML 文档（.xml）", "an XML document of Word"),
        _AS_WORD,
        begins=_XML + rb"<(?:\w+:)?(?:wordDocument|package)\b",
    ),
    _named(("UOF 标文通文件", "a UOF document"), _AS_WORD, begins=_XML + rb"<uof:UOF\b"),
    _named(("RTF 文档", "an RTF document"), _AS_WORD, begins=rb"\{\\rtf"),
    _named(("OFD 版式文件", "an OFD document"), _AS_PDF, part="ofd.xml"),
    _named(
        ("OpenDocument 文档（.odt）", "an OpenDocument text (.odt)"),
        _AS_WORD,
        begins=rb"PK.{28}mimetypeapplication/vnd\.oasis\.opendocument\.text",
    ),
)
"""In the order in which they are tried."""

_Words = tuple[str, str]

UNREAD: tuple[tuple[_Words, _Words, tuple[str, ...]], ...] = (
    (
        ("压缩包", "an archive"),
        ("先解压，再处理解压出来的文件", "Unpack it, and take the files in it"),
        (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"),
    ),
    (("其他格式的表格", "a spreadsheet of another format"), _AS_BOOK, (".et", ".ett", ".fods", ".numbers", ".uos")),
    (
        ("其他格式的文档", "a document of another format"),
        _AS_WORD,
        (".doc", ".docm", ".wps", ".wpt", ".odt", ".fodt", ".rtf", ".uot", ".uof", ".pages"),
    ),
    (("单个文件网页", "a web archive"), _AS_PAGE, (".mht", ".mhtml", ".webarchive")),
    (("OFD 版式文件", "an OFD document"), _AS_PDF, (".ofd",)),
    (
        ("图片", "a picture"),
        ("图片里的数读不出来，请找可以复制文字的文件", "Numbers in pictures cannot be read; ask for a file with text"),
        (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"),
    ),
    (
        ("没有写完的结果", "a result that was not written to its end"),
        ("用写它的命令加 --resume 接着写", "Go on with the command that wrote it, and --resume"),
        (".part",),
    ),
    (("邮件", "a mail"), ("把附件另存出来再处理", "Save what is attached to it"), (".eml", ".msg")),
)
"""Kinds of files in folders that may hold reports and are not read: what they are called, ways out, endings."""

_OTHER: tuple[_Words, _Words] = (
    ("不是能读的文件", "a file of no kind that is read"),
    ("如果是报告，另存为 .xlsx 再处理", "If it is a report, save it as .xlsx"),
)


def unread(ending: str) -> tuple[_Words, _Words]:
    """Return what a file that is not read is called, and the way out, each in Chinese and English; by its ending."""
    found = (words for *words, some in UNREAD if ending.lower() in some)
    kind, way = next(found, _OTHER)
    return kind, way


_HEAD = 8192
_PACKAGE = b"PK\x03\x04"
_PACKAGES = tuple(kind for kind in FOREIGN if kind.part or kind.begins.pattern.startswith(b"PK"))
"""Those that a package may be."""


def foreign(data: bytes, parts: set[str] | None = None) -> Foreign | None:
    """Return the kind of a file that is not read, if it is one of these; ``parts`` are those of a package."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = data[:_HEAD].decode("utf-16", "ignore").encode()
    kinds = _PACKAGES if head.startswith(_PACKAGE) else FOREIGN
    return next((kind for kind in kinds if kind.begins.match(head) or kind.part in (parts or ())), None)

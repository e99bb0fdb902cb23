"""Reads web pages as they are saved from the sites of offices: tables with their spans, and the text around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.archive import damaged, too_large, vet_size
from workbook.match.grid import Document
from workbook.published.blocks import Blocks
from workbook.published.encoding import decode
from workbook.published.limits import SPAN_LIMIT, Budget, needs_library, vet_markup

if TYPE_CHECKING:
    from workbook.published.blocks import Table

_UNSEEN = frozenset(
    {"script", "style", "title", "template", "noscript", "select", "textarea", "button", "iframe", "object", "svg"}
)
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SPAN = re.compile(r"\s*([0-9]{1,6})")


def read_html(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a web page.

    Raises:
        Unreadable: it is empty, too large, or nested too deeply.
    """
    vet_size(data, file)
    text = decode(data, page=True) or ""
    return Document(file, _Page(_tree(text, file), file).read())


def _tree(text: str, file: str) -> Any:
    """Parse a page; what the page says about its own encoding is settled already."""
    try:
        from lxml import etree
        from lxml import html as pages
    except ImportError as error:
        raise needs_library(file, "lxml") from error
    data = text.encode("utf-8", "replace")
    vet_markup(data, file)
    parser = pages.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, recover=True)
    try:
        tree = pages.document_fromstring(data, parser=parser)
    except etree.LxmlError as error:
        raise damaged(file, str(error)) from error
    refusals = parser.error_log.filter_from_fatals()
    if refusals:  # the parser drops the rest of the page
        raise too_large(file, "嵌套过深，或有过长的文字", f"{refusals[0].message.split(',')[0]}", 256)
    return tree


class _Page:
    """A walk through a page; text goes to the cell that is open, else to the paragraph."""

    def __init__(self, tree: Any, file: str) -> None:
        self._tree = tree
        self._blocks = Blocks("网页", Budget(file))
        self._tables: list[Table] = []
        self._text: list[str] = []
        self._in_cell = False
        self._pre = 0
        self._frames, self._framing = _frames(tree)

    def read(self) -> list[Any]:
        """Return the blocks of the page."""
        from lxml import etree

        walk = etree.iterwalk(self._tree, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if _unseen(element):
                    walk.skip_subtree()
                else:
                    self._start(element)
            else:
                if event == "end" and not _unseen(element):
                    self._end(element)
                self._add(element.tail)
        self._break()
        return self._blocks.done

    def _start(self, element: Any) -> None:
        tag = element.tag
        self._pre += tag == "pre"
        if tag in _BLOCKS:
            self._break(line=tag == "br")
        if tag == "table":
            self._tables.append(self._blocks.table(frames=element in self._framing))
        elif self._tables and tag in _GROUPS:
            self._tables[-1].begin_group()
        elif self._tables and tag == "tr":
            self._tables[-1].begin_row()
        elif self._tables and tag in _CELLS:
            if not self._tables[-1].rows:
                self._tables[-1].begin_row()
            self._in_cell = element not in self._frames
        self._add(element.text)

    def _end(self, element: Any) -> None:
        tag = element.tag
        self._pre -= tag == "pre"
        if self._tables and tag in _CELLS:
            spans = _span(element, "rowspan"), _span(element, "colspan")
            if element in self._frames:
                self._break()
                self._tables[-1].put(None, *spans)
            else:
                self._tables[-1].put(self._taken(), *spans)
                self._in_cell = False
        elif self._tables and tag == "tr":
            self._tables[-1].end_row()
        elif tag == "table":
            self._break()
            self._tables.pop()
        if tag in _BLOCKS and tag != "br":
            self._break()

    def _add(self, text: str | None) -> None:
        if text:
            self._text.append(text if self._pre else _BLANKS.sub(" ", text))

    def _break(self, *, line: bool = False) -> None:
        """End a line of a cell, or a paragraph, in which ``<br>`` ends a line only."""
        if self._in_cell or line:
            self._text.append("\n")
        elif self._text:
            self._blocks.paragraph(self._taken())

    def _taken(self) -> str:
        text = re.sub(r" +", " ", "".join(self._text))
        self._text = []
        return text


def _frames(tree: Any) -> tuple[set[Any], set[Any]]:
    """Return the cells that hold tables, and the tables that have no other cells.

    Such cells lay out the page: what else they hold is text of the page.
    """
    frames: set[Any] = set()
    for table in tree.iter("table"):
        holder = next(table.iterancestors("td", "th"), None)
        if holder is not None:
            frames.add(holder)
    used = {next(cell.iterancestors("table"), None) for cell in tree.iter("td", "th") if cell not in frames}
    return frames, {table for table in tree.iter("table") if table not in used}


def _unseen(element: Any) -> bool:
    """Say whether a browser would not show an element."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def _span(element: Any, name: str) -> int:
    """Return how many rows or columns a cell spans; 0 rows are those to the end of the group."""
    found = _SPAN.match(element.get(name) or "")
    if not found:
        return 1
    return int(found[1]) or (SPAN_LIMIT if name == "rowspan" else 1)

"""Reads web pages as they are saved from the sites of offices: tables with their spans, and the text around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import Blocks
from workbook.carriers.limits import Budget, needs_library, vet_markup
from workbook.carriers.visible import PLAIN, Ink, Look, Sight, Written
from workbook.intake.archive import damaged, too_large, vet_size
from workbook.intake.encoding import decode
from workbook.intake.limits import NESTING_LIMIT, SPAN_LIMIT
from workbook.match.grid import Document
from workbook.report import make_finding

if TYPE_CHECKING:
    from workbook.carriers.blocks import Table

_UNREAD = frozenset({"script", "style", "title", "template", "noscript", "rp", "datalist", "noframes", "noembed"})
"""Elements whose text is never shown."""
_FIELDS = frozenset(
    {
        "select",
        "textarea",
        "button",
        "iframe",
        "object",
        "svg",
        "canvas",
        "video",
        "audio",
        "math",
        "input",
        "embed",
        "progress",
        "meter",
    }
)
"""Elements that show something else than text of the page."""
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
TEXT_MARK = "data-nianbao"
"""The attribute by which pages that the kit wrote say that an element holds text of the report, and nothing else."""
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SPAN = re.compile(r"\s*([0-9]{1,6})")


def read_html(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a web page.

    Raises:
        Unreadable: it is empty, too large, or nested too deeply.
    """
    vet_size(data, file)
    text = decode(data, page=True) or ""
    tree, styles = _tree(text, file)
    page = _Page(tree, styles, Budget(file))
    page.read()
    alone = (make_finding("file.styles_left_alone", file=file),) if styles.left_alone else ()
    return Document(file, page.blocks.done, (*alone, *page.blocks.reader_findings))


def _tree(text: str, file: str) -> tuple[Any, Any]:
    """Parse a page, and the style sheets in it; what the page says about its own encoding is settled already."""
    try:
        from lxml import etree
        from lxml import html as pages

        from workbook.carriers.page.styles import Styles
    except ImportError as error:
        raise needs_library(file, str(error.name)) from error
    data = text.encode("utf-8", "replace")
    vet_markup(data, file)
    parser = pages.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, recover=True)
    try:
        tree = pages.document_fromstring(data, parser=parser)
    except etree.LxmlError as error:
        raise damaged(file, str(error)) from error
    refusals = parser.error_log.filter_from_fatals()
    if refusals:  # the parser drops the rest of the page
        raise too_large(file, "嵌套过深，或有过长的文字", f"{refusals[0].message.split(',')[0]}", NESTING_LIMIT)
    return tree, Styles(tree)


class _Page:
    """A walk through a page; text goes to the cell that is open, else to the paragraph."""

    def __init__(self, tree: Any, styles: Any, budget: Budget) -> None:
        from workbook.carriers.page.looks import Shown

        self.blocks = Blocks("网页", budget)
        self._tree, self._styles = tree, styles
        self._shown, self._inside = [Shown()], [False]
        self._looks = [PLAIN]
        self._nodes = [iter([styles.root(tree)])]
        self._tables: list[Table] = []
        self._ink = Ink()
        self._in_cell = False
        self._pre = 0
        self._frames, self._framing = _frames(tree)

    def read(self) -> None:
        """Read the blocks of the page."""
        from lxml import etree

        walk = etree.iterwalk(self._tree, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if not self._start(element):
                    walk.skip_subtree()
            else:
                if event == "end":
                    self._end(element)
                self._add(element.tail, self._looks[-1])
        self._break()

    def _start(self, element: Any) -> bool:
        """Begin an element; say whether what is in it is to be read."""
        node = next(self._nodes[-1])
        self._nodes.append(node.iter_children())
        shown = self._look(element, node)
        self._looks.append(self._looks[-1] if shown is self._shown[-1] else shown.look)
        self._shown.append(shown)
        if element.tag in _UNREAD or element.tag in _FIELDS or self._shown[-1].absent:
            self._pass_over(element)
            return False
        tag = element.tag
        self._pre += tag == "pre"
        if tag in _BLOCKS:
            self._break(line=tag == "br")
        if tag == "table":
            self._tables.append(self.blocks.table(frames=element in self._framing))
        elif self._tables and tag in _GROUPS:
            self._tables[-1].begin_group()
        elif self._tables and tag == "tr":
            self._tables[-1].begin_row()
        elif self._tables and tag in _CELLS:
            if not self._tables[-1].rows:
                self._tables[-1].begin_row()
            self._in_cell = element not in self._frames
        elif tag == "img" and self._in_cell and not _is_spacer(element):
            self._ink.picture()
        self._put(self._shown[-1].before)
        self._add(element.text, self._looks[-1])
        return True

    def _look(self, element: Any, node: Any) -> Any:
        """Return how an element is shown: within a table by the page's style, elsewhere by its own words alone."""
        from workbook.carriers.page.looks import Shown, outside, within

        parent, inside = self._shown[-1], self._inside[-1]
        self._inside.append((inside or element.tag == "table") and element not in self._frames)
        if element.tag == "table":
            return within(element, Shown(struck=parent.struck), *self._styles.declared(node))
        if inside:
            found = within(element, parent, *self._styles.declared(node))
            return Shown(struck=found.struck, absent=found.absent) if element in self._frames else found
        return outside(element, parent)

    def _pass_over(self, element: Any) -> None:
        """Keep what a cell holds beside its text: text that is not shown, and fields, which may show anything."""
        if not self._in_cell or element.tag in _UNREAD or element.tag in _CELLS:
            return
        if element.tag in _FIELDS:
            if not self._shown[-1].absent and (element.get("type") or "").lower() != "hidden":
                self._ink.picture()
        elif self._shown[-1].absent:
            self._add("".join(element.itertext()), Look(Sight.HIDDEN))

    def _end(self, element: Any) -> None:
        self._nodes.pop()
        self._inside.pop()
        self._looks.pop()
        ended = self._shown.pop()
        tag = element.tag
        if tag in _UNREAD or tag in _FIELDS or ended.absent:
            return
        self._put(ended.behind)
        self._pre -= tag == "pre"
        if self._tables and tag in _CELLS:
            spans = _span(element, "rowspan"), _span(element, "colspan")
            if element in self._frames:
                self._break()
                self._tables[-1].put(Written(""), *spans)
            else:
                self._tables[-1].put(self._taken(ended.odd), *spans)
                self._in_cell = False
        elif self._tables and tag == "tr":
            self._tables[-1].end_row()
        elif tag == "table":
            self._break()
            self._tables.pop()
        if tag in _BLOCKS and tag != "br":
            self._break(exact=element.get(TEXT_MARK) == "text")

    def _put(self, added: tuple[str | None, Look] | None) -> None:
        """Add what a style sheet puts into a text; what would have to be calculated is like a picture."""
        if added and added[0] is None:
            self._ink.picture()
        elif added:
            self._add(*added)

    def _add(self, text: str | None, look: Look) -> None:
        if text:
            self._ink.add(text if self._pre else _BLANKS.sub(" ", text), look)

    def _break(self, *, line: bool = False, exact: bool = False) -> None:
        """End a line of a cell, or a paragraph, in which ``<br>`` ends a line only."""
        if self._in_cell or line:
            self._ink.add("\n", PLAIN)
        elif self._ink:
            self.blocks.paragraph(self._taken(), exact=exact)

    def _taken(self, base: str = "") -> Written:
        written = self._ink.take(base)
        return written._replace(text=re.sub(r" +", " ", written.text))


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


def _is_spacer(image: Any) -> bool:
    """Say whether a picture is too small to show anything."""
    return any((image.get(side) or "").strip() in {"0", "1", "2"} for side in ("width", "height"))


def _span(element: Any, name: str) -> int:
    """Return how many rows or columns a cell spans; 0 rows are those to the end of the group."""
    found = _SPAN.match(element.get(name) or "")
    if not found:
        return 1
    return int(found[1]) or (SPAN_LIMIT if name == "rowspan" else 1)

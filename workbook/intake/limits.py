"""The one table of what a file may hold: every limit of reading, with its unit and why it is what it is.

Beyond a limit a file is refused (``file.too_large``), except where the line under it says otherwise. What a *report*
may hold is another matter (``workbook.report.limits``), and so are the seconds and the memory that a process of its own
gets (``workbook.intake.kinds``, ``workbook.intake.isolate``). ``tests/intake/test_limits.py`` goes through the table.
"""

# ---- every file -----------------------------------------------------------------------------------------------------

FILE_LIMIT = 50 * 2**20
"""Bytes of a file; published reports carry pictures."""
WRITTEN_LIMIT = 4 * 2**20
"""Bytes of a JSON document or a plain text; a report has some hundred thousand, a tree takes thirty times its text."""
RATIO_LIMIT = 200
"""How many times a part of more than a megabyte may grow when it is inflated."""

# ---- workbooks ------------------------------------------------------------------------------------------------------

BOOK_FILE_LIMIT = 20 * 2**20
"""Bytes of a workbook; a report has some 60 thousand."""
BOOK_PART_LIMIT = 1_000
"""Parts in the package of a workbook."""
BOOK_INFLATED_LIMIT = 400 * 2**20
"""Bytes of all parts of a workbook, inflated; a million empty rows have some hundred million."""
BOOK_SHEET_LIMIT = 8 * 2**20
"""Bytes of a sheet that is parsed, inflated, without what is empty in it; of any other part that is parsed."""
BOOK_CONTENT_LIMIT = 60 * 2**20
"""Bytes of all parts of a workbook that is edited, of one of another format, or of a damaged one, inflated."""
SHEET_COUNT_LIMIT = 64
"""Sheets in a workbook; of another format than Excel's the first so many are read."""
AREA_LIMIT = 300_000
"""Cells in the rows of all sheets that are parsed."""
REPEATED_LIMIT = 50 * 2**20
"""Bytes of shared texts that the cells of a sheet may come to, each counted as often as it is used."""
MERGED_LIMIT = 2_000
"""Merged cells in a workbook that is edited: openpyxl compares all pairs of them; the template has some ninety."""
COVERED_LIMIT = 100_000
"""Cells that merged cells, links and comments of a workbook that is edited span: openpyxl makes an object of each."""
EDITED_LIMIT = 25_000
"""Tags of a workbook that is edited, besides those of cells and shared texts: formats, rules, comments, names, shapes.

A comment takes eight kilobytes, of which a tag is a sixth; a template filled in has some eight thousand tags.
"""
EDITED_CELLS_LIMIT = 100_000
"""Tags of the cells and the shared texts of a workbook that is edited; a cell with a value has four.

A template filled in has some twenty thousand; a hundred thousand take two seconds to edit.
"""

# ---- archives that reports are sent in ------------------------------------------------------------------------------

MAIL_PART_LIMIT = 100_000
"""Files in an archive; a province has some 20 thousand units. Each file in it has the limits of its own kind."""

# ---- pages, Word, PDF, texts ----------------------------------------------------------------------------------------

PUBLISHED_CONTENT_LIMIT = 200 * 2**20
"""Bytes of all parts of an archive, or of all streams of a PDF, inflated."""
PUBLISHED_PART_LIMIT = 2_000
"""Parts in an archive; every picture is one."""
MARKUP_LIMIT = 30 * 2**20
"""Bytes of the markup of one part; a tree takes many times the room of its markup."""
TAG_LIMIT = 200_000
"""Tags in one piece of markup; a page pasted from Word has some 20 thousand."""
NESTING_LIMIT = 256
"""Elements of a page within each other; its parser takes no more."""
SPAN_LIMIT = 100
"""Rows or columns that a cell may span; more is taken for this many, as browsers do with a thousand."""
CELL_LIMIT = 200_000
"""Positions in all grids of a file, those that a cell spans counted one by one."""
BLOCK_LIMIT = 50_000
"""Paragraphs and grids of a file."""
PUBLISHED_TEXT_LIMIT = 10_000_000
"""Characters of all cells and paragraphs; a report has some 20 thousand."""
PAGE_LIMIT = 300
"""Pages of a PDF."""
PAGE_CONTENT_LIMIT = 2**19
"""Bytes of instructions that draw one page, nested forms counted as often as drawn.

A page with a chart of 2,000 curves takes 150 thousand.
"""
DRAWING_LIMIT = 4 * 2**20
"""Bytes of instructions that draw all pages; a megabyte takes up to five seconds."""
LETTER_LIMIT = 12_000
"""Bytes of the letters on a page, most of which take two; a full page has 2 thousand, each an object of a kilobyte."""
LETTERS_LIMIT = 200_000
"""Bytes of the letters on all pages."""
QUOTE_LIMIT = 30_000
"""Brackets of texts and backslashes on a page; pdfminer copies a text at each of those within it."""
QUOTES_LIMIT = 200_000
"""Brackets of texts and backslashes on all pages."""
OBJECT_LIMIT = 50_000
"""Objects of a PDF; a report has some thousand."""
CUT_LIMIT = 5 * 10**9
"""Bytes packed times bytes inflated of streams that are cut short, which pdfminer rescues one byte after the other."""
STROKE_LIMIT = 30_000
"""Lines, curves and rectangles that one page draws; ten thousand take a second."""
STROKES_LIMIT = 100_000
"""Lines, curves and rectangles that all pages draw."""
PICTURES_LIMIT = 2 * 2**30
"""Bytes of all pictures of a PDF, inflated; they are never kept."""
OUTLINE_LIMIT = 10**6
"""Steps along the outlines of filled shapes, to see which letters of a page they cover; a million take a second."""
CROSSING_LIMIT = 10_000
"""Crossings of ruling lines on a page; ten thousand take some seconds, a page of a report has a few hundred."""
RULE_LIMIT = 2_000
"""Ruling lines on a page, those that touch counted as one."""

STYLE_STEP_LIMIT = 1_000_000
"""Elements that the selectors of a page may look at; a table pasted from Word takes some thousand."""
STYLE_SHEET_LIMIT = 500_000
"""Characters of all style sheets of a page, without the pictures and fonts in them."""
STYLE_SELECTOR_LIMIT = 20_000
"""Selectors of all style sheets."""
STYLE_INLINE_LIMIT = 500_000
"""Characters of different ``style`` attributes in tables."""

# ---- the register of units ------------------------------------------------------------------------------------------

REGISTER_SHEET_LIMIT = 16 * 2**20
"""Bytes of a sheet of a register, inflated; 20,000 units with all columns have some ten million."""
REGISTER_ROW_LIMIT = 400_000
"""Rows of a register; the nation has some 300 thousand units that report."""
REGISTER_CELL_LIMIT = 6_000_000
"""Cells in the rows of a register; 300,000 units with all columns have four million."""
REGISTER_COLUMN_LIMIT = 1_000
"""Columns of a register; it has some dozen."""
REGISTER_TEXT_LIMIT = 500
"""Characters of a cell of a register; the longest names have some sixty, beyond it is told with its place."""

# ---- bundles that a collection below hands up -----------------------------------------------------------------------

BUNDLE_MANIFEST_LIMIT = 64 * 2**20
"""Bytes of the manifest and of the register in a bundle, each; 300,000 originals or units take some forty million."""
BUNDLE_LINE_LIMIT = 4 * 2**20
"""Bytes of a line in a bundle: a report, its receipt, a decision; a report has some ten thousand."""
BUNDLE_CONTENT_LIMIT = 64 * 2**30
"""Bytes of all members of a bundle, inflated; 300,000 reports have four thousand million, their originals seven."""

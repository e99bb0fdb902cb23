"""Vets a workbook that is to be edited: openpyxl makes objects of all in it, also of what the reader passes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.excel.reading.markup import without_entities
from workbook.expression import expression
from workbook.intake.archive import too_large
from workbook.intake.limits import COVERED_LIMIT, EDITED_CELLS_LIMIT, EDITED_LIMIT, MERGED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OF_CELLS = expression(rb"</?(?:[\w.-]+:)?(?:c|v|f|is|row)(?=[\s/>])")
_SPANNING = expression(rb"<(?:[\w.-]+:)?(mergeCell|hyperlink|comment|table)\s([^<]*)")
_AREA = expression(rb"""\bref\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_COLUMNS = b"tableColumn"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def vet_edited(parts: Mapping[str, bytes], texts: str, file: str) -> None:
    """Refuse a workbook of which openpyxl would make too many objects.

    Args:
        parts: its parts, in UTF-8.
        texts: the name of the part that holds the shared texts.
        file: the name of the file.

    Raises:
        Unreadable: it is beyond a limit.
    """
    markup = {name: part for name, part in parts.items() if part[:1] == b"<"}
    tags = sum(part.count(b"<") for part in markup.values())
    of_cells = markup.get(texts, b"").count(b"<")
    of_cells += sum(len(_OF_CELLS.findall(part)) for name, part in markup.items() if name != texts)
    if of_cells > EDITED_CELLS_LIMIT:
        raise too_large(file, f"的单元格有 {of_cells} 个标记", f"{of_cells} tags of cells", EDITED_CELLS_LIMIT)
    if tags - of_cells > EDITED_LIMIT:
        words = (f"的格式、批注等有 {tags - of_cells} 个标记", f"{tags - of_cells} tags of formats and the like")
        raise too_large(file, *words, EDITED_LIMIT)
    merged = covered = 0
    for part in markup.values():
        for name, attributes in _SPANNING.findall(part):
            merged += name == b"mergeCell"
            if name != b"table" or _COLUMNS not in part:  # whose heads openpyxl would look for among the cells
                covered += sum(map(_cells, _areas(attributes)))
    if merged > MERGED_LIMIT:
        raise too_large(file, f"有 {merged} 处合并单元格", f"{merged} merged cells", MERGED_LIMIT)
    if covered > COVERED_LIMIT:
        words = (f"的合并单元格、链接和批注涉及 {covered} 格", f"merged cells, links and comments over {covered} cells")
        raise too_large(file, *words, COVERED_LIMIT)


def _areas(attributes: bytes) -> Iterable[str]:
    """Return what may be the area of an element; of two, both: one may stand in a text."""
    return (without_entities((one or other).decode("utf-8", "replace")) for one, other in _AREA.findall(attributes))


def _cells(area: str) -> int:
    """Return how many cells openpyxl takes an area for; none where it would refuse it."""
    from openpyxl.utils.cell import range_boundaries

    try:
        first, top, last, bottom = range_boundaries(area.strip())
    except (ValueError, TypeError):
        return 0
    return ((last or _LAST_COLUMN) - (first or 1) + 1) * ((bottom or _LAST_ROW) - (top or 1) + 1)

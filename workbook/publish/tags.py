"""Tags the labels of rows in the tables of a PDF as heads; Typst tags those of columns only."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def tag_row_heads(data: bytes, tables: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the PDF in which every number of a table is led to its row by tags, as it is to its column.

    Args:
        data: a tagged PDF; its tables are those given, in their order.
        tables: of each its ``heads`` and ``cells``, boxes from left to right, row after row, with ``role``, ``row``
            and ``down``, the number of rows that one reaches over.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        names = pikepdf.NameTree(root.IDTree)
        found = [each for each in _elements(root) if each.S == "/Table"]
        for number, (element, table) in enumerate(zip(found, tables, strict=True)):
            cells = [each for each in _elements(element) if each.S in {"/TH", "/TD"}]
            _tag(cells, [*table["heads"], *table["cells"]], names, f"R{number}")
        stream = io.BytesIO()
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def _elements(holder: Any) -> Iterator[Any]:
    """Yield the elements of the structure within another, in their order."""
    import pikepdf

    waiting = [holder.get("/K")]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Array):
            waiting += reversed(list(each))
        elif isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            waiting.append(each.get("/K"))


def _tag(cells: Sequence[Any], boxes: Sequence[Mapping[str, Any]], names: Any, prefix: str) -> None:
    """Make heads of the labels of rows, and name them in the numbers that stand beside them."""
    import pikepdf

    heads: dict[int, list[str]] = {}
    for number, (cell, box) in enumerate(zip(cells, boxes, strict=True)):
        of_table = next(each for each in cell.A if each.O == "/Table")
        if box["role"] == "line":
            identity = f"{prefix}-{number}"
            cell.S, cell.ID, of_table.Scope = pikepdf.Name.TH, pikepdf.String(identity), pikepdf.Name.Row
            names[identity] = cell
            for row in range(box["row"], box["row"] + box["down"]):
                heads.setdefault(row, []).append(identity)
    for cell, box in zip(cells, boxes, strict=True):
        if box["role"] == "number":
            of_table = next(each for each in cell.A if each.O == "/Table")
            own = of_table.get("/Headers", pikepdf.Array())
            of_table.Headers = pikepdf.Array([*own, *map(pikepdf.String, heads.get(box["row"], ()))])

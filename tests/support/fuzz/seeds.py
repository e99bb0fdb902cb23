"""What is mutated: sound and unsound reports of the corpus in every carrier; and grids made of fuzzed bytes."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import warnings
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import atheris
import noise
import openpyxl
import published
from cases import EDITIONS, cases, sound

import workbook
from workbook.excel.layout import plan_of
from workbook.match import Cell, Document, Grid
from workbook.report import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.report import Report

_VALUES = (None, 0, 7, -1, 1.5, 1e300, float("inf"), float("nan"), True, Decimal("0.5"), 10**30, "", " ",
           "-", "—", "无", "3", "1,234", "１２", "²", "①", "٣", "5件", "3万元", "9" * 400, "元", "（七）总计", "总计", "1\n2")  # fmt: skip  # noqa: E501


def _reports() -> list[Report]:
    return [*map(sound, EDITIONS), *(case.report for case in cases()[::25])]


def _workbooks() -> list[bytes]:
    """Return workbooks as the kit writes them, and bare ones: values or formulas alone, where they were or moved."""
    written = [workbook.write(report) for report in _reports()[:3]]
    return written + [_bare(written[1], values=values, row=row) for values in (True, False) for row in (0, 1, 6)]


def _bare(data: bytes, *, values: bool, row: int) -> bytes:
    """Return a workbook without its styles and checks, a row put in where told; mutations hit what is read."""
    source, book = openpyxl.load_workbook(io.BytesIO(data), data_only=values), openpyxl.Workbook()
    for sheet in source.worksheets[1:-1]:
        copy = book.create_sheet(sheet.title)
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is not None:
                    copy[cell.coordinate] = cell.value
        if row:
            copy.insert_rows(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _exported(*endings: str) -> list[bytes]:
    """Return the sound reports as LibreOffice exports them."""
    program, found = shutil.which("soffice"), []
    assert program, "LibreOffice is needed"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for edition in EDITIONS:
            (folder / f"{edition}.xlsx").write_bytes(workbook.write(sound(edition)))
        for ending in endings:
            command = [program, f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", "--convert-to", ending,  # noqa: E501
                       "--outdir", name, *map(str, folder.glob("*.xlsx"))]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)
            found += [path.read_bytes() for path in folder.glob(f"*.{ending}")]
    return found


def _printed(report: Report, first: int) -> bytes:
    """Return a small PDF of two ruled tables, whose instructions are plain, so that mutations reach them."""
    pages = []
    for plan in list(plan_of(report.edition).tables)[first : first + 2]:
        top, drawn = min(label.top for label in plan.labels), []
        spans = [(label.top, label.left, label.bottom, label.right, label.text) for label in plan.labels]
        spans += [
            (row, left, row, plan.wide.get(key, left), str(report.cells[key]))
            for key, (row, left) in plan.cells.items()
        ]
        for above, left, last, right, text in spans:
            x, y, wide, high = left * 60 + 20, 780 - (last - top) * 18, (right - left + 1) * 60, (last - above + 1) * 18
            size = min(6, (wide - 4) / max(len(text), 1))
            drawn.append(
                f"{x} {y} {wide} {high} re S BT /F {size:.2f} Tf {x + 2} {y + 4} Td <{text.encode('utf-16-be').hex()}> Tj ET"  # noqa: E501
            )
        pages.append("\n".join(drawn).encode())
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/S/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
    )
    font += (
        b"/BaseFont/S/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor"
    )
    font += b"/FontName/S/FontBBox[0 -200 1000 900]/Ascent 880/Descent -120>>>>]>>"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids), font]
    for at, page in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 840]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
            % (5 + 2 * at)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(page), page))
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (at, each) for at, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n0\n%%%%EOF\n" % (len(objects) + 1)


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "package": _workbooks,
    "page": lambda: [published.page(report) for report in _reports()],
    "word": lambda: [published.word(report) for report in _reports()[:3]],
    "text": lambda: [published.text(report) for report in _reports()],
    "pdf": lambda: [_printed(report, first) for report in _reports()[:2] for first in (0, 3)],
    "json": lambda: [workbook.to_json(report) for report in _reports()],
    "grid": lambda: [Random(size).randbytes(size) for size in range(0, 120, 2)],  # noqa: S311
    "foreign": lambda: _exported("xls", "ods"),
}


def grids(data: bytes) -> Document:
    """Return a document of tables in which cells, rows and columns are changed as the bytes say."""
    given = atheris.FuzzedDataProvider(data)
    page = noise.paper(sound(given.PickValueInList(list(EDITIONS))))
    texts = sorted({str(item.value) for item in page.items() if item.role != "number"})
    for _ in range(given.ConsumeIntInRange(0, 30)):
        rows = given.PickValueInList(list(page.tables.values()))
        at, column = given.ConsumeIntInRange(0, len(rows)), given.ConsumeIntInRange(0, 12)
        row = rows[at] if at < len(rows) else []
        match given.ConsumeIntInRange(0, 6):
            case 0:
                rows.insert(at, list(row))
            case 1:
                del rows[at : at + 1]
            case 2:
                row[column:column] = [noise.Item(given.PickValueInList([*_VALUES]))]
            case 3:
                del row[column : column + 1]
            case 4:
                row[column : column + 1] = [noise.Item(given.PickValueInList(texts), role="head")]
            case 5:
                row[column : column + 1] = row[column - 1 : column]
            case _:
                row[column : column + 1] = [
                    noise.Item(given.PickValueInList([*_VALUES, given.ConsumeUnicodeNoSurrogates(9)]))
                ]
    shape, names = given.PickValueInList(list(noise.SHAPES)), given.ConsumeIntInRange(0, 9)
    if not names:
        page.twins.append(("又", page.tables["documents"]))
    blocks = page.document(shape).blocks
    return Document("a", [_placed(block, index) for index, block in enumerate(blocks) if isinstance(block, Grid)])


def _placed(grid: Grid, index: int) -> Grid:
    """Return a grid whose cells have places of their own, the same where a cell spans several positions."""
    made: dict[int, Cell] = {}
    rows = [[made.setdefault(id(cell), Cell(cell.value, Place(f"{index}", f"{r} {c}"), textual=cell.textual))
             for c, cell in enumerate(row)] for r, row in enumerate(grid.rows)]  # fmt: skip
    return Grid(grid.name, rows, grid.aligned)


def stored(data: bytes, sheets: set[str]) -> dict[object, object] | None:
    """Return what openpyxl reads in the cells of some sheets; ``None`` where it cannot open the workbook."""
    cells: dict[object, object] = {}
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for name in sheets:
                for row in book[name].iter_rows():
                    cells |= {Place(name, cell.coordinate): cell.value for cell in row if cell.value is not None}
    except Exception:  # noqa: BLE001 - it may raise anything
        return None
    return cells

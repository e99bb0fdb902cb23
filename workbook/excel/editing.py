"""A user's own workbook in the hands of openpyxl, from bytes to bytes: no temporary file, which a full disk refuses."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook

    from workbook.excel.reading.package import Package


def opened(package: Package) -> Workbook:
    """Return a workbook as openpyxl opens it, with its macros where its name says that it has some.

    Raises:
        Unreadable: a part is in another encoding, or damaged; openpyxl parses more of them than the reader does.
    """
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(package.whole()), keep_vba=package.file.lower().endswith(".xlsm"))


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class Writer(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            """Do what openpyxl does, and write the sheet to memory."""
            ws._drawing = SpreadsheetDrawing()  # noqa: SLF001 - openpyxl's writer is among its private parts
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # noqa: SLF001 - same
            writer: Any = WorksheetWriter(ws, io.BytesIO())
            writer.write()
            ws._rels = writer._rels  # noqa: SLF001 - same
            archive.writestr(ws.path[1:], writer.out.getvalue())
            self.manifest.append(ws)

    stream = io.BytesIO()
    book.properties.modified = dt.datetime.now(tz=dt.UTC).replace(tzinfo=None)
    with zipfile.ZipFile(stream, "w") as archive:  # stored, for all of it is packed at last
        Writer(book, archive).save()
    return stream.getvalue()

"""The add-in: its modules as text, and the workbook that holds them."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from pyopenvba.apps.excel import ExcelApplication


def body(source: str) -> list[str]:
    """Return the lines of a module without what readers show differently: attributes and blanks at the end."""
    lines = [line.rstrip() for line in source.replace("\r\n", "\n").split("\n") if not line.startswith("Attribute ")]
    return "\n".join(lines).strip().split("\n")


def opened(path: Path) -> ExcelApplication:
    """Open an add-in in pyOpenVBA's interpreter, as if where it lies, without its modules."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(_narrow(path.read_bytes()))
        app = ExcelApplication.open(copy, with_vba=False)
    app.workbook.path = str(path.parent)
    return app


@lru_cache(maxsize=4)
def _narrow(data: bytes) -> bytes:
    """Return an add-in whose sheet formats no columns: nobody sees it, and the interpreter takes long over 16384."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, re.sub(rb"<cols>.*?</cols>", b"", part) if "worksheets/" in name else part)
    return stream.getvalue()

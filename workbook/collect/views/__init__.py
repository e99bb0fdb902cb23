"""Views of a collection: its standing for people and programs, and everything about one unit.

One door to every format in which ``status`` gives it, as ``workbook.output`` has it for ``check``; ``pages`` writes the
folder of pages, ``show`` tells of one unit. What people read is printable, whoever wrote it; programs get it as it was.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from workbook.output import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.collect.views.status import Overview
    from workbook.report import Lang

View = Literal["text", "csv", "json", "xlsx"]

VIEWS: Mapping[View, Written] = MappingProxyType(
    {
        "text": Written((".txt",), "text"),
        "csv": Written((".csv",), "csv_table", mark=b"\xef\xbb\xbf"),
        "json": Written((".json",), "json"),
        "xlsx": Written((".xlsx",), "xlsx"),
    }
)
"""The one table of the formats that are one file; ``html`` is many, which ``pages`` writes."""


def render(form: View, overview: Overview, lang: Lang, columns: int = 0) -> bytes:
    """Return what a collection stands like as the bytes of a file of that format; text is UTF-8.

    ``columns`` is the width of the terminal that ``text`` is for; 0 where it is for none.
    """
    data: bytes = import_module(f"{__name__}.{VIEWS[form].module}").render(
        overview, lang, **({"columns": columns} if form == "text" else {})
    )
    return data

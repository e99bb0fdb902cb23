"""Charts as pictures for Word, which shows no SVG without one; Typst draws them, with the fonts of a PDF."""

from __future__ import annotations

from importlib.util import find_spec

from workbook.extras import install
from workbook.publish.geometry import PICTURE
from workbook.report import Unreadable, make_finding

_SOURCE = (
    b"#set page(width: auto, height: auto, margin: 0pt)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.wide) * 1pt)\n'
)
_DOTS = 200
"""Dots an inch: sharp in print, some 30 kB a chart."""


def png_of(svg: bytes) -> bytes:
    """Return a chart as a PNG.

    Raises:
        Unreadable: the library that draws it is not installed.
    """
    if find_spec("typst") is None:
        raise Unreadable(make_finding("file.charts_need_library", library="typst", install=install("pdf")))
    import typst

    from workbook.publish.pdf import fonts_here

    inputs = {"svg": svg.decode(), "wide": str(PICTURE)}
    return bytes(typst.compile(_SOURCE, format="png", ppi=_DOTS, font_paths=fonts_here(), sys_inputs=inputs))

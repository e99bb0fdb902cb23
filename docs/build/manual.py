"""Makes the made part of the manual, and the drawing of the ribbon in it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

from parts import fill, table

from workbook.excel.template.styles import lines
from workbook.form import load_form
from workbook.resources import editions, template_file
from xlplugin.addin.build import RIBBONS, ribbon
from xlplugin.addin.definition import load_definition

DOCS = Path(__file__).resolve().parents[1]


def source() -> str:
    """Return the text of the manual, with the table of the editions as the forms have it."""
    text = (DOCS / "使用手册.md").read_text(encoding="utf-8")
    rows = []
    for form in map(load_form, editions()):
        years = range(form.first_year, (form.last_year or form.first_year) + 1)
        listed = "、".join(map(str, years)) if form.last_year else f"{form.first_year} 及以后"
        template = template_file(form.edition).rpartition("/")[2]
        rows.append((listed, f"`{template}`", form.authority))
    return fill(text, {"editions": table(("报告年度", "用哪个模板", "依据"), rows)})


_TALL, _LARGE, _ROW, _EDGE = 118, 76, 26, 10
_FONT = "'Microsoft YaHei','Noto Sans CJK SC',sans-serif"


def drawing() -> bytes:
    """Return a drawing of the ribbon as SVG, made from the XML that the add-in carries."""
    namespace = RIBBONS["customUI/customUI14.xml"][0]
    tab = ET.fromstring(ribbon(load_definition(), namespace)).find(f".//{{{namespace}}}tab")  # noqa: S314 - our own XML
    if tab is None:
        raise LookupError("the ribbon has no tab")
    left, parts = _EDGE, [_text(_EDGE + 8, 20, tab.get("label", ""), "13", "#1f4e79", weight="bold")]
    for group in tab:
        drawn, width = _group(list(group), left)
        parts += [drawn, _text(left + width / 2, _TALL + 24, group.get("label", ""), "11", "#667", anchor="middle")]
        left += width + 2 * _EDGE
        parts.append(f'<line x1="{left - _EDGE}" y1="34" x2="{left - _EDGE}" y2="{_TALL + 26}" stroke="#d0d7de"/>')
    height = _TALL + 35
    whole = f'<rect x="0.5" y="0.5" width="{left - 1}" height="{_TALL + 34}" fill="#fbfcfd" stroke="#c4ccd4"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left:g} {height}" width="{left:g}" height="{height}" '
        f'font-family="{_FONT}">{whole}{"".join(parts)}</svg>\n'
    ).encode()


def _group(buttons: list[ET.Element], left: float) -> tuple[str, float]:
    """Draw a group: large buttons first, the others in columns of three; return it and its width."""
    parts, across = [], left
    large = [button for button in buttons if button.get("size") == "large"]
    for button in large:
        parts.append(_icon(across + _LARGE / 2 - 16, 38, 32, button))
        parts.append(_text(across + _LARGE / 2, 92, button.get("label", ""), "12", "#222", anchor="middle"))
        across += _LARGE
    small = [button for button in buttons if button not in large]
    for start in range(0, len(small), 3):
        column = small[start : start + 3]
        for index, button in enumerate(column):
            parts.append(_icon(across, 38 + index * _ROW, 16, button))
            parts.append(_text(across + 22, 51 + index * _ROW, button.get("label", ""), "12", "#222"))
        across += 34 + 6.2 * max(lines(button.get("label", ""), 2) for button in column) * 1.05
    return "".join(parts), across - left


def _icon(x: float, y: float, size: int, button: ET.Element) -> str:
    """Draw a stand-in for Office's own picture."""
    letter = button.get("label", "")[:1]
    return f'<rect x="{x:g}" y="{y:g}" width="{size}" height="{size}" rx="3" fill="#dce9f5" stroke="#7fa8cf"/>' + _text(
        x + size / 2, y + size * 0.72, letter, f"{size * 0.55:g}", "#1f4e79", anchor="middle"
    )


def _text(
    x: float, y: float, words: str, size: str, colour: str, *, anchor: str = "start", weight: str = "normal"
) -> str:
    attributes = f'x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {attributes}>{escape(words)}</text>"

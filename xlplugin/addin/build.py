"""Builds ``nianbao.xlam`` without Excel, byte for byte the same every time.

The start is the add-in that xlwings itself ships, which is known to open in Excel: its two modules and its class give
way to ours, its sheet to ours, and both parts that hold a ribbon are put in.
"""

from __future__ import annotations

import inspect
import io
import re
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from workbook import __version__
from workbook.excel.template.build import EPOCH
from workbook.extras import install
from xlplugin.addin.definition import Button, Definition, load_definition
from xlplugin.addin.diagnose import XLWINGS
from xlplugin.addin.project import disown, with_identity
from xlplugin.addin.vba import (
    CAUSE_COLUMN,
    FUNCTION_COLUMN,
    FUNCTIONS,
    PROJECT,
    PYTHON,
    RIBBON,
    SEPARATOR,
    SHEET,
    TEXT_COLUMN,
    BuildError,
    functions_module,
    python_module,
    ribbon_module,
)
from xlplugin.excel import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RIBBONS = {
    "customUI/customUI.xml": (
        "http://schemas.microsoft.com/office/2006/01/customui",
        "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
    ),
    "customUI/customUI14.xml": (
        "http://schemas.microsoft.com/office/2009/07/customui",
        "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    ),
}
"""The parts that hold a ribbon, with their namespace and the type of their relationship: Excel 2007, and 2010 on."""

_NEWER = RIBBONS["customUI/customUI14.xml"][0]

_START = "quickstart_addin_ribbon.xlam"
_START_SHEET = "_myaddin.conf"
_START_MODULES = {"xlwings": FUNCTIONS, "RibbonMyAddin": RIBBON, "Dictionary": PYTHON}
"""What becomes of the modules that xlwings' add-in has; the last one is a class."""


def build() -> bytes:
    """Return the add-in.

    Raises:
        BuildError: xlwings or pyOpenVBA is missing, or of a version that the add-in cannot be made from.
    """
    shown = load_definition()
    return _package(_with_modules(shown), shown)


def signatures() -> dict[str, list[str]]:
    """Return the parameters of the functions of the worksheet, an optional one with ``?`` behind it."""
    from xlplugin import udfs

    found = {}
    for function in load_definition().functions:
        parameters = inspect.signature(getattr(udfs, function.name)).parameters.values()
        found[function.name] = [
            item.name + ("?" if item.default is not inspect.Parameter.empty else "") for item in parameters
        ]
    return found


def _with_modules(shown: Definition) -> bytes:
    """Return xlwings' add-in with our modules."""
    try:
        from pyopenvba import ExcelFile
    except ImportError as error:
        raise BuildError("pyOpenVBA is not installed: pip install pyOpenVBA==6.5.0") from error
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise BuildError(f"xlwings is not installed: {install('excel')}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{PROJECT}.xlam"
        path.write_bytes((Path(spec.origin).parent / _START).read_bytes())
        with ExcelFile(path) as file:
            project, theirs = file.vba_project(), file.get_module("xlwings")
            made = {
                FUNCTIONS: functions_module(shown, signatures()),
                RIBBON: ribbon_module(shown, __version__),
                PYTHON: python_module(shown, theirs, XLWINGS),
            }
            for was, name in _START_MODULES.items():
                project.rename_module(was, name)
                file.set_module(name, made[name])
            disown(file)
            file.save()
        return path.read_bytes()


def _package(start: bytes, shown: Definition) -> bytes:
    """Return the package with our sheet and ribbons, in a fixed order and with fixed dates."""
    with zipfile.ZipFile(io.BytesIO(start)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = _workbook(parts["xl/workbook.xml"].decode())
    parts["xl/vbaProject.bin"] = with_identity(parts["xl/vbaProject.bin"])
    parts["xl/worksheets/sheet1.xml"] = _sheet(parts["xl/worksheets/sheet1.xml"].decode(), shown)
    parts["docProps/core.xml"] = _CORE.encode()
    for name, (namespace, _) in RIBBONS.items():
        parts[name] = ribbon(shown, namespace).encode()
    parts["_rels/.rels"] = _relations(parts["_rels/.rels"].decode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            archive.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), parts[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _workbook(xml: str) -> bytes:
    """Return the part of the workbook with our sheet's name, and without the folder it was made in."""
    xml, named = re.subn(f'name="{re.escape(_START_SHEET)}"', f'name="{SHEET}"', xml)
    xml, _ = re.subn(r"<mc:AlternateContent.*?</mc:AlternateContent>", "", xml, flags=re.DOTALL)
    if named != 1:
        raise BuildError(f"xlwings' add-in has no sheet {_START_SHEET}")
    return xml.encode()


def _sheet(xml: str, shown: Definition) -> bytes:
    """Return the sheet with texts and the help of the functions in its cells."""
    rows: dict[int, dict[int, str]] = {}
    for column, lines in (
        (TEXT_COLUMN, shown.texts.items()),
        (FUNCTION_COLUMN, [(f.name, f.help, SEPARATOR.join(f.arguments.values())) for f in shown.functions]),
        (CAUSE_COLUMN, [(cause.words, cause.remedy) for cause in shown.causes]),
    ):
        for row, values in enumerate(lines, 1):
            for across, value in enumerate(values):
                rows.setdefault(row, {})[column + across] = value
    data = "".join(f'<row r="{row}">{"".join(_cells(row, rows[row]))}</row>' for row in sorted(rows))
    xml, filled = re.subn(
        r"<sheetData>.*</sheetData>", lambda _: f"<sheetData>{data}</sheetData>", xml, flags=re.DOTALL
    )
    xml, sized = re.subn(r'<dimension ref="[^"]*" ?/>', "", xml)
    if filled != 1 or sized != 1:
        raise BuildError("xlwings' add-in has another kind of sheet")
    return xml.encode()


def _cells(row: int, values: dict[int, str]) -> Iterable[str]:
    for column in sorted(values):
        if values[column]:
            text = escape(values[column])
            yield f'<c r="{chr(64 + column)}{row}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def ribbon(shown: Definition, namespace: str) -> str:
    """Return the XML of the ribbon in one of Office's two namespaces; the older one knows no menus of cells."""
    groups = "".join(
        f'<group id="nianbao.{group.key}" label={quoteattr(group.label)}>{_buttons(group.buttons)}</group>'
        for group in shown.groups
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{namespace}" onLoad="{RIBBON}.NbOnLoad"><ribbon><tabs>'
        f'<tab id="nianbao" label={quoteattr(shown.tab)} keytip="{shown.keytip}">{groups}</tab></tabs></ribbon>'
        f"{_menu(shown) if namespace == _NEWER else ''}</customUI>"
    )


def _menu(shown: Definition) -> str:
    """Return what the menu of a cell has of ours."""
    buttons = {button.macro: button for button in shown.buttons}
    items = "".join(
        f'<button id="nianbao.menu.{macro}" label={quoteattr(f"{TITLE}：{buttons[macro].label}")} '
        f'imageMso="{buttons[macro].image}" onAction="{RIBBON}.{buttons[macro].sub}" />'
        for macro in shown.menu
    )
    separator = '<menuSeparator id="nianbao.menu" />'
    return f'<contextMenus><contextMenu idMso="ContextMenuCell">{separator}{items}</contextMenu></contextMenus>'


def _buttons(buttons: Sequence[Button]) -> str:
    return "".join(
        f'<button id="nianbao.{button.macro}" label={quoteattr(button.label)} imageMso="{button.image}" '
        f'size="{"large" if button.large else "normal"}" onAction="{RIBBON}.{button.sub}" '
        f'keytip="{button.keytip}" screentip={quoteattr(button.tip)} supertip={quoteattr(button.help)} />'
        for button in buttons
    )


def _relations(xml: str) -> bytes:
    """Return the relationships of the package with those of both ribbons, in place of the one that was there."""
    xml, gone = re.subn(r'<Relationship [^>]*Target="customUI/[^>]*>', "", xml)
    if gone != 1:
        raise BuildError("xlwings' add-in has no ribbon, or several")
    added = "".join(
        f'<Relationship Id="nianbaoRibbon{index}" Type="{kind}" Target="{name}" />'
        for index, (name, (_, kind)) in enumerate(RIBBONS.items(), 1)
    )
    return xml.replace("</Relationships>", f"{added}</Relationships>").encode()


_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f"<dc:title>年报工具箱 {__version__}</dc:title><dc:creator>nianbao</dc:creator>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2021-09-26T00:00:00Z</dcterms:created></cp:coreProperties>'
)

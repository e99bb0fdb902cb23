"""The styles of a published Word document, by their names: what the office changes in its 底稿.docx is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.carriers.word.looks import TEXT_STYLE
from workbook.publish import geometry as g

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY = TEXT_STYLE
TITLE, OPENING, SIGNATURE, DATE, CODE = "年报标题", "年报开头", "年报落款", "年报日期", "年报校验码"
HEADINGS = {1: "年报一级标题", 2: "年报二级标题", 3: "年报三级标题"}
NUMBERS = {2: "年报二级序号", 3: "年报三级序号", 4: "年报四级序号"}
"""Styles of letters: the beginning of a line of a text that has the number of a heading in it."""
TABLE, GAP, FOOTER = "年报表格", "年报表距", "年报页码"
HEAD, LABEL, FIGURE = "年报表头", "年报表栏", "年报数字"
DENSE = {HEAD: "年报密表头", LABEL: "年报密表栏", FIGURE: "年报密表数字"}
"""The same of tables with many columns."""
TIGHT = {HEAD: "年报双年表头", LABEL: "年报双年表栏", FIGURE: "年报双年表数字"}
"""The same of such tables that have each of their lines for two years."""

SONG, FANG, HEI, KAI, BIAOSONG = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
LATIN = "Times New Roman"
SECOND_FONTS = {
    FANG: "仿宋_GB2312,FangSong,STFangsong,FandolFang",
    KAI: "楷体_GB2312,KaiTi,STKaiti,FandolKai",
    HEI: "SimHei,STHeiti,FandolHei",
    BIAOSONG: "小标宋体,华文中宋,宋体,SimSun",
    SONG: "SimSun,STSong,FandolSong",
}
"""What a program takes where it has not the font: in the font table of the document, in this order."""


def twips(points: float) -> int:
    """Return a length in twentieths of a point."""
    return round(points * 20)


@dataclass(frozen=True, slots=True)
class _Style:
    """A style of paragraphs or letters; lengths in points, ``indent`` and ``right`` in characters of its type."""

    font: str = FANG
    size: float = g.TYPE
    pitch: float = g.PITCH
    align: str = "both"
    indent: int = 0
    right: int = 0
    before: float = 0
    after: float = 0
    tighter: float = g.TIGHTER
    level: int = 0
    next: bool = False


_HEAD = _Style(HEI, g.TABLE, g.TABLE_PITCH, "center", tighter=0, next=True)
_LABEL = _Style(SONG, g.TABLE, g.TABLE_PITCH, "left", tighter=0)
_CELLS = {HEAD: _HEAD, LABEL: _LABEL, FIGURE: replace(_LABEL, align="center")}
_PARAGRAPHS = {
    TITLE: _Style(BIAOSONG, g.TITLE, g.TITLE_PITCH, "center", after=g.PITCH, tighter=0),
    OPENING: _Style(indent=2),
    BODY: _Style(indent=2),
    HEADINGS[1]: _Style(HEI, indent=2, level=1, next=True),
    HEADINGS[2]: _Style(KAI, indent=2, level=2, next=True),
    HEADINGS[3]: _Style(indent=2, level=3, next=True),
    SIGNATURE: _Style(align="right", right=2, before=g.PITCH, next=True),
    DATE: _Style(align="right", right=4),
    CODE: _Style(SONG, g.SMALL, 14, "left", before=g.PITCH, tighter=0),
    **_CELLS,
    **{DENSE[name]: replace(style, size=g.DENSE, pitch=g.DENSE_PITCH) for name, style in _CELLS.items()},
    **{TIGHT[name]: replace(style, size=g.TIGHT, pitch=g.TIGHT_PITCH) for name, style in _CELLS.items()},
    GAP: _Style(size=4, pitch=6, tighter=0),
    FOOTER: _Style(SONG, g.NUMBER, 18, "left", indent=1, right=1, tighter=0),
}
_LETTERS = {NUMBERS[2]: KAI, NUMBERS[3]: FANG, NUMBERS[4]: FANG}
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DEFAULTS = f"""<w:styles {_NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{FANG}" w:cs="{LATIN}"/><w:sz w:val="32"/><w:szCs w:val="32"/>
<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
<w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>
<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>"""


def defaults() -> Any:
    """Return the element of styles of a new document; the kit's own are not in it."""
    from docx.oxml import parse_xml

    return parse_xml(_DEFAULTS)


def add_styles(styles: Any) -> Mapping[str, str]:
    """Add the styles that a document lacks to its element of styles, and return the identifier of each by its name."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    there = {style.find(qn("w:name")).get(qn("w:val")): style.get(qn("w:styleId"))
             for style in styles.iterchildren(qn("w:style")) if style.find(qn("w:name")) is not None}  # fmt: skip
    taken = {style.get(qn("w:styleId")) for style in styles.iterchildren(qn("w:style"))}
    names: dict[str, str] = {}
    for number, (name, content) in enumerate(_contents().items(), 1):
        if name in there:
            names[name] = there[name]
            continue
        names[name] = next(each for more in range(len(taken) + 1) if (each := f"NB{number + 100 * more}") not in taken)
        taken.add(names[name])
        kind, rest = content
        styles.append(parse_xml(
            f'<w:style {_NAMESPACE} w:type="{kind}" w:customStyle="1" w:styleId="{names[name]}">'
            f'<w:name w:val="{name}"/><w:uiPriority w:val="{number}"/><w:qFormat/>{rest}</w:style>'
        ))  # fmt: skip
    return names


def _contents() -> dict[str, tuple[str, str]]:
    """Return kind and properties of each style by its name."""
    found = {name: ("paragraph", _paragraph(style)) for name, style in _PARAGRAPHS.items()}
    found |= {name: ("character", f"<w:rPr>{fonts(font)}</w:rPr>") for name, font in _LETTERS.items()}
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{twips(width)}" w:type="dxa"/>'
        for side, width in (("top", g.PADDING), ("left", g.INSET), ("bottom", g.PADDING), ("right", g.INSET))
    )
    table = f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
    return found | {TABLE: ("table", f"{table}<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>")}


def fonts(font: str, latin: str = LATIN) -> str:
    """Return the element that names the fonts of letters."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}"/>'


def _paragraph(style: _Style) -> str:
    """Return the properties of a style of paragraphs; nothing is left to the defaults of the document."""
    size, indent = round(style.size * 2), twips(style.size)
    keep = "<w:keepNext/>" if style.next else ""
    level = f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else ""
    tighter = f'<w:spacing w:val="-{twips(style.tighter)}"/>' if style.tighter else '<w:spacing w:val="0"/>'
    return (
        f'<w:pPr>{keep}<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{twips(style.before)}" w:after="{twips(style.after)}" w:line="{twips(style.pitch)}" '
        f'w:lineRule="exact"/><w:ind w:left="0" w:rightChars="{style.right * 100}" w:right="{style.right * indent}" '
        f'w:firstLineChars="{style.indent * 100}" w:firstLine="{style.indent * indent}"/>'
        f'<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f'<w:rPr>{fonts(style.font)}<w:b w:val="0"/>{tighter}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    )

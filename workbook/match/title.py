"""The title of a report: whose it is, and of which year.

A title may stand on several lines and may be broken anywhere. A sentence that names a report is no title, and a name is
taken only where it is sure: a wrong one would be compared with last year's, and printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.form import load_form
from workbook.match.grid import Grid
from workbook.match.rows import is_blank, once
from workbook.match.signature import signed
from workbook.match.texts import lines
from workbook.records import dataclass
from workbook.report import make_finding
from workbook.report.folding import folded
from workbook.report.limits import YEARS
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.match.grid import Cell, Document, TextLine
    from workbook.report import Finding, Place

_LIMIT = 80
"""Characters of a title."""
_MOST = 4
"""Lines of a title."""

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_NUMERALS = str.maketrans("〇○零ＯO一二三四五六七八九", "00000123456789")
_YEAR = expression(r"(20[0-9]{2}|二[〇○零ＯO0][〇○零ＯO一二三四五六七八九]{2})(?:年度|年|度)?")
_BRACKETS = expression(r"[(（\[【〔][)）\]】〕]|[(（][^()（）]{1,12}[)）]$")
"""Brackets from which the year was taken, and a remark at the end, such as 公开稿."""
_TITLE = expression(
    r"(?:^《?|[：:>»|｜])(?:关于)?(?P<name>[^\W\d_]*?(?:[（(][^\W\d_]+[)）][^\W\d_]*?)?)(?:关于|的)?"
    r"(?:政府)?信息公开(?:工作)?(?:情况)?的?(?:年度|年)?(?:工作)?(?:情况)?的?报告》?(?:[-—_–|｜].*)?$"
)
_SENTENCE = expression(r"[，。；！？,;!?]|[^《]《|》.")

_SAYS = expression(
    r"^(?:现|特|兹)(?:公布|发布|公开|编制|将|予|把|就|向|此)|^(?:公布|发布|公开|印发|转发|根据|依据|依照|按照|遵照|由|为|经|请)"
    r"|要求|做好|收到|完成|开展|编制|撰写|起草|(?:公布|发布|公开|公示|印发|制定|编写|推出|报送|形成|查看|下载)$"
    r"|^(?:点击|查看|下载|附件|打印|关闭|分享|通知公告|标题|名称|信息名称|索引号|来源|发布机构)"
    r"|^(?:网站)?首页|^政[务府](?:信息)?公开|^(?:您的?)?当?前?位置"
)
"""What shows that words before a title are a sentence, or of the page around it."""
_NO_NAME = expression(r"(?:全|我|本|各)(?:省|市|县|区|州|盟|旗|镇|乡|街道|局|委|办|厅|部|单位|机关|部门|级)?")
_PLACE = expression(r"国家|中国|中共|[一-龥]{1,8}?(?:[省市县区州盟旗镇乡]|街道)")
_OFFICE = expression(
    r".*(?:政府|[局委办厅部院署所站社处队中心校会馆镇乡]|街道|公司|集团|大学|学院|开发区|园区|总队|银行)(?:[(（][^()（）]+[)）])?"
)
_PIECE = 2
"""Characters of a line that may be a piece of a word."""
_CUT = expression(r"[和与及、的]$|[(（][^)）]*$")
"""The end of a line that must go on."""
_PAGE = expression(
    "页|网|公开$|公开目录|公开指南|年报|报告|目录$|索引|字[体号]|打印|分享|大中小|扫|专栏|栏目|日期|时间|来源|浏览|点击|阅读|附件|正文|返回"
    "|登录|注册|搜索|无障碍|繁|长者|走进|魅力|概况|要闻|动态|互动|问答|标题|主题|分类|文号|下载|关闭|收藏|位置"
)
"""Words of the page around a report."""
_DRAFT = "草稿"
"""What the kit writes above the title of a draft: no piece of a name."""
_BEGINS = expression(r"[一二三四五六七八九十]、")
"""Where the text begins: at the first heading."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says, and where it stands."""

    name: str | None
    year: int
    place: Place

    @property
    def places(self) -> Iterator[tuple[str, Place]]:
        """The places of the answers that it gives."""
        yield from ((key, self.place) for key in ("name", "year") if key != "name" or self.name)


def title(document: Document) -> tuple[Title | None, tuple[Finding, ...]]:
    """Return the title of a document, and what is to be told where others in it say otherwise.

    It is the last one before the text, since above it a page may list other reports; where none stands there, the
    first one at all. A name that it lacks is taken from a title of the same year. Without any, what stands beside the
    form's own questions counts, as on a cover.
    """
    found = [line for line in lines(document) if line.text.strip() != _DRAFT]
    begins = next((at for at, line in enumerate(found) if _BEGINS.match(line.text.strip())), 0)
    titles = list(_titles(found[:begins]))
    titles = titles[::-1] or list(_titles(found[begins:])) or list(_answers(document))
    if sure := _signed(found, begins):
        own, places = sure
        others = [each for each in titles if each.place not in places and each.name]
        return own, tuple(_told(own, [each for each in others if (each.name, each.year) != (own.name, own.year)]))
    if not titles:
        return None, ()
    first = next((each for each in titles if each.year == titles[0].year and each.name), titles[0])
    others = [each for each in titles if each.year != first.year or (each.name or first.name) != first.name]
    return first, tuple(_told(first, others))


def _signed(found: Sequence[TextLine], begins: int) -> tuple[Title, list[Place]] | None:
    """Return the title that has just the name by which a report of the kit is signed, and its places.

    What stands above it is not asked then, and any letters may be in the name.
    """
    words = [load_form(edition).publication for edition in editions()]
    names = signed(found)
    above = "".join(folded(line.text) for line in found[:begins]) if names else ""
    years = [year for year in YEARS if str(year) in above]
    for name in names:
        ends = {folded(each.title_of(name, year)): year for each in words for year in years}
        for start, line in enumerate(found[:begins]):
            text, at = folded(line.text), start
            while text not in ends and at + 1 < begins and any(end.startswith(text) for end in ends):
                at += 1
                text = folded("".join(each.text for each in found[start : at + 1]))
            if text in ends:
                return Title(name, ends[text], line.place), [each.place for each in found[start : at + 1]]
    return None


def says_draft(document: Document, head: Title | None) -> bool:
    """Say whether a document says that it is a draft: just above its title, or in its first line.

    A text that has the word in it, or in a line of its own, stands below.
    """
    found = [line for line in lines(document) if line.text.strip()]
    drafts = [at for at, line in enumerate(found) if line.text.strip() == _DRAFT and not line.exact]
    return any(at == 0 or (head and found[at + 1 : at + 2] and found[at + 1].place == head.place) for at in drafts)


def _answers(document: Document) -> Iterator[Title]:
    """Yield what stands beside the labels of office and year, as on the cover of the template."""
    asked = {form.field(key).label: key for form in map(load_form, editions()) for key in ("name", "year")}
    answers: dict[str, Cell] = {}
    for row in (row for block in document.blocks if isinstance(block, Grid) for row in block.rows):
        filled = [cell for cell in once(row) if not is_blank(cell)]
        if len(filled) > 1 and filled[0].text.strip() in asked:
            answers.setdefault(asked[filled[0].text.strip()], filled[1])
    year = answers["year"].text.strip() if "year" in answers else ""
    if re.fullmatch("20[0-9]{2}", year) and int(year) in YEARS:
        name = answers.get("name")
        yield Title(name.text.strip() if name else None, int(year), (name or answers["year"]).place)


def _told(first: Title, others: Sequence[Title]) -> Iterator[Finding]:
    if others:
        shown = dict.fromkeys(_shown(each) for each in others)
        at = f"{first.place.sheet} {first.place.address}".strip()
        yield make_finding("body.titles", "name", taken=_shown(first), place=at, others="、".join(shown))


def _shown(each: Title) -> str:
    return f"“{each.name or ''}{each.year}年”"


def _titles(found: Sequence[TextLine]) -> Iterator[Title]:
    """Yield the titles among lines: of the windows that end at a line, the shortest that is one, with its name."""
    for end in range(len(found)):
        for start in range(end, max(-1, end - _MOST), -1):
            if not _may_belong(found[start], found[end]):
                break
            read = _read(found[start : end + 1])
            if read:
                name, begin = _whole(found, start, end, read[0])
                yield Title(name, read[1], found[begin].place)
                break


def _may_belong(line: TextLine, last: TextLine) -> bool:
    """Say whether a line may be one of the lines of a title that ends with another."""
    return line.run == last.run and bool(line.text.strip()) and not _SENTENCE.search(line.text)


def _read(window: Sequence[TextLine]) -> tuple[str, int] | None:
    """Return the name and the year in a title on some lines; ``None`` where they are none."""
    text = "".join("".join(line.text.split()) for line in window)
    if len(text) > _LIMIT:
        return None
    text = text.translate(_DIGITS)
    years = list(_YEAR.finditer(text))
    if len(years) != 1:
        return None
    (at,) = years
    year = int(at[1].translate(_NUMERALS).replace("二", "2"))
    match = _TITLE.search(_BRACKETS.sub("", text[: at.start()] + text[at.end() :]))
    if not match or year not in YEARS or _SAYS.search(match["name"]):
        return None
    name = match["name"]
    return name + "政府" if name.endswith("人民") else name, year


def _whole(found: Sequence[TextLine], start: int, end: int, name: str) -> tuple[str | None, int]:
    """Return the name in a title with what stands of it on the lines above, and the first of its lines.

    There is no name where it is not sure.
    """
    for above in range(start - 1, max(-1, start - _MOST), -1):
        longer = _read(found[above : end + 1]) if _may_belong(found[above], found[end]) else None
        if not longer:
            break
        text = "".join(found[above].text.split())
        if _goes_on(text, name, same=found[above].part == found[start].part):
            name, start = longer[0], above
        elif not name or _is_whole(name, text):
            break
        else:
            return None, start
    sure = len(name) > 1 and not _NO_NAME.fullmatch(name) and _is_closed(name)
    return name if sure else None, start


def _goes_on(above: str, name: str, *, same: bool) -> bool:
    """Say whether the line above a title is surely the beginning of the name in it."""
    if _CUT.search(above):
        return True
    if _PAGE.search(above):
        return False
    if same:
        return not name.startswith(above)
    if not name:
        return bool(_OFFICE.fullmatch(above))
    return bool(_PLACE.match(above)) and not _OFFICE.fullmatch(above) and not _PLACE.match(name)


def _is_whole(name: str, above: str) -> bool:
    """Say whether a name is surely no more than that, whatever stands above it: it begins with a place of its own."""
    begun = _PLACE.match(above) and not _OFFICE.fullmatch(above) and not _PAGE.search(above)
    return bool(_PLACE.match(name)) and not begun and len(above) > _PIECE


def _is_closed(name: str) -> bool:
    """Say whether no half of a pair of brackets is missing."""
    return sum(map(name.count, "(（")) == sum(map(name.count, ")）"))

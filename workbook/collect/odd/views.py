"""What looks odd, for people and programs: text, CSV, JSON, a workbook. What others wrote is made printable."""

from __future__ import annotations

import csv
import io
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from workbook.collect.reading import KIT
from workbook.collect.views.json import printed
from workbook.collect.views.words import shown_time
from workbook.excel.findings_sheet import TINTS
from workbook.excel.template.build import EPOCH
from workbook.intake.results import RESULT
from workbook.output.csv_table import without_formula
from workbook.output.sheets import table
from workbook.output.wrap import hung
from workbook.printable import printable
from workbook.report.findings import entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.odd.odd import Odd
    from workbook.report import Lang

View = Literal["text", "csv", "json", "xlsx"]
WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "title": "{year} 年度年报异常提示",
            "as_of": "截至 {at}（北京时间）· 年报工具箱 {kit}",
            "compared": "比较了 {reports} 个单位的报告，其中 {earlier} 个有往年的可以对照。",
            "told": "{units} 个单位有 {count} 处提示，最值得看的在前面。提示不是错误，请核实。",
            "nothing": "没有看出异常。",
            "sheet": "异常提示",
            "id": "单位ID",
            "name": "名称",
            "code": "代号",
            "what": "提示",
            "message": "内容",
            "hint": "怎么办",
            "others": "相像的单位",
            "bits": "分量（比特）",
        },
        "en": {
            "title": "What looks odd in the reports of {year}",
            "as_of": "as of {at} (Beijing time) · nianbao {kit}",
            "compared": "Reports compared: {reports}; with earlier years beside them: {earlier}.",
            "told": "{count} warnings of {units} units, the strongest first. A warning is no error: look into it.",
            "nothing": "Nothing looks odd.",
            "sheet": "异常提示",
            "id": "Unit ID",
            "name": "Name",
            "code": "Code",
            "what": "Warning",
            "message": "What",
            "hint": "What to do",
            "others": "Like the units",
            "bits": "Weight (bits)",
        },
    }
)
COLUMNS = {"id": 12, "name": 26, "what": 20, "message": 64, "hint": 44, "others": 20, "bits": 12, "code": 12}
"""The columns of a table, and how wide they are in characters."""
MARKS: Mapping[View, bytes] = MappingProxyType({"csv": b"\xef\xbb\xbf"})
"""What the file of a format begins with: Excel takes a CSV file for UTF-8 only so."""
_GAP = "  "


def render(form: View, odd: Odd, lang: Lang, columns: int = 0) -> bytes:
    """Return what looks odd as the bytes of a file; ``columns`` is the width of the terminal that ``text`` is for."""
    if form == "text":
        return "".join(f"{line}\n" for line in _lines(odd, lang, columns)).encode()
    if form == "json":
        return printed({"kit": KIT, **odd.to_dict(lang)})
    return _csv(odd, lang) if form == "csv" else _xlsx(odd, lang)


def _lines(odd: Odd, lang: Lang, columns: int) -> Iterator[str]:
    words = WORDS[lang]
    yield words["title"].format(year=odd.year)
    yield _as_of(odd, lang)
    yield from hung("", words["compared"].format(reports=odd.reports, earlier=odd.earlier), columns)
    told = words["told"].format(units=len(odd.units), count=len(odd.oddities)) if odd.units else words["nothing"]
    yield from hung("", told, columns)
    for unit, found in odd.units.items():
        yield ""
        yield printable(f"{odd.names[unit]}（{unit}）" if lang == "zh" else f"{odd.names[unit]} ({unit})")
        for each in found:
            yield from hung(_GAP, printable(each.message(lang)), columns)
            yield from hung(f"{_GAP}→ ", printable(each.finding.hint(lang)), columns)


def _as_of(odd: Odd, lang: Lang) -> str:
    return WORDS[lang]["as_of"].format(at=shown_time(odd.at), kit=KIT)


def _rows(odd: Odd, lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield a row an oddity, every text printable."""
    for each in odd.oddities:
        row = {
            "id": each.unit,
            "name": odd.names[each.unit],
            "code": each.finding.code,
            "what": entry(each.finding).words[lang]["title"],
            "message": each.message(lang),
            "hint": each.finding.hint(lang),
            "others": "、".join(each.others),
        }
        yield {key: printable(text) for key, text in row.items()} | {"bits": round(each.bits, 1), "how": "odd"}


def _csv(odd: Odd, lang: Lang) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(WORDS[lang][key] for key in COLUMNS)
    for row in _rows(odd, lang):
        writer.writerow(without_formula(row[key]) for key in COLUMNS)
    return stream.getvalue().encode()


def _xlsx(odd: Odd, lang: Lang) -> bytes:
    from xlsxwriter import Workbook

    words, stream = WORDS[lang], io.BytesIO()
    book = Workbook(stream, {"constant_memory": True})
    title = words["title"].format(year=odd.year)
    book.set_properties({"created": EPOCH, "keywords": RESULT, "title": title, "comments": _as_of(odd, lang)})
    heads = {key: (words[key], wide) for key, wide in COLUMNS.items()}
    sheet = table(book, words["sheet"], heads, _rows(odd, lang), {"odd": {"bg_color": f"#{TINTS['warning']}"}}, "what")
    sheet.set_footer(f"&L{_as_of(odd, lang)}&R&P/&N")
    book.close()
    return stream.getvalue()

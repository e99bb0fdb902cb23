"""Reports for publication, texts that are hard to carry, and what a printed page measures."""

from __future__ import annotations

import io
import random
import zipfile
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from cases import sound

from workbook.report import Report, tidy

LONG_NAME = "某某省某某自治州某某自治县某某经济技术开发区管理委员会办公室"
HARD_TEXTS = {
    "markup": 'A<B & C>D，<b>粗</b>&amp; ]]> {{ 7*7 }} {% raw %} ${x} %s #panic("x") *粗* $a$ \\n `代码` @引 //注',
    "lines": "第一行。\n\n\n隔两个空行，\t制表符\t在此。\n　　已有缩进。\n  半角缩进。\n最后一行。",
    "labels": "结果维持\n单位：万元\n12\n表一\n第 3 页\n无\n公开1件。",
    "numbered": "（一）主动公开。公开一批。\n1.政策。已公开。\n（1）文件。已公开。\n１．全角。\n(2)半角。",
    "formula": "=1+1\n+2\n-3\n@四",
    "places": "【正文】【标题】【机关名称】【成文日期】",
    "rare": "生僻字㙍䶮，①②㈠，“引”‘号’——……，½，é，Ⅳ。",
    "long": "今年以来，本机关依法做好政府信息公开。" * 1600,
}
"""Texts that are hard to carry; each holds for every text of a report."""
ENDINGS = {
    ("word", ""): ".docx",
    ("page", ""): ".html",
    ("fragment", ""): ".html",
    ("text", ""): ".txt",
    ("data", "csv"): ".csv",
    ("data", "xlsx"): ".xlsx",
    ("data", "json"): ".json",
}
"""The files of what is published and read back, by form and part, with their endings."""


def with_texts(edition: str, text: str) -> Report:
    """Return the sound base with the same text in every section that has one."""
    report = sound(edition)
    return replace(report, narrative=dict.fromkeys(report.narrative, tidy(text)))


def longest(edition: str) -> Report:
    """Return a report with long texts of which no two lines are alike, a long name, and nine digits everywhere."""
    chance = random.Random(edition)  # noqa: S311 - any letters do
    report = sound(edition)
    body = replace(report.body, name=LONG_NAME)
    texts = dict.fromkeys(report.narrative) | {key: _prose(chance) for key in report.form.required_texts}
    return replace(report, body=body, narrative=texts).with_cells(dict.fromkeys(report.cells, 999_999_999))


def _prose(chance: random.Random) -> str:
    letters = [chr(code) for code in range(0x4E00, 0x9000, 7)]
    lines = []
    for number in "一二三四五六":
        words = ("".join(chance.choices(letters, k=chance.randint(4, 14))) for _ in range(60))
        lines.append(f"（{number}）" + "，".join(words) + "。")
    return "\n".join(lines)


def rewritten(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a package with other parts, and more of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        held = {name: package.read(name) for name in package.namelist()} | parts
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in held.items():
            target.writestr(name, content)
    return stream.getvalue()


def page_texts(data: bytes) -> list[str]:
    """Return what stands on each page of a PDF, which says nothing of where it stands."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


@dataclass(frozen=True)
class Sheet:
    """A printed page: its lines of body text, and where its letters begin and end, in millimetres from its sides."""

    lines: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float
    words: tuple[str, ...]
    text: str
    """All that stands on it, page numbers too."""


_MM = 72 / 25.4
_OPENS, _CLOSES = "（《“【", "。，、；：）》”】！？"
_TEXT = 16


@lru_cache(20)
def sheets(data: bytes) -> tuple[Sheet, ...]:
    """Return the pages of a PDF as they are measured; page numbers do not count, nor marks that hang over the margin.

    The ink of full-width punctuation fills half of its box.
    """
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return tuple(map(_sheet, pdf.pages))


def _sheet(page: Any) -> Sheet:
    foot = page.height - 30 * _MM
    letters = [letter for letter in page.chars if letter["text"].strip() and letter["bottom"] < foot]
    lines: dict[int, list[Any]] = defaultdict(list)
    for letter in letters:
        if abs(letter["size"] - _TEXT) < 1:
            lines[round(letter["matrix"][5] - 0.5)].append(letter)
    left = min((letter["x0"] + letter["size"] / 2 * (letter["text"] in _OPENS) for letter in letters), default=0)
    right = max((letter["x1"] for letter in letters if letter["text"] not in _CLOSES), default=0)
    texts = ("".join(letter["text"] for letter in sorted(line, key=lambda each: each["x0"])) for line in lines.values())
    return Sheet(
        tuple(texts),
        left / _MM,
        min((letter["top"] for letter in letters), default=0) / _MM,
        (page.width - right) / _MM,
        (page.height - max((letter["bottom"] for letter in letters), default=0)) / _MM,
        tuple(word["text"] for word in page.extract_words() if word["bottom"] < foot),
        page.extract_text(),
    )

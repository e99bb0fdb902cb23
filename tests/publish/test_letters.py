"""Letters as plain Word documents."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from publication import sheets

from workbook.publish.word.plain import document

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

TITLE = "关于退回<年度报告>的函 & 说明"
TEXTS = ["某某市某某局：", "你单位报送的年度报告有 2 处错误，\t请改正。", "=1+1 {{ 7*7 }} ]]>", "一行\n又一行", ""]
TABLE = [["格", "内容", "应为"], ["D6", "三、收到和处理政府信息公开申请情况" * 3, "12"], ["<E7>", "", "=3"]]
CLOSING = ["某某市政务公开办公室", "2026年1月20日"]


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_a_letter_says_what_it_is_given() -> None:
    made = opened(document(TITLE, TEXTS, [TABLE], CLOSING))
    assert [each.text for each in made.paragraphs if each.text or each.style.name == "年报正文"] == [
        TITLE,
        *TEXTS,
        *CLOSING,
    ]
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == TABLE
    assert made.core_properties.title == TITLE
    assert made.paragraphs[0].style.name == "年报标题"


def test_who_is_addressed_stands_flush_left_above_the_texts() -> None:
    made = opened(document(TITLE, TEXTS[1:], closing=CLOSING, addressed=TEXTS[0]))
    assert [each.text for each in made.paragraphs][:3] == [TITLE, *TEXTS[:2]]
    indents = [each._p.xpath("string(w:pPr/w:ind/@w:firstLine)") for each in made.paragraphs]
    assert indents[1] == "0"
    assert not any(indents[2 : len(TEXTS) + 1]), "as the style has it"


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert document(TITLE, TEXTS, [TABLE], CLOSING) == document(TITLE, TEXTS, [TABLE], CLOSING)


@pytest.mark.parametrize("tables", [[], [[]], [[["只有表头"]]], [[["甲"] * 12] * 80, TABLE]], ids=len)
def test_a_letter_may_have_any_tables(tables: list[list[list[str]]]) -> None:
    made = opened(document("函", ["字\x00\ud800"], tables))
    assert [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables] == [
        rows for rows in tables if rows
    ]


def test_a_letter_keeps_to_the_page(libreoffice: Office, tmp_path: Path) -> None:
    rows = [
        ["单位", "问题"],
        *([f"某某县第{number}局", "申请总数与各列之和不等，请核对。" * 4] for number in range(40)),
    ]
    (tmp_path / "a.docx").write_bytes(document("关于" * 20, ["请改正。" * 100], [rows], CLOSING))
    libreoffice.export(tmp_path / "a.docx", tmp_path / "a.pdf", "writer_pdf_Export")
    pages = sheets((tmp_path / "a.pdf").read_bytes())
    assert len(pages) > 2
    assert all(page.left > 27 and page.right > 25 and page.top > 36 and page.bottom > 34 for page in pages)
    assert all("单位" in page.words for page in pages[1:-1]), "heads are repeated"

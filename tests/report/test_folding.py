"""The one folding under which texts are compared: what does not count, and that nothing else is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import WORDS

from workbook.report.folding import excerpt, first_difference, folded

SAME = {
    "blanks between characters": ("收到 申请　33 件", "收到申请33件"),
    "line breaks in a sentence": ("主动公开\n政府信息\r\n7条。", "主动公开政府信息7条。"),
    "paragraphs": ("第一段。\n\n  第二段。", "第一段。\n第二段。"),
    "several blanks between words": ("the  annual\n report", "the annual report"),
    "marks without any width": ("33\u200b件\ufeff，\u2060共\u00ad计", "33件，共计"),
    "full and half width": ("ＡＢ１２，（％）；：！？", "AB12,(%);:!?"),
    "half width of marks of the full one": ("完｡", "完。"),
    "quotes": ("“甲”‘乙’「丙」『丁』„戊‟＂己＇", '"甲""乙""丙""丁""戊""己"'),
    "a paragraph that begins with a number": ("一是加强培训；\n2024年", "一是加强培训；2024年"),
    "a list behind a comma of the full width": ("甲类3，\n5件", "甲类3，5件"),
}
OTHER = {
    "a digit": ("收到33件", "收到34件"),
    "a digit more": ("收到33件", "收到333件"),
    "digits exchanged": ("收到12件", "收到21件"),
    "two numbers and one": ("1 2", "12"),
    "two numbers of the full width and one": ("１　２", "12"),
    "an item and a decimal": ("3. 5件", "3.5件"),
    "two numbers and thousands": ("3, 500", "3,500"),
    "two words and one": ("a b", "ab"),
    "a character": ("制发文件", "制定文件"),
    "a full stop gone": ("工作完成。", "工作完成"),
    "a full stop and a point": ("完成。", "完成."),
    "a comma and its like": ("甲，乙", "甲、乙"),
    "a number in a circle": ("①甲", "1甲"),
    "a raised digit": ("5²", "52"),
    "一 and a dash": ("一", "—"),
    "a sign": ("-5", "5"),
    "unit marks": ("㎡", "m2"),
    "compatibility characters": ("金\uf90a", "金金"),
    "a letter's case": ("A类", "a类"),
    "how text runs": ("12\u202e34", "1234"),
}
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from(" \n　１2.,，。“」\"'\u200b中")), max_size=30
)


@pytest.mark.parametrize("name", SAME)
def test_what_does_not_count(name: str) -> None:
    one, other = SAME[name]
    assert folded(one) == folded(other)
    assert first_difference(one, other) is None


@pytest.mark.parametrize("name", OTHER)
def test_what_counts(name: str) -> None:
    one, other = OTHER[name]
    assert folded(one) != folded(other)
    assert first_difference(one, other)


@given(text=TEXTS)
def test_it_is_idempotent_and_a_text_is_the_same_as_its_fold(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert first_difference(text, folded(text)) is None


def essence(text: str) -> list[str]:
    """Return the digits, Chinese characters and full stops of a text, by another way than the folding's."""
    return [{"．": ".", "｡": "。"}.get(c, str(int(c)) if c.isdecimal() and c <= "９" else c)
            for c in text if (c.isdecimal() and c <= "９") or "一" <= c <= "鿿" or c in ".．。｡"]  # fmt: skip


ALIKE = st.text(st.sampled_from("12１。.．｡ \n，,中申“"), max_size=6)


@given(one=ALIKE, other=ALIKE)
def test_texts_with_other_digits_characters_or_full_stops_are_never_the_same(one: str, other: str) -> None:
    if folded(one) == folded(other):
        assert essence(one) == essence(other)


@given(text=TEXTS, other=TEXTS)
def test_the_first_difference_is_where_the_texts_part(text: str, other: str) -> None:
    at = first_difference(text, other)
    assert (at is None) == (folded(text) == folded(other))
    if at:
        assert 0 <= at[0] <= len(text)
        assert 0 <= at[1] <= len(other)
        assert at == first_difference(other, text)[::-1]  # type: ignore[index]


@given(before=st.lists(WORDS, max_size=4), letter=st.sampled_from("甲3。"), behind=st.lists(WORDS, max_size=4))
def test_a_character_that_was_added_is_where_it_was_added(before: list[str], letter: str, behind: list[str]) -> None:
    lead, tail = "".join(before), "".join(behind)
    at = first_difference(f"{lead}{letter}{tail}", f"{lead}{tail}")
    assert at
    assert len(lead) <= at[0] or folded(lead + letter + tail)[: at[0]] == folded(lead + tail)[: at[0]]


def test_an_excerpt_is_one_short_line() -> None:
    text = "第一段的文字比较长，写了很多。\n第二段的文字也比较长，也写了很多。"
    assert excerpt(text, text.index("第二段")) == "…较长，写了很多。 第二段的文字也比较长，也…"
    assert excerpt("甲乙", 1) == "甲乙"
    assert excerpt("甲", 1) == "甲"

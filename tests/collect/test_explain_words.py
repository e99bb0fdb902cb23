"""An explanation in words: the page on differences says what the kit says, and both languages say all of it."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, get_args

import pytest
from county import DIFFERENCES, FORM, NAMES, UNITS

from workbook.collect.explain import explain, sentences
from workbook.collect.explain.model import HintKind, MoveKind
from workbook.collect.explain.words import CHANCES, WORDS

if TYPE_CHECKING:
    from pathlib import Path


def told(name: str, lang: str = "zh") -> tuple[str, ...]:
    said = explain(DIFFERENCES[name], list(UNITS.values()), FORM)
    return sentences(said, NAMES, FORM, lang)  # type: ignore[arg-type]


def test_the_page_shows_what_is_said(root: Path) -> None:
    page = (root / "docs/差额说明.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^### (.+?)\n\n[^`#]+\n\n```text\n(.+?)\n```", page, re.MULTILINE | re.DOTALL))
    assert shown == {name: "\n".join(told(name)) for name in DIFFERENCES}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_english_says_as_much(name: str) -> None:
    english, chinese = told(name, "en"), told(name)
    assert len(english) == len(chinese)
    assert not re.search(r"[{}]", "".join((*english, *chinese)))
    for one, other in zip(english, chinese, strict=True):
        assert set(re.findall(r"-?[\d.]+\d", other)) <= set(re.findall(r"-?[\d.]+\d", one))


def test_every_move_and_every_hint_has_words() -> None:
    hints = set(get_args(HintKind)) - {"none"}
    for words in WORDS.values():
        assert set(get_args(MoveKind)) <= set(words)
        assert {f"{hint}_unit" for hint in hints} <= set(words)
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for key, said in WORDS["zh"].items():
        assert _fields(said) == _fields(WORDS["en"][key]), key


def test_chance_is_never_made_smaller_than_the_evidence() -> None:
    for lang in WORDS:
        assert [bits for bits, _ in CHANCES[lang]] == [40, 30, 0]  # 2**-40, 2**-30, and 2**-20 from where words begin


def test_nothing_differs() -> None:
    assert sentences(explain({}, list(UNITS.values()), FORM), NAMES, FORM) == ("没有差额。",)


def test_a_unit_without_a_name_stands_by_its_key() -> None:
    said = explain(DIFFERENCES["漏加了一个单位"], list(UNITS.values()), FORM)
    (line,) = sentences(said, {}, FORM)
    assert line.startswith("民政局的年报没有加进去（")


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}

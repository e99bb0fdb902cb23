"""A definition that would give no usable form is refused where it is loaded, with file and key; a deep one is not."""

from __future__ import annotations

import re

import pytest
import trees
from trees import replaced

from workbook.form import FormError, parse_form

FORM = trees.more()
WHERE = "schema/2027/form.toml"


def block(kind: str, name: str) -> str:
    """Return the part of the definition that describes a question or a section."""
    parts = re.split(r"(?=^\[\[)", FORM, flags=re.MULTILINE)
    (found,) = (part for part in parts if part.startswith(f"[[{kind}]]\n") and name in part)
    return found


def refused(definition: str) -> str:
    """Return the words with which a definition is refused; they name its file."""
    with pytest.raises(FormError) as refusal:
        parse_form(definition, WHERE)
    assert str(refusal.value).startswith(WHERE)
    return str(refusal.value)


def test_both_definitions_of_the_tests_load() -> None:
    for definition in (FORM, trees.pure_copy()):
        assert parse_form(definition, WHERE).edition == "2027"


@pytest.mark.parametrize("key", ["name", "credit_code", "division_code", "kind", "year"])
def test_a_cover_must_ask_the_five_questions(key: str) -> None:
    words = refused(replaced(FORM, (block("fields", f'key = "{key}"'), "")))
    assert re.search(rf"\b{key}\b", words)


def test_texts_on_several_sheets_are_refused() -> None:
    plan = block("sections", 'narrative = "plan"')
    words = refused(replaced(FORM, (plan, plan.replace("文字部分", "另一张表"))))
    assert re.search("sheet|另一张表", words)


def test_a_form_without_texts_is_refused() -> None:
    definition = FORM
    for key in ("overview", "problems", "other", "plan"):
        definition = replaced(definition, (block("sections", f'narrative = "{key}"'), ""))
    assert re.search("narrative|sections", refused(definition))


@pytest.mark.parametrize("level", ['"info"', '"fatal"', '""', "1", "true"])
def test_a_rule_is_an_error_or_a_warning(level: str) -> None:
    words = refused(replaced(FORM, ('right = ["received"], relation = "<=", level = "warning"',
                                    f'right = ["received"], relation = "<=", level = {level}')))  # fmt: skip
    assert "table applications, rule repeat" in words
    assert "level" in words


def test_the_level_of_a_rule_may_be_stated_or_left_out() -> None:
    stated = replaced(FORM, ('right = ["made", "in_force"]', 'right = ["made", "in_force"], level = "error"'))
    assert parse_form(stated, WHERE).edition == "2027"


@pytest.mark.parametrize("rows", ["0", "-1", "2.5", '"10"', "true", "[]"])
def test_rows_of_a_text_are_a_positive_whole_number(rows: str) -> None:
    words = refused(replaced(FORM, ("rows = 10\n", f"rows = {rows}\n")))
    assert "section 七" in words
    assert "rows" in words


def test_groups_may_be_as_deep_as_the_law_has_them() -> None:
    form = parse_form(trees.deep(), WHERE)
    assert max(len(cell.row.under) for cell in form.cells.values()) == 5
    assert max(len(cell.column.under) for cell in form.cells.values()) == 3

"""A definition that would give no usable form is refused with file and key; one with deeper groups is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import trees
from trees import replaced

from workbook.definition import FormError
from workbook.excel.layout import plan_of
from workbook.form import load, parse_form
from workbook.report import entries
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workbook.form import Form

FORM = trees.more()
WHERE = "schema/2027/form.toml"


def block(kind: str, name: str) -> str:
    """Return the part of the definition that describes a question or a section."""
    parts = re.split(r"(?=^\[\[)", FORM, flags=re.MULTILINE)
    (found,) = (part for part in parts if part.startswith(f"[[{kind}]]\n") and name in part)
    return found


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Form]:
    """What loads a definition as that of edition 2027."""
    path = tmp_path / "form.toml"
    monkeypatch.setattr("workbook.definition.resource", lambda name: path if name == WHERE else resource(name))

    def as_edition(definition: str) -> Form:
        path.write_text(definition, encoding="utf-8")
        return load.load_form.__wrapped__("2027")

    return as_edition


def test_the_definitions_of_the_tests_load(loaded: Callable[[str], Form]) -> None:
    for definition in (FORM, trees.pure_copy(), trees.deep()):
        assert loaded(definition).edition == "2027"


WRONG = [
    ('edition = "2027"', "edition = 2027", "edition 2027 is not a text"),
    ('edition = "2027"', 'edition = "2028"', "'2028' stands in the folder of '2027'"),
    ("first_year = 2027", 'first_year = "2027"', "first_year '2027' is not a whole number"),
    ("first_year = 2027", "first_year = 2027\nlast_year = 2020", "last_year 2020 is before first_year"),
    ("first_year = 2027", "first_year = 2027\nlast_yaer = 2030", "unknown key 'last_yaer'"),
    ("[kinds.count]", "[kinds.number]", "table documents: unknown kind 'count'"),
    ("[kinds.money]", '[kinds."钱"]', "kinds.钱: the key is not a name"),
    ("maximum = 999_999_999\n", 'maximum = "9"\n', "kinds.count: maximum '9' is not a whole number"),
    ("maximum = 999_999_999\n", "maximum = -1\n", "kinds.count: minimum 0 is more than maximum"),
    ("decimals = 6", "decimals = 7", "kinds.money: decimals 7 is not 0 to 6"),
    ('key = "platform"', 'key = "year"', "duplicate field 'year'"),
    ('key = "platform"', 'key = "平台"', "field 平台: key '平台' is not a name"),
    ('key = "platform"', 'key = "edition"', "field edition: the cover has a line of that key already"),
    ('label = "公开平台"', 'label = "机关名称"', "another field has the label '机关名称'"),
    ("choices = { own", 'choices = ["own"] # ', "field platform: choices ['own'] is not a table of names and texts"),
    ('own = "本机关网站"', 'own = "网站,报纸"', "field platform: choices are not a list of a spreadsheet"),
    ('own = "本机关网站"', f'own = "{"网站" * 128}"', "field platform: choices are not a list of a spreadsheet"),
    ('narrative = "plan"', 'narrative = "problems"', "two texts have one key"),
    ('narrative = "plan"', "narrative = 1", "section 七: narrative 1 is not a name"),
    ('number = "七"', 'number = "六"', "duplicate section '六'"),
    ('sheet = "二、主动公开"', 'sheet = "四、复议诉讼"', "sheet '四、复议诉讼' is not the name of one sheet"),
    ('sheet = "二、主动公开"', 'sheet = "主动/公开"', "section 二: sheet '主动/公开' is not the name of one sheet"),
    ('sheet = "二、主动公开"', 'sheet = "一、总体情况"', "section 二: sheet '一、总体情况' is that of the texts"),
    ('section = "四"', 'section = "九"', "table disputes: section '九' is not a section of the form"),
    ('shape = "line"', 'shape = "round"', "table disputes: shape 'round'"),
    ('label = "文字解读"', "label = 3", "table documents, row read_text: label 3 is not a text"),
    ('under = ["政策解读材料"]', 'under = "政策解读材料"', "row read_text: under '政策解读材料' is not a list"),
    ('under = ["政策解读材料"]', 'under = [""]', "row read_text: under [''] is not a list of texts"),
    ('part_of = "concluded"', 'part_of = "conclude"', "'granted' is part of 'conclude', which does not exist"),
    ('left = ["repealed"]', 'left = "repealed"', "rule repealed: left 'repealed' is not a list of texts"),
    ('left = ["repealed"]', 'left = ["repeald"]', "rule repealed: there is no line 'repeald'"),
    ('relation = "<=", title = "废止', 'relation = ">=", title = "废止', "rule repealed: relation '>='"),
    ('key = "repeat"', 'key = "balance"', "table applications: duplicate rule 'balance'"),
    ('title_en = "no more are', 'titel_en = "no more are', "rule repealed: unknown key 'titel_en'"),
    ('line = "in_force"', 'line = "in-force"', "opening rule in_force"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), WRONG)
def test_a_wrong_definition_is_refused(old: str, new: str, says: str, loaded: Callable[[str], Form]) -> None:
    assert old in FORM
    with pytest.raises(FormError) as refusal:
        loaded(FORM.replace(old, new, 1))
    assert str(refusal.value).startswith(WHERE)
    assert says in str(refusal.value)


@pytest.mark.parametrize("key", ["name", "credit_code", "division_code", "kind", "year"])
def test_a_cover_must_ask_the_five_questions(key: str, loaded: Callable[[str], Form]) -> None:
    with pytest.raises(FormError, match=f"{WHERE}, fields: '{key}' is missing"):
        loaded(replaced(FORM, (block("fields", f'key = "{key}"'), "")))


def test_texts_may_stand_on_several_sheets(loaded: Callable[[str], Form]) -> None:
    plan = block("sections", 'narrative = "plan"')
    form = loaded(replaced(FORM, (plan, plan.replace("五六七、问题与其他", "另一张表"))))
    assert {section.sheet for _, section in form.text_sections()} == {"一、总体情况", "五六七、问题与其他", "另一张表"}


def test_a_form_without_texts_is_refused(loaded: Callable[[str], Form]) -> None:
    texts = [block("sections", f'narrative = "{key}"') for key in ("overview", "problems", "other", "plan")]
    with pytest.raises(FormError, match=f"{WHERE}, sections: none of them has a narrative"):
        loaded(replaced(FORM, *((text, "") for text in texts)))


@pytest.mark.parametrize("level", ['"fatal"', '""', "1", "true"])
def test_the_level_of_a_rule_is_one_of_three(level: str, loaded: Callable[[str], Form]) -> None:
    usual = 'right = ["received"], relation = "<=", level = '
    for known in ("error", "warning", "info"):
        form = loaded(replaced(FORM, (f'{usual}"warning"', f'{usual}"{known}"')))
        assert {item.rule.level for item in form.equations() if item.code == "applications.repeat"} == {known}
    with pytest.raises(FormError, match=f"{WHERE}, table applications, rule repeat: level"):
        loaded(replaced(FORM, (f'{usual}"warning"', f"{usual}{level}")))


@pytest.mark.parametrize("rows", ["0", "-1", "2.5", '"10"', "true", "[]"])
def test_rows_of_a_text_are_a_positive_whole_number(rows: str, loaded: Callable[[str], Form]) -> None:
    with pytest.raises(FormError, match=f"{WHERE}, section 七: rows"):
        loaded(replaced(FORM, ("rows = 10\n", f"rows = {rows}\n")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sheet = "二、主动公开"', 'sheet = "校验"', "section 二: the workbook has a sheet '校验' already"),
        ('label = "公开平台"', 'label = "表格版式"', "field platform: the cover has a line '表格版式' already"),
    ],
)
def test_names_that_every_workbook_has_are_refused(
    old: str, new: str, says: str, loaded: Callable[[str], Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = loaded(replaced(FORM, (old, new)))
    monkeypatch.setattr("workbook.excel.layout.load_form", lambda _: form)
    with pytest.raises(FormError, match=f"{WHERE}, {says}"):
        plan_of.__wrapped__("2027")


def test_what_is_taken_over_needs_words(loaded: Callable[[str], Form]) -> None:
    form = loaded(replaced(FORM, ('opening_rules = [{ key = "in_force"', 'opening_rules = [{ key = "stock"')))
    with pytest.raises(
        FormError, match=rf"{WHERE}, opening rule stock: catalogue\.toml has no words for 'year\.stock'"
    ):
        entries(form)


def test_groups_may_be_as_deep_as_the_law_has_them() -> None:
    form = parse_form(trees.deep(), WHERE)
    assert max(len(cell.row.under) for cell in form.cells.values()) == 5
    assert max(len(cell.column.under) for cell in form.cells.values()) == 3

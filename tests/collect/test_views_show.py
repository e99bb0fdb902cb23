"""Everything about one unit: its versions, what each changed, findings, decisions, where the original is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import pytest
from cases import sound
from city import AT, YEAR, City, city, hostile
from results import HOSTILE, faulty

from workbook.collect import views
from workbook.collect.schema import EVENTS
from workbook.collect.standing import State
from workbook.collect.views.changes import Change, changes
from workbook.collect.views.charts import days, shares
from workbook.collect.views.pages import show_page
from workbook.collect.views.show import show, show_json
from workbook.collect.views.status import overview
from workbook.collect.views.tree import Counts
from workbook.collect.views.words import EVENTS as SAID
from workbook.collect.views.words import WORDS
from workbook.printable import printable
from workbook.report import Source, Waiver

if TYPE_CHECKING:
    from workbook.collect.standing import Standing
    from workbook.report import Lang

VIEWS = Path(views.__file__).parent


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of about 300 units."""
    return city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def newer(made: City) -> Standing:
    """A unit that sent a faulty version after one that was accepted."""
    return next(each for each in made.standings(YEAR) if each.state is State.NEWER and each.versions[1].errors)


# ---- what a version changed -----------------------------------------------------------------------------------------


def test_cells_texts_and_the_cover_are_told_as_they_were_and_are() -> None:
    base = sound("2021")
    later = base.with_cells({"documents.rules.made": 60})
    later = replace(
        later,
        year=base.year + 1,
        body=replace(base.body, name="乙市"),
        narrative={**base.narrative, "overview": "完全不同的话"},
    )
    told = {each.what: each for each in changes(base, later, "zh")}
    assert (told["规章 · 本年制发件数"].before, told["规章 · 本年制发件数"].after) == ("59", "60")
    assert (str(base.year), str(later.year)) in {(each.before, each.after) for each in told.values()}
    assert any("乙市" in each.after for each in told.values())
    assert told["一、总体情况"].after.startswith("完全不同的话")
    assert changes(base, base, "zh") == []


@pytest.mark.parametrize(("earlier_has", "lang"), [(True, "zh"), (False, "zh"), (True, "en"), (False, "en")])
def test_what_only_one_version_has_is_told_on_its_side(*, earlier_has: bool, lang: Lang) -> None:
    base = sound("2021")
    lacking = base.with_cells({key: None for key in base.cells if key.startswith("documents.")})
    blank = {"zh": "空白", "en": "blank"}[lang]
    (told,) = changes(*((base, lacking) if earlier_has else (lacking, base)), lang)
    kept, gone = (told.before, told.after) if earlier_has else (told.after, told.before)
    assert gone == blank
    assert any(character.isdigit() for character in kept)


def test_an_accepted_warning_and_another_edition_are_changes_and_another_file_is_none() -> None:
    base, waiver = sound("2021"), Waiver("text.blank", "other", "确无", "张三", "2026-01-02")
    other = replace(base, source=Source("乙.xlsx", "1" * 64), waivers=(waiver,))
    template = replace(base, source=Source("甲.xlsx", "2" * 64, template="1"))
    told = changes(template, other, "zh")
    assert [(each.before, each.after) for each in told] == [("空白", "“确无”")]
    editions = changes(sound("2019"), base, "zh")
    assert Change("版式", "2019", "2021") in editions


# ---- as text and JSON -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_has_versions_findings_changes_decisions_and_the_original(made: City, newer: Standing, lang: Lang) -> None:
    told = show(made, newer.unit.id, YEAR, AT, lang)
    assert newer.unit.name in told
    for version in newer.versions:
        assert version.file in told
    second, first = (told.index(each.file) for each in reversed(newer.versions))
    assert second < first  # the newest first
    assert told.count("cell.blank") == 1
    assert "59 → " in told
    for word in {"zh": ("处置记录", "接收", "originals/"), "en": ("Decisions", "accepted", "originals/")}[lang]:
        assert word in told
    assert "2026-02-03 09:00" in told


def test_json_has_every_finding_as_check_gives_it(made: City, newer: Standing) -> None:
    data = json.loads(show_json(made, newer.unit.id, YEAR, AT))
    assert [one["submission"] for one in data["versions"]] == [one.submission for one in newer.versions]
    assert data["versions"][1]["findings"] == made.findings(newer.versions[1].submission)
    assert data["versions"][0]["changes"] is None
    assert {"what": "规章 · 本年制发件数", "before": "59", "after": "空白"} in data["versions"][1]["changes"]
    assert data["events"][0]["kind"] == "accepted"
    assert data["state"] == "newer"
    assert data["above"] == ["东湖区人民政府", "宜江市人民政府"] or data["above"][-1] == "宜江市人民政府"


def test_what_was_erased_is_said_and_nothing_is_compared_with_it(made: City, newer: Standing) -> None:
    erased = replace(newer.versions[0], submission=40)
    spoilt = replace(made, chains=made.chains | {newer.unit.id: (erased, newer.versions[1])})
    data = json.loads(show_json(spoilt, newer.unit.id, YEAR, AT))
    assert data["versions"][0]["original"] is None
    assert "已清除" in show(spoilt, newer.unit.id, YEAR, AT)


def test_a_unit_of_which_nothing_came_and_one_that_is_not_there(made: City) -> None:
    missing = next(each for each in made.standings(YEAR) if each.state is State.OVERDUE)
    told = show(made, missing.unit.id, YEAR, AT)
    assert "已过期 3 天" in told
    with pytest.raises(KeyError):
        show(made, "nobody", YEAR, AT)


def test_what_others_wrote_does_no_harm(tmp_path: Path) -> None:
    made = hostile(tmp_path)
    unit = next(unit for unit, chain in made.chains.items() if len(chain) > 1)
    told = show(made, unit, YEAR, AT)
    assert printable(told, keep="\n") == told
    data = show_json(made, unit, YEAR, AT).decode()
    assert printable(data, keep="\n") == data
    tree = lxml.html.document_fromstring(show_page(made, unit, YEAR, AT).decode())
    assert not tree.xpath("//script | //img | //@href")
    assert HOSTILE.replace("\u202e", "\ufffd") in tree.text_content()


def test_one_page_by_itself_leads_nowhere(made: City, newer: Standing) -> None:
    tree = lxml.html.document_fromstring(show_page(made, newer.unit.id, YEAR, AT).decode())
    assert not tree.xpath("//@href")
    assert "宜江市人民政府 › " in " ".join(tree.xpath("//nav")[0].text_content().split())


def test_every_kind_of_event_and_every_word_is_said_in_both_languages() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for words in SAID.values():
        assert words.keys() == set(EVENTS)
    files = [path for path in VIEWS.iterdir() if path.suffix in {".py", ".html"} and path.name != "words.py"]
    used = "".join(path.read_text(encoding="utf-8") for path in files)
    ways = ('"{}"', "'{}'", "w.{}")
    assert {word for word in WORDS["zh"] if not any(way.format(word) in used for way in ways)} == {"language"}


# ---- charts ---------------------------------------------------------------------------------------------------------


def test_columns_of_days_hold_every_unit_and_the_due_day_ends_where_it_should(made: City) -> None:
    standings = overview(made, YEAR, AT).standings
    chart = days(standings, "zh")
    assert chart
    came = [each.first.date() for each in standings if each.first]
    assert (chart.first, chart.last) == (min(came), max(came))
    most = max(map(came.count, came))
    heights = {bar.title: bar.height for bar in chart.bars}
    for day in set(came):
        assert heights[f"{day}: {came.count(day)}"] == round(came.count(day) * 100 / most, 2)
    assert chart.due
    assert chart.due[0] == dt.date(2026, 1, 31)
    span = (chart.last - chart.first).days + 1
    assert chart.due[1] == pytest.approx(((dt.date(2026, 1, 31) - chart.first).days + 1) / span * 1000, abs=0.01)


def test_a_year_of_days_is_drawn_in_fewer_columns_and_few_days_are_not_drawn(made: City) -> None:
    standings = overview(made, YEAR, AT).standings
    one = next(each for each in standings if each.first)
    spread = [replace(one, first=AT - dt.timedelta(days=at)) for at in range(400)]
    chart = days(spread, "zh")
    assert chart
    assert len(chart.bars) <= 90
    assert sum(int(bar.title.rpartition(" ")[2]) for bar in chart.bars) == 400
    assert max(bar.x + bar.width for bar in chart.bars) <= 1000.1
    assert days([replace(one, first=AT, due=None)] * 9, "zh") is None
    assert days([], "zh") is None


def test_a_bar_of_nobody_is_empty() -> None:
    assert shares(Counts(), "zh") == []


def test_reports_of_the_city_differ_where_the_made_up_versions_say_so() -> None:
    assert changes(sound("2021"), faulty(), "zh")

"""The pages of a collection: what they hold, where they lead, and how they look in a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import lxml.html
import pytest
from browser import chromium
from city import AT, YEAR, City, city, hostile
from colours import contrast
from results import HOSTILE

from workbook.collect.register import Register, Unit
from workbook.collect.standing import State
from workbook.collect.views import pages
from workbook.collect.views.dossier import worth_a_page
from workbook.collect.views.pages import write_pages
from workbook.collect.views.status import SECTIONS, overview
from workbook.collect.views.words import WORDS
from workbook.intake.results import is_result
from workbook.output import templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from workbook.collect.views.status import Overview
    from workbook.report import Lang

CLOSED = "closed"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of about 300 units."""
    return city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def seen(made: City) -> Overview:
    """What it stands like."""
    return overview(made, YEAR, AT)


@pytest.fixture(scope="module")
def index(made: City, seen: Overview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its pages."""
    return written(made, tmp_path_factory.mktemp("pages") / "状况 #1.html", seen)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for this module."""
    with chromium() as browser:
        yield browser


def written(made: City, target: Path, seen: Overview | None = None, lang: Lang = "zh", **more: Any) -> Path:
    """Write the pages of a city; return the overview."""
    seen = seen or overview(made, YEAR, AT)
    number = write_pages(target, made, seen, lang, **more)
    assert number == 1 + len(list(folder_of(target).glob("*.html"))) or more
    return target


def folder_of(index: Path) -> Path:
    """Return the folder beside an overview."""
    return index.with_name(index.stem)


def page(path: Path) -> Any:
    """Return a page as a tree."""
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


def text(element: Any) -> str:
    """Return the words of an element in one line."""
    return " ".join(element.text_content().split())


# ---- what they hold -------------------------------------------------------------------------------------------------


def test_the_overview_shows_the_missing_first_then_late_returned_and_waiting(index: Path, seen: Overview) -> None:
    tree = page(index)
    heads = [text(head) for head in tree.xpath("//h2")]
    wanted = [WORDS["zh"]["list"].format(title=WORDS["zh"][key], count=len(seen.sections[key])) for key in SECTIONS]
    assert heads == [*wanted, "待处理文件（3）", "按上级"]
    for key in SECTIONS:
        names = tree.xpath(f"//section[@aria-labelledby='{key}']//tbody/tr/th")
        assert [text(name).split()[0] for name in names] == [each.unit.name for each in seen.sections[key]]
    assert text(tree.xpath("//nav[@class='tiles']/a")[0]).startswith(f"{seen.counts.came}/{seen.counts.expected}")


def test_every_page_says_of_when_it_is_and_by_which_version(index: Path) -> None:
    for path in (index, *folder_of(index).iterdir()):
        tree = page(path)
        assert "截至 2026-02-03 09:00" in text(tree.xpath("//header")[0]), path
        assert re.search("截至 2026-02-03 09:00.*年报工具箱 [0-9.]+", text(tree.xpath("//footer")[0])), path
        assert not tree.xpath("//script | //@style | //@onclick | //link | //img | //iframe")
        assert is_result(path.read_bytes())


def test_every_link_leads_to_a_page_and_every_page_is_led_to(index: Path) -> None:
    reached, pending = {index.resolve()}, [index.resolve()]
    while pending:
        path = pending.pop()
        tree = page(path)
        anchors = set(tree.xpath("//@id"))
        for link in tree.xpath("//@href"):
            assert ":" not in link
            if link.startswith("#"):
                assert link[1:] in anchors
                continue
            to = (path.parent / unquote(link)).resolve()
            assert to.is_file(), link
            if to not in reached:
                reached.add(to)
                pending.append(to)
    strays = {folder_of(index).resolve() / f"unit-{CLOSED}.html"}
    assert {path.resolve() for path in folder_of(index).iterdir()} - reached <= strays


def test_an_office_has_a_page_with_its_tree_and_only_units_with_something_to_see_have_one(
    index: Path, made: City, seen: Overview
) -> None:
    folder = folder_of(index)
    assert {path.stem for path in folder.glob("office-*")} == {f"office-{node.unit.id}" for node in seen.tree.parents}
    rows = page(folder / "office-c003.html").xpath("//section[last()]//tbody/tr/th")
    assert [text(row).split()[0] for row in rows] == [unit.name for unit in made.known.children("c003")]
    whole = page(folder / "office-330000.html").xpath("//section[last()]//tbody/tr")
    assert len(whole) == len(seen.standings) - 1
    with_page = {path.stem.removeprefix("unit-") for path in folder.glob("unit-*")}
    assert with_page - {CLOSED} == {each.unit.id for each in seen.standings if worth_a_page(each)}
    clean = [each for each in seen.standings if each.state is State.ACCEPTED and not worth_a_page(each)]
    assert len(clean) > len(with_page)


def test_the_page_of_a_unit_shows_versions_changes_mistakes_and_decisions(index: Path, seen: Overview) -> None:
    standing = next(each for each in seen.standings if each.state is State.NEWER and each.versions[-1].errors)
    tree = page(folder_of(index) / f"unit-{standing.unit.id}.html")
    heads = [text(head) for head in tree.xpath("//h2")]
    assert heads == ["第 2 版", "第 1 版 现行", "处置记录"]
    newest = tree.xpath("//section[@class='version']")[0]
    assert len(newest.xpath(".//li[contains(@class, 'finding error')]")) == standing.versions[-1].errors
    changed = [[text(cell) for cell in row] for row in newest.xpath(".//table//tbody/tr")]
    assert ["规章 · 本年制发件数", "59", "空白"] in changed
    assert "接收" in text(tree.xpath("//ul[@class='events']")[0])
    assert "originals/" in text(newest)
    above = [node.unit.name for node in reversed(seen.tree.above(standing.unit))]
    assert [text(link) for link in tree.xpath("//nav[@class='crumbs']/a")] == ["收报状况", *above]


def test_many_clean_units_make_few_pages_and_long_lists_go_on(tmp_path: Path) -> None:
    clean = Register.of([Unit("u", "甲市"), *(Unit(f"{at}", f"甲市单位{at}", parent="u") for at in range(2500))])
    made = City(tmp_path, clean)
    index = written(made, tmp_path / "x.html")
    names = {path.name for path in folder_of(index).iterdir()}
    assert names == {
        *("list-all.html", "list-missing.html", "list-missing.2.html", "list-missing.3.html"),
        *("office-u.html", "office-u.2.html", "office-u.3.html"),
    }
    told = [
        text(row).split()[0]
        for part in ("", ".2", ".3")
        for row in page(folder_of(index) / f"office-u{part}.html").xpath("//section[last()]//tbody/tr/th")
    ]
    assert told == [unit.name for unit in clean.children("u")]
    assert len(page(index).xpath("//section[@aria-labelledby='missing']//tbody/tr")) == 100
    assert "还有 2401 个" in text(page(index).xpath("//p[@class='more']")[0])
    second = page(folder_of(index) / "office-u.2.html")
    assert second.xpath("//nav[@class='ways']/a/@href")[:2] == ["office-u.html", "office-u.3.html"]


def test_a_larger_office_shows_the_next_level_with_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_WHOLE", 100)
    made = city(tmp_path)
    index = written(made, tmp_path / "x.html")
    rows = page(folder_of(index) / "office-330000.html").xpath("//section[last()]//tbody/tr")
    assert len(rows) == len([unit for unit in made.known.children("330000") if unit.is_open(YEAR)])
    below = rows[-1].xpath(".//span[@class='sum']")
    assert re.fullmatch(r"\d+/\d+", text(below[0]))


def test_units_whose_ids_no_file_can_be_called_after_have_pages_of_their_own(tmp_path: Path) -> None:
    names = ["a/b", "A/B", "a:b", "CON", "x" * 300, "x" * 301, "..", "甲 #1?"]
    made = City(tmp_path, Register.of([Unit(name, f"单位{at}") for at, name in enumerate(names)]))
    some = city(tmp_path, counties=1, each=1)
    chain = next(chain for chain in some.chains.values() if len(chain) > 1)
    made.chains = dict.fromkeys(names, chain)
    index = written(made, tmp_path / "x.html")
    assert len(list(folder_of(index).glob("unit-*"))) == len(names)
    for at, link in enumerate(page(folder_of(index) / "list-all.html").xpath("//tbody//th/a/@href")):
        assert text(page(folder_of(index) / unquote(link)).xpath("//h1")[0]).startswith(f"单位{at}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_texts_stay_texts(tmp_path: Path, lang: Lang) -> None:
    made = hostile(tmp_path / "store")
    index = written(made, tmp_path / "x.html", lang=lang)
    for path in (index, *folder_of(index).iterdir()):
        tree = page(path)
        assert not tree.xpath("//script | //img"), path
        assert not re.search("[\u202a-\u202e]", path.read_text(encoding="utf-8"))
    assert HOSTILE.replace("\u202e", "\ufffd") in text(page(index))


# ---- where they go --------------------------------------------------------------------------------------------------


def test_nothing_is_written_over_without_force_and_old_pages_go_with_it(tmp_path: Path) -> None:
    made = city(tmp_path / "store", counties=1, each=10)
    index = written(made, tmp_path / "x.html")
    with pytest.raises(FileExistsError):
        written(made, index)
    index.unlink()
    with pytest.raises(FileExistsError):  # the folder is there still
        written(made, index)
    folder = folder_of(index)
    gone = next(folder.glob("unit-*"))
    (folder / "unit-mine.html").write_text("a page of somebody else's", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    made.chains = {}
    written(made, index, force=True)
    assert not gone.exists()
    assert {"unit-mine.html", "notes.txt", "list-all.html"} <= {path.name for path in folder.iterdir()}


def test_pages_do_not_go_into_the_collection(tmp_path: Path) -> None:
    store = tmp_path / "收报2025"
    store.mkdir()
    made = city(store, counties=1, each=1)
    write_pages(tmp_path / "收报2025.html", made, overview(made, YEAR, AT), "zh")
    assert not list(store.iterdir())
    assert (tmp_path / "收报2025-网页" / "list-all.html").is_file()


def test_the_same_store_and_moment_give_the_same_pages(tmp_path: Path) -> None:
    made = city(tmp_path / "store", counties=1, each=20)
    one, two = (written(made, tmp_path / name / "x.html") for name in ("a", "b") if not (tmp_path / name).mkdir())
    assert one.read_bytes() == two.read_bytes()
    for path in folder_of(one).iterdir():
        assert path.read_bytes() == (folder_of(two) / path.name).read_bytes()


# ---- how they look --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen(browser: Browser, index: Path, seen: Overview, width: int) -> None:
    folder = folder_of(index)
    unit = next(each.unit.id for each in seen.standings if each.state is State.NEWER and each.versions[-1].errors)
    paths = [index, *(folder / name for name in ("office-330000.html", "list-all.html", f"unit-{unit}.html"))]
    shown = browser.new_page(viewport={"width": width, "height": 900})
    for path in paths:
        shown.goto(path.as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") <= width, path
        wide = (
            "[...document.querySelectorAll('td, th, p, li, h1, h2, svg')].filter(e => e.scrollWidth > e.clientWidth + 1"
        )
        assert not shown.evaluate(wide + " && getComputedStyle(e).overflowX == 'hidden').length"), path
    shown.close()


def test_long_names_do_not_widen_a_page_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    made = hostile(tmp_path / "store")
    made.known = Register.of(
        [*made.known.units, *(Unit(f"y{at}", "没有空格的很长的名称" * 20 + "x" * 90, parent="y" if at else None)
          for at in range(1)), Unit("y", "z" * 200)]
    )  # fmt: skip
    index = written(made, tmp_path / "x.html")
    shown = browser.new_page(viewport={"width": 390, "height": 900})
    for path in (index, folder_of(index) / "list-all.html"):
        shown.goto(path.as_uri())
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.close()


def test_pages_are_dark_on_dark_screens_and_light_on_paper_and_charts_have_colours(
    browser: Browser, index: Path
) -> None:
    shown = browser.new_page(color_scheme="dark")
    shown.goto(index.as_uri())
    ground, fill = (
        "getComputedStyle(document.body).backgroundColor",
        "getComputedStyle(document.querySelector('{}')).fill",
    )
    assert shown.evaluate(ground) == "rgb(22, 24, 28)"
    assert shown.evaluate(fill.format("rect.overdue")) == "rgb(255, 138, 128)"
    assert shown.locator(".tiles a").first.bounding_box()
    shown.emulate_media(media="print", color_scheme="dark")
    assert shown.evaluate(ground) == "rgb(255, 255, 255)"
    assert shown.evaluate(fill.format("rect.overdue")) == "rgb(179, 38, 30)"
    shown.close()


def test_states_can_be_told_from_the_ground_in_light_and_dark() -> None:
    base = (templates.FOLDER / "base.css").read_text(encoding="utf-8")
    own = (Path(pages.__file__).with_name("pages.css")).read_text(encoding="utf-8")
    grounds, states = (
        [dict(re.findall("--([a-z-]+): #([0-9a-f]+)", block)) for block in re.findall(r":root \{[^}]+\}", style)]
        for style in (base, own)
    )
    assert len(grounds) == len(states) == 2
    for ground, colours in zip(grounds, states, strict=True):
        assert {f"s-{state.key}" for state in State} == colours.keys()
        for name, colour in colours.items():
            assert contrast(colour, ground["ground"]) >= 3, name
        assert contrast(ground["error"], ground["ground"]) >= 4.5


def test_a_bar_is_as_wide_as_those_expected(index: Path, seen: Overview) -> None:
    tree = page(index)
    pieces = tree.xpath("//div[@class='whole']//rect")
    widths = {piece.get("class"): float(piece.get("width")) for piece in pieces}
    assert sum(widths.values()) == pytest.approx(1000, abs=0.1)
    for state in set(State) - {State.WAIVED}:
        assert widths[state.key] == pytest.approx(seen.counts.states[state] / seen.counts.expected * 1000, abs=0.02)

"""The pages that are shipped and those of the repository lead somewhere; all say how to install from a file."""

from __future__ import annotations

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

import workbook
from workbook.resources import resource

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "build"))

import handbook

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / handbook.TARGET).rglob("*.html"))
MARKDOWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BARE = re.compile(r"nianbao\[|(?:install|uvx|uv tool run|pipx run)(?: -\S+)* [\"']?nianbao\b(?!-)")
"""An installation by the name alone, which may be anybody's on a public index."""


class _Page(HTMLParser):
    """What a page refers to, and what may be referred to in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.leads: list[str] = []
        self.fetched: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.anchors.add(said.get("id") or "")
        if tag == "a":
            self.leads.append(unquote(said["href"] or ""))
        self.fetched += [said[name] or "" for name in ("src", "data", "srcset") if name in said]
        self.fetched += [tag] * (tag in {"script", "link", "iframe"})


@cache
def _page(path: Path) -> _Page:
    return _Page(path)


def dead(path: Path) -> list[str]:
    """Return what a page that is shipped leads to and is not there, and what it would fetch."""
    page = _page(path)
    lost = [what for what in page.fetched if not what.startswith("data:image/")]
    for href in page.leads:
        file, _, anchor = href.partition("#")
        if href.startswith(("http:", "https:")):
            continue
        target = path.parent / file if file else path
        found = target.is_file() and (not anchor or anchor in (_page(target).anchors if file else page.anchors))
        lost += [] if found else [href]
    return lost


def lost(path: Path) -> list[str]:
    """Return what a page of Markdown leads to and is not there: files, anchors, pictures."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = []
    for href in re.findall(r"(?<!\\)\]\(((?!https?:)[^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        file, _, anchor = unquote(href).partition("#")
        target = path.parent / file if file else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            found.append(href)
    return found


@cache
def _anchors(path: Path) -> set[str]:
    return {anchor for _, anchor, _ in handbook._heads(handbook._parsed(path.read_text(encoding="utf-8")))}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_pages_that_are_shipped_lead_somewhere_and_fetch_nothing(path: Path) -> None:
    assert not dead(path)
    text = path.read_text(encoding="utf-8")
    assert 'name="viewport"' in text
    assert all(f'">{role}</a>' in text for role in handbook.ROLES)
    assert len(re.findall(r"<h2 ", text)) == len(re.findall(r'<li class="h2">', text)) > 0


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.stem)
def test_pages_of_the_repository_lead_somewhere(path: Path) -> None:
    assert not lost(path)


def test_what_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "页.html"
    page.write_text(
        '<h1 id="甲">甲</h1><a href="#甲">1</a><a href="#乙">2</a><a href="无.html">3</a><img src="x.png">', "utf-8"
    )
    assert dead(page) == ["x.png", "#乙", "无.html"]
    page = tmp_path / "页.md"
    page.write_text("# 一、甲\n[1](#一甲) [2](#二乙) [3](无.md) ![4](无.png) [5](页.md#一甲) `[6](#x)`\n", "utf-8")
    assert lost(page) == ["#二乙", "无.md", "无.png"]


@pytest.mark.parametrize("text", ["[a](#没有)", "[a](没有.md)", "[a](汇总单位.md#没有)", "![a](images/没有.png)"])
def test_a_page_with_a_dead_reference_is_not_made(text: str) -> None:
    anchors = {name: {"甲"} for name in handbook.PAGES}
    maker = handbook._Page("使用手册.md", anchors, {})
    assert '<h2 id="甲">' in maker.of("# 手册\n## 甲\n[a](#甲) [b](汇总单位.md#甲)\n")
    with pytest.raises(LookupError):
        maker.of(f"# 手册\n## 甲\n{text}\n")


def test_lines_of_chinese_are_joined_without_a_space_and_remarks_are_not_copied() -> None:
    maker = handbook._Page("使用手册.md", {name: set() for name in handbook.PAGES}, {})
    page = maker.of(
        "# 手册\n甲，\n乙 `code`\n丙 Word\nExcel\n\n```sh\nnianbao check  # 说明 <b>\n```\n[表](reference/store.md)\n"
    )
    assert '甲，乙 <code class="short">code</code>\n丙 Word\nExcel' in page
    assert '<span class="note">  # 说明 &lt;b&gt;</span>' in page
    assert "表（源代码里的 docs/reference/store.md）" in page


def test_the_ribbon_opens_a_page_that_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlplugin import macros

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(opened.append(url)) or True)
    assert macros.open_manual(None) is None
    assert opened == [resource(f"{handbook.TARGET}/使用手册.html").as_uri()]


def test_nothing_is_installed_by_the_name_alone() -> None:
    assert BARE.search('pip install "nianbao[pdf]"')
    assert BARE.search("pip install -q nianbao")
    assert BARE.search("uvx nianbao check")
    assert not BARE.search(
        'pip install "./nianbao-0.1.0-py3-none-any.whl[pdf]"; uvx --from ./nianbao-0.1.0.whl nianbao'
    )
    texts = [
        path
        for folder in ("workbook", "xlplugin", "schema", "docs", "templates", "examples")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".toml", ".md", ".html", ".jinja", ".cmd", ".txt", ".cls"}
        and path != ROOT / "pyproject.toml"
    ]
    named = {path.name: BARE.search(path.read_text(encoding="utf-8")) for path in [*texts, *ROOT.glob("*.md")]}
    assert not {name: found[0] for name, found in named.items() if found}


def test_files_to_install_from_are_called_as_they_are_built() -> None:
    told = {
        name for path in MARKDOWN for name in re.findall(r"nianbao-[\d.]+-py3-none-any\.whl", path.read_text("utf-8"))
    }
    assert told == {f"nianbao-{workbook.__version__}-py3-none-any.whl"}

"""Makes the pages that are shipped: the manual, a page for each role and what these lead to, as HTML without network.

A page stands under ``templates/手册`` as its Markdown stands under ``docs``, so links between them need no map. What a
page leads to is looked up while it is made: a reference to nothing raises.
"""

from __future__ import annotations

import base64
import posixpath
import re
import unicodedata
from html import escape
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from parts import MADE, without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
TARGET = "templates/手册"
ROLES = {"填报人": "使用手册.md", "汇总单位": "汇总单位.md", "管理员": "管理员/统一安装.md"}
PAGES = (
    *ROLES.values(), "管理员/多机运行.md", "管理员/放在git里.md", "校验说明.md", "差额说明.md", "reference/命令.md",
)  # fmt: skip
FILES = ("管理员/excel.reg", "管理员/nianbao.conf")
"""Samples that pages lead to, shipped as they are."""
_KINDS = {".png": "image/png", ".svg": "image/svg+xml"}
_STYLE = (Path(__file__).parent / "handbook.css").read_text(encoding="utf-8")
_LISTED = {"h2", "h3"}
_SHORT = 14


def pages(made: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pages and samples by their paths; ``made`` are the files of ``docs`` that are made in this run.

    Raises:
        LookupError: a page refers to an anchor, a file or a picture that is not there.
    """
    texts = {name: _held(f"docs/{name}", made).decode() for name in PAGES}
    anchors = {name: {anchor for _, anchor, _ in _heads(_parsed(text))} for name, text in texts.items()}
    found = {f"{TARGET}/{_html(name)}": _Page(name, anchors, made).of(text).encode() for name, text in texts.items()}
    return found | {f"{TARGET}/{name}": _held(f"docs/{name}", made) for name in FILES}


def _held(path: str, made: Mapping[str, bytes]) -> bytes:
    return made.get(path) or (ROOT / path).read_bytes()


def _html(name: str) -> str:
    return PurePosixPath(name).with_suffix(".html").as_posix()


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _parsed(text: str) -> list[Token]:
    return _markdown().parse(without_marks(text.removeprefix(MADE)))


def _heads(tokens: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield the headings with their anchors, which are those that GitHub gives them, and their words."""
    seen: dict[str, int] = {}
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open":
            said = "".join(child.content for child in words.children or ())
            anchor = re.sub(r"[^\w -]", "", said.lower()).replace(" ", "-")
            seen[anchor] = seen.get(anchor, -1) + 1
            yield opening, f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor, said


class _Page:
    """A page that is made: its name, the anchors of all pages by their names, the files that are made in this run."""

    def __init__(self, name: str, anchors: Mapping[str, set[str]], made: Mapping[str, bytes]) -> None:
        self._name, self._anchors, self._made = name, anchors, made

    def of(self, text: str) -> str:
        """Return the whole page."""
        tokens = _parsed(text)
        heads = list(_heads(tokens))
        for opening, anchor, _ in heads:
            opening.attrSet("id", anchor)
        for token in tokens:
            _close_up(token.children or [])
            self._lead(token.children or [])
        writer = _markdown()
        for kind, rule in _RULES.items():
            writer.add_render_rule(kind, rule)
        title, end, body = writer.renderer.render(tokens, writer.options, {}).partition("</h1>\n")
        head = '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        return (
            f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n{head}<title>{escape(heads[0][2])}</title>\n'
            f"<style>{_STYLE}</style>\n</head>\n"
            f'<body id="top">\n<header>\n{self._roles()}{title}{end}</header>\n{_contents(heads)}'
            f'<main>\n{body}<a class="up" href="#top">↑ 目录</a>\n</main>\n</body>\n</html>\n'
        )

    def _roles(self) -> str:
        here = {self._name: ' aria-current="page"'}
        links = [f'<a href="{self._beside(name)}"{here.get(name, "")}>{role}</a>' for role, name in ROLES.items()]
        return f'<nav class="roles" aria-label="给谁看"><b>年报工具箱</b> {" ".join(links)}</nav>\n'

    def _beside(self, name: str) -> str:
        return posixpath.relpath(_html(name), posixpath.dirname(self._name) or ".")

    def _lead(self, tokens: list[Token]) -> None:
        """Put pictures inside, and lead links to the pages that are shipped; of others say where they are."""
        told: list[str] = []
        for token in tokens:
            if token.type == "image":
                token.attrSet("src", self._picture(str(token.attrs["src"])))
            elif token.type == "link_open":
                href = self._target(unquote(str(token.attrs["href"])))
                told.append("" if href else f"（源代码里的 {self._path(str(token.attrs['href']))}）")
                if href:
                    token.attrSet("href", href)
                else:
                    token.type, token.content = "text", ""
            elif token.type == "link_close" and (words := told.pop()):
                token.type, token.content = "text", words

    def _target(self, href: str) -> str | None:
        """Return what a link leads to; ``None`` where that is a file of the repository that is not shipped."""
        if re.match("https?:", href):
            return href
        path, mark, anchor = href.partition("#")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self._name), path)) if path else self._name
        if name in self._anchors:
            if anchor and anchor not in self._anchors[name]:
                raise LookupError(f"{self._name}: nothing has the anchor {href}")
            return f"{self._beside(name)}{mark}{anchor}" if path else href
        if name in FILES:
            return href
        if not (ROOT / "docs" / name).exists():
            raise LookupError(f"{self._name}: there is no {href}")
        return None

    def _path(self, href: str) -> str:
        return posixpath.normpath(posixpath.join("docs", posixpath.dirname(self._name), href.partition("#")[0]))

    def _picture(self, src: str) -> str:
        path = self._path(src)
        if path not in self._made and not (ROOT / path).is_file():
            raise LookupError(f"{self._name}: there is no picture {src}")
        data = _held(path, self._made)
        return f"data:{_KINDS[PurePosixPath(src).suffix]};base64,{base64.b64encode(data).decode()}"


def _contents(heads: Sequence[tuple[Token, str, str]]) -> str:
    """Return the contents: chapters, and their parts one level down."""
    lines = "".join(
        f'<li class="{opening.tag}"><a href="#{anchor}">{escape(words)}</a></li>\n'
        for opening, anchor, words in heads
        if opening.tag in _LISTED
    )
    return f'<nav class="contents" aria-label="目录">\n<p>目录</p>\n<ul>\n{lines}</ul>\n</nav>\n'


def _close_up(tokens: Sequence[Token]) -> None:
    """Take out the break of a line between Chinese letters, for which browsers would show a space."""
    for at, token in enumerate(tokens):
        if token.type == "softbreak":
            before = next((one.content[-1] for one in reversed(tokens[:at]) if one.content), "")
            after = next((one.content[0] for one in tokens[at + 1 :] if one.content), "")
            if (_is_wide(before) and _is_wide(after)) or _is_mark(before) or _is_mark(after):
                token.type, token.content = "text", ""


def _is_wide(sign: str) -> bool:
    return bool(sign) and (unicodedata.east_asian_width(sign) in "WF" or sign in "“”‘’…—")


def _is_mark(sign: str) -> bool:
    return _is_wide(sign) and unicodedata.category(sign).startswith("P")


def _code(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    """Return a block of code; remarks are not taken along when it is copied, for cmd knows none."""
    lines = escape(tokens[at].content.rstrip("\n"), quote=False).split("\n")
    noted = "\n".join(re.sub(r"((?:^|\s+)# .*)$", r'<span class="note">\1</span>', line) for line in lines)
    return f"<pre><code>{noted}\n</code></pre>\n"


def _name(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    """Return code within a line; what is short is not broken, or narrow columns would break it to pieces."""
    words = tokens[at].content
    short = ' class="short"' if len(words) <= _SHORT and " " not in words else ""
    return f"<code{short}>{escape(words, quote=False)}</code>"


_RULES = {
    "fence": _code,
    "code_inline": _name,
    "table_open": lambda *_: '<div class="wide"><table>\n',
    "table_close": lambda *_: "</table></div>\n",
}

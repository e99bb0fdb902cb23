"""The main jobs from end to end: the published figures of a real report, and the collection of a made-up county."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbook.cli.demo.month import collected
from workbook.cli.demo.report import reported
from workbook.cli.demo.show import Show
from workbook.files import save
from workbook.output.templates import filled_in

if TYPE_CHECKING:
    from workbook.report import Lang

_START = {"zh": "从这里看起.html", "en": "begin-here.html"}


def run(folder: Path, lang: Lang) -> Path:
    """Do all of it in a new folder, telling what happens; return the page that leads to what was made.

    A number is added to the folder's name where it is taken.

    Raises:
        OSError: it cannot be written.
    """
    folder = _free(folder)
    folder.mkdir(parents=True)
    show = Show(lang)
    made = {**reported(folder, show), **collected(folder, show)}
    start = folder / _START[lang]
    rows = [
        {"link": quote(path.relative_to(folder).as_posix()), "name": path.name, "what": _WORDS[lang][what]}
        for what, path in made.items()
    ]
    words = {"language": {"zh": "zh-CN", "en": "en"}[lang], **_WORDS[lang]}
    save(start, filled_in(Path(__file__).with_name("start.html"), (), words, {"rows": rows, "made": words["foot"]}))
    show.say("folder", folder.resolve(), start.name)
    return start


def _free(folder: Path) -> Path:
    """Return the folder's name, with a number added where it is taken."""
    found, number = folder, 2
    while found.exists():
        found, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return found


_WORDS = {
    "zh": {
        "title": "年报工具箱演示",
        "about": "一份真实的年报（杭州市临安区 2020 年度公布的数据）和一个虚构的县（云溪县 2025 年度）。",
        "see": "看这个",
        "shows": "里面是什么",
        "page": "校验网页：故意改错了一格，指出是哪一格、应该是多少",
        "marked": "同一处错误，标在工作簿的副本上",
        "published": "公开稿：由工作簿直接生成的网页",
        "status": "收报状况：谁没有报、谁逾期、谁报错、谁退回了",
        "letter": "退回单：退给单位的，写明怎么改",
        "rolled": "汇总：各单位加起来，和县里自己加的对照，指出漏加了谁",
        "filled": "填好的年报工作簿，用 Excel、WPS 打开",
        "template": "空白模板",
        "document": "转换成的 JSON",
        "foot": "由 nianbao demo 生成，可以整个文件夹删去。",
    },
    "en": {
        "title": "nianbao: the demo",
        "about": "A real report (published by Lin'an for 2020) and a county that is made up (Yunxi, for 2025).",
        "see": "Look at",
        "shows": "What it is",
        "page": "what a check says: one number was changed on purpose, the page says which and what it should be",
        "marked": "the same fault, marked in a copy of the workbook",
        "published": "the report as a page for the website, made of the workbook",
        "status": "the collection: who is missing, late, wrong, returned",
        "letter": "a letter that goes back to a unit, with what to correct",
        "rolled": "the roll-up: the units summed up beside the county's own sum, and who was left out of that",
        "filled": "the report as a workbook, for Excel, WPS, LibreOffice",
        "template": "the blank template",
        "document": "the report as JSON",
        "foot": "Made by nianbao demo; the folder may be deleted.",
    },
}

"""Results as pages: one that explains a report, one that leads to those of many. No script, nothing from outside."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbook.exits import FAULTY
from workbook.form import load_form
from workbook.intake.results import RESULT
from workbook.jobs.file import check_file
from workbook.output.form_view import (
    COVER,
    FILE,
    TEXTS,
    Part,
    Piece,
    group_of,
    levels,
    marked,
    parts,
)
from workbook.output.tally import Tally, verdict
from workbook.output.vocabulary import WORDS, printable_results, reason, title
from workbook.printable import printable
from workbook.report.fold import SEVERITY, Cause, count
from workbook.report.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workbook.form import Form
    from workbook.jobs.result import Options, Result, Task
    from workbook.output.tally import Line
    from workbook.report import Lang

_FOLDER = Path(__file__).parent
_PLACES = 8  # a finding links to so many of its cells
_ENDS = 1  # of a range the first, from which the others are seen
_PHRASE = 20  # and names a phrase by so many characters

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "language": "zh-CN",
        "heading": "年报校验结果",
        "index": "年报校验汇总",
        "letter_error": "错",
        "letter_warning": "提",
        "letter_info": "说",
        "letter_waived": "免",
        "filter": "显示",
        "none": "没有发现问题。",
        "report": "报告内容",
        "legend": "有底色和标记的地方有问题：用鼠标指向或用 Tab 键选中就显示说明；点一下跳到问题，再点位置跳回来。",
        "likely": "最可能填错",
        "cover": "封面",
        "texts": "文字部分",
        "about_file": "文件和整份报告",
        "where": "位置：",
        "quoted": "原文：",
        "more": "等 {} 处",
        "blank": "没有填写",
        "absent": "（没有填写）",
        "text": "文字",
        "number": "第 {} 项",
        "files": "各份报告",
        "scroll": "{}（表格可以左右滚动）",
    },
    "en": {
        "language": "en",
        "heading": "Check of an annual report",
        "index": "Checks of annual reports",
        "letter_error": "E",
        "letter_warning": "W",
        "letter_info": "I",
        "letter_waived": "A",
        "filter": "Show",
        "none": "Nothing was found.",
        "report": "The report",
        "legend": "Tinted, lettered cells and phrases are at fault: point at one or reach it with the Tab key to read "
        "why; follow it to the finding, and the finding's place back.",
        "likely": "most likely wrong",
        "cover": "Cover",
        "texts": "Texts",
        "about_file": "The file and the whole report",
        "where": "Place: ",
        "quoted": "Quote: ",
        "more": "and more, {} in all",
        "blank": "blank",
        "absent": "(blank)",
        "text": "text",
        "number": "finding {}",
        "files": "Reports",
        "scroll": "{} (the table can be scrolled)",
    },
}


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return the page of the one result.

    Raises:
        ValueError: there is not just one.
    """
    if len(results) != 1:
        raise ValueError("a page shows one report")
    return page(results[0], lang)


def page_file(task: Task, options: Options, job: Callable[[Task, Options], Result] = check_file) -> Result:
    """Check a file, or do another job that finds something in it, and make its page."""
    result = job(task, replace(options, document=True))
    return result if result.is_skipped else replace(result, data=page(result, options.lang), document=None)


def link(path: Path, folder: Path) -> str:
    """Return the address of a page as seen from a folder that it lies in or below.

    >>> link(Path("out/甲 1.html"), Path("out"))
    '%E7%94%B2%201.html'
    """
    return "/".join(quote(os.fsencode(step)) for step in path.relative_to(folder).parts)


def page(result: Result, lang: Lang) -> bytes:
    """Return the page of a report: verdict, findings by group, the tables as printed and the texts with what is wrong.

    Without ``result.document`` the page shows the findings alone.
    """
    (result,) = printable_results([result], keep="\n")
    form = load_form(result.edition) if result.edition else None
    causes = result.causes
    shown = list(parts(result.document, causes)) if result.document else []
    groups: dict[str, list[dict[str, Any]]] = {}
    targets = _targets(shown)
    for number, cause in enumerate(causes, 1):
        item = _item(number, cause, result.edition, targets, lang)
        groups.setdefault(group_of(cause.first, form), []).append(item)
    names = _group_names(form, lang)
    often = count(causes)
    numbers = {name: often[name] for name in SEVERITY}
    about = {
        "result": result,
        "name": Path(result.file).name,
        "verdict": verdict(result, lang),
        "bad": result.exit_code >= FAULTY,
        "numbers": numbers,
    }
    source = (result.document or {}).get("source") or {}
    about["made"] = stamp(source.get("sha256"), lang)
    ordered = [
        (names[key], levels(item["level"] for item in groups[key]), groups[key]) for key in names if key in groups
    ]
    return _made("page.html", lang, about | {"groups": ordered, "parts": shown})


def index(tally: Tally, links: Mapping[str, str], lang: Lang) -> bytes:
    """Return the page that lists many reports, those with most errors first, and leads to the page of each.

    Args:
        tally: what came of the files.
        links: by file the address of its page, where it has one.
        lang: the language of its words.
    """
    rows = [
        {
            "file": printable(line.file),
            "body": printable(line.body or ""),
            "year": line.year or "",
            "bad": line.exit_code >= FAULTY,
            "link": links.get(line.file),
            "verdict": line.verdict(lang),
            "errors": line.errors,
            "warnings": line.warnings,
        }
        for line in sorted(tally.lines, key=_urgency)
    ]
    about = {"rows": rows, "counts": tally.say(lang), "frequent": tally.frequent(lang), "made": stamp(None, lang)}
    return _made("index.html", lang, about)


def _urgency(line: Line) -> tuple[bool, int, int]:
    return bool(line.edition), -line.errors, -line.warnings


def _group_names(form: Form | None, lang: Lang) -> dict[str, str]:
    """Return the headings of the groups of findings, in the order of the page."""
    words = _WORDS[lang]
    names = {FILE: words["about_file"], COVER: words["cover"]}
    for table in form.tables if form else ():
        section = form.section_of[table.key] if form else None
        heading = section.heading if section else ""
        names[table.key] = heading if heading.endswith(table.title) else f"{heading} · {table.title}"
    return names | {TEXTS: words["texts"]}


def _targets(shown: Sequence[Part]) -> dict[int, list[tuple[str, str]]]:
    """Return for each fault where the page shows it: the anchors of cells and phrases, with what to call them."""
    found: dict[int, list[tuple[str, str]]] = {}
    boxes = [box for part in shown for grid in part.grids for row in grid.rows for box in row]
    pieces: list[Piece] = [piece for part in shown for piece in part.pieces or ()]
    for anchor, name, faults in (
        *((f"cell-{box.key}", box.label, box.faults) for box in boxes),
        *((f"text-{piece.key}", _short(piece.text), piece.faults) for piece in pieces),
    ):
        for number in dict.fromkeys(fault.number for fault in faults if not fault.follows):
            found.setdefault(number, []).append((anchor, name))
    return found


def _short(text: str) -> str:
    return text if len(text) <= _PHRASE else f"{text[:_PHRASE]}…"


def _item(
    number: int,
    cause: Cause,
    edition: str | None,
    targets: Mapping[int, Sequence[tuple[str, str]]],
    lang: Lang,
) -> dict[str, Any]:
    """Return a mistake as the page lists it."""
    finding = cause.first
    cells = {f"cell-{cell['cell']}": cell for one in cause.findings for cell in (*one["cells"], *one["located"])}
    places = []
    for anchor, name in targets.get(number, ()):
        cell = cells.get(anchor)
        where = f"「{cell['sheet']}」{cell['address']} " if cell and cell["sheet"] else ""
        places.append({"anchor": anchor, "name": f"{where}{name}"})
    phrase = finding["quote"]
    return {
        "number": number,
        "level": cause.status,
        "message": cause.message(lang),
        "hint": finding["hint"],
        "consequences": cause.consequences(lang),
        "effects": list(dict.fromkeys(effect["message"] for effect in cause.effects)),
        "code": finding["code"],
        "title": title(finding["code"], edition, lang),
        "reason": reason(finding, lang),
        "places": places[: _ENDS if cause.block else _PLACES],
        "count": sum(len(marked(one)) for one in cause.findings),
        "quote": phrase["text"] if phrase else "",
    }


def _made(template: str, lang: Lang, about: Mapping[str, Any]) -> bytes:
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    words = {**WORDS[lang], **_WORDS[lang]}
    text: str = (
        _templates().get_template(template).render(**about, w=words, policy=policy, style=style, generator=RESULT)
    )
    return text.encode("utf-8", "replace")


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["own"] = Markup
    return made

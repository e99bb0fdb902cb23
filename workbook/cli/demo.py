"""The main job from end to end on the published figures of a real report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.document.document import from_json, to_document, to_json
from workbook.document.validate import is_valid
from workbook.excel.mark import mark
from workbook.excel.template.build import template, write
from workbook.files import read, save
from workbook.printable import printable
from workbook.report import Finding, Lang, Report
from workbook.report.findings import show
from workbook.report.fold import fold
from workbook.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

BROKEN_CELL, BROKEN_VALUE = "applications.granted.natural", 72
"""The published 27 with its digits turned round."""


def run(folder: Path, lang: Lang) -> None:
    """Write template, filled workbook, JSON and a broken workbook into a new folder, telling what happens."""
    from rich.console import Console

    folder = _free(folder)
    folder.mkdir(parents=True)
    console = Console(highlight=False)
    say = _SAYS[lang]
    report = from_json(resource("examples/linan-2020.json").read_bytes())

    blank_file, filled, document = (
        folder / name for name in ("年报模板-2019版.xlsx", "临安区-2020.xlsx", "临安区-2020.json")
    )
    save(blank_file, template(report.edition))
    _print(console, say["template"].format(blank_file))
    save(filled, write(report))
    _print(console, say["filled"].format(len(report.cells), report.body.name, report.year, filled))

    again = read(filled)
    findings = check(again)
    causes = fold([finding.as_dict(lang) for finding in findings], again.edition)
    errors = sum(cause.status == "error" for cause in causes)
    told = say["checked"].format(len(report.form.equations()), errors, len(causes) - errors)
    _print(console, told)
    for cause in causes:
        _print(console, f"   · {cause.message(lang)}")
    save(document, to_json(again, findings))
    verdict = say["conforms" if is_valid(to_document(again, findings), again.edition) else "breaks"]
    _print(console, say["converted"].format(verdict, document))
    _broken(report, folder, lang, console)


def _broken(report: Report, folder: Path, lang: Lang, console: Console) -> None:
    """Break one number of the report on purpose and show what the checks say."""
    say = _SAYS[lang]
    broken, marked = folder / "临安区-2020-改错一格.xlsx", folder / "临安区-2020-改错一格-校验.xlsx"
    was = report.cells[BROKEN_CELL]
    save(broken, write(report.with_cells({BROKEN_CELL: BROKEN_VALUE})))
    report = read(broken)
    findings = tuple(finding for finding in check(report) if finding.level == "error" and not finding.under)
    cell = report.form.cells[BROKEN_CELL].label
    _print(console, say["broken"].format(cell, was, BROKEN_VALUE, len(findings), broken))
    console.print()
    for finding in findings:
        _show(finding, lang, console)
    save(marked, mark(broken.read_bytes(), report, check(report)))
    _print(console, say["marked"].format(marked))
    _print(console, say["folder"].format(folder.resolve()))


def _print(console: Console, line: str) -> None:
    console.print(printable(line), markup=False, soft_wrap=True)


def _show(finding: Finding, lang: Lang, console: Console) -> None:
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    located = "；".join(
        f"{change.cell.where(lang)} {show(change.cell.value)} → {show(change.value)}" for change in finding.corrections
    )
    texts = (
        finding.code,
        f"{finding.cells[0].where(lang)}  {finding.cells[0].label}",
        *(show(value, lang) for value in (finding.left, finding.right, finding.difference)),
        located,
        finding.message(lang),
    )
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for head, text in zip(_ROWS[lang], texts, strict=True):
        table.add_row(f"   {head}", text)
    console.print(table)
    console.print()


def _free(folder: Path) -> Path:
    """Return the folder's name, with a number added where it is taken."""
    found, number = folder, 2
    while found.exists():
        found, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return found


_ROWS = {
    "zh": ("代码", "位置", "左边", "右边", "相差", "定位", "说明"),
    "en": ("code", "cell", "left", "right", "difference", "located", "message"),
}

_SAYS = {
    "zh": {
        "template": "1. 空白模板：{}",
        "filled": "2. 填入 {} 个数（{} {} 年度公布的数据）：{}",
        "checked": "3. 校验 {} 条勾稽关系、每一格和文字：{} 处错误，{} 处提示",
        "converted": "4. 转换为 JSON（{}）：{}",
        "conforms": "符合 JSON Schema",
        "breaks": "不符合 JSON Schema",
        "broken": "5. 故意把“{}”由 {} 改成 {}，发现 {} 处错误：{}",
        "marked": "   标出问题的副本：{}",
        "folder": "文件都在 {}",
    },
    "en": {
        "template": "1. blank template: {}",
        "filled": "2. filled with {} numbers (published by {} for {}): {}",
        "checked": "3. checked {} equations, every cell and the text: {} errors, {} warnings",
        "converted": "4. converted to JSON ({}): {}",
        "conforms": "passes the JSON Schema",
        "breaks": "breaks the JSON Schema",
        "broken": "5. changed “{}” from {} to {} on purpose, {} errors: {}",
        "marked": "   marked copy: {}",
        "folder": "the files are in {}",
    },
}

"""The buttons of the ribbon, one function each. Every one works on the active workbook and says what it did.

The add-in calls ``press`` and ``answer`` here, where all buttons are known.
"""

from __future__ import annotations

import datetime as dt
import webbrowser
from typing import TYPE_CHECKING

import xlwings as xw

import workbook
from workbook.checks.run import is_sound
from workbook.excel.findings_sheet import RESULTS, causes_of, marks, verdict
from workbook.form import edition_for
from workbook.jobs.prior_year import carried_over
from workbook.report.compare import DRAFT
from workbook.report.limits import YEARS
from workbook.resources import editions, resource, template_file
from xlplugin import clipboard, fill, json_file, law, own, paste, printing, waivers
from xlplugin.addin import diagnose, machine
from xlplugin.addin.install import places
from xlplugin.batch import check_folder
from xlplugin.check import judged, report_of
from xlplugin.collection import collect_add, collect_register, collect_return, collect_rollup, collect_status
from xlplugin.excel import TITLE, Desk, Refusal, caller
from xlplugin.marks import MEMORY, clear, show
from xlplugin.own import own_body
from xlplugin.press import Where, answer, anywhere, at_desk, press, refuse_mismatch, taken_back
from xlplugin.publication import publish_report, verify_published
from xlplugin.talk import Ask, AskNumber, OpenCopy, PickFile, Preview, Talk
from xlplugin.transaction import Transaction

if TYPE_CHECKING:
    from workbook.report import Finding, Report
    from workbook.report.fold import Cause

__all__ = [
    "answer",
    "check_folder",
    "collect_add",
    "collect_register",
    "collect_return",
    "collect_rollup",
    "collect_status",
    "own_body",
    "press",
    "publish_report",
    "verify_published",
]

_REPORTS = "年报工作簿或 JSON (*.xlsx;*.xlsm;*.json),*.xlsx;*.xlsm;*.json"
_DOCUMENTS = "年报 JSON (*.json),*.json"


@anywhere
def new_report(where: Where) -> Talk:
    """新建年报: open a fresh workbook of the edition prescribed for a year."""
    refuse_mismatch(where)
    year = yield AskNumber("新建哪个年度的年报？请输入年份。", dt.date.today().year - 1)  # noqa: DTZ011 - the user's day
    if year is None:
        return None
    if year not in YEARS:
        raise Refusal(f"年份应是 {YEARS[0]} 到 {YEARS[-1]} 之间的四位数。")
    edition = edition_for(year)
    if edition is None:
        first = workbook.load_form(editions()[0]).first_year
        raise Refusal(f"没有适用于 {year} 年度的版式：{first} 年度起才有本表。请核对年份。")
    form = workbook.load_form(edition)
    said, words = yield from own.offered()
    begun = own.prefilled(said, edition, year)
    yield OpenCopy(resource(template_file(edition)))
    fresh = Desk(xw.Book.caller())
    with Transaction(fresh) as transaction:
        words += own.put(transaction, fresh, begun)
    made = f"已新建 {year} 年度的年报（{form.edition} 版，{form.authority}）。\n"
    return f"{made}{words}请先用“另存为”保存，再开始填写。"


@at_desk
def load_last_year(desk: Desk) -> Talk:
    """载入上年: fill 上年结转 from last year's report and remember its file."""
    report = report_of(desk)
    path = yield PickFile("选择本机关上一年度的年报", _REPORTS)
    if path is None:
        return None
    if path == desk.path:
        raise Refusal("选的就是当前这份工作簿。请选上一年度的年报。")
    previous = workbook.read(path)
    other = [finding for finding in workbook.check(report, previous) if finding.code == "year.not_last"]
    if other and not (yield Ask(f"{other[0].message()}\n\n仍要载入吗？")):
        return None
    numbers = carried_over(report, previous)
    if not numbers:
        rows = dict.fromkeys(previous.form.cells[key].row.label for key in report.form.opening_cells.values())
        raise Refusal(f"“{path.name}”的“{'、'.join(rows)}”没有填数，没有可以载入的。")
    different = [key for key, number in numbers.items() if report.cells[key] not in {None, number}]
    if different and not (yield Ask(f"上年结转里有 {len(different)} 格已填了不同的数，要换成上年报告的数吗？")):
        return None
    with Transaction(desk) as transaction:
        changed = fill.put_numbers(transaction, report, numbers)
        kept = fill.remember(transaction, path)
    words = [f"已从“{path.name}”填入上年结转 {changed} 格，其余 {len(numbers) - changed} 格原来就相同。"]
    words += ["校验时会逐列对照这份报告。" if kept else fill.FORGOTTEN]
    if not is_sound(workbook.check(previous)):
        words.append("注意：上年报告本身有错误，请核对它的结转数。")
    return "\n".join(words)


@at_desk
def fill_zeros(desk: Desk) -> str | None:
    """空白填零: put 0 into blank number cells."""
    report = report_of(desk)
    with Transaction(desk) as transaction:
        count = fill.zeros(transaction, report)
    return f"已在 {count} 个空白格里填 0。合计和文字没有动。" if count else "统计表里没有空白格。"


@at_desk
def paste_values(desk: Desk) -> Talk:
    """粘贴数值: paste values only."""
    if desk.app.cut_copy_mode == "cut":
        raise Refusal("剪切的内容不能只粘贴数值。请改用“复制”，再点“粘贴数值”。")
    copied = clipboard.copied()
    planned = paste.planned(desk, copied)
    if planned.over and not (yield Ask(f"有 {planned.over} 格已填了别的内容，要换成粘贴的吗？")):
        return None
    with Transaction(desk) as transaction:
        pasted = paste.paste(transaction, planned)
    return paste.told(copied, pasted)


@at_desk
def check_report(desk: Desk) -> Talk:
    """校验: show all findings."""
    report = report_of(desk)
    findings = judged(desk, report)
    change = yield from waivers.taken(desk, report, findings)
    with Transaction(desk) as transaction:
        if change.words:
            waivers.put(transaction, report, change)
            findings = _findings(desk)
        causes = causes_of(findings, report.edition)
        done = show(transaction, causes)
    desk.select(RESULTS, "A1")
    desk.app.status_bar = f"{TITLE}：{verdict(causes)}"
    if not causes:
        return f"{change.words}校验通过，没有发现问题。"
    told = f"{verdict(causes)}。已标出 {done.cells} 格，「{RESULTS}」表逐条列出。{done.words}点“下一处”依次查看。"
    return f"{change.words}{told}"


@at_desk
def next_fault(desk: Desk) -> str | None:
    """下一处: select the next faulty cell."""
    return _step(desk, 1)


@at_desk
def previous_fault(desk: Desk) -> str | None:
    """上一处: select the previous faulty cell."""
    return _step(desk, -1)


def _step(desk: Desk, step: int) -> str | None:
    causes = _causes(desk)
    known = [item for item in marks(causes) if item.text and desk.has(item.sheet)]
    found = {(item.sheet, desk.active_in(item.sheet, item.address)): item for item in known if desk.shows(item.sheet)}
    places = list(found)
    if not places:
        why = "有问题的格子都在隐藏的工作表里，请先取消隐藏。" if known else "没有要改的格子。"
        return f"{verdict(causes)}，{why}"
    here = desk.selection
    start = places.index(here) if here in places else (-1 if step > 0 else 0)
    index = (start + step) % len(places)
    desk.app.status_bar = (
        f"{TITLE}：第 {index + 1} 处，共 {len(places)} 处。{found[places[index]].text.splitlines()[0]}"
    )
    desk.select(*places[index])
    return None


@at_desk
def cell_rules(desk: Desk) -> str:
    """这一格的规则: say what the active cell takes, and how the rules about it stand."""
    report, here = report_of(desk), desk.selection
    key = next((key for key in report.cells if here and _place(report, key) == here), None)
    if key is None:
        raise Refusal("选中的不是统计表里填数的格子。请选中一格，再点一次。")
    return law.told(report, key)


@at_desk
def accept_repair(desk: Desk) -> Talk:
    """采纳建议: put the located value into the located cell."""
    report = report_of(desk)
    findings = judged(desk, report)
    repairs = {change.cell.cell: change for finding in findings for change in finding.corrections}
    if not repairs:
        return (
            f"{verdict(causes_of(findings, report.edition))}。没有能确定到格的改正建议，请按「{RESULTS}」表逐条核对。"
        )
    here = desk.selection
    chosen = next((change for key, change in repairs.items() if _place(report, key) == here), None)
    finding = next(f for f in findings if f.corrections and (chosen is None or chosen in f.corrections))
    if not (yield Ask(f"{finding.message()}\n\n{finding.hint()}\n\n按建议改吗？")):
        return None
    change = yield from waivers.taken(desk, report, findings)
    with Transaction(desk) as transaction:
        waivers.put(transaction, report, change)
        count = fill.put_numbers(
            transaction, report, {change.cell.cell: change.value for change in finding.corrections}
        )
        if count < len(finding.corrections):
            raise Refusal("建议改的格子里是公式，没有改动。请核对公式或它引用的格子。")
        causes = _causes(desk)
        if desk.has(MEMORY):
            show(transaction, causes)
    where = _place(report, finding.corrections[0].cell.cell)
    if desk.shows(where[0]):
        desk.select(*where)
    return f"{change.words}已改 {count} 格。现在{verdict(causes)}。"


def _place(report: Report, key: str) -> tuple[str, str]:
    place = report.places[key]
    return place.sheet, place.address


@at_desk
def clear_marks(desk: Desk) -> Talk:
    """清除标记: make every cell look as it did before."""
    if not desk.has(MEMORY):
        return "没有标记要清除。"
    report = report_of(desk) if waivers.typed(desk) else None  # what was typed would be lost with the list
    change = (yield from waivers.taken(desk, report, judged(desk, report))) if report else waivers.Taken()
    with Transaction(desk) as transaction:
        if report:
            waivers.put(transaction, report, change)
        done = clear(transaction)
    return f"{change.words}已清除 {done.cells} 格的标记，底色和批注恢复原样，「{RESULTS}」表已删除。{done.words}"


@at_desk
def print_report(desk: Desk) -> Talk:
    """打印年报: show how the report prints, all of it and nothing else."""
    report = report_of(desk)
    planned = printing.printing(desk, report)
    findings = judged(desk, report)
    faults = () if is_sound(findings) else (f"校验：{verdict(causes_of(findings, report.edition))}。",)
    known = "\n".join((*faults, *planned.oddities))
    if known and not (yield Ask(f"{known}\n\n仍要打印吗？")):
        return None
    if why := (yield Preview(planned.sheets)):
        raise Refusal(f"没有打印：{why}\n\n如果是没有打印机，请先在 Windows 里装一台，再点一次。")
    return None


@at_desk
def export_json(desk: Desk) -> Talk:
    """导出 JSON: write the document beside the workbook."""
    path = desk.saved  # calculating may mark the workbook as changed
    report = report_of(desk)
    findings = judged(desk, report)
    change = yield from waivers.taken(desk, report, findings)
    if change.words:
        with Transaction(desk) as transaction:
            waivers.put(transaction, report, change)
            show(transaction, _causes(desk))
        return f"{change.words}工作簿因此有了改动，没有导出。请先保存，再点一次“导出 JSON”。"
    return (yield from json_file.export(path, causes_of(findings, report.edition)))


@at_desk
def import_json(desk: Desk) -> Talk:
    """导入 JSON: fill the open template."""
    shown = report_of(desk)
    path = yield PickFile("选择要导入的 JSON", _DOCUMENTS)
    if path is None:
        return None
    report = json_file.document(path, shown.edition)
    filled = fill.filled(shown)
    if filled and not (yield Ask(f"当前工作簿已填了 {filled} 格，导入会换成“{path.name}”里的内容。继续吗？")):
        return None
    with Transaction(desk) as transaction:
        count = fill.put_report(transaction, report, shown)
        causes = _causes(desk)
    draft = "".join(finding.message() for finding in report.reader_findings if finding.code == DRAFT)
    return f"已从“{path.name}”导入，改动 {count} 格。{draft}现在{verdict(causes)}。"


@at_desk
def undo(desk: Desk) -> str | None:
    """撤销: take back what the button before wrote."""
    kept = taken_back()
    if kept is None or not kept.is_of(desk):
        raise Refusal("没有可以撤销的：只能撤销在这份工作簿里刚点的那一个按钮。")
    if changed := kept.written.changed:
        raise Refusal(f"“{kept.label}”写过的格子里，有 {changed} 格后来又改了，所以一格也没有撤销。请逐格改。")
    with Transaction(desk) as transaction:
        for wrote in kept.written.cells.values():
            transaction.put_back(wrote)
        for name, meant in kept.written.names.items():
            if meant is None:
                transaction.forget_name(name)
            else:
                transaction.define_name(name, meant)
        if MEMORY in kept.written.sheets:
            show(transaction, _causes(desk))
        elif desk.has(MEMORY):
            clear(transaction)
    return f"已撤销“{kept.label}”，工作簿恢复到点它以前的样子。"


@anywhere
def self_check(where: Where) -> str | None:
    """环境自检: say what works here and what to do about what does not."""
    book = caller()
    registry = machine.registry()
    found = [
        *diagnose.facts(Desk(book) if book else None, where.addin),
        *(machine.inside(registry) if registry else []),
    ]
    return diagnose.report([*diagnose.told_by_vba(where.facts), *found], places())


@anywhere
def open_manual(_where: Where) -> str | None:
    """使用说明: open the manual."""
    opened = webbrowser.open(resource("templates/手册/使用手册.html").as_uri())
    return None if opened else "没有能打开使用手册的程序。"


@anywhere
def about(where: Where) -> str | None:
    """关于: tell the versions."""
    return diagnose.about(where.addin)


def _findings(desk: Desk) -> tuple[Finding, ...]:
    return judged(desk, report_of(desk))


def _causes(desk: Desk) -> list[Cause]:
    report = report_of(desk)
    return causes_of(judged(desk, report), report.edition)

"""What the sheet of checks says: results as formulas give them, and verdicts over many results.

Every function here exists twice over, as the formula that a spreadsheet calculates and as the value that is stored with
it; a test recalculates the formulas and compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, RESULT, Plan
from workbook.report import Finding, Report, catalogue
from workbook.report.equations import countable_cells, judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Equation

SOUND, IDLE, WAIVED = "✓", "－", "✓ 已说明"
_BREACHES = {"=": "两边不等", "<=": "左边大于右边"}

_UNFILLED = {"cell.blank", "body.name", "text.blank", "text.prompt"}
_TODO = {"…": "填浅黄色的格子", "✗": "按“校验”表的结论改正"}
_HINT, _LOOK = "提示", "看“校验”表里的提示，属实的写明说明"
_NEXT = {"…": "下一步：填写“{name}”", "✗": "下一步：改正“{name}”里的错误"}
_SEND = "下一步：保存为 .xlsx，按上级要求报送"
"""What is to be done about a part, by the mark of its verdict, and about the whole."""
MARKS = {"error": "✗", "warning": "△", "info": "△"}
"""What a result of each level begins with."""


def status(code: str, *, unfilled: bool = False) -> str:
    """Return the words of the sheet for a code of the catalogue: a mark and the title."""
    entry = catalogue()[code]
    mark = "…" if unfilled or code in _UNFILLED else MARKS[entry.level]
    return f"{mark} {entry.words['zh']['title']}"


def broken(equation: Equation) -> str:
    """Return the words of the sheet for an equation that does not hold."""
    return f"{MARKS[equation.rule.level]} {_BREACHES[equation.rule.relation]}"


def statuses(plan: Plan, report: Report, findings: Iterable[Finding]) -> dict[int, str]:
    """Return the result that the formulas show in each row of the list for a report."""
    found = {(_line(finding.code), finding.at): finding for finding in findings}
    counted, shown = countable_cells(report), dict[int, str]()
    open_ = {(each.code, each.at.key) for each in report.form.equations() if judged(each, counted) is None}
    for (code, at), row in plan.checks.items():
        finding = found.get((code, at))
        if finding is None:
            idle = report.cells[at] is None if code == "cell" else (code, at) in open_
            shown[row] = IDLE if idle else SOUND
        elif finding.waived:
            shown[row] = WAIVED
        elif finding.equation:
            shown[row] = broken(finding.equation)
        else:
            # A text that looks like a formula is only a text to the sheet.
            known = finding.code if catalogue()[finding.code].in_workbook else "cell.not_a_number"
            shown[row] = status(known, unfilled=finding.code == "body.year" and finding.found is None)
    return shown


def _line(code: str) -> str:
    """Return the code of the line that tells a finding: of a cell and of a text there is one, whatever is wrong."""
    return "cell" if code.startswith("cell.") else "text.blank" if code == "text.prompt" else code


def rows_of(plan: Plan, topics: Sequence[str]) -> list[int]:
    """Return the rows of the list that speak of some tables, of ``body`` or ``file``, or of a text (``text.key``)."""
    return [row for (code, at), row in plan.checks.items() if _topic(code, at) in topics]


def _topic(code: str, at: str) -> str:
    return f"text.{at}" if code == "text.blank" else (at if code == "cell" else code).split(".")[0]


def verdict_formula(rows: Iterable[int]) -> str:
    """Return the formula of a verdict over rows of the list."""
    letter = a1(0, RESULT)[0]
    areas = [f"{CHECKS}!${letter}${first + 1}:${letter}${last + 1}" for first, last in spans(rows)]

    def count(mark: str) -> str:
        return "(" + "+".join(f'COUNTIF({area},"{mark}*")' for area in areas) + ")"

    wrong, unfilled, hints = count("✗"), count("…"), count("△")
    return (
        f'=IF({wrong}>0,"✗ 有 "&{wrong}&" 处需要改正"&IF({unfilled}>0,"，另有 "&{unfilled}&" 处未填",""),'
        f'IF({unfilled}>0,"… 尚有 "&{unfilled}&" 处未填",'
        f'IF({hints}>0,"✓ 没有错误，有 "&{hints}&" 处提示","✓ 校验通过")))'
    )


def verdict_text(shown: Mapping[int, str], rows: Iterable[int]) -> str:
    """Return what ``verdict_formula`` shows over these results."""
    marks = [shown[row][0] for row in rows]
    wrong, unfilled, hints = (marks.count(mark) for mark in "✗…△")
    if wrong:
        return f"✗ 有 {wrong} 处需要改正" + (f"，另有 {unfilled} 处未填" if unfilled else "")
    if unfilled:
        return f"… 尚有 {unfilled} 处未填"
    return f"✓ 没有错误，有 {hints} 处提示" if hints else "✓ 校验通过"


def todo_formula(at: str) -> str:
    """Return the formula of what is to be done in a part, by its verdict."""
    told = "".join(f'IF(LEFT({at},1)="{mark}","{text}",' for mark, text in _TODO.items())
    return f'={told}IF(ISNUMBER(FIND("{_HINT}",{at})),"{_LOOK}",""{")" * (len(_TODO) + 1)}'


def todo_text(state: str) -> str:
    """Return what ``todo_formula`` shows for a verdict."""
    return _TODO.get(state[0], _LOOK if _HINT in state else "")


def next_formula(states: Mapping[str, str]) -> str:
    """Return the formula of what to do next; ``states`` are the cells with the verdicts, by part."""
    formula = f'"{_SEND}"'
    for name, at in reversed(tuple(states.items())):
        steps = [f'"{_NEXT[mark].format(name=name)}"' for mark in "…✗"]
        formula = f'IF(LEFT({at},1)="{SOUND}",{formula},IF(LEFT({at},1)="…",{steps[0]},{steps[1]}))'
    return f"={formula}"


def next_text(states: Mapping[str, str]) -> str:
    """Return what ``next_formula`` shows for the verdicts of the parts."""
    return next((_NEXT[state[0]].format(name=name) for name, state in states.items() if state[0] != SOUND), _SEND)


def spans(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Join consecutive rows: yield the first and the last of each run."""
    first = last = None
    for row in sorted(rows):
        if first is None or last is None:
            first = row
        elif row != last + 1:
            yield first, last
            first = row
        last = row
    if first is not None and last is not None:
        yield first, last

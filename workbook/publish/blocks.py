"""DEV ONLY until i16-core."""
from __future__ import annotations
import re
from dataclasses import dataclass
from workbook.form import printed_sections
@dataclass(frozen=True)
class Title: text: str
@dataclass(frozen=True)
class Opening: text: str
@dataclass(frozen=True)
class Heading:
    level: int
    text: str
@dataclass(frozen=True)
class Paragraph:
    text: str
    level: int = 0
    start: int = 0
@dataclass(frozen=True)
class TableBlock:
    key: str
    printed: object
    values: dict
    previous: dict | None = None
@dataclass(frozen=True)
class ChartBlock:
    key: str
    svg: bytes
    title: str
    desc: str
@dataclass(frozen=True)
class Signature:
    body: str
    date: str | None
@dataclass(frozen=True)
class CheckCode: code: str
@dataclass(frozen=True)
class Draft: pass
Block = object
_N = ((2, re.compile("[（(][一二三四五六七八九十]+[)）][^。]{0,30}。?")), (3, re.compile(r"[0-9]+[.．、][^。]{0,30}。?")), (4, re.compile(r"[（(][0-9]+[)）][^。]{0,30}。?")))
def _p(line):
    for l, n in _N:
        if m := n.match(line): return Paragraph(line, l, m.end())
    return Paragraph(line, 0, 0)
def blocks(report, previous=None, draft=False, date=None):
    out = [Title(f"{report.body.name}{report.year}年政府信息公开工作年度报告"), Opening("根据《中华人民共和国政府信息公开条例》规定，编制本报告。")]
    printed = {s.section.number: s for s in printed_sections(report.edition)}
    for s in report.form.sections:
        out.append(Heading(1, s.heading))
        if s.narrative and report.narrative[s.narrative] is not None:
            out += [_p(l) for l in report.narrative[s.narrative].split("\n")]
        for t in (printed[s.number].tables if s.number in printed else ()):
            out.append(TableBlock(t.table.key, t, {k: "" if report.cells[k] is None else str(report.cells[k]) for k in t.cells}, None))
    out += [Signature(report.body.name or "", date), CheckCode("1234 5678 9012 3456")]
    import os
    if os.environ.get('NB_BARE'): out=[o for o in out if not isinstance(o,(Opening,Signature,CheckCode))]
    return tuple([Draft()] * draft + out)

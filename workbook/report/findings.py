"""Findings: what is wrong, where, what stands there, what is expected, what to do; and the catalogue of codes."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from workbook.definition import FormError, compiled, read_toml
from workbook.records import dataclass
from workbook.report.values import EXACT, Number, Place, Value, Waiver, plain
from workbook.resources import form_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbook.form import Equation, Form

Lang = Literal["zh", "en"]
Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")
Identity = tuple[str, str]
"""Code and place of a finding."""

WAIVED = "waived"
"""Beside the levels: what a warning counts as that was accepted with a reason."""

LEVEL_WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {"error": "错误", "warning": "提示", "info": "说明", WAIVED: "已说明"},
        "en": {"error": "error", "warning": "warning", "info": "info", WAIVED: "waived"},
    }
)

_VERDICTS: dict[Lang, tuple[str, str, str, str, str]] = {
    "zh": ("✓ 没有错误", "✗ 有 {count} 处错误", "，有 {} 处提示", "，另有 {} 处提示", "，{} 处提示已说明"),
    "en": ("✓ sound", "✗ errors: {count}", ", warnings: {}", ", warnings: {}", ", waived: {}"),
}
_COMPARED: dict[Lang, tuple[str, str]] = {
    "zh": ("✓ 与“{against}”相同", "✗ 与“{against}”核对不上，有 {count} 处"),
    "en": ("✓ the same as “{against}”", "✗ not proven by “{against}”: {count}"),
}

_CATALOGUE = Path(__file__).parent / "catalogue.toml"
COMPILED = "schema/compiled/catalogue.json"
"""Where the catalogue is kept as data."""
_SPELT_OUT = 4  # a sum of more terms than this is told as "the sum of N items"


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell of the form with its label, its place and the value found in it."""

    cell: str
    label: str
    value: Value
    place: Place | None = None

    def where(self, lang: Lang) -> str:
        """Name the cell as the reader of a message finds it."""
        if self.place is None:
            return self.cell if "." in self.cell else {"zh": "报告", "en": "the report"}[lang]
        pattern = "「{}」{}" if lang == "zh" else "sheet {}, cell {}"
        return pattern.format(self.place.sheet, self.place.address)

    def as_dict(self) -> dict[str, Any]:
        """Return the cell as it stands in a finding's JSON."""
        place = self.place
        return {
            "cell": self.cell,
            "sheet": place.sheet if place else None,
            "address": place.address if place else None,
            "value": stored(self.value),
        }


@dataclass(frozen=True, slots=True)
class Correction:
    """The value that a cell should have had."""

    cell: CellValue
    value: Number


@dataclass(frozen=True, slots=True)
class Quote:
    """A phrase of a text part: characters ``start`` up to ``end`` of it."""

    part: str
    start: int
    end: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the phrase as it stands in a finding's JSON."""
        return {"part": self.part, "start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of the catalogue: its level, its clause of law and its words in both languages.

    ``in_workbook`` says whether the template's own formulas find it too.
    """

    code: str
    level: Level
    in_workbook: bool
    clause: str
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    ``at`` is the line, cell, field, text or table that it speaks of. ``found`` and ``expected`` are those of the one
    cell, answer or text that it is about; an equation has ``left`` and ``right``, the sums of its sides, and all cells.
    ``words`` are what its message names besides; ``quote`` is the phrase that it disputes; ``waived`` is the reason for
    which a warning was accepted; ``under`` is the identity of the error that it follows from.
    """

    code: str
    level: Level
    at: str
    cells: tuple[CellValue, ...] = ()
    found: Value = None
    expected: Value = None
    left: Value = None
    right: Value = None
    difference: Value = None
    corrections: tuple[Correction, ...] = ()
    equation: Equation | None = field(default=None, repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    quote: Quote | None = None
    waived: Waiver | None = None
    under: Identity | None = None

    @property
    def identity(self) -> Identity:
        """Code and place: what makes a finding the same finding in every engine."""
        return self.code, self.at

    @property
    def status(self) -> str:
        """The level, or ``waived`` where a reason for the warning was accepted."""
        return WAIVED if self.waived else self.level

    def message(self, lang: Lang = "zh") -> str:
        """Say in one sentence what is there and what is expected."""
        return entry(self).words[lang]["message"].format_map(_Words(self, lang))

    def hint(self, lang: Lang = "zh") -> str:
        """Say what to do; names the likely wrong cell where it could be located."""
        if not self.corrections:
            return entry(self).words[lang]["hint"].format_map(_Words(self, lang))
        one, several = _REPAIRS[lang]
        changes = "；".join(
            one.format(where=change.cell.where(lang), label=change.cell.label, found=show(change.cell.value, lang),
                       value=show(change.value, lang))
            for change in self.corrections
        )  # fmt: skip
        return several[len(self.corrections) > 1].format(changes)

    def as_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """Return the finding as JSON has it; ``schema/<edition>/finding.schema.json`` describes it."""
        return {
            "code": self.code,
            "level": self.level,
            "at": self.at,
            "cells": [cell.as_dict() for cell in self.cells],
            "found": stored(self.found),
            "expected": stored(self.expected),
            "left": stored(self.left),
            "right": stored(self.right),
            "difference": stored(self.difference),
            "quote": self.quote.as_dict() if self.quote else None,
            "waived": asdict(self.waived) if self.waived else None,
            "located": [change.cell.as_dict() | {"should_be": stored(change.value)} for change in self.corrections],
            "under": dict(zip(("code", "at"), self.under, strict=True)) if self.under else None,
            "message": self.message(lang),
            "hint": self.hint(lang),
        }


_REPAIRS = {
    "zh": (
        "{where}（{label}）现为 {found}，应为 {value}",
        (
            "最可能填错的是 {}。改后（合计随之重算）与这一格有关的各项关系全部成立，请对照台账核实。",
            "这两格的数可能填颠倒或填错了位置：{}。改后（合计随之重算）与这两格有关的各项关系全部成立，请对照台账核实。",
        ),
    ),
    "en": (
        "{where} ({label}) is {found} and should be {value}",
        (
            "Most likely wrong: {}. With this change (totals follow) all its rules hold; verify it in the records.",
            "These two may have been swapped or misplaced: {}. With this change (totals follow) all their rules hold.",
        ),
    ),
}


class _Words(dict[str, str]):
    """What a message may name, computed only when it is named."""

    def __init__(self, finding: Finding, lang: Lang) -> None:
        super().__init__(finding.words)
        self._finding, self._lang = finding, lang

    def __missing__(self, name: str) -> str:
        finding, lang = self._finding, self._lang
        if name in _VALUES:
            return show(getattr(finding, _VALUES[name]), lang)
        if name == "where":
            return finding.cells[0].where(lang)
        if name == "label":
            return finding.cells[0].label
        if finding.equation and name in _OF_EQUATION:
            return _OF_EQUATION[name](finding, finding.equation, lang)
        raise KeyError(name)


_VALUES = {
    **{name: name for name in ("found", "expected", "difference")},
    "left_sum": "left",
    "right_sum": "right",
}
_EACH = {"zh": {"row": "行", "column": "列"}, "en": {"row": " (row)", "column": " (column)"}}
_RELATIONS = {
    "zh": {"=": "应相等", "<=": "前者不应大于后者"},
    "en": {"=": "equal", "<=": "at most that"},
}
_OF_EQUATION: Mapping[str, Callable[[Finding, Equation, Lang], str]] = {
    "sheet": lambda finding, equation, lang: _sheet(finding, equation.table, lang),
    "left": lambda finding, equation, lang: _side(finding, equation.left, lang),
    "right": lambda finding, equation, lang: _side(finding, equation.right, lang),
    "line": lambda _, equation, lang: f"“{equation.at.label}”{_EACH[lang][equation.rule.each]}",
    "relation": lambda _, equation, lang: _RELATIONS[lang][equation.rule.relation],
}


def _sheet(finding: Finding, table: str, lang: Lang) -> str:
    """Name the sheet that an equation stands on; its table where the report was not read from a sheet."""
    place = finding.cells[0].place
    if place is None:
        return f"{table} "
    return f"「{place.sheet}」" if lang == "zh" else f"sheet {place.sheet}, "


def _side(finding: Finding, side: tuple[tuple[str, int], ...], lang: Lang) -> str:
    """Say a side of an equation: its terms with their values, or how many there are."""
    cells = {cell.cell: cell for cell in finding.cells}
    own = 0 if finding.equation and finding.equation.rule.each == "column" else 1
    labels = [cells[key].label.split(" · ")[own] for key, _ in side]
    if len(side) > _SPELT_OUT:
        return (
            f"{labels[0]}等 {len(side)} 项之和" if lang == "zh" else f"the sum of {labels[0]} and {len(side) - 1} more"
        )
    if len(side) == 1:
        return labels[0]
    terms = [
        f"{'-' if sign < 0 else '+'} {label} {show(cells[key].value, lang)}"
        for label, (key, sign) in zip(labels, side, strict=True)
    ]
    return " ".join(terms).removeprefix("+ ")


def show(value: Value, lang: Lang = "zh") -> str:
    """Say a value as a person writes it; text is quoted, its control characters shown, and cut where it is long."""
    if value is None:
        return "空白" if lang == "zh" else "blank"
    if isinstance(value, str):
        text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)
        return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"  # noqa: PLR2004
    return f"{value:f}" if isinstance(value, Decimal) else _long(value)


def _long(value: int) -> str:
    return str(value) if abs(value) < 10**15 else f"{Decimal(value):.3e}"


def stored(value: Value) -> int | float | str | None:
    """Return a value as JSON stores it; a number beyond what JSON readers hold exactly becomes text."""
    if value is None or isinstance(value, str):
        return value
    return plain(value) if -EXACT < value < EXACT else _long(int(value))


RULES = frozenset({"rule", "rule.warning"})
"""The entries of the catalogue that give the words for all rules of the form's tables, by the level of the rule."""


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every code that is not a rule of the form, with its words; those of ``RULES`` are the rules' own."""
    kept = compiled(COMPILED, catalogue_sources())
    entries = [
        Entry(code, level, in_workbook, clause, MappingProxyType(words))
        for code, level, in_workbook, clause, words in (catalogue_filled() if kept is None else kept)
    ]
    return MappingProxyType({item.code: item for item in entries})


def catalogue_sources() -> list[Path]:
    """Return the definitions that the catalogue is made of: its own, and the forms of all editions."""
    return [_CATALOGUE, *form_files()]


def catalogue_filled() -> list[tuple[str, Level, bool, str, dict[str, dict[str, str]]]]:
    """Return the fields of all entries, in which stands what the forms say."""
    from workbook.report.law import filled

    return [
        (item["code"], item["level"], item.get("in_workbook", False), filled(item.get("clause", ""), "zh"),
         {lang: {name: filled(said, lang) for name, said in item[lang].items()} for lang in ("zh", "en")})
        for item in read_toml(_CATALOGUE.read_text(encoding="utf-8"), _CATALOGUE.name)["finding"]
    ]  # fmt: skip


def entries(form: Form) -> tuple[Entry, ...]:
    """Return the whole catalogue of an edition, the rules of its tables included."""
    known = catalogue()
    for opening in form.opening_equations:
        if opening.code not in known:
            where = f"schema/{form.edition}/form.toml, opening rule {opening.opening.key}"
            raise FormError(f"{where}: catalogue.toml has no words for {opening.code!r}")
    rules = {equation.code: equation for equation in form.equations()}
    never = RULES | (set() if any(field.choices for field in form.more_fields) else {"body.choice"})
    return tuple(known[code] for code in known if code not in never) + tuple(_entry(rules[code]) for code in rules)


def entry(finding: Finding) -> Entry:
    """Return the catalogue's entry of a finding."""
    return _entry(finding.equation) if finding.equation else catalogue()[finding.code]


@cache
def _entry(equation: Equation) -> Entry:
    rule = equation.rule
    shared = catalogue()["rule" if rule.level == "error" else "rule.warning"]
    titles = {"zh": rule.title, "en": rule.title_en}
    words = {
        lang: {name: text.replace("{rule}", title) for name, text in shared.words[lang].items()}
        for lang, title in titles.items()
    }
    return Entry(equation.code, rule.level, shared.in_workbook, rule.clause, MappingProxyType(words))


def make_finding(
    code: str, at: str = "", cells: tuple[CellValue, ...] = (), found: Value = None, /, **words: str
) -> Finding:
    """Return a finding of the catalogue; ``words`` fill the names in its message.

    Raises:
        KeyError: the catalogue has no such code.
    """
    return Finding(code, catalogue()[code].level, at, cells, found, words=words)


def year_finding(found: Value, label: str, place: Place | None) -> Finding:
    """Return the finding for an invalid report year; readers note it, for a report can only hold a real year."""
    return make_finding("body.year", "year", (CellValue("year", label, found, place),), found)


def verdict(statuses: Iterable[str], lang: Lang = "zh", against: str = "") -> str:
    """Say in a few words what was found in a report, by the levels of its findings (``waived`` for accepted ones).

    ``against`` is the name of the file that it was compared with, where it was not checked but compared.
    """
    counts = Counter(statuses)
    sound, faulty, some, more, accepted = _VERDICTS[lang]
    sound, faulty = _COMPARED[lang] if against else (sound, faulty)
    words = (faulty if counts["error"] else sound).format(count=counts["error"], against=against)
    words += (more if counts["error"] else some).format(counts["warning"]) if counts["warning"] else ""
    return words + (accepted.format(counts[WAIVED]) if counts[WAIVED] else "")


class Unreadable(Exception):  # noqa: N818 - it is a verdict on the input, not a fault of the program
    """An input could not be read as a report; ``findings`` say why. Its exit code is 3."""

    exit_code = 3

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message("en") for finding in findings))
        self.findings = findings

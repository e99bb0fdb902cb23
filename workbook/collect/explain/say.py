"""An explanation as sentences that the clerk of an office understands."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.collect.explain.layout import layout
from workbook.collect.explain.words import CHANCES, WORDS
from workbook.collect.labels import heading
from workbook.form.model import DECIMALS
from workbook.report.findings import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.collect.explain.model import CellFault, Explanation, Move
    from workbook.form import Form
    from workbook.report import Lang

SHOWN = 10
"""So many cells are told with their largest contributors."""


def sentences(said: Explanation, names: Mapping[str, str], form: Form, lang: Lang = "zh") -> tuple[str, ...]:
    """Return what an explanation says, one sentence a line: what was done, single cells, what is open.

    Args:
        said: the explanation.
        names: the names of units by their keys; a key that has none stands for itself.
        form: the form of the explanation.
        lang: ``zh`` or ``en``.
    """
    return tuple(_Saying(said, names, form, lang).lines())


class _Saying:
    def __init__(self, said: Explanation, names: Mapping[str, str], form: Form, lang: Lang) -> None:
        self._said, self._names, self._form, self._lang = said, names, form, lang
        self._words = WORDS[lang]

    def lines(self) -> Iterator[str]:
        said = self._said
        if not said.residual:
            yield self._words["nothing"]
            return
        for move in said.moves:
            agreeing = sum(cell not in said.left for cell in move.cells)
            chance = next(word for bits, word in CHANCES[self._lang] if move.bits >= bits)
            yield self._words["in_chance"].format(
                said=self._move(move), cells=agreeing, chance=self._words["chance"].format(chance)
            )
        for fault in said.cells:
            yield self._fault(fault)
        if said.left and not said.cells:
            yield from self._open()

    def _open(self) -> Iterator[str]:
        left = sorted(self._said.left, key=lambda cell: -abs(self._said.left[cell]))
        yield self._words["rest"].format(len(left)) if self._said.moves else self._words["unsure"]
        for cell in left[:SHOWN]:
            units = self._words["and"].join(
                self._words["top_unit"].format(unit=self._name(unit), value=self._number(cell, value))
                for unit, value in self._said.top.get(cell, ())
            )
            yield self._words["top"].format(
                cell=self._cell(cell),
                difference=self._number(cell, self._said.left[cell]),
                units=units or self._words["no_top"],
            )
        if len(left) > SHOWN:
            yield self._words["more"].format(len(left) - SHOWN)

    def _move(self, move: Move) -> str:
        first, *others = move.units
        unit = self._name(first)
        if move.alternatives:
            several = (unit, *(self._name(*units) for units in move.alternatives))
            unit = self._words["one_of"].format(self._words["and"].join(several))
        table, _, way = move.detail.partition(":")
        return self._words[move.kind].format(
            unit=unit,
            other=self._name(*others[:1]),
            count=len(move.units),
            detail=self._detail(move, table),
            way=self._words.get(way, ""),
        )

    def _detail(self, move: Move, detail: str) -> str:
        if move.kind in {"table_omitted", "table_doubled", "all_tables_omitted", "shifted"}:
            return heading(self._form, detail)
        if move.kind in {"class_omitted", "class_doubled"}:
            return self._form.field("kind").choices.get(detail, detail)
        if move.kind in {"subtree_omitted", "subtree_doubled"}:
            return self._name(detail)
        if move.kind == "money_unit":
            return self._form.cells[detail].row.label
        return self._words["quoted"].format(move.detail) if move.detail else self._words["report"]

    def _fault(self, fault: CellFault) -> str:
        hint = "" if fault.hint == "none" else self._words[f"{fault.hint}_unit" if fault.unit else fault.hint]
        return self._words["fault"].format(
            cell=self._cell(fault.cell),
            filed=self._number(fault.cell, fault.filed or 0),
            expected=self._number(fault.cell, fault.expected or 0),
            difference=self._number(fault.cell, fault.difference),
            hint=hint.format(unit=self._name(fault.unit or "")),
        )

    def _name(self, unit: str = "", *_more: str) -> str:
        return self._names.get(unit, unit)

    def _cell(self, key: str) -> str:
        cell = self._form.cells[key]
        return f"{heading(self._form, cell.table)} {cell.label}"

    def _number(self, cell: str, value: int) -> str:
        if cell not in layout(self._form).money:
            return show(value, self._lang)
        return f"{(Decimal(value) / 10**DECIMALS).normalize():f}"

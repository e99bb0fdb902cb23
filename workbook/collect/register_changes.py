"""What a changed register changes: units that came, went, closed, were renamed or moved, each in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from workbook.report.office_words import office_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workbook.collect.register import Register, Spell, Unit

What = Literal[
    "added", "gone", "id", "renamed", "parent", "spells", "successor", "due", "credit_code", "division_code", "kind",
    "counted", "aliases", "contact",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise: of which unit, what, how it was and is, and the sentence that says so.

    ``unit`` is the id in the new register, of a unit that is gone in the old one. ``old`` and ``new`` are as people
    read them, ``None`` where nothing was told or is; of a changed id they are the ids.
    """

    unit: str
    what: What
    old: str | None
    new: str | None
    text: str


def changes(old: Register, new: Register) -> tuple[Change, ...]:
    """Return what differs between two readings of a register: units in the order of the new one, then those gone."""
    found: list[Change] = []
    moved = same_units(old, new)
    earlier = {is_now: was for was, is_now in moved.items()}
    for unit in new.units:
        if unit.id in old or unit.id in earlier:
            found += _changed(old.unit(earlier.get(unit.id, unit.id)), unit, old, new, moved)
        else:
            above = f"，上级是“{_name(new, unit.parent)}”" if unit.parent else ""
            found.append(Change(unit.id, "added", None, unit.name, f"新增“{unit.name}”{above}。"))
    for unit in old.units:
        if unit.id not in new and unit.id not in moved:
            text = f"“{unit.name}”从名册里去掉了；已收的报送还在，但不再要它报。撤销的单位留在名册里，写明截止年度。"
            found.append(Change(unit.id, "gone", unit.name, None, text))
    return tuple(found)


def same_units(old: Register, new: Register) -> Mapping[str, str]:
    """Return the new ids of units whose id changed, by their old ones: what is known by it has to follow.

    Ids change when 单位ID or the credit code, by which units without one are known, is filled in later. The same unit
    is one of the same credit code; where one has none, of the same name below a unit of the same name.
    """
    gone = [unit for unit in old.units if unit.id not in new]
    came = [unit for unit in new.units if unit.id not in old]
    found: dict[str, str] = {}
    for key in (_by_code, _by_name):
        before, now = _only(gone, old, key), _only(came, new, key)
        for what in before.keys() & now.keys():
            was, is_now = before[what], now[what]
            other = was.credit_code and is_now.credit_code and was.credit_code != is_now.credit_code
            if was.id not in found and is_now.id not in found.values() and not other:
                found[was.id] = is_now.id
    return found


def _by_code(unit: Unit, _: Register) -> tuple[str, ...] | None:
    return (unit.credit_code,) if unit.credit_code else None


def _by_name(unit: Unit, register: Register) -> tuple[str, ...]:
    return office_name(unit.name), office_name(_name(register, unit.parent))


def _only(units: Iterable[Unit], register: Register, key: Callable[[Unit, Register], Any]) -> dict[Any, Unit]:
    """Return the units by what tells them, without those that are told by the same."""
    found: dict[Any, list[Unit]] = {}
    for unit in units:
        found.setdefault(key(unit, register), []).append(unit)
    return {what: some[0] for what, some in found.items() if what is not None and len(some) == 1}


def _changed(before: Unit, now: Unit, old: Register, new: Register, moved: Mapping[str, str]) -> Iterator[Change]:
    for what, show in _SHOWN.items():
        was, is_now = show(before, old), show(now, new)
        pointed = getattr(before, what, None) if what in {"parent", "successor"} else None
        followed = pointed is not None and moved.get(pointed, pointed) == getattr(
            now, what
        )  # and only called otherwise
        if was != is_now and not followed:
            yield Change(now.id, what, was, is_now, _sentence(what, now, was, is_now))


def _sentence(what: What, unit: Unit, was: str | None, is_now: str | None) -> str:
    if what == "renamed":
        return f"“{was}”改名为“{is_now}”。"
    label = _LABELS[what]
    if was is None:
        return f"“{unit.name}”的{label}新填为{is_now}。"
    if is_now is None:
        return f"“{unit.name}”的{label}不再填写，原为{was}。"
    return f"“{unit.name}”的{label}由{was}改为{is_now}。"


def _name(register: Register, unit: str | None) -> str:
    return register.unit(unit).name if unit is not None else ""


def _quoted(register: Register, unit: str | None) -> str | None:
    return f"“{_name(register, unit)}”" if unit is not None else None


def _years(spells: tuple[Spell, ...]) -> str:
    """Say the report years of a unit.

    >>> _years(((None, 2018), (2020, None))), _years(((None, None),))
    ('2018 年度为止、2020 年度起', '一直要报')
    """
    return "、".join(map(_spell, spells))


def _spell(spell: Spell) -> str:
    since, until = spell
    if since is None:
        return "一直要报" if until is None else f"{until} 年度为止"
    return f"{since} 年度起" if until is None else f"{since}—{until} 年度"


_LABELS: Mapping[What, str] = {
    "id": "编号",
    "parent": "上级",
    "spells": "起止年度",
    "successor": "承接单位",
    "due": "报送期限",
    "credit_code": "统一社会信用代码",
    "division_code": "行政区划代码",
    "kind": "类型",
    "counted": "计入汇总",
    "aliases": "别名",
    "contact": "联系人",
}


def _kind(unit: Unit) -> str | None:
    from workbook.collect.columns import columns

    return columns().choices[unit.kind] if unit.kind else None


_SHOWN: Mapping[What, Callable[[Unit, Register], str | None]] = {
    "id": lambda unit, _: unit.id,
    "renamed": lambda unit, _: unit.name,
    "parent": lambda unit, register: _quoted(register, unit.parent),
    "spells": lambda unit, _: _years(unit.spells),
    "successor": lambda unit, register: _quoted(register, unit.successor),
    "due": lambda unit, _: str(unit.due) if unit.due else None,
    "credit_code": lambda unit, _: unit.credit_code,
    "division_code": lambda unit, _: unit.division_code,
    "kind": lambda unit, _: _kind(unit),
    "counted": lambda unit, _: "是" if unit.counted else "否",
    "aliases": lambda unit, _: "、".join(unit.aliases) or None,
    "contact": lambda unit, _: unit.contact,
}
"""What of a unit is compared, each as people read it, in the order in which it is told."""

"""Makes the rows of a register into units: which rows are one unit, which unit stands above which."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from workbook.collect.register import Register, Unit
from workbook.report.office_words import office_name
from workbook.report.offices import own_name, readings, same_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.collect.entries import Entry
    from workbook.collect.register import Spell
    from workbook.report import Finding

_EVER = (0, 9999)
_TAKEN = ("kind", "credit_code", "division_code", "contact")
"""What an earlier row says of a unit too, where the last does not."""
Pointer = Literal["parent", "successor"]


@dataclass
class _Group:
    """The rows of one unit, by their first years; the last says what it is now."""

    rows: list[Entry]
    id: str = ""
    parent: _Group | None = None
    successor: _Group | None = None

    @cached_property
    def last(self) -> Entry:
        return self.rows[-1]

    @cached_property
    def name(self) -> str:
        return str(self.last.said["name"])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names that it has or had, in their normal form."""
        return tuple(dict.fromkeys(office_name(row.said["name"]) for row in reversed(self.rows)))

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """What else it is or was called."""
        earlier = (row.said["name"] for row in self.rows[:-1])
        listed = (alias for row in self.rows for alias in row.said.get("aliases", ()))
        kept = {office_name(alias): alias for alias in (*listed, *earlier)}
        return tuple(alias for text, alias in kept.items() if text and text != office_name(self.name))


def register_of(rows: Sequence[Entry]) -> tuple[Register | None, list[Finding]]:
    """Return the register that rows make, ``None`` where parents go in a circle; and what is wrong with them."""
    groups = _grouped(rows)
    findings = [finding for group in groups for finding in _spells(group)]
    known = _Known(groups)
    for group in groups:
        findings += known.resolve(group, "parent")
        findings += known.resolve(group, "successor")
    circles = list(_circles(groups))
    findings += circles
    findings += _twice(groups)
    if circles:
        return None, findings
    _give_ids(groups)
    doubles = list(_double_ids(groups))
    if doubles:
        return None, findings + doubles
    return Register.of(_unit(group) for group in groups), findings


def _grouped(rows: Sequence[Entry]) -> list[_Group]:
    """Return the rows of each unit together: those of one id, else of one code, else of one name below one unit."""
    found: defaultdict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for row in rows:
        said = row.said
        if "id" in said:
            key: tuple[str, ...] = ("id", said["id"])
        elif "credit_code" in said:
            key = ("code", said["credit_code"])
        else:
            key = ("name", office_name(said["name"]), office_name(said.get("parent")))
        found[key].append(row)
    groups = []
    for key, some in found.items():
        # Several offices may share a code; only where their years follow each other are they one.
        parted = key[0] == "code" and len(some) > 1 and _overlap(some)
        groups += [_Group([row]) for row in some] if parted else [_Group(sorted(some, key=_first))]
    return groups


def _spell(row: Entry) -> Spell:
    return row.said.get("since"), row.said.get("until")


def _first(row: Entry) -> int:
    return row.said.get("since") or _EVER[0]


def _overlap(rows: Sequence[Entry]) -> Entry | None:
    """Return the first row whose years are in part those of the row before it."""
    ordered = sorted(rows, key=_first)
    return next(
        (row for before, row in pairwise(ordered) if _first(row) <= (before.said.get("until") or _EVER[1])), None
    )


def _spells(group: _Group) -> Iterator[Finding]:
    for row in group.rows:
        since, until = _spell(row)
        if since and until and since > until:
            yield row.finding("register.spell_wrong", "since", why=f"起始年度 {since} 晚于截止年度 {until}",
                              why_en=f"{since} is after {until}")  # fmt: skip
    second = _overlap(group.rows) if len(group.rows) > 1 else None
    if second is None:
        return
    without = sum(_spell(row) == (None, None) for row in group.rows)
    first = group.rows[group.rows.index(second) - 1]
    other = str(first.row + 1)
    if without > 1:
        same_id = "id" in second.said
        code = "register.id_twice" if same_id else "register.name_twice"
        yield second.finding(code, "id" if same_id else "name", row=other)
    else:
        yield second.finding("register.spell_wrong", "since", why=f"与第 {other} 行的年度重叠",
                             why_en=f"it overlaps with row {other}")  # fmt: skip


class _Known:
    """Finds units by what other rows call them: id, name, alias, or a name that is certainly the same office's."""

    def __init__(self, groups: Sequence[_Group]) -> None:
        self._indexes: tuple[defaultdict[str, list[_Group]], ...] = tuple(defaultdict(list) for _ in range(4))
        for group in groups:
            ids = {row.said["id"] for row in group.rows if "id" in row.said} | {
                row.said["credit_code"] for row in group.rows if "credit_code" in row.said
            }
            own = {own_name(full) for name in group.names for full in readings(name)}
            aliases = map(office_name, group.aliases)
            for index, texts in zip(self._indexes, (ids, [group.names[0]], aliases, own), strict=True):
                for text in texts:
                    index[text].append(group)

    def resolve(self, group: _Group, key: Pointer) -> Iterator[Finding]:
        """Set the unit that stands above one, or took over from it; yield what is named and not there."""
        said = group.last.said.get(key)
        if said is None:
            return
        found = self._find(said)
        if len(found) == 1:
            setattr(group, key, found[0])
            return
        why = ("名册里没有这个单位", "it is not in the register")
        if found:
            why = (f"名册里有 {len(found)} 个单位这样叫", f"{len(found)} units are called so")
        code = "register.parent_unknown" if key == "parent" else "register.successor_unknown"
        yield group.last.finding(code, key, why=why[0], why_en=why[1])

    def _find(self, said: str) -> list[_Group]:
        texts = (said, office_name(said), office_name(said), own_name(readings(said)[0]))
        for index, text in zip(self._indexes, texts, strict=True):
            found = index.get(text, [])
            if index is self._indexes[-1]:
                found = [group for group in found if any(same_office(said, name) for name in group.names)]
            lasting = [group for group in found if group.last.said.get("until") is None]
            if found:
                return lasting if len(lasting) == 1 else found
        return []


def _circles(groups: Sequence[_Group]) -> Iterator[Finding]:
    """Yield each circle of parents or of successors once."""
    for key in ("parent", "successor"):
        settled: set[int] = set()
        for group in groups:
            path: list[_Group] = []
            at: _Group | None = group
            while at is not None and id(at) not in settled:
                settled.add(id(at))
                path.append(at)
                at = getattr(at, key)
            if at is not None and any(each is at for each in path):
                circle = path[next(number for number, each in enumerate(path) if each is at) :]
                names = " → ".join(each.name for each in (*circle[:6], circle[0]))
                label = {"parent": "上级", "successor": "承接单位"}[key]
                yield circle[0].last.finding("register.circle", key, column=label, names=names)


def _twice(groups: Sequence[_Group]) -> Iterator[Finding]:
    """Yield what stands for two units: a name below one unit in the same years, an alias, a credit code."""
    named: dict[tuple[str, int], list[_Group]] = {}
    aliased: dict[str, _Group] = {}
    coded: dict[str, _Group] = {}
    names = {group.names[0]: group for group in groups}
    for group in groups:
        same = named.setdefault((group.names[0], id(group.parent) if group.parent else 0), [])
        other = next((each for each in same if _overlap([each.last, group.last])), None)
        if other:
            yield group.last.finding("register.name_twice", "name", row=str(other.last.row + 1))
        same.append(group)
        for alias in map(office_name, group.aliases):
            known = aliased.setdefault(alias, names.get(alias, group))
            if known is not group:
                yield group.last.finding("register.alias_twice", "aliases", alias=alias, other=known.name)
        code = group.last.said.get("credit_code")
        if code and coded.setdefault(code, group) is not group:
            yield group.last.finding("register.code_twice", "credit_code", other=coded[code].name)


def _give_ids(groups: Sequence[_Group]) -> None:
    """Give each unit its id: its own, else its code, else its name, behind that of the unit above where two have it."""
    codes = Counter(group.last.said.get("credit_code") for group in groups)
    names = Counter(group.names[0] for group in groups)
    for group in groups:
        said = group.last.said
        code = said.get("credit_code")
        above = f"{group.parent.names[0]}/" if group.parent and names[group.names[0]] > 1 else ""
        group.id = said.get("id") or (code if code and codes[code] == 1 else "") or above + group.names[0]


def _double_ids(groups: Sequence[_Group]) -> Iterator[Finding]:
    """Yield the units whose id is that of another, such as its name."""
    known: dict[str, _Group] = {}
    for group in groups:
        other = known.setdefault(group.id, group)
        if other is not group:
            yield group.last.finding("register.id_twice", "id", row=str(other.last.row + 1))


def _unit(group: _Group) -> Unit:
    return Unit(
        id=group.id,
        name=group.name,
        aliases=group.aliases,
        row=group.last.row + 1,
        **{key: row.said[key] for row in group.rows for key in _TAKEN if key in row.said},
        parent=group.parent.id if group.parent else None,
        successor=group.successor.id if group.successor else None,
        due=group.last.said.get("due"),
        counted=group.last.said.get("counted", True),
        spells=tuple(map(_spell, group.rows)),
        names=tuple(row.said["name"] for row in group.rows),
    )

"""How a text may call the body that reports, its office and its area."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.checks.text.definitions import lengths
from workbook.expression import expression
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from workbook.report import Body

_UNITS = frozenset("省市州县区旗镇乡")
_LONGEST_NAME = 60
_SHORTEST = 3
"""Letters of the shortest name of an office."""

_OFFICE_ENDS = frozenset("局委厅署院会室心站所队处办")
"""With what a short name of an office ends, as its name does."""

_AREAS = frozenset("省市州县区旗")

_CALLED = {
    "街道办事处": ("街道", "街道办"),
    "苏木人民政府": ("苏木",),
    "分局": ("分局",),
    "管委会": ("管委会",),
    "管理委员会": ("管委会", "管理委员会"),
}
"""How an office may be called by the kind alone that its name ends with."""

_ITS_OFFICE = ("人民政府办公室", "人民政府办公厅")
_ZONE = expression("(?:园|开发|新|高新|示范|度假|管理|保税|合作|工业)区$")
"""How a zone calls itself in the report of the committee that governs it."""

_ASKED = ("提交的", "提出的", "提交", "提出", "申请的", "")
"""How 向县政府 may go on."""

_OFFICE, _OWN, _WIDE = frozenset({"office"}), frozenset({"own"}), frozenset({"wide"})


class Called:
    """The short names of one office: letters of its name in their order, up to its last one (市住建局).

    Where units are named, the office's own is among them: that of a wider one is another office.

    >>> called = Called("甲市乙区住房和城乡建设局")
    >>> [called.end(text, 0) for text in ("区住建局收到", "住建局", "市住建局", "区教育局", "甲市乙区住建局")]
    [4, 3, -1, -1, 7]
    """

    def __init__(self, name: str) -> None:
        self._name = name if name[-1:] in _OFFICE_ENDS else ""
        units = [at for at, letter in enumerate(self._name) if letter in _AREAS and _is_area(self._name, at)]
        self._own, self._others = units[-1:], frozenset(units[:-1])
        last = len(self._name) - 1
        shorter = self._name.endswith(("委员会", "办公室"))  # 发展和改革委员会: 发改委
        self._ends = {last, last - 2} if shorter else {last}
        self.firsts = frozenset(self._name[:-1])

    def end(self, text: str, at: int) -> int:
        """Return where a short name of the office that begins at a place ends, -1 where none does."""
        taken: list[int] = []
        found, place = -1, -1
        for end in range(at, min(len(text), at + len(self._name))):
            place = self._name.find(text[end], place + 1)
            if place < 0:
                break
            taken.append(place)
            whose = not self._others.intersection(taken) or any(own in taken for own in self._own)
            if place in self._ends and len(taken) >= _SHORTEST and whose:
                found = end + 1
        return found


@lru_cache(maxsize=64)
def own_words(
    name: str, unit: str, wide: tuple[str, ...], office: tuple[str, ...], *, is_government: bool
) -> tuple[dict[str, frozenset[str]], dict[str, tuple[int, ...]]]:
    """Return how a body, its office and its area may be called, and how long these words are by their first letter.

    Short names of its own (区住建局) are found by ``Called``.

    A body is called by its name, or by the end of it from a unit on; of a government that is less than all.

    >>> list(own_words("甲市乙县丙丁局", "", (), (), is_government=False)[0])
    ['丙丁局', '乙县丙丁局', '县丙丁局', '市乙县丙丁局', '甲市乙县丙丁局']
    """
    begins = (at + more for at, letter in enumerate(name) if letter in _UNITS for more in (0, 1))
    ends = {name[at:] for at in begins if len(name) - at >= _SHORTEST and not name.startswith("人民政府", at)} | (
        {name} if name else set()
    )
    short = {end.replace("人民政府", "政府") for end in ends}
    short |= {end.removesuffix("公室") for end in short if end.endswith("政府办公室")}
    places = {end.removesuffix("办事处").removesuffix("人民政府") for end in ends if _area(end)}
    places |= {end.removesuffix(kind) for end in ends for kind in ("管委会", "管理委员会") if end.endswith(kind)}
    words = dict.fromkeys(sorted(ends | short), _OFFICE if is_government else _OWN)
    words |= {short: _OWN for ending, called in _CALLED.items() if name.endswith(ending) for short in called}
    words |= {f"{end}办公室": _OWN for end in ends if end.endswith("人民政府")} if not is_government else {}
    words |= {place: _WIDE if is_government else _OWN for place in places if len(place) >= _SHORTEST}
    words |= _by_kind(name, unit)
    if unit:
        words |= {f"{unit}{ending.format(unit)}": _OFFICE for ending in office}
        called = (unit, "街") if unit == "街道" else (unit,)
        words |= {f"{whose}{one}{ending}": _WIDE for whose in "全我" for one in called for ending in wide}
    words |= {name: _OWN} if name else {}
    return words, lengths(words)


def _is_area(name: str, at: int) -> bool:
    """Say whether a unit within a name is that of an area; not the 市 of 城市, 市场 and 市政."""
    return name[max(0, at - 1) : at] != "城" and name[at + 1 : at + 2] not in {"场", "政"}


def _by_kind(name: str, unit: str) -> dict[str, frozenset[str]]:
    """Return how zones, streets and the offices of governments may be called besides.

    >>> list(_by_kind("甲工业园区管理委员会", "")), list(_by_kind("乙区丙街街道办事处", "街道"))[0]
    (['园区', '我园区', '全园区'], '丙街')
    """
    words = dict[str, frozenset[str]]()
    committee = re.sub("管(?:理委员|委)会$", "", name)
    zone = _ZONE.search(committee) if committee != name else None
    if zone:
        words |= {f"{whose}{zone[0]}": _OWN for whose in ("", "我", "全")}
    if name.endswith("街街道办事处"):
        words[name[name.find("区") + 1 :].removesuffix("街道办事处")] = _OWN
    governed = name[: -len(_ITS_OFFICE[0])][-1:] if name.endswith(_ITS_OFFICE) else ""
    its_office = governed in _AREAS
    whom = [*_asked(governed if its_office else unit), *(["办公室"] if its_office else [])]
    return words | {f"向{one}{verb}": _OFFICE for one in whom for verb in _ASKED}


def _asked(unit: str) -> list[str]:
    """Return whom a text may name as the one who was asked, of a government of that unit and its office.

    >>> "县政府或县政府办公室" in _asked("县"), _asked("")
    (True, [])
    """
    places = (f"{unit}政府", f"{unit}人民政府") if unit else ()
    offices = [f"{place}办公{room}" for place in places for room in "室厅"]
    both = [f"{place}{mark}{office}" for place in places for mark in ("或", "和", "及", "、") for office in offices]
    return [*places, *offices, *both]


@lru_cache(maxsize=64)
def _area(name: str) -> str:
    """Return the unit of the area that a government is named after, empty for other offices."""
    place = name.removesuffix("办事处").removesuffix("人民政府")
    unit = "街道" if place.endswith("街道") else place[-1:]
    return unit if unit == "街道" or unit in _UNITS else ""


def name_of(body: Body) -> str:
    """Return the name of a body, empty where it is none that a text would write."""
    name = squeezed(body.name)
    return name if len(name) <= _LONGEST_NAME else ""


def area(body: Body) -> str:
    """Return the unit of the area that a reporting body governs (县, 市 …), empty where it governs none."""
    return _area(name_of(body)) if body.kind in {"government", "township", None} else ""


def governs(body: Body) -> bool:
    """Say whether a body may report for many offices: a government above the townships."""
    return body.kind == "government" or (body.kind is None and area(body) in {*"省市州县区旗"})

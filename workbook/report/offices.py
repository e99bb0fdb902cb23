"""Names of offices: their normal form, how they are called for short, and whether two of them are one.

A name has areas in front (甲市乙区) and behind them what the office is for (卫生健康局). Which short names are usual
(卫健局) is data: ``schema/offices.toml``. What is only alike is never the same: 宿城区 and 宿豫区 differ in a letter.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.report.office_words import office_name, offices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST = 200
"""Characters of a name that are looked at; the longest official ones have some sixty."""
_AREA_LIMIT = 16
"""Characters that the name of an area may have."""
_SHORTEST = 2
"""Characters of an area without the sign of its level (临安), fewer are not told from other words (和县)."""
_LIKE = 0.6
"""How alike names must be at least for one to be suggested for the other."""


_DISPATCHED = expression("(?<=[市县区旗])(?:人民)?政府(?=.+(?:街道|街办|街道办|办事处)$)")
"""What stands between the area of a government and the office that it sent out: 乙区人民政府良渚街道办事处."""
_ASIDE = expression(r"\([^()]*\)$")


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[str, ...]:
    """Return what a name is in full: several where a short name is usual for several, itself where it is not short.

    >>> readings("乙区卫健局"), readings("乙区政府良渚街道"), readings("乙区房管局")[1:]
    (('乙区卫生健康局',), ('乙区良渚街道办事处',), ('乙区房产管理局', '乙区房屋管理局'))
    """
    what, name = offices(), _DISPATCHED.sub("", office_name(name)[:LONGEST])
    for system in what.systems:
        name = name.removeprefix(system) or name
    for length in range(min(what.longest, len(name)), 0, -1):
        full = what.tails.get(name[-length:])
        if full:
            head = what.zone.sub(lambda found: what.zones.get(found[0], found[0]), name[:-length])
            return tuple(head + tail for tail in full)
    return (name,)


@lru_cache(maxsize=4096)
def parts(name: str, known: tuple[str, ...] = ()) -> tuple[tuple[str, ...], str]:
    """Return the areas in front of a name that is in full, the widest first, and what stands behind them.

    Args:
        name: the name.
        known: areas that are taken for some wherever they stand.

    >>> parts("江苏省丙市沙市区城市管理局"), parts("市中区财政局"), parts("市财政局")
    ((('江苏省', '丙市', '沙市区'), '城市管理局'), (('市中区',), '财政局'), ((), '市财政局'))
    """
    areas, at = list[str](), 0
    while end := next((at + len(area) for area in known if name.startswith(area, at)), 0) or _area_end(name, at):
        areas.append(name[at:end])
        at = end
    return tuple(areas), name[at:]


def own_name(full: str) -> str:
    """Return a name in full without the areas around its own.

    >>> own_name("甲市乙区财政局")
    '乙区财政局'
    """
    areas, rest = parts(full)
    return "".join(areas[-1:]) + rest


def _area_end(name: str, at: int) -> int:
    """Return where an area ends that begins there; 0 where none does."""
    what = offices()
    if name.startswith((*what.departments, *what.ends, *what.inside), at):
        return 0
    for found in what.sign.finditer(name, at + 1, at + _AREA_LIMIT):
        end, area = found.end(), name[at : found.end()]
        behind = name[end:]
        governed = not behind or behind.startswith(what.governing)
        if area.endswith(what.ends) and not governed and not _is_zone(area):
            continue
        around = (name.find(word, max(at, end - len(word)), end - 1 + len(word)) for word in what.inside)
        if max(around) >= 0 and not governed:
            continue
        if name.startswith(what.departments, found.start()):
            continue
        if behind[:1] in _NEXT and not behind.startswith((*what.signs_first, *what.inside, *what.departments)):
            continue
        return 0 if _OFFICE.search(area) else end
    return 0


_NEXT = frozenset("市区县旗")
_OFFICE = expression("[局厅]|委员会|政府")


def _is_zone(area: str) -> bool:
    return any(area.endswith(zone) and len(area) >= len(zone) + _SHORTEST for zone in offices().zones)


def level(area: str) -> int:
    """Return the level of an area by the sign that its name ends with: 0 of the widest on; -1 of none."""
    found = [sign for sign in offices().signs if area.endswith(sign)]
    return offices().signs[max(found, key=len)] if found else -1


@lru_cache(maxsize=4096)
def _sign(area: str) -> str:
    """Return the sign of the level of an area as it stands alone (区); empty where it has none."""
    found = max((sign for sign in offices().signs if area.endswith(sign)), key=len, default="")
    return found.removeprefix(offices().autonomous)


@lru_cache(maxsize=4096)
def called(area: str) -> tuple[str, ...]:
    """Return an area as it may be written: with the sign of its level and without, and without its peoples.

    >>> called("乙区"), called("临安区"), called("湘西土家族苗族自治州")
    (('乙区',), ('临安区', '临安'), ('湘西土家族苗族自治州', '湘西土家族苗族', '湘西州', '湘西'))
    """
    found = max((sign for sign in offices().signs if area.endswith(sign)), key=len, default="")
    long = area.removesuffix(found)
    own = offices().peoples.sub("", long) if found.startswith(offices().autonomous) else long
    short = own if len(own) >= _SHORTEST else long
    ways = (area, long, short + _sign(area), short)
    return tuple(way for way in dict.fromkeys(ways) if way == area or len(way) >= _SHORTEST) if found else (area,)


def same_office(one: str | None, other: str | None) -> bool:
    """Say whether two names are certainly those of one office, by what is written in them alone.

    They are where they are equal in full, but for wider areas that only one of them names. A name that leaves its own
    area out may be that of many offices, and is only that of one that is called so too.

    >>> same_office("临安区人民政府", "杭州市临安区政府"), same_office("丙市卫健委", "卫生健康委员会")
    (True, False)
    """
    names = office_name(one), office_name(other)
    if not all(names):
        return False
    if names[0] == names[1]:
        return True
    full = [readings(name) for name in names]
    sure = [several if len(several) == 1 or not _is_committee(several) else () for several in full]
    # Of two short names that may be several offices each it is not certain that they are the same one.
    if min(map(len, sure)) != 1:
        return False
    return any(_same_in_full(*pair) for pair in product(*sure))


def _is_committee(several: Iterable[str]) -> bool:
    """Say whether what a name may stand for are zones, of which an area may have several."""
    return any(name.endswith(offices().committees) for name in several)


def _same_in_full(one: str, other: str) -> bool:
    if one == other:
        return True
    (areas, rest), (others, behind) = parts(one), parts(other)
    if rest != behind or not areas or not others or areas[-1] != others[-1]:
        return False
    short, long = sorted((areas, others), key=len)
    wider = iter(long)
    return all(area in wider for area in short)


def short_forms(name: str, ancestors: tuple[str, ...]) -> frozenset[str]:
    """Return how a unit may be called among its own, each in full: without the names of those above it, or with some.

    Args:
        name: the name of the unit.
        ancestors: the names of those above it, the nearest first.

    >>> sorted(short_forms("乙县卫健局", ("乙县人民政府", "甲州市人民政府")))[:4]
    ['乙县卫生健康局', '卫生健康局', '县卫生健康局', '甲州乙县卫生健康局']
    """
    plain = office_name(name)
    names = dict.fromkeys((plain, _ASIDE.sub("", plain) or plain))
    fulls = (full for each in names for full in readings(each))
    return frozenset(form for full in fulls for form in _forms(full, *chain(full, ancestors)))


@lru_cache(maxsize=4096)
def chain(full: str, ancestors: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the areas that an office lies in, the widest first and its own last, and what is behind them in its name.

    Args:
        full: its name in full.
        ancestors: the names of those above it, the nearest first.
    """
    above = _areas_above(ancestors)
    own, rest = parts(full, above)
    if not own:
        return above, _without_own(rest, above[-1]) if above else rest
    own = tuple(_among(above, area) for area in own)
    wider = above[: above.index(own[-1])] if own[-1] in above else above
    return (*wider, *(area for area in own[:-1] if area not in wider), own[-1]), rest


def _among(above: tuple[str, ...], area: str) -> str:
    """Return an area as those above have it: one of them, or a zone without their name in front (临安开发区)."""
    same = next((each for each in above if area in called(each)), "")
    zones = (area.removeprefix(way) for each in above for way in called(each) if area.startswith(way))
    return same or next((zone for zone in zones if zone in offices().zones), area)


def _without_own(rest: str, own: str) -> str:
    """Return what an office is for, where its own area stands in front of it for short: 区教育局, 临安教育局."""
    what = offices()
    behind = (*what.departments, *what.governing, *what.committees)
    fronts = (front for front in (*called(own)[1:], _sign(own)) if front and rest.startswith(front))
    return next((rest[len(front) :] for front in fronts if rest.startswith(behind, len(front))), rest)


@lru_cache(maxsize=4096)
def _areas_above(ancestors: tuple[str, ...]) -> tuple[str, ...]:
    areas = (area for name in reversed(ancestors) for area in parts(readings(name)[0])[0])
    return tuple(dict.fromkeys(areas))


def _forms(full: str, areas: Sequence[str], rest: str) -> Iterator[str]:
    yield full
    if not areas:
        return
    *above, own = areas
    if rest not in offices().nameless:
        yield rest
    yield _sign(own) + rest if _sign(own) else full
    before = {"".join(above[at:]) for at in range(len(above) + 1)} | {*above}
    before |= {"".join(called(area)[-1] for area in above[at:]) for at in range(len(above))}
    before |= {way for area in above for way in called(area)}
    yield from (front + area + rest for front in before for area in called(own))


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """Return how alike two names are in full, 0 to 1: to order suggestions, never to assign.

    Where their letters alone say that it is less than the ``least`` it is 0, which takes a fraction of the time.
    """
    from difflib import SequenceMatcher

    first, second = (max(readings(name), key=len) for name in (one, other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= least else 0.0


def may_be(one: str | None, other: str | None) -> float:
    """Return how alike two names are where one may be suggested for the other, else 0; symmetric.

    >>> may_be("宿城区人民政府", "宿豫区人民政府") > 0.8, may_be("丙市财政局", "丁县气象台")
    (True, 0.0)
    """
    names = sorted((office_name(one)[:LONGEST], office_name(other)[:LONGEST]))
    if not all(names):
        return 0.0
    score = 1.0 if same_office(*names) else likeness(names[0], names[1], _LIKE)
    return score if score >= _LIKE else 0.0


def kind_by_name(name: str) -> str | None:
    """Return the kind of office that a name speaks of, a key of the choices of the form's cover; ``None`` of others.

    >>> kind_by_name("乙区良渚镇政府"), kind_by_name("乙区政府"), kind_by_name("乙区教育局"), kind_by_name("供销社")
    ('township', 'government', 'department', None)
    """
    full = readings(name)[0]
    return next((kind for ending, kind in offices().kinds.items() if full.endswith(ending)), None)

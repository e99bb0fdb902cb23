"""A made-up city: offices in a tree and what came of them, in every standing, behind the reads of a collection."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import sound
from results import HOSTILE, faulty

import workbook
from workbook.collect.collection import Event, Refused, Waiting
from workbook.collect.hand import BEIJING
from workbook.collect.register import Due, Register, Unit
from workbook.collect.reports import NotKeptError
from workbook.collect.standing import Dates, Standing, Version, derive
from workbook.report import Body
from workbook.report.fold import count, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.report import Report

YEAR = 2025
AT = dt.datetime(2026, 2, 3, 9, 0, tzinfo=BEIJING)
COUNTIES = ["东湖区", "西山区", "南江县", "北岭县", "临河市", "青石县", "白水区", "云台县"]
_FIELDS = (
    "发展和改革、教育、科学技术、公安、民政、司法、财政、人力资源和社会保障、自然资源、生态环境、住房和城乡建设、交通运输、"
    "水利、农业农村、商务、文化和旅游、卫生健康、退役军人事务、应急管理、审计、市场监督管理、统计、医疗保障、城市管理、信访"
)
DEPARTMENTS = tuple(f"{field}局" for field in _FIELDS.split("、"))


@cache
def findings(*, wrong: bool) -> tuple[dict[str, Any], ...]:
    """Return what is found in a report that is wrong, or in one that only gives warnings."""
    found = workbook.check(faulty() if wrong else sound("2021"))
    return tuple(finding.as_dict() for finding in found if wrong or finding.level != "error")


@dataclass
class City:
    """What a collection answers, for as many units as are wanted.

    Args:
        folder: where it would lie.
        known: the register.
        chains: what came, by unit.
    """

    folder: Path
    known: Register
    chains: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    dates: dict[str, Dates] = field(default_factory=dict)
    elsewhere: dict[str, tuple[tuple[int, Version], ...]] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def register(self, _at: object = None) -> Register:
        """Return the register."""
        return self.known

    def standings(self, year: int, at: dt.datetime = AT) -> list[Standing]:
        """Return the standing of everyone expected."""
        return [self.standing(unit.id, year, at) for unit in self.known.expected(year)]

    def standing(self, unit: str, year: int, at: dt.datetime = AT) -> Standing:
        """Return the standing of a unit."""
        due, chain = self.known.due(unit, year), self.chains.get(unit, ())
        made = derive(self.known.unit(unit), year, due, chain, at, self.dates.get(unit))
        return replace(made, elsewhere=self.elsewhere.get(unit, ()))

    def strays(self, year: int, at: dt.datetime = AT) -> list[Standing]:
        """Return who sent something and is not expected."""
        closed = [unit.id for unit in self.known.units if not unit.is_open(year) and unit.id in self.chains]
        return [self.standing(unit, year, at) for unit in closed]

    def unassigned(self, _at: object = None) -> list[Waiting]:
        """Return what is nobody's."""
        return self.waiting

    def unreadable(self, _at: object = None) -> list[Refused]:
        """Return what could not be read."""
        return self.refused

    def findings(self, submission: int, _at: object = None) -> list[dict[str, Any]]:
        """Return what was found."""
        return list(findings(wrong=submission in self.wrong))

    def report(self, submission: int) -> Report:
        """Return a report."""
        return faulty() if submission in self.wrong else sound("2021")

    def original(self, submission: int) -> tuple[Path, int, str]:
        """Return where a report is kept; that of every 40th was erased."""
        if submission % 40 == 0:
            raise NotKeptError(str(submission))
        digest = f"{submission:064x}"
        return self.folder / "originals" / digest[:2] / f"{digest}.xlsx", submission % 3, "年报.xlsx"

    def history(self, unit: str, year: int, _at: object = None) -> list[Event]:
        """Return what was decided."""
        decided = [version for version in self.chains.get(unit, ()) if version.decision]
        return [
            Event(number, one.decided or AT, one.by, str(one.decision), unit, year, one.submission, one.reason,
                  {"until": one.until.isoformat()} if one.until else {})
            for number, one in enumerate(decided, 1)
        ]  # fmt: skip


def units(counties: int, each: int) -> Iterator[Unit]:
    """Yield a city with its departments and counties, each with so many units below it."""
    yield Unit(
        "330000", "宜江市人民政府", kind="government", division_code="330000", due=Due(3, 31), contact="王五 0570-1"
    )
    for number, name in enumerate(DEPARTMENTS, 1):
        yield Unit(
            f"33{number:02}",
            f"宜江市{name}",
            parent="330000",
            kind="department",
            due=Due(1, 31),
            contact=f"联系人{number}",
        )
    for county in range(counties):
        name = COUNTIES[county] if county < len(COUNTIES) else f"第{county}区"
        above = f"c{county:03}"
        yield Unit(above, f"{name}人民政府", parent="330000", kind="government", due=Due(2, 20))
        for number in range(each):
            own = DEPARTMENTS[number] if number < len(DEPARTMENTS) else f"第{number - len(DEPARTMENTS) + 1}镇人民政府"
            kind = "department" if number < len(DEPARTMENTS) else "township"
            yield Unit(f"{above}-{number:03}", f"{name}{own}", parent=above, kind=kind, due=Due(1, 31))


_KINDS = (
    "missing",
    "received",
    "returned",
    "uncorrected",
    "accepted",
    "newer",
    "corrected",
    "waived",
    "together",
    "again",
)
_OFTEN = (8, 20, 5, 3, 52, 4, 3, 2, 2, 1)


def city(folder: Path, counties: int = 8, each: int = 33, clean: float = 0.0, seed: int = 1) -> City:
    """Return a city in which every standing occurs.

    Args:
        folder: where the collection would lie.
        counties: how many counties it has.
        each: how many units each of them has.
        clean: what part of the units was accepted without a word.
        seed: of the choices.
    """
    chosen = random.Random(seed)  # noqa: S311 - a made-up city
    closed = Unit("closed", "已撤销的局", parent="330000", spells=((None, 2023),))
    made = City(folder, Register.of([*units(counties, each), closed]))
    number = iter(range(1, 10**7))
    for unit in made.known.expected(YEAR):
        kind = "accepted" if chosen.random() < clean else chosen.choices(_KINDS, _OFTEN)[0]
        _fill(made, unit.id, kind, number, chosen, quiet=kind == "accepted" and chosen.random() < 0.8)
    made.chains.pop("c000", None)  # due on 20 February: missing and not overdue
    late = _version(next(number), 1, AT, "别处.xlsx")
    made.elsewhere["3301"] = ((2024, replace(late, file="宜江市发展和改革局2024.xlsx")),)
    made.chains["closed"] = (_version(next(number), 1, AT, "已撤销的局.xlsx"),)
    likely = (("c000-001", "东湖区教育局"), ("c001-001", "西山区教育局"))
    made.waiting = [Waiting(next(number), "来件/教育局.xlsx", AT, Body("教育局"), YEAR, likely, "")]
    unreadable = workbook.report.make_finding("file.missing", file="坏的.xlsx").as_dict()
    made.refused = [Refused(next(number), "来件/坏的.xlsx", AT, [unreadable])]
    return made


def hostile(folder: Path) -> City:
    """Return a city in which every text that others wrote does harm where it is not escaped."""
    made = city(folder, counties=1, each=2)
    known = [
        replace(unit, name=f"{HOSTILE}{unit.name}", contact=HOSTILE, id=f"=1+1{unit.id}<b>",
                parent=f"=1+1{unit.parent}<b>" if unit.parent else None)
        for unit in made.known.units
    ]  # fmt: skip
    made.known = Register.of(known)
    made.chains = {f"=1+1{unit}<b>": tuple(map(_spoilt, chain)) for unit, chain in made.chains.items()}
    made.dates = {f"=1+1{unit}<b>": replace(dates, reason=HOSTILE) for unit, dates in made.dates.items()}
    made.elsewhere = {}
    made.waiting = [
        replace(one, file=HOSTILE, body=Body(HOSTILE), suggestions=((HOSTILE, HOSTILE),), why=HOSTILE)
        for one in made.waiting
    ]
    made.refused = [
        replace(one, file=HOSTILE, findings=[{**one.findings[0], "message": HOSTILE}]) for one in made.refused
    ]
    return made


def _spoilt(version: Version) -> Version:
    again = tuple((HOSTILE, time) for _, time in version.same_again)
    return replace(version, file=HOSTILE, by=HOSTILE, reason=HOSTILE, same_again=again)


def _fill(made: City, unit: str, kind: str, number: Iterator[int], chosen: random.Random, *, quiet: bool) -> None:
    """Give a unit the versions that lead to a standing."""
    if kind == "missing":
        return
    if kind == "waived":
        made.dates[unit] = Dates(waived=True, reason="机构改革，职能并入市场监督管理局")
        return
    came = AT - dt.timedelta(days=chosen.randint(0, 34), minutes=chosen.randint(0, 600))
    first = _version(next(number), 1, came, f"来件/{made.known.unit(unit).name}年报.xlsx")
    chain = [
        first if quiet else _judged(made, first, wrong=kind in {"returned", "uncorrected"} or chosen.random() < 0.2)
    ]
    decided = min(came + dt.timedelta(hours=20), AT)
    back = {"decision": "returned", "decided": decided, "by": "李四", "until": (decided + dt.timedelta(days=7)).date()}
    if kind == "returned":
        chain = [replace(chain[0], **back | {"until": AT.date() + dt.timedelta(days=3)})]
    elif kind == "uncorrected":
        chain = [replace(chain[0], **back, same_again=(("又来.xlsx", decided + dt.timedelta(hours=1)),))]
    elif kind in {"accepted", "newer", "corrected"}:
        told = {"decision": "accepted", "decided": decided, "by": "李四", "exported": kind == "corrected"}
        chain = [replace(_judged(made, first, wrong=False, silent=quiet), **told)]
        if kind != "accepted":
            chain.append(
                _judged(made, _version(next(number), 2, AT, "更正后的年报（最终版）.xlsx"), wrong=chosen.random() < 0.5)
            )
    elif kind == "together":
        second = _version(next(number), 2, came, "来件/子文件夹/年报.xlsx")
        chain.append(replace(second, together=True))
    elif kind == "again":
        chain = [replace(chain[0], same_again=(("同样的.xlsx", came),))]
    made.chains[unit] = tuple(chain)


def _judged(made: City, version: Version, *, wrong: bool, silent: bool = False) -> Version:
    """Return a version with the mistakes that its report has."""
    if silent:
        return version
    if wrong:
        made.wrong.add(version.submission)
    often = _often(wrong=wrong)
    return replace(version, errors=often["error"], warnings=often["warning"])


@cache
def _often(*, wrong: bool) -> dict[str, int]:
    often = count(fold(findings(wrong=wrong), "2021"))
    return {level: often[level] for level in ("error", "warning")}


def _version(number: int, place: int, received: dt.datetime, file: str) -> Version:
    return Version(number, place, file, f"{number:064x}", received, "2021", 0, 0)


def ids(standings: Iterable[Standing]) -> list[str]:
    """Return whose standings they are."""
    return [standing.unit.id for standing in standings]

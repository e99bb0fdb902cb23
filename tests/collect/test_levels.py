"""Handing up is merging: what stands above is what stands where everything is handed in at once."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from city import DEPARTMENTS
from handed import Office, codes, document
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from workbook.collect.hand import BEIJING

Row = tuple[str, str, str, str]


@dataclass
class Tree:
    """Offices above each other; each is a collection of its own, with the units right below it."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, above: str, units: int) -> None:
        """Add an office with some units of its own."""
        own = (name, f"{name}人民政府", "", "政府")
        self.rows[name] = [own, *((f"{name}-{at}", f"{name}{DEPARTMENTS[at]}", name, "部门") for at in range(units))]
        if above:
            self.above[name] = above
            self.rows[above].append((name, f"{name}人民政府", above, "政府"))

    def all_rows(self) -> list[Row]:
        """Return the register that has them all."""
        return [row for name, rows in self.rows.items() for row in rows if row[0] != name or name not in self.above]

    def from_below(self) -> list[str]:
        """Return the offices, those below first."""
        return list(reversed(self.rows))


def handed_up(tree: Tree, place: Path, sent: list[tuple[str, str, int, bool]], patch: pytest.MonkeyPatch) -> Any:
    """Return the topmost collection after all handed up, and one in which everything was handed in.

    ``sent`` has what came in its order: the office that received it, the key of the unit, a figure, if it is wrong.
    What is sound and newest of every second unit is accepted where it was received.
    """
    offices = {name: Office.of(place / name, rows, patch) for name, rows in tree.rows.items()}
    whole = Office.of(place / "全部", tree.all_rows(), patch)
    names = {row[0]: row[1] for row in tree.all_rows()}
    time = dt.datetime(2026, 1, 20, 8, tzinfo=BEIJING)
    for number, (name, unit, figure, wrong) in enumerate(sent):
        time += dt.timedelta(minutes=37)
        for office in (offices[name], whole):
            office.at(str(time))
            office.send(f"{number}.json", document(names[unit], figure, wrong=wrong))
    decided = {unit: (name, wrong) for name, unit, _, wrong in sent}
    for number, (unit, (name, wrong)) in enumerate(sorted(decided.items())):
        time += dt.timedelta(minutes=1)
        for office in (offices[name], whole) if number % 2 else ():
            office.at(str(time))
            office.hand = offices[name].hand
            office.decide("give_back" if wrong else "accept", unit, "核实")
    for name in tree.from_below():
        if name in tree.above:
            time += dt.timedelta(hours=1)
            offices[name].at(str(time))
            offices[name].hand_up(place / f"{name}.zip")
            offices[tree.above[name]].add(place / f"{name}.zip")
    whole.at(str(time))
    return offices[next(iter(tree.rows))], whole


OFFICES = (("岭南省", ""), ("临河市", "岭南省"), ("东山县", "临河市"), ("白水县", "临河市"))
SENT = st.lists(
    st.tuples(st.sampled_from([name for name, _ in OFFICES]), st.integers(-1, 1), st.integers(0, 3), st.booleans()),
    max_size=6,
)


@given(SENT)
@examples(5)
def test_merging_is_collecting(sent: list[tuple[str, int, int, bool]]) -> None:
    tree = Tree()
    for name, above in OFFICES:
        tree.add(name, above, 2)
    # Every figure is of one unit, so that no two reports are alike, which would be told of the one that came later.
    order = {name: 100 * at for at, name in enumerate(tree.rows, 1)}
    come = [
        (name, name if at < 0 else f"{name}-{at}", order[name] + 10 * (at + 1) + figure, wrong)
        for name, at, figure, wrong in sent
    ]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        top, whole = handed_up(tree, Path(folder), come, patch)
        assert top.table() == whole.table()
        assert top.cells() == whole.cells()
        assert top.sums() == whole.sums()


PLACES = "东南西北春夏秋冬金木水火土山河海"


def nation() -> Tree:
    """Return a nation of four levels and 1,000 units."""
    tree = Tree()
    tree.add("华夏国", "", 7)
    for province in ("岭南省", "江北省"):
        tree.add(province, "华夏国", 9)
        for at in (0, 1):
            city = f"{province[:2]}{'临平'[at]}河市"
            tree.add(city, province, 10)
            for place in PLACES[4 * at : 4 * at + 4]:
                tree.add(f"{city[:2]}{place}{'山川'[at]}县", city, 0)
    counties = [name for name in tree.rows if name.endswith("县")]
    left = 1000 - len(tree.all_rows())
    for number in range(left):
        name = counties[number % len(counties)]
        at = len(tree.rows[name])
        called = f"{name}{DEPARTMENTS[at % len(DEPARTMENTS)]}{'' if at < len(DEPARTMENTS) else at}"
        tree.rows[name].append((f"{name}-{at}", called, name, "部门"))
    return tree


def test_a_nation_of_four_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = nation()
    assert len(tree.all_rows()) == 1000
    whole = Office.of(tmp_path / "全部", tree.all_rows(), monkeypatch)
    offices = {name: Office.of(tmp_path / name, rows, monkeypatch) for name, rows in tree.rows.items()}
    names = {row[0]: row[1] for row in tree.all_rows()}
    figure = 0
    for number, name in enumerate(tree.from_below()):
        lines = []
        for unit in [row[0] for row in tree.rows[name] if row[0] == name or row[0] not in tree.rows]:
            figure += 1
            if figure % 10:
                lines.append(document(names[unit], figure, wrong=figure % 17 == 0))
        for office in (offices[name], whole):
            office.at(f"2026-01-{20 + number // 2} 10:00")
            office.send(f"{name}.jsonl", b"".join(lines))
    for name in tree.from_below():
        offices[name].at("2026-02-20 10:00")
        if name in tree.above:
            offices[name].hand_up(tmp_path / f"{name}.zip")
            receipts = offices[tree.above[name]].add(tmp_path / f"{name}.zip")
            assert not codes(receipts) & {"bundle.rollup_differs", "bundle.check_differs", "bundle.gone"}
    whole.at("2026-02-20 10:00")
    top = offices["华夏国"]
    assert sum(bool(versions) for *_, versions in whole.table().values()) == 900
    assert top.table() == whole.table()
    assert top.cells() == whole.cells()
    assert top.sums() == whole.sums()

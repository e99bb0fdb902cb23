"""What looks odd among many: what is planted is told and its like is not; sound units are hardly ever told of."""

from __future__ import annotations

import json
import random
import re
import tomllib
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from math import comb, log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner
from collected import CLOCK
from filed import FORM, FREE, PLANTS, Plant, changed, city, mailbag
from hypothesis import given
from hypothesis import strategies as st
from rolled import YEAR, Office, collection, filled, send
from strategies import examples

from workbook.cli import main
from workbook.collect.hand import moment
from workbook.collect.odd.chance import jump_bits, ratio_bits
from workbook.collect.odd.filed import Filed, Filings
from workbook.collect.odd.odd import look
from workbook.collect.odd.ratios import ratios
from workbook.collect.odd.thresholds import parse_thresholds, thresholds
from workbook.definition import FormError
from workbook.form import load_form
from workbook.resources import resource

if TYPE_CHECKING:
    from workbook.collect.odd.odd import Odd

TEXT = resource("schema/odd.toml").read_text(encoding="utf-8")
NONE: dict[str, int | None] = dict.fromkeys(FREE, 0)


@dataclass(frozen=True)
class Case:
    """A unit among others, and what must be told of it."""

    name: str
    cells: dict[str, int]
    earlier: list[dict[str, int]]
    told: list[str]
    kind: str = "department"
    copies: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    def filings(self) -> Filings:
        """Return the others with the unit, and with what some of them have from it."""
        known = others()
        earlier = {YEAR - back: NONE | cells for back, cells in enumerate(self.earlier, 1)}
        first = replace(known.units[0], kind=self.kind or None, cells=NONE | self.cells, earlier=earlier)
        return changed(
            known, first, *(self._copy(first, each) for each in known.units[1 : 1 + self.copies.get("units", 0)])
        )

    def _copy(self, first: Filed, other: Filed) -> Filed:
        tables = tuple(f"{table}." for table in self.copies.get("tables", ()))
        cells = {key: value for key, value in first.cells.items() if key.startswith(tables)} if tables else {}
        texts = {key: first.texts[key] for key in self.copies.get("texts", ())}
        if "sentences" in self.copies:
            end = self.copies["sentences"]
            texts = {
                key: "。".join([*text.split("。")[:end], *other.texts[key].split("。")[end:]])
                for key, text in texts.items()
            }
        above = frozenset({first.unit} if self.copies.get("above") else ())
        return replace(other, cells=other.cells | cells, texts={**other.texts, **texts}, above=above)


@cache
def others() -> Filings:
    """Return departments of which nothing is told."""
    known = city(3, 60)
    assert not look(known)
    return replace(known, units=tuple(replace(each, kind="department") for each in known.units[:40]))


def cases() -> list[Case]:
    """Return the cases of the corpus."""
    data = tomllib.loads((Path(__file__).parent / "odd.toml").read_text(encoding="utf-8"))
    return [Case(**case) for case in data["cases"]]


def told(filings: Filings, unit: str) -> list[str]:
    """Return the findings of a unit."""
    return [" ".join(each.finding.identity) for each in look(filings).get(unit, ())]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_what_is_told_of_a_unit(case: Case) -> None:
    filings = case.filings()
    assert told(filings, filings.units[0].unit) == case.told


def test_every_code_has_a_case_that_is_told_and_one_that_is_not() -> None:
    codes = {finding.split()[0] for case in cases() for finding in case.told}
    assert codes == {"odd.text", "odd.table", "odd.jump", "odd.ratio"}
    assert sum(not case.told for case in cases()) >= len(codes)


def test_the_page_shows_an_example_of_each(root: Path) -> None:
    page = (root / "docs/异常提示.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"（`(odd\.\w+)`）\n.+?```text\n(.+?)\n```", page, re.DOTALL))
    found = set()
    for case in cases():
        filings = case.filings() if case.told else others()
        found |= {(each.finding.code, each.message()) for each in look(filings).get(filings.units[0].unit, ())}
    assert {code for code, _ in shown} == {code for code, _ in found}
    assert shown <= found


def test_the_older_form_and_numbers_of_any_size_are_looked_at() -> None:
    """What may be below 0 is passed over, a total of which a part is blank too."""
    form = load_form("2019")
    none = dict.fromkeys((key for key in form.cells if key not in form.calculated), 0)
    licensing, change = "services.licensing.decisions", "services.licensing.change"
    units = [Filed(f"u{number}", "甲局", "department", none, {}, {2019: none}) for number in range(5)]
    units[0] = replace(
        units[0], cells=none | {licensing: 9 * 10**18, change: -(10**9), "procurement.central.amount": None}
    )
    units[1] = replace(units[1], earlier={2019: none | {licensing: 9 * 10**18}})
    found = look(Filings(2020, form, tuple(units)))
    identities = {unit: [each.finding.identity for each in some] for unit, some in found.items()}
    assert identities == {"u0": [("odd.jump", licensing)], "u1": [("odd.jump", licensing)]}


# ---- how often it is right -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_sound_units_are_hardly_ever_told_of(seed: int) -> None:
    """bench/odd.py counts thousands of them: fewer than one in a hundred."""
    assert not look(mailbag(seed))
    assert len(look(city(seed))) + len(look(city(seed, rich=False))) <= 1


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_most_of_what_is_planted_is_told_of_all_it_concerns(plant: Plant) -> None:
    """A table of small numbers alone may be copied and nobody can say so."""
    chance = random.Random(plant.name)  # noqa: S311
    wanted, missed = 0, 0
    for seed in range(4):
        filings, must = plant.plant(city(seed), chance)
        found = {(unit, each.finding.code) for unit, some in look(filings).items() for each in some}
        wanted, missed = wanted + len(must), missed + len(must - found)
    assert missed <= wanted / 4


# ---- properties ------------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
@examples(5)
def test_the_order_of_the_reports_says_nothing(chance: random.Random) -> None:
    filings, _ = PLANTS[1].plant(city(1), random.Random(1))  # noqa: S311
    units = list(filings.units)
    chance.shuffle(units)
    assert list(look(replace(filings, units=tuple(units))).items()) == list(look(filings).items())


def test_likeness_is_told_of_both() -> None:
    filings = city(1)
    for plant in PLANTS[:2]:
        filings, _ = plant.plant(filings, random.Random(1))  # noqa: S311
    found = {
        (each.finding.identity, unit, other): each.bits
        for unit, some in look(filings).items()
        for each in some
        for other in each.others
    }
    assert len(found) == 4
    assert all(found[identity, other, unit] == bits for (identity, unit, other), bits in found.items())


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=11, max_size=40), st.booleans())
@examples(60)
def test_one_of_one_is_never_odd(known: list[tuple[int, int]], refused: bool) -> None:  # noqa: FBT001 - drawn
    def filed(number: int, part: int, rest: int) -> Filed:
        cells = {"applications.refused_law.natural": part, "applications.granted.natural": rest}
        return Filed(f"u{number}", f"{number}局", "department", NONE | cells)

    units = [filed(0, int(refused), int(not refused))]
    units += [filed(number, min(pair), max(pair) - min(pair)) for number, pair in enumerate(known, 1)]
    assert not [each for each in ratios(Filings(YEAR, FORM, tuple(units)), thresholds()) if each.unit == "u0"]


def test_a_unit_has_no_more_than_ten_and_they_are_the_strongest() -> None:
    known = others()
    keys = [key for key in FREE if key.endswith(".natural") and "brought_forward" not in key][:14]
    before = {YEAR - back: NONE | dict.fromkeys(keys, 100) for back in (1, 2, 3)}
    now = {key: 3_000 + 100 * number for number, key in enumerate(keys)}
    first = replace(known.units[0], cells=NONE | now, earlier=before)
    rules = thresholds()
    (some,) = look(changed(known, first)).values()
    everything = look(changed(known, first), replace(rules, most=100))[first.unit]
    assert len(some) == rules.most == 10 < len(everything)
    assert some == everything[:10]
    assert [each.bits for each in everything] == sorted((each.bits for each in everything), reverse=True)


# ---- chance ----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 400), st.integers(1, 400))
@examples(60)
def test_the_bits_of_a_jump_are_those_of_the_beta_distribution(
    shape: int, years: int, number: int, earlier: int
) -> None:
    first, count, share = shape, shape * (1 + years) - 1, number / (number + earlier)
    if share < 1 / (1 + years):
        first, share = shape * years, 1 - share
    tail = sum(comb(count, got) * share**got * (1 - share) ** (count - got) for got in range(first))
    assert jump_bits(number, earlier, years, shape) == pytest.approx(-log2(tail), abs=1e-6)


@given(st.integers(1, 60), st.floats(0.01, 0.99), st.floats(2, 50))
@examples(60)
def test_the_bits_of_a_ratio_are_those_of_the_beta_binomial_distribution(whole: int, mean: float, worth: float) -> None:
    """Its numbers add up to 1, and the farther one lies from the mean, the more bits it has."""
    from math import exp, lgamma

    def beta(one: float, other: float) -> float:
        return lgamma(one) + lgamma(other) - lgamma(one + other)

    first, second = mean * worth, (1 - mean) * worth
    often = [
        comb(whole, part) * exp(beta(part + first, whole - part + second) - beta(first, second))
        for part in range(whole + 1)
    ]
    assert sum(often) == pytest.approx(1)
    for part in range(whole + 1):
        tail = sum(often[: part + 1]) if part < mean * whole else sum(often[part:])
        assert ratio_bits(part, whole, mean, worth) == pytest.approx(-log2(min(1, tail)), abs=1e-6)


# ---- the definition --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("most = 10", "most = 0", "most 0 is not|'most' is missing"),
        ("most = 10", "most = true", "is not a whole number"),
        ("bits = 14", "bit = 14", "unknown key 'bit'"),
        ("clause = 6", "", "'clause' is missing"),
        ("years = 3", "years = 3\nmonths = 1", "unknown key 'months'"),
        ("[1, 99]", "[99, 1]", "the smaller first"),
        ("[1, 99]", "[1]", "the smaller first"),
        ('key = "rejected"', 'key = "refused"', "duplicate ratio 'refused'"),
        ("refused_*", "refuse_*", "no edition has all cells of the ratio 'refused'"),
        ("[texts]", "[texts", "odd.toml: "),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused(was: str, now: str, says: str) -> None:
    assert parse_thresholds(TEXT, "odd.toml") == thresholds()
    with pytest.raises(FormError, match=says):
        parse_thresholds(TEXT.replace(was, now, 1), "odd.toml")


# ---- in a collection -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of a county with twelve departments: two have one table, one number jumps, a name does harm."""
    monkeypatch.setenv(CLOCK, "2026-02-03 10:00")
    names = [f"第{number}局" for number in range(12)]
    reports = {name: filled(1, name) for name in names}
    table = {key: value for key, value in reports["第3局"].cells.items() if key.startswith("applications.")}
    reports["第8局"] = reports["第8局"].with_cells(table)
    jumping = "services.licensing.decisions"
    reports["第5局"] = reports["第5局"].with_cells({jumping: 90_000})
    top = Office("县政府", kind="government")
    offices = [top, *(Office(name, "县政府", report=reports[name]) for name in names)]
    before = [
        replace(reports[name].with_cells({jumping: 70}), year=year)
        for name in ("第5局",)
        for year in (YEAR - 1, YEAR - 2)
    ]
    collection(tmp_path, offices, *before).close()
    return tmp_path / "收报"


def run(folder: Path, *arguments: str) -> Any:
    """Run the command in this process."""
    done = CliRunner().invoke(main, ["collect", "odd", "-C", str(folder), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def odd(folder: Path, **more: Any) -> Odd:
    from workbook.collect import Collection

    with closing(Collection(folder)) as found:
        return found.odd(**more)


def test_a_collection_tells_of_its_units(folder: Path) -> None:
    found = odd(folder)
    codes = {unit: [each.finding.code for each in some] for unit, some in found.units.items()}
    assert codes == {"第3局": ["odd.table"], "第8局": ["odd.table"], "第5局": ["odd.jump"]}
    assert (found.year, found.reports, found.earlier) == (YEAR, 12, 1)
    assert found.units["第3局"][0].others == ("第8局",)
    assert found.units["第5局"][0].numbers == {"2025": 90_000, "2024": 70, "2023": 70}
    assert {each.finding.level for each in found.oddities} == {"warning"}


def test_it_is_the_same_for_the_same_moment_and_nothing_before_anything_came(folder: Path, monkeypatch: Any) -> None:
    at = moment("2026-02-03 12:00")
    was = odd(folder, at=at).to_dict()
    monkeypatch.setenv(CLOCK, "2026-02-05 10:00")
    send(folder, folder.parent / "更正.jsonl", filled(9, "第8局"))
    assert odd(folder, at=at).to_dict() == was
    assert set(odd(folder).units) == {"第5局"}
    assert odd(folder, at=moment("2026-02-01")).reports == 0


def test_the_command_gives_text_data_and_tables(folder: Path, tmp_path: Path) -> None:
    done = run(folder)
    assert done.exit_code == 0
    assert "比较了 12 个单位的报告" in done.output
    assert "行政许可 · 本年处理决定数量：2025 年是 90000，以前 2024 年 70，2023 年 70" in done.output.replace("\n", "")
    told = json.loads(run(folder, "--format", "json").output)
    assert [unit["id"] for unit in told["units"]] == list(odd(folder).units)
    assert told["units"][0]["findings"][0]["level"] == "warning"
    assert "第8局" in run(folder, "--format", "csv", "--lang", "en").output.splitlines()[1]
    for ending in (".json", ".csv", ".xlsx", ".txt"):
        assert run(folder, "-o", str(tmp_path / f"异常{ending}")).exit_code == 0
    rows = list(openpyxl.load_workbook(tmp_path / "异常.xlsx").active.values)
    assert (len(rows), rows[0][0]) == (4, "单位ID")
    assert (tmp_path / "异常.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_exit_codes(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--strict").exit_code == 1
    assert run(folder, "--strict", "第1局").exit_code == 0
    assert "没有看出异常" in run(folder, "第1局").output
    assert run(folder, "县政府", "--format", "json").output == run(folder, "--format", "json").output
    assert run(folder, "没有这个局").exit_code == 2
    assert run(folder, "--format", "xlsx").exit_code == 2
    assert run(folder, "-o", str(tmp_path / "异常.html")).exit_code == 2
    assert run(folder, "--at", "2020-01-01").exit_code == 2

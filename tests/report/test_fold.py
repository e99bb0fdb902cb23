"""One mistake is one finding to people: ranges, causes with what follows from them, and nothing lost."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, Case, cases, sound
from hypothesis import given
from hypothesis import strategies as st
from workbooks import workbook_of

import workbook
from workbook.form import printed_sections
from workbook.report import make_finding
from workbook.report.findings import LEVELS
from workbook.report.fold import SEVERITY, Cause, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.report import Report


def told(report: Report) -> list[dict[str, Any]]:
    """Return the findings of a report as dictionaries."""
    return [finding.as_dict() for finding in workbook.check(report)]


def folded(report: Report) -> list[Cause]:
    """Return the mistakes of a report, all of whose addresses are those of the template."""
    return fold(told(workbook.parse(workbook_of(report), "甲.xlsx")), report.edition)


def columns(report: Report, names: Iterable[str]) -> dict[str, None]:
    """Return the entry cells of some columns of the table of applications, all blank."""
    form = report.form
    wanted = set(names)
    return {
        key: None
        for key, cell in form.cells.items()
        if cell.table == "applications" and cell.column.key in wanted and key not in form.calculated
    }


def everything(causes: Iterable[Cause]) -> Counter[int]:
    return Counter(id(finding) for cause in causes for finding in (*cause.findings, *cause.effects))


def test_four_blank_columns_are_one_mistake() -> None:
    base = sound("2021")
    (cause,) = folded(base.with_cells(columns(base, ("research", "charity", "legal_service", "other"))))
    assert cause.message("zh") == "「三、依申请公开」F6:I30 共 96 格没有填写（合计除外），应填数字。"
    assert "F6:I30: 96 cells" in cause.message("en")
    assert {effect["code"] for effect in cause.effects} <= {
        f"applications.{key}" for key in ("total", "balance", "concluded")
    }
    assert cause.effects
    assert f"由此还有 {len(cause.effects)} 处" in cause.hint("zh")


@pytest.mark.parametrize("edition", EDITIONS)
def test_only_totals_filled_is_one_mistake_for_each_block(edition: str) -> None:
    base = sound(edition)
    causes = folded(base.with_cells({key: None for key in base.cells if key not in base.form.calculated}))
    assert {cause.first["code"] for cause in causes} == {"cell.blank"}
    assert len(causes) <= 2 * len(base.form.tables)


def test_a_report_without_a_sheet_names_its_cells_by_their_labels() -> None:
    base = sound("2021")
    (cause,) = fold(told(base.with_cells(columns(base, ("charity", "other")))), "2021")[:1]
    assert "从“一、本年新收政府信息公开申请数量 · 社会公益组织”到" in cause.message("zh")
    assert cause.block
    assert not cause.block.address


def test_rows_that_the_office_inserted_part_a_range() -> None:
    base = sound("2021")
    findings = told(workbook.parse(workbook_of(base.with_cells(columns(base, ("charity",)))), "甲.xlsx"))
    for finding in findings:
        for cell in finding["cells"]:
            if cell["sheet"] == "三、依申请公开" and int(cell["address"][1:]) > 20:
                cell["address"] = cell["address"][0] + str(int(cell["address"][1:]) + 3)
    blocks = [cause.block.address for cause in fold(findings, "2021") if cause.block]
    assert blocks == ["G6:G20", "G24:G33"]


@pytest.mark.parametrize(
    ("key", "more"),
    [("applications.granted.natural", 45), ("applications.concluded.natural", 3)],
    ids=["part", "total"],
)
def test_all_equations_that_one_wrong_number_breaks_are_one_mistake(key: str, more: int) -> None:
    base = sound("2021")
    was = base.cells[key]
    assert isinstance(was, int)
    findings = told(base.with_cells({key: was + more}))
    (cause,) = fold(findings, "2021")
    assert (len(findings), len(cause.effects)) == (len(findings), len(findings) - 1)
    assert len(findings) > 1
    assert cause.first["located"][0]["cell"] == key


def test_equations_with_a_blank_cell_are_under_it_and_those_with_a_text_are_not_judged() -> None:
    base = sound("2021")
    (cause,) = fold(told(base.with_cells({"applications.granted.natural": None})), "2021")
    assert cause.first["code"] == "cell.blank"
    assert {effect["at"] for effect in cause.effects} == {"granted", "natural"}
    (cause,) = fold(told(base.with_cells({"applications.granted.natural": "三十"})), "2021")
    assert (cause.first["code"], cause.effects) == ("cell.not_a_number", ())


def test_digits_as_text_in_neighbouring_cells_are_one_mistake() -> None:
    base = sound("2021")
    texts = {f"applications.granted.{column}": "12" for column in ("natural", "business", "research")}
    causes = [
        cause for cause in fold(told(base.with_cells(texts)), "2021") if cause.first["code"] == "cell.text_number"
    ]
    assert [len(cause.findings) for cause in causes] == [3]


def test_a_second_wrong_number_is_a_mistake_of_its_own() -> None:
    base = sound("2021")
    report = base.with_cells({"applications.granted.natural": "三十", "disputes.review.total": 999})
    causes = fold(told(report), "2021")
    assert [cause.first["code"] for cause in causes] == ["cell.not_a_number", "disputes.total"]


def test_a_blank_cell_beside_the_located_one_has_not_broken_the_equation() -> None:
    base = sound("2021")
    report = base.with_cells(dict.fromkeys(base.cells, 0))
    wrong = {"applications.granted.business": None, "applications.granted.natural": 45}
    causes = fold([finding for finding in told(report.with_cells(wrong)) if finding["level"] == "error"], "2021")
    assert [(cause.first["code"], len(cause.effects)) for cause in causes] == [
        ("cell.blank", 0),
        ("applications.total", 1),
    ]


def test_the_same_sentence_is_said_once() -> None:
    wrong = make_finding("file.not_conforming", "tables", path="tables", reason="少了一项", reason_en="one is missing")
    (cause,) = fold([wrong.as_dict()] * 6)
    assert cause.message("zh").endswith("（同样的共 6 处）")
    other = make_finding("file.not_conforming", "year", path="year", reason="少了一项", reason_en="one is missing")
    assert len(fold([wrong.as_dict(), other.as_dict()])) == 2


def test_what_a_document_lacks_at_one_place_is_told_once() -> None:
    document = json.loads(workbook.to_json(sound("2021")))
    document["tables"] = {}
    document["year"] = "2024年"
    (year, tables) = sorted(workbook.schema_errors(document, "2021"), key=lambda error: error.path[0] == "tables")
    assert (year.path, tables.path) == (("year",), ("tables",))
    assert all(key in tables.reason and key in tables.reason_en for key in ("documents", "disputes"))


@pytest.mark.parametrize("case", cases(), ids=str)
def test_no_finding_of_the_corpus_is_lost_and_causes_come_first(case: Case) -> None:
    findings = [finding.as_dict() for finding in case.findings()]
    causes = fold(findings, case.edition)
    assert everything(causes) == Counter(map(id, findings))
    places = [(finding["code"], finding["at"]) for finding in findings]
    for finding in case.findings():
        if finding.under:
            assert finding.under in places[: places.index(finding.identity)]
            (cause,) = [one for one in case.findings() if one.identity == finding.under][:1]
            assert cause.level == "error"
    ranks = [SEVERITY.index(cause.status) for cause in causes]
    assert ranks == sorted(ranks)


_SPOTS = {
    edition: {
        key: (table.table.key, *spot)
        for section in printed_sections(edition)
        for table in section.tables
        for key, spot in table.cells.items()
    }
    for edition in EDITIONS
}


@given(
    edition=st.sampled_from(EDITIONS),
    chosen=st.sets(st.integers(0, 249), max_size=60),
    area=st.tuples(*[st.integers(0, 34)] * 4),
    values=st.lists(st.sampled_from([None, "无", -1, Decimal("0.5"), 7]), min_size=1, max_size=4),
    with_addresses=st.booleans(),
)
def test_ranges_cover_exactly_the_cells_and_nothing_is_lost(
    edition: str,
    chosen: set[int],
    area: tuple[int, int, int, int],
    values: list[Any],
    with_addresses: bool,  # noqa: FBT001 - drawn
) -> None:
    """Cells at random and a whole area of them, filled with what is no number, blank, negative, or just another one."""
    base = sound(edition)
    spots = _SPOTS[edition]
    keys = list(base.cells)
    wrong = {keys[index] for index in chosen if index < len(keys)}
    top, left, down, across = area
    wrong |= {key for key, (_, row, at) in spots.items() if top <= row <= top + down and left <= at <= left + across}
    report = base.with_cells({key: values[number % len(values)] for number, key in enumerate(sorted(wrong))})
    findings = told(report)
    if with_addresses:
        for finding in findings:
            for cell in finding["cells"]:
                if cell["cell"] in spots:
                    table, row, at = spots[cell["cell"]]
                    cell |= {"sheet": table, "address": f"{chr(65 + at)}{row + 3}"}
    causes = fold(findings, edition)
    assert everything(causes) == Counter(map(id, findings))
    for cause in causes:
        assert cause.status in {*LEVELS}
        assert len({finding["code"] for finding in cause.findings}) == 1
        if cause.block:
            own = {finding["cells"][0]["cell"] for finding in cause.findings}
            (table, top, left), (_, bottom, right) = (
                spots[end["cell"]] for end in (cause.block.first, cause.block.last)
            )
            inside = {
                key
                for key, (of, row, at) in spots.items()
                if of == table and top <= row <= bottom and left <= at <= right
            }
            assert inside - set(base.form.calculated) <= own <= inside
            assert cause.block.whole == (own == inside)
            assert bool(cause.block.address) == with_addresses
    again = fold([cause.first for cause in causes if not cause.block], edition)
    assert len(again) == sum(not cause.block for cause in causes)

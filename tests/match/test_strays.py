"""Rows and columns that no label of the form places: read where their place is sure, else told with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, sound
from noise import Item, Paper, merge_group, paper
from published import page
from uneven import Rows, changed_page

import workbook
from workbook.match import match
from workbook.report import Finding, Report, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPES = ("expanded", "corners", "one sheet", "ragged")
ALIGNED = SHAPES[:3]


def errors(report: Report) -> list[Finding]:
    told = (finding for finding in workbook.check(report) if finding.level == "error")
    return [finding for finding in told if not finding.code.startswith("body.")]  # these papers have no title


def found(report: Report, code: str) -> list[Finding]:
    return [finding for finding in workbook.check(report) if finding.code == code]


def labelled(page: Paper, key: str, label: str | None) -> None:
    """Write another label at the row of a key, or none."""
    table = key.split(".", maxsplit=1)[0]
    line = next(r for r in page.tables[table] if any(item.key.startswith(f"{key}.") for item in r))
    [item for item in line if item.role == "line"][-1].value = label


def numbers_of(report: Report, key: str) -> list[Any]:
    return [value for cell, value in report.cells.items() if cell.startswith(f"{key}.")]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("label", ["别的说法", "2.其他法止公开"])
def test_a_row_of_another_label_is_read_where_order_and_rules_leave_one_place(
    edition: str, shape: str, label: str
) -> None:
    report = sound(edition)
    for row in report.form.table("applications").rows:
        page = paper(report)
        labelled(page, f"applications.{row.key}", label)
        again = match(page.document(shape))
        assert again.cells == report.cells, row.key
        (told,) = found(again, "table.line_placed")
        assert told.at == f"applications.{row.key}"
        assert label in told.message()
        assert not errors(again)


@pytest.mark.parametrize("shape", ALIGNED)
def test_a_row_within_a_group_without_any_label_of_its_own_is_read_alike(shape: str) -> None:
    report, page = sound("2021"), paper(sound("2021"))
    labelled(page, "applications.refused_safety", None)
    again = match(page.document(shape))
    assert again.cells == report.cells
    assert [finding.at for finding in found(again, "table.line_placed")] == ["applications.refused_safety"]


@pytest.mark.parametrize("shape", SHAPES)
def test_where_the_rules_are_broken_its_numbers_are_told_once_and_nothing_is_judged_with_them(shape: str) -> None:
    report = sound("2021").with_cells({"applications.refused_law.natural": 32})
    page = paper(report)
    labelled(page, "applications.refused_law", "别的说法")
    again = match(page.document(shape))
    (told,) = errors(again)
    assert told.identity == ("table.row_unplaced", "applications.refused_law")
    assert all(str(number) in told.message() for number in numbers_of(report, "applications.refused_law"))
    assert set(numbers_of(again, "applications.refused_law")) == {None}


@pytest.mark.parametrize("shape", SHAPES)
def test_two_rows_of_other_labels_are_not_told_apart(shape: str) -> None:
    report, page = sound("2021"), paper(sound("2021"))
    keys = ["applications.rejected_repeat", "applications.rejected_publication"]
    for key in keys:
        labelled(page, key, "别的说法")
    again = match(page.document(shape))
    told = errors(again)
    assert {finding.code for finding in told} == {"table.row_unplaced"}
    assert len(told) == len(keys)
    for finding, key in zip(told, keys, strict=True):
        assert all(str(number) in finding.message() for number in numbers_of(report, key))


@pytest.mark.parametrize("shape", SHAPES)
def test_where_no_rule_judges_a_row_its_numbers_are_told(shape: str) -> None:
    report, page = sound("2021"), paper(sound("2021"))
    labelled(page, "documents.normative", "别的文件")
    (told,) = errors(match(page.document(shape)))
    assert told.identity == ("table.row_unplaced", "documents.normative")
    assert all(str(number) in told.message() for number in numbers_of(report, "documents.normative"))


def test_a_missing_row_is_told_once_and_its_cells_and_rules_are_not() -> None:
    page = paper(sound("2021"))
    matrix = page.tables["applications"]
    del matrix[next(at for at, row in enumerate(matrix) if any("refused_law" in item.key for item in row))]
    assert [finding.identity for finding in errors(match(page.document("expanded")))] == [
        ("table.row_missing", "applications.refused_law")
    ]


GROUP = ("other_uncorrected", "other_unpaid", "other_rest")


def merged(report: Report, shape: str) -> Report:
    """Return what is read of a report in which （六）其他处理 is one row."""
    page = paper(report)

    class Always:
        def choice(self, groups: list[str]) -> str:
            return next(group for group in groups if "其他处理" in group)

    merge_group(page, Always())
    return match(page.document(shape))


@pytest.mark.parametrize("shape", SHAPES)
def test_one_row_for_several_is_told_with_its_numbers_and_no_echo(shape: str) -> None:
    report = sound("2021")
    again = merged(report, shape)
    (told,) = errors(again)
    assert told.code == "table.row_merged"
    sums = [
        sum(report.cells[f"applications.{key}.{c.key}"] for key in GROUP)
        for c in report.form.table("applications").columns
    ]
    assert all(str(number) in told.message() for number in sums)
    assert all(line.label in told.message() for line in report.form.table("applications").rows if line.key in GROUP)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_row_of_zeros_for_several_is_read_as_zeros(shape: str) -> None:
    base = sound("2021")
    zeros = {key: 0 for key in base.cells if key.startswith("applications.")}
    report = base.with_cells({**zeros, "applications.received.natural": 2, "applications.received.total": 2,
                              "applications.granted.natural": 2, "applications.granted.total": 2,
                              "applications.concluded.natural": 2, "applications.concluded.total": 2})  # fmt: skip
    again = merged(report, shape)
    assert again.cells == report.cells
    assert len(found(again, "table.rows_zero")) == 1
    assert not errors(again)


@pytest.mark.parametrize("shape", ALIGNED)
def test_a_row_that_the_form_does_not_have_is_told_with_its_numbers(shape: str) -> None:
    report, page = sound("2021"), paper(sound("2021"))
    matrix = page.tables["applications"]
    at = next(at for at, row in enumerate(matrix) if any("refused_law" in item.key for item in row))
    matrix.insert(
        at, [Item(60_000 + item_at) if item.key else Item("其中：涉密") for item_at, item in enumerate(matrix[at])]
    )
    again = match(page.document(shape))
    assert again.cells == report.cells
    (told,) = found(again, "table.row_extra")
    assert "涉密" in told.message()
    assert "60003" in told.message()
    assert not errors(again)


HEADS = {"本年制发件数": "本年度制发数", "本年废止件数": "本年废止数", "现行有效件数": "现行有效"}


@pytest.mark.parametrize("shape", SHAPES)
def test_heads_that_count_in_other_words_are_read(shape: str) -> None:
    page = paper(sound("2021"))
    for item in page.items("head"):
        item.value = HEADS.get(item.value, item.value)
    again = match(page.document(shape))
    assert again.cells == sound("2021").cells
    assert not errors(again)


@pytest.mark.parametrize("shape", ALIGNED)
def test_a_column_of_another_head_is_placed_by_the_rules(shape: str) -> None:
    page = paper(sound("2021"))
    head = next(item for item in page.items("head") if item.value == "科研机构")
    head.value = "别的机构"
    again = match(page.document(shape))
    assert again.cells == sound("2021").cells
    assert [finding.at for finding in found(again, "table.line_placed")] == ["applications.research"]


@pytest.mark.parametrize("shape", ALIGNED)
def test_a_column_that_no_rule_judges_is_told_with_its_numbers(shape: str) -> None:
    page = paper(sound("2021"))
    next(item for item in page.items("head") if item.value == "现行有效件数").value = "别的"
    (told,) = errors(match(page.document(shape)))
    assert told.identity == ("table.column_unplaced", "documents.in_force")
    assert "61、77" in told.message()


@pytest.mark.parametrize("shape", ALIGNED)
def test_a_table_of_unknown_heads_is_told_with_its_numbers(shape: str) -> None:
    page = paper(sound("2021"))
    for item in page.items("head"):
        item.value = "别的" if item.value in HEADS else item.value
    (told,) = errors(match(page.document(shape)))
    assert told.identity == ("table.unrecognised", "documents")
    assert "59、73、61" in told.message()
    assert "59、67、77" in told.message()


def test_rows_that_are_there_twice_are_told_with_all_their_numbers() -> None:
    page = paper(sound("2021"))
    labelled(page, "applications.rejected_repeat", "1.信访举报投诉类申请")
    told = found(match(page.document("expanded")), "table.row_unclear")
    assert [finding.at for finding in told] == ["applications.rejected_petition"]
    for key in ("applications.rejected_petition", "applications.rejected_repeat"):
        assert all(str(number) in told[0].message() for number in numbers_of(sound("2021"), key))


def relabelled(old: str, new: str) -> Callable[[str, Rows], None]:
    def change(_table: str, rows: Rows) -> None:
        for row in rows:
            for cell in row:
                if cell[0] == old:
                    cell[0] = new

    return change


def test_a_page_with_a_cut_label_is_read_and_told() -> None:
    page = changed_page(sound("2021"), relabelled("2.重复申请", "2.重"))
    again = workbook.parse(page, "年报.html")
    assert again.cells == sound("2021").cells
    (told,) = found(again, "table.line_placed")
    assert "2.重" in told.message()
    assert told.cells[0].value == sound("2021").cells[told.cells[0].cell]


@pytest.mark.parametrize("shape", ALIGNED)
@pytest.mark.parametrize("label", ["许可", None])
def test_a_table_whose_only_row_is_unknown_is_told_with_its_numbers(shape: str, label: str | None) -> None:
    page = paper(sound("2021"))
    labelled(page, "services.licensing", label)
    (told,) = errors(match(page.document(shape)))
    assert told.at == "services"
    assert told.code == "table.unrecognised"
    assert "26" in told.message()


def test_a_table_that_is_not_there_is_told_as_that() -> None:
    page = paper(sound("2021"))
    del page.tables["services"]
    assert [finding.identity for finding in errors(match(page.document("expanded")))] == [("table.missing", "services")]


STRAY_LINES = {
    "all numbers": "<td>7</td>" * 15,
    "with a label": "<td>其中：本级</td>" + "<td>7</td>" * 14,
    "one number across": "<td colspan=15>7</td>",
    "two numbers": "<td>7</td><td>8</td>",
}


STRAY_AT = [(name, above) for name in STRAY_LINES for above in (True, False)]
STRAY_AT.remove(("two numbers", True))  # nothing says that the heads do not end with it


@pytest.mark.parametrize(("name", "above"), STRAY_AT)
def test_a_line_beside_the_one_that_the_rules_hold_with_is_told_once_with_its_numbers(
    name: str, *, above: bool
) -> None:
    report = sound("2021")
    html = page(report).decode()
    at = html.rindex("<tr>") if above else html.rindex("</table>")
    again = workbook.parse(f"{html[:at]}<tr>{STRAY_LINES[name]}</tr>{html[at:]}".encode(), "x.html")
    assert again.cells == report.cells
    (told,) = workbook.check(again)
    assert told.code == "table.row_extra"
    assert "7" in told.message()


def test_two_lines_that_the_rules_hold_with_are_not_chosen_from() -> None:
    html = page(sound("2021")).decode()
    at = html.rindex("</table>")
    zeros = "<tr>" + "<td>0</td>" * 15 + "</tr>"
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(f"{html[:at]}{zeros}{html[at:]}".encode(), "x.html")
    assert refusal.value.findings[0].code == "file.ambiguous"

"""Documents made from a report, and what offices and programs do to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from cases import sound

from workbook.excel.address import a1
from workbook.excel.layout import TablePlan, plan_of
from workbook.match.grid import Block, Cell, Document, Grid, Paragraph
from workbook.report import Place, Report, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


SHAPES = ("expanded", "corners", "one sheet", "ragged")

APART = 3
"""How much the numbers of a table of the other edition are larger than those of its sound report."""


@dataclass(eq=False)
class Item:
    """A cell in the making: what it holds, and the key of the form whose number it is."""

    value: Any = None
    key: str = ""
    role: str = ""


Matrix = list[list[Item]]


@dataclass
class Paper:
    """A document in the making: its tables as matrices, in which a spanning item stands in each place it covers."""

    report: Report
    tables: dict[str, Matrix]
    before: list[str] = field(default_factory=list)
    twins: list[tuple[str, Matrix]] = field(default_factory=list)

    def items(self, role: str = "") -> Iterator[Item]:
        """Yield the items of a role, each once."""
        for matrix in self.tables.values():
            yield from {id(i): i for row in matrix for i in row if i.role and role in {"", i.role}}.values()

    def document(self, shape: str) -> Document:
        """Return the document in one of the shapes."""
        blocks: list[Block] = [Paragraph(text, Place("正文", str(at))) for at, text in enumerate(self.before)]
        contents = [twin for twin in self.twins if twin[0] == "目录"]
        matrices = [*contents, *self.tables.items(), *(twin for twin in self.twins if twin not in contents)]
        if shape == "one sheet":
            rows = [[Item(), Item(), *row] for _, matrix in matrices for row in [[Item()], *matrix]]
            matrices = [("一张表", rows)]
        blocks += [Grid(f"{name}", cells(name, matrix, shape), shape != "ragged") for name, matrix in matrices]
        return Document("年报.docx", blocks)


def cells(name: str, matrix: Matrix, shape: str) -> list[list[Cell]]:
    """Return the cells of a matrix; all but the first shape lose the spans, the last loses blank cells of spans too."""
    made: dict[int, Cell] = {}
    width = max(map(len, matrix), default=0)
    grid = []
    for r, row in enumerate(matrix):
        line = []
        for c, item in enumerate([*row, *(Item() for _ in range(width - len(row)))]):
            place = Place(name, a1(r, c))
            if id(item) not in made:
                made[id(item)] = Cell(item.value, place)
                line.append(made[id(item)])
            elif shape != "ragged":
                line.append(Cell(None, place) if shape == "corners" else made[id(item)])
        grid.append([cell for cell in line if shape != "ragged" or cell.value is not None])
    return grid


def paper(report: Report) -> Paper:
    """Return the tables of a report, as the form prints them."""
    return Paper(
        report, {table_plan.table.key: _matrix(table_plan, report) for table_plan in plan_of(report.edition).tables}
    )


def _matrix(table_plan: TablePlan, report: Report) -> Matrix:
    top = min(label.top for label in table_plan.labels)
    right = max(label.right for label in table_plan.labels)
    matrix = [[Item() for _ in range(right + 1)] for _ in range(table_plan.last_row - top + 1)]
    for label in table_plan.labels:
        item = Item(label.text, role=label.role)
        for row in range(label.top, label.bottom + 1):
            matrix[row - top][label.left : label.right + 1] = [item] * (label.right + 1 - label.left)
    for key, (row, column) in table_plan.cells.items():
        item = Item(report.cells[key], key, "number")
        last = table_plan.wide.get(key, column)
        matrix[row - top][column : last + 1] = [item] * (last + 1 - column)
    return matrix


def labels(change: Callable[[str], str]) -> Callable[[Paper, Random], None]:
    """Return a noise that writes the labels otherwise."""

    def noise(page: Paper, _: Random) -> None:
        for item in page.items():
            if item.role != "number":
                item.value = change(item.value)

    return noise


def numbers(change: Callable[[Value, bool], Any]) -> Callable[[Paper, Random], None]:
    """Return a noise that writes the numbers otherwise; the change is told whether it is money."""

    def noise(page: Paper, _: Random) -> None:
        for item in page.items("number"):
            if item.key and isinstance(item.value, int | Decimal):
                item.value = change(item.value, page.report.form.cells[item.key].kind.unit == "万元")

    return noise


def _where(page: Paper, random: Random) -> tuple[str, Matrix]:
    key = random.choice(sorted(page.tables))
    return key, page.tables[key]


def _number_rows(matrix: Matrix) -> list[int]:
    return [at for at, row in enumerate(matrix) if any(item.key for item in row)]


def _number_columns(matrix: Matrix) -> list[int]:
    return sorted({at for row in matrix for at, item in enumerate(row) if item.key})


def left_column(page: Paper, _: Random) -> None:
    """序号 on the left."""
    for matrix in page.tables.values():
        for at, row in enumerate(matrix):
            row.insert(0, Item("序号" if at == 1 else at if at in _number_rows(matrix) else None))


def right_column(page: Paper, random: Random) -> None:
    """备注 or 占比 on the right."""
    for matrix in page.tables.values():
        first = _number_rows(matrix)[0]
        word = random.choice(["备注", "占比"])
        for at, row in enumerate(matrix):
            row.append(Item(word if at == first - 1 else 0.5 if at >= first else None))


def notes(page: Paper, _: Random) -> None:
    """Other rows between, notes below."""
    for matrix in page.tables.values():
        rows = _number_rows(matrix)
        width = len(matrix[0])
        if len(rows) > 1 and not any(matrix[rows[0]][at] is matrix[rows[1]][at] for at in range(width)):
            extra = [Item("其他主动公开文件"), *(Item() for _ in range(width - 1))]
            for at in _number_columns(matrix):
                extra[at] = Item(77)
            matrix.insert(rows[1], extra)
        matrix.append([Item("注：统计期为全年")] * width)


def three_rows(page: Paper, _: Random) -> None:
    """Table four as three rows."""
    table = page.report.form.table("disputes")
    side = Item("行政诉讼", role="line")
    head = [Item("类别"), Item("类别"), *(Item(column.label, role="head") for column in table.columns)]
    rows = [head]
    for row in table.rows:
        name = Item(row.label, role="line")
        values = [Item(page.report.cells[key], key, "number") for key in
                  (f"disputes.{row.key}.{column.key}" for column in table.columns)]  # fmt: skip
        rows.append([side if row.under else name, name, *values])
    page.tables["disputes"] = rows


def cut_heads(page: Paper, _: Random) -> None:
    """本年新 | 本年新."""
    for item in page.items("head"):
        if item.value in {"本年新制作数量", "本年新公开数量"}:
            item.value = "本年新"


def blank_row(page: Paper, random: Random) -> None:
    """A row in which nothing is filled in."""
    _, matrix = _where(page, random)
    for item in matrix[random.choice(_number_rows(matrix))]:
        item.value = None if item.key else item.value


def blank_organisations(page: Paper, _: Random) -> None:
    """The five columns of organisations are blank."""
    for item in page.items("number"):
        if item.key.startswith("applications") and not item.key.endswith((".natural", ".total", ".person")):
            item.value = None


def delete_row(page: Paper, random: Random) -> None:
    """A row is gone."""
    _, matrix = _where(page, random)
    del matrix[random.choice(_number_rows(matrix))]


def exchange_rows(page: Paper, random: Random) -> None:
    """Two rows changed places."""
    _, matrix = _where(page, random)
    one, other = random.choice(_number_rows(matrix)), random.choice(_number_rows(matrix))
    matrix[one], matrix[other] = matrix[other], matrix[one]


def delete_column(page: Paper, random: Random) -> None:
    """A column is gone."""
    _, matrix = _where(page, random)
    at = random.choice(_number_columns(matrix))
    for row in matrix:
        del row[at : at + 1]


def exchange_columns(page: Paper, random: Random) -> None:
    """Two columns changed places, with their heads."""
    _, matrix = _where(page, random)
    one, other = random.choice(_number_columns(matrix)), random.choice(_number_columns(matrix))
    for row in matrix:
        row[one], row[other] = row[other], row[one]


def insert_column(page: Paper, random: Random) -> None:
    """A column in the middle."""
    _, matrix = _where(page, random)
    at, first = random.choice(_number_columns(matrix)), _number_rows(matrix)[0]
    for index, row in enumerate(matrix):
        row.insert(at, Item(99 if index >= first else "占比" if index == first - 1 else None))


def rewrite_rows(page: Paper, random: Random) -> None:
    """The labels of two rows are others."""
    _, matrix = _where(page, random)
    for at in random.sample(_number_rows(matrix), min(2, len(_number_rows(matrix)))):
        for item in matrix[at]:
            if item.role == "line":
                item.value = "另外的事项"


def rewrite_head(page: Paper, random: Random) -> None:
    """A head is another."""
    heads = [item for item in page.items("head") if item.value != "信息内容"]
    random.choice(heads).value = "另外的数"


def cut_label(page: Paper, random: Random) -> None:
    """The label of a row is cut, or nothing is left of it."""
    _, matrix = _where(page, random)
    labels = [item for item in matrix[random.choice(_number_rows(matrix))] if item.role == "line"]
    if labels:
        labels[-1].value = random.choice([str(labels[-1].value)[:3], str(labels[-1].value)[4:], None])


def cut_head(page: Paper, random: Random) -> None:
    """A head is cut, or nothing is left of it."""
    heads = [item for item in page.items("head") if item.value != "信息内容"]
    head = random.choice(heads)
    head.value = random.choice([str(head.value)[:2], None])


def merge_group(page: Paper, random: Random) -> None:
    """One row stands for all of a group."""
    table = page.report.form.table("applications")
    group = random.choice(sorted({row.under[-1] for row in table.rows if len(row.under) > 1}))
    keys = [row.key for row in table.rows if row.under and row.under[-1] == group]
    matrix = page.tables["applications"]
    rows = [row for row in matrix if any(item.key.split(".")[1:2] == [key] for key in keys for item in row)]
    for at, item in enumerate(rows[0]):
        if item.key:
            values = [page.report.cells[f"applications.{key}.{item.key.split('.')[2]}"] for key in keys]
            rows[0][at] = Item(sum(value for value in values if isinstance(value, int)))
        elif item.role == "line":
            rows[0][at] = Item(group, role="line")
    for row in rows[1:]:
        del matrix[next(at for at, other in enumerate(matrix) if other is row)]


def _copy(matrix: Matrix, more: int) -> Matrix:
    made: dict[int, Item] = {}
    for row in matrix:
        for item in row:
            number = isinstance(item.value, int | Decimal) and item.key
            made.setdefault(id(item), Item(item.value + more if number else item.value, "", item.role))
    return [[made[id(item)] for item in row] for row in matrix]


def equal_copy(page: Paper, random: Random) -> None:
    """A table stands there twice."""
    key, matrix = _where(page, random)
    page.twins.append((f"又{key}", _copy(matrix, 0)))


def other_copy(page: Paper, random: Random) -> None:
    """A table stands there twice, with other numbers."""
    key, matrix = _where(page, random)
    page.twins.append((f"又{key}", _copy(matrix, 1)))


def last_year_beside(page: Paper, random: Random) -> None:
    """Last year's table stands beside this year's."""
    _, matrix = _where(page, random)
    for row, twin in zip(matrix, _copy(matrix, 1), strict=True):
        row += [Item(), *twin]


def other_edition(page: Paper, random: Random) -> None:
    """A table of the other edition stands among them."""
    other = paper(sound("2019" if page.report.edition == "2021" else "2021"))
    key, matrix = _where(other, random)
    page.twins.append((f"旧{key}", _copy(matrix, APART)))


def contents(page: Paper, _: Random) -> None:
    """A table of contents, and a paragraph that names rows."""
    page.before += ["一、总体情况", "二、主动公开政府信息情况", "规章", "行政许可 5 件", "（七）总计"]
    words = ["一、本年新收政府信息公开申请数量", "（一）予以公开", "2.重复申请", "（七）总计"]
    page.twins.insert(0, ("目录", [[Item(word), Item(9)] for word in words]))


def sums(page: Paper, _: Random) -> None:
    """A row of sums below."""
    for matrix in page.tables.values():
        columns = _number_columns(matrix)
        if columns[0] == 0:
            continue
        matrix.append([Item("合计" if at == 0 else 88 if at in columns else None) for at in range(len(matrix[0]))])


def decoys(page: Paper, random: Random) -> None:
    """Numbers left of the labels."""
    for matrix in page.tables.values():
        for row in matrix:
            row.insert(0, Item(random.randrange(100)))


def _wide(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})


def _zero(sign: Any) -> Callable[[Paper, Random], None]:
    return numbers(lambda value, _: sign if value == 0 else value)


WRITTEN = {
    "plain": lambda *_: None,
    "blanks": labels(" ".join),
    "breaks": labels(lambda text: f"{text[:2]}\n{text[2:]}"),
    "half brackets": labels(lambda text: text.replace("（", "(").replace("）", ")")),
    "straight quotes": labels(lambda text: text.replace("“", '"').replace("”", '"')),
    "no quotes": labels(lambda text: text.replace("“", "").replace("”", "")),
    "numbering": labels(lambda text: text.replace(".", "、")),
    "numbering in brackets": labels(lambda text: f"（{text[0]}）{text[2:]}" if text[1:2] == "." else text),
    "checks": labels(lambda text: text.replace("勾稽", "钩稽")),
    "normative": labels(lambda text: text.replace("行政规范性文件", "规范性文件")),
    "next year": labels(lambda text: text.replace("结转下年度", "结转下一年度")),
    "instructions": labels(lambda text: text.replace("规章", "规章(设区的市、自治州人民政府应提供相关数据)")),
    "cut heads": cut_heads,
    "text": numbers(lambda value, _: str(value)),
    "wide digits": numbers(lambda value, _: _wide(str(value))),
    "separators": numbers(lambda value, _: f"{value:,}"),
    "plus": numbers(lambda value, _: f"{value:+}"),
    "units": numbers(lambda value, money: f"{value}万元" if money else f"{value}件"),
    "yuan": numbers(lambda value, money: f"{value * 10_000}元" if money and value is not None else value),
    "remarks": numbers(lambda value, _: f"{value}（其中修订1件）"),
    "slash": _zero("/"),
    "dash": _zero("-"),
    "long dash": _zero("—"),
    "none": _zero("无"),
    "left column": left_column,
    "right column": right_column,
    "notes": notes,
    "three rows": three_rows,
    "contents": contents,
    "sums": sums,
    "decoys": decoys,
    "equal copy": equal_copy,
}
"""What is mere writing: everything is read all the same."""

DAMAGED = {
    "blank zeros": _zero(None),
    "blank row": blank_row,
    "blank organisations": blank_organisations,
    "delete row": delete_row,
    "exchange rows": exchange_rows,
    "delete column": delete_column,
    "exchange columns": exchange_columns,
    "insert column": insert_column,
    "rewrite rows": rewrite_rows,
    "rewrite head": rewrite_head,
    "cut label": cut_label,
    "cut head": cut_head,
    "merge group": merge_group,
    "other copy": other_copy,
    "last year beside": last_year_beside,
    "other edition": other_edition,
}
"""What must be followed or told."""

NOISES: dict[str, Callable[[Paper, Random], None]] = {**WRITTEN, **DAMAGED}

BESIDE = {"left column", "right column", "notes", "sums", "contents", "decoys"}
"""What plain text cannot tell from the table's own numbers; it is told then."""

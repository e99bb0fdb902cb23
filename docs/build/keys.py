"""The pages on keys: every key of every edition, and the glossary from Chinese words to keys and meanings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parts import MADE, table

from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from workbook.form import Cell, Form, Line, Table

_INTRODUCTION = """\
Every key of the JSON documents; that of a cell is also its defined name in the workbook. Labels, kinds and clauses come
from `schema/<edition>/form.toml`. Words and kinds are explained in [glossary.md](glossary.md), rules in
[rules.md](rules.md), the rest of the document in [json.md](json.md). A label stands behind the groups that it is
printed under; Σ marks a cell that is calculated from others.
"""


def keys() -> str:
    """Return the page of all keys: cover, texts and cells of each edition."""
    out = [MADE, "# Keys\n", _INTRODUCTION]
    for form in map(load_form, editions()):
        out.append(f"## Edition {form.edition} ({form.authority})\n")
        out += [_cover(form), _texts(form), *(_table(form, item) for item in form.tables)]
    return "\n".join(out)


def _cover(form: Form) -> str:
    rows = []
    for field in form.fields:
        choices = ", ".join(f"`{key}` {label}" for key, label in field.choices.items())
        key = field.key if field.key == "year" else f"body.{field.key}"
        rows.append((f"`{key}`", field.label, choices, field.note))
    return "### Cover\n\n" + table(("key", "label", "choices", "note"), rows)


def _texts(form: Form) -> str:
    rows = [(f"`narrative.{key}`", section.heading, section.note) for key, section in form.narratives()]
    return "### Texts\n\n" + table(("key", "heading", "note"), rows)


def _table(form: Form, item: Table) -> str:
    """Return the cells of a table under its clause."""
    heading = form.section_of[item.key].heading
    title = f"{heading}，{item.title}" if item.title not in heading else heading
    clauses = [form.statute, form.authority, *dict.fromkeys(f"{rule.clause} (`{rule.key}`)" for rule in item.rules)]
    rules = {
        key: [equation.rule.key for equation in form.equations() if key in dict(equation.terms)] for key in form.cells
    }
    rows = [
        (
            f"`{cell.key}`{' Σ' if cell.key in form.calculated else ''}",
            _label(cell.row),
            _label(cell.column),
            _kind(cell),
            ", ".join(rules[cell.key]),
            cell.note,
        )
        for cell in form.cells.values()
        if cell.table == item.key
    ]
    heads = ("cell", "row", "column", "kind", "rules", "how it is counted")
    return f"### `{item.key}`: {title}\n\nClause: {'; '.join(clauses)}.\n\n{table(heads, rows)}"


def _label(line: Line) -> str:
    return " / ".join((*line.under, line.label))


def _kind(cell: Cell) -> str:
    return f"{cell.kind.key}, {cell.kind.unit}" if cell.kind.unit else cell.kind.key


def glossary() -> str:
    """Return the glossary: words of the field, then every row and column."""
    data = tomllib.loads((Path(__file__).parent / "glossary.toml").read_text(encoding="utf-8"))
    lines = _lines()
    unknown = data["lines"].keys() - lines.keys()
    if unknown:
        raise ValueError(f"glossary.toml: no edition has {sorted(unknown)}")
    out = [MADE, "# 词汇 · Glossary\n"]
    out.append("What the words of the field mean. For every cell by its key see [keys.md](keys.md).\n\n## Words\n")
    out.append(
        table(
            ("中文", "keys", "meaning"), [(term["words"], _keys(term, lines), term["means"]) for term in data["terms"]]
        )
    )
    out.append("## Rows and columns of the tables\n")
    rows = [(" · ".join(labels), f"`{key}`", data["lines"].get(key, "")) for key, labels in lines.items()]
    out.append(table(("中文", "key", "meaning"), rows))
    out.append("## Kinds of number\n")
    kinds = {kind.key: kind for form in map(load_form, editions()) for kind in form.kinds.values()}
    out.append(
        table(("中文", "key", "meaning"), [(kind.label, f"`{key}`", kind.label_en) for key, kind in kinds.items()])
    )
    return "\n".join(out)


def _lines() -> dict[str, list[str]]:
    """Return the labels that each row and column has in the editions, by table and key."""
    found: dict[str, list[str]] = {}
    for item in (item for edition in editions() for item in load_form(edition).tables):
        for line in (*item.columns, *item.rows):
            labels = found.setdefault(f"{item.key}.{line.key}", [])
            if _label(line) not in labels:
                labels.append(_label(line))
    return found


def _keys(term: dict[str, Any], lines: dict[str, list[str]]) -> str:
    """Return the keys whose labels have a word in them, and what the glossary names itself."""
    words = term["words"]
    forms = [load_form(edition) for edition in editions()]
    keys = [key for key, labels in lines.items() if any(words in label for label in labels)]
    keys += [f"body.{field.key}" for form in forms for field in form.fields if words in field.label]
    keys += [
        item.key for form in forms for item in form.tables if words in item.title + form.section_of[item.key].title
    ]
    shown = [f"`{key}`" for key in dict.fromkeys((*term.get("see", "").replace(", ", " ").split(), *keys))]
    return ", ".join(shown[:5]) + (f" … ({len(shown)})" if len(shown) > 5 else "")  # noqa: PLR2004 - a line of the page

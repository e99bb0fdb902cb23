"""Reads a definition and refuses one that is wrong, naming file, table and rule."""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Kept, Reader, is_name, load_toml, read_toml
from workbook.expression import expression
from workbook.form.model import (
    DECIMALS,
    MOST_ASPECTS,
    QUESTIONS,
    ROWS,
    Cell,
    Equation,
    Field,
    Form,
    Kind,
    Line,
    OpeningEquation,
    OpeningRule,
    Publication,
    Rule,
    Section,
    Table,
    cell_key,
)
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_NO_SHEET, _SHEET_NAME = expression(r"[\[\]:*?/\\]|^'|'$"), 31
"""What the name of a sheet may not have, and how long it may be."""
_CHOICES = 255
"""How many characters the list of choices of a cell may have, with a comma between them."""


@cache
def load_form(edition: str) -> Form:
    """Return the form of an edition, ``"2019"`` or ``"2021"``.

    Raises:
        FormError: there is no such edition, or its definition is wrong.
    """
    where = f"schema/{edition}/form.toml"
    try:
        data = load_toml(where)
    except FileNotFoundError as error:
        raise FormError(f"no such edition: {edition!r}") from error
    form = _form(data, where)
    _verify_whole(where, edition, form)
    return form


def _verify_whole(where: str, edition: str, form: Form) -> None:
    """Refuse the definition of an edition that lacks what every report has: the questions of the cover, a text."""
    if form.edition != edition:
        raise FormError(f"{where}, edition: {form.edition!r} stands in the folder of {edition!r}")
    keys = {field.key for field in form.fields}
    for key in QUESTIONS:
        if key not in keys:
            raise FormError(f"{where}, fields: {key!r} is missing")
    if not any(form.text_sections()):
        raise FormError(f"{where}, sections: none of them has a narrative")


def authority_of(edition: str) -> str:
    """Return the notice that prescribes an edition; its form is not made for that where the definition is kept.

    Raises:
        FormError: its definition is wrong.
    """
    said = load_toml(f"schema/{edition}/form.toml")
    authority: str = said["authority"] if isinstance(said, Kept) else load_form(edition).authority
    return authority


def edition_for(year: int) -> str | None:
    """Return the edition prescribed for reports of a year, the newest of several; ``None`` where there is none."""
    return next((edition for edition in reversed(editions()) if load_form(edition).covers(year)), None)


def parse_form(text: str, where: str) -> Form:
    """Return the form that a TOML definition describes; ``where`` names it in errors.

    Raises:
        FormError: misspelt or missing key, duplicate, dangling reference, empty rule.
    """
    return _form(read_toml(text, where), where)


def _form(data: dict[str, Any], where: str) -> Form:
    required = "edition title authority statute deadline first_year kinds fields sections tables"
    top = Reader(where, data, required, "last_year publication")
    top.typed(whole="first_year last_year", table="kinds publication", tables="fields sections tables")
    if top.get("last_year", top["first_year"]) < top["first_year"]:
        raise FormError(f"{where}: last_year {top['last_year']} is before first_year")
    kinds = {key: _kind(top.inside(f"kinds.{key}"), key, value) for key, value in top["kinds"].items()}
    sections = top.many("sections", _section, "number")
    tables = top.many("tables", _table, "key")
    _verify_texts(where, sections, tables)
    for table in tables:
        if table.section not in {section.number for section in sections}:
            raise FormError(f"{where}, table {table.key}: section {table.section!r} is not a section of the form")
    form = Form(
        edition=top["edition"],
        title=top["title"],
        authority=top["authority"],
        statute=top["statute"],
        deadline=top["deadline"],
        first_year=top["first_year"],
        last_year=top.get("last_year"),
        kinds=MappingProxyType(kinds),
        fields=_fields(top),
        sections=sections,
        tables=tables,
        cells=MappingProxyType({cell.key: cell for table in tables for cell in _cells(where, table, kinds)}),
        publication=_publication(top),
        _equations=tuple(equation for table in tables for equation in _equations(where, table)),
        opening_equations=tuple(opening for table in tables for opening in _opening_equations(where, table)),
    )
    try:
        _ = form.parts_first
    except ValueError as error:
        raise FormError(f"{where}: {error}") from error
    return form


def _publication(top: Reader) -> Publication:
    """Return what stands above a published report; a form that does not say it has its own title there."""
    where = top.inside("publication")
    read = Reader(where, top.get("publication", {"title": f"{{body}}{{year}}年{top['title']}"}), "title", "opening")
    read.typed()
    for key in ("title", "opening"):
        for name in re.findall(r"\{([^{}]*)\}|[{}]", read.get(key, "")):
            if name not in {"body", "year"}:
                raise FormError(f"{where}: {key} has {name!r} in braces, which is neither 'body' nor 'year'")
    return Publication(read["title"], read.get("opening", ""))


def _kind(where: str, key: str, data: Any) -> Kind:
    read = Reader(where, data, "label label_en maximum", "minimum decimals unit").typed(
        whole="minimum maximum decimals"
    )
    if not is_name(key):
        raise FormError(f"{where}: the key is not a name of small letters, digits and _")
    if read.get("minimum", 0) > read["maximum"]:
        raise FormError(f"{where}: minimum {read['minimum']} is more than maximum")
    if not 0 <= read.get("decimals", 0) <= DECIMALS:
        raise FormError(f"{where}: decimals {read['decimals']} is not 0 to {DECIMALS}")
    return Kind(
        key=key,
        label=read["label"],
        label_en=read["label_en"],
        minimum=read.get("minimum", 0),
        maximum=read["maximum"],
        decimals=read.get("decimals", 0),
        unit=read.get("unit"),
    )


def _field(where: str, data: Any) -> Field:
    read = Reader(where, data, "key label note", "choices").typed(answers="choices")
    return Field(read["key"], read["label"], read["note"], MappingProxyType(read.get("choices", {})))


def _section(where: str, data: Any) -> Section:
    read = Reader(where, data, "number title sheet", "narrative note rows aspects")
    read.typed(whole="rows", name="narrative", texts="aspects")
    rows, aspects = read.get("rows", ROWS), tuple(read.get("aspects", ()))
    if rows < 1:
        raise FormError(f"{where}: rows {rows!r} is not a positive whole number")
    if len(aspects) > min(rows, MOST_ASPECTS) or len(set(aspects)) < len(aspects):
        raise FormError(f"{where}: aspects are at most {MOST_ASPECTS}, no more than rows, and all different")
    note = read.get("note", "").replace("{aspects}", "、".join(aspects))
    return Section(read["number"], read["title"], read["sheet"], read.get("narrative"), note, rows, aspects)


def _verify_texts(where: str, sections: Sequence[Section], tables: Sequence[Table]) -> None:
    """Refuse sheets that the template cannot make: texts may share one, the tables of each section need their own."""
    tabled = {table.section for table in tables}
    texts = {section.sheet for section in sections if section.number not in tabled}
    for section in sections:
        if section.number in tabled and section.sheet in texts:
            raise FormError(f"{where}, section {section.number}: sheet {section.sheet!r} is that of the texts")
        if section.aspects and (section.number in tabled or not section.narrative):
            raise FormError(f"{where}, section {section.number}: aspects of a section that has no text, or has tables")
    held = [section.sheet for section in sections if section.number in tabled]
    for section in sections:
        if _NO_SHEET.search(section.sheet) or len(section.sheet) > _SHEET_NAME or held.count(section.sheet) > 1:
            raise FormError(f"{where}, section {section.number}: sheet {section.sheet!r} is not the name of one sheet")
    keys = [section.narrative for section in sections if section.narrative]
    if len(set(keys)) != len(keys):
        raise FormError(f"{where}, sections: two texts have one key")


def _fields(top: Reader) -> tuple[Field, ...]:
    """Read the questions of the cover."""
    fields = top.many("fields", _field, "key")
    labels = [field.label for field in fields]
    for field in fields:
        if labels.count(field.label) > 1:
            raise FormError(f"{top.where}, field {field.key}: another field has the label {field.label!r}")
        if field.key in {"edition", "template", "waivers"}:
            raise FormError(f"{top.where}, field {field.key}: the cover has a line of that key already")
        listed = ",".join(field.choices.values())
        if len(listed) > _CHOICES or listed.count(",") >= max(len(field.choices), 1):
            raise FormError(f"{top.where}, field {field.key}: choices are not a list of a spreadsheet: {listed!r}")
        if field.key == "kind" and not field.choices:
            raise FormError(f"{top.where}, field kind: 'choices' is missing or empty")
    return fields


def _table(where: str, data: Any) -> Table:
    read = Reader(where, data, "key section title columns rows", "rules opening_rules head corner shape")
    read.typed(tables="columns rows rules opening_rules")
    if read.get("shape", "rows") not in {"rows", "line"}:
        raise FormError(f"{where}: shape {read['shape']!r} is neither 'rows' nor 'line'")
    table = Table(
        key=read["key"],
        section=read["section"],
        title=read["title"],
        columns=read.many("columns", _line, "key"),
        rows=read.many("rows", _line, "key"),
        rules=read.many("rules", _rule, "key"),
        opening_rules=read.many("opening_rules", _opening_rule, "key"),
        head=read.get("head", ""),
        corner=read.get("corner", ""),
        shape=read.get("shape", "rows"),
    )
    for lines in (table.columns, table.rows):
        keys = {line.key for line in lines}
        for line in lines:
            if line.part_of is not None and line.part_of not in keys - {line.key}:
                raise FormError(f"{where}: {line.key!r} is part of {line.part_of!r}, which does not exist")
    return table


def _line(where: str, data: Any) -> Line:
    read = Reader(where, data, "key label", "under part_of kind note").typed(texts="under")
    under = tuple(read.get("under", ()))
    return Line(read["key"], read["label"], under, read.get("part_of"), read.get("kind"), read.get("note", ""))


def _rule(where: str, data: Any) -> Rule:
    read = Reader(where, data, "key each left right title title_en clause", "relation level").typed(texts="left right")
    _verify_each(read)
    relation = read.get("relation", "=")
    if relation not in {"=", "<="}:
        raise FormError(f"{where}: relation {relation!r} is neither '=' nor '<='")
    level = read.get("level", "error")
    if level not in {"error", "warning", "info"}:
        raise FormError(f"{where}: level {level!r} is none of 'error', 'warning', 'info'")
    sides = tuple(read["left"]), tuple(read["right"])
    words = read["title"], read["title_en"], read["clause"]
    return Rule(read["key"], read["each"], *sides, relation, *words, level)


def _opening_rule(where: str, data: Any) -> OpeningRule:
    read = Reader(where, data, "key each line last_year", "this_year").typed(texts="last_year this_year")
    _verify_each(read)
    return OpeningRule(
        read["key"], read["each"], read["line"], tuple(read["last_year"]), tuple(read.get("this_year", ()))
    )


def _verify_each(read: Reader) -> None:
    if read["each"] not in {"row", "column"}:
        raise FormError(f"{read.where}: each {read['each']!r} is neither 'row' nor 'column'")


def _cells(where: str, table: Table, kinds: Mapping[str, Kind]) -> Iterable[Cell]:
    for row in table.rows:
        for column in table.columns:
            kind = column.kind or row.kind or "count"
            if kind not in kinds:
                raise FormError(f"{where}, table {table.key}: unknown kind {kind!r}")
            yield Cell(cell_key(table.key, row.key, column.key), table.key, row, column, kinds[kind])


def _equations(where: str, table: Table) -> Iterable[Equation]:
    for rule in table.rules:
        place = f"{where}, table {table.key}, rule {rule.key}"
        along, across = _directions(table, rule)
        left, right = (_written_out(place, names, across) for names in (rule.left, rule.right))
        _verify_once(place, left + right)
        for line in along:
            yield Equation(rule, table.key, line, *(_at(table, rule, line, side) for side in (left, right)))


def _opening_equations(where: str, table: Table) -> Iterable[OpeningEquation]:
    for opening in table.opening_rules:
        place = f"{where}, table {table.key}, opening rule {opening.key}"
        along, across = _directions(table, opening)
        this = _written_out(place, (opening.line, *opening.this_year), across)
        last = _written_out(place, opening.last_year, across)
        _verify_once(place, this)
        _verify_once(place, last)
        for line in along:
            ((cell, _), *others), before = (_at(table, opening, line, side) for side in (this, last))
            yield OpeningEquation(opening, cell, before, tuple(others))


def _directions(table: Table, rule: Rule | OpeningRule) -> tuple[Sequence[Line], Sequence[Line]]:
    """Return the lines that a rule holds for one by one, and those that it names."""
    return (table.rows, table.columns) if rule.each == "row" else (table.columns, table.rows)


def _verify_once(where: str, side: Sequence[tuple[str, int]]) -> None:
    if len({name for name, _ in side}) != len(side):
        raise FormError(f"{where}: a line stands in it twice")


def _written_out(where: str, names: Sequence[str], lines: Sequence[Line]) -> list[tuple[str, int]]:
    """Resolve ``name``, ``-name``, ``name/*`` and ``-name/*`` to signed keys of lines."""
    keys = {line.key for line in lines}
    found = []
    for name in names:
        whole = name.removeprefix("-").removesuffix("/*")
        if whole not in keys:
            raise FormError(f"{where}: there is no line {whole!r}")
        members = [line.key for line in lines if line.part_of == whole] if name.endswith("/*") else [whole]
        if not members:
            raise FormError(f"{where}: {whole!r} has no parts")
        found += [(member, -1 if name.startswith("-") else 1) for member in members]
    return found


def _at(
    table: Table, rule: Rule | OpeningRule, line: Line, side: Iterable[tuple[str, int]]
) -> tuple[tuple[str, int], ...]:
    if rule.each == "row":
        return tuple((cell_key(table.key, line.key, key), coefficient) for key, coefficient in side)
    return tuple((cell_key(table.key, key, line.key), coefficient) for key, coefficient in side)

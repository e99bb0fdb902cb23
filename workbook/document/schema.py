"""The JSON Schemas (draft 2020-12) of reports and findings, made from the form and the catalogue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.checks.waivers import DATE
from workbook.form import cell_key, load_form
from workbook.report.findings import LEVELS, entries
from workbook.report.limits import CREDIT, DIVISION, TEXT_LIMIT, YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.form import Form, Kind, Section, Table

VERSIONS = (1, 2)
"""Versions of the document format, all of which are read; a change that breaks readers raises it.

Version 1 has the texts of the sections without tables alone, and no chain of the files that a report passed through.
"""
VERSION = VERSIONS[-1]
"""The version that is written unless another is asked for."""
_FINDING_VERSION = 1

Schema = dict[str, Any]

_END = r"(?![\s\S])"  # some engines let "$" match before a last line feed
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def identifier(edition: str, contract: int = VERSION) -> str:
    """Return the URN of the schema of reports, which is also the ``$schema`` that documents carry."""
    return f"urn:nianbao:report:{edition}:{contract}"


def finding_identifier(edition: str) -> str:
    """Return the URN of the schema of findings, which what is said of a file carries as ``$schema``."""
    return f"urn:nianbao:finding:{edition}:{_FINDING_VERSION}"


def contract_of(document: Any, edition: str) -> int:
    """Return the version of the format that a document says it is of, the newest where it says none."""
    stated = document.get("$schema") if isinstance(document, dict) else None
    return next((contract for contract in VERSIONS if stated == identifier(edition, contract)), VERSION)


def texts_of(form: Form, contract: int) -> dict[str, Section]:
    """Return the texts that a version of the format has, each with its section."""
    return dict(form.text_sections() if contract == 1 else form.narratives())


def report_schema(edition: str, contract: int = VERSION) -> Schema:
    """Return the JSON Schema of a report document of an edition, in a version of the format."""
    return _report_schema(edition, contract)


@cache
def _report_schema(edition: str, contract: int) -> Schema:
    form = load_form(edition)
    properties: Schema = {
        "$schema": {"const": identifier(edition, contract)},
        "edition": {"const": edition, "title": "版式"},
        "year": _year(form),
        "body": _body(form),
        "tables": _object("统计表", {table.key: _table(form, table) for table in form.tables}),
        "narrative": _object(
            "文字部分",
            {key: _described({"$ref": "#/$defs/text", "title": section.heading}, section.note)
             for key, section in texts_of(form, contract).items()},
        ),
        "source": _source(contract),
        "waivers": {"type": "array", "title": "说明", "items": _waiver()},
        "draft": _draft(),
    }  # fmt: skip
    return {
        "$schema": _DIALECT,
        "$id": identifier(edition, contract),
        "title": form.title,
        "description": form.authority,
        **_closed(properties, optional=("draft",)),
        "if": {"not": {"required": ["draft"]}},
        "then": {
            "$comment": "a document that is no draft has a year, a name and a number in every cell",
            "properties": {
                "year": {"type": "integer"},
                "body": {"properties": {"name": {"type": "string"}}},
                "tables": {
                    "additionalProperties": {"additionalProperties": {"additionalProperties": {"type": "number"}}}
                },
            },
        },
        "$defs": {
            "text": {"type": ["string", "null"], "maxLength": TEXT_LIMIT},
            **{kind.key: _number(kind) for kind in form.kinds.values()},
        },
    }


@cache
def finding_schema(edition: str) -> Schema:
    """Return the JSON Schema of a finding, and of what ``check --format json`` says of a file, which has findings.

    A finding stands in drafts too. What has findings is a file: it carries the URN of this schema as ``$schema``.
    """
    finding = _closed(_finding(edition))
    return {
        "$schema": _DIALECT,
        "$id": finding_identifier(edition),
        "title": "校验结果",
        "type": "object",
        "properties": finding["properties"],
        "if": {"required": ["findings"]},
        "then": {"$ref": "#/$defs/file"},
        "else": {"required": finding["required"]},
        "unevaluatedProperties": False,
        "$defs": {"file": _closed(_file(edition), optional=("not_shown",))},
    }


def _finding(edition: str) -> Schema:
    """Return the properties of a finding."""
    codes = {item.code: item.words["zh"]["title"] for item in entries(load_form(edition))}
    value = {"type": ["number", "string", "null"]}
    cell = {
        "cell": {"type": "string", "title": "单元格的键"},
        "sheet": {"type": ["string", "null"], "title": "工作表"},
        "address": {"type": ["string", "null"], "title": "地址"},
        "value": {**value, "title": "现有内容"},
    }
    return {
        "code": {"title": "代码", "oneOf": [{"const": code, "title": codes[code]} for code in codes]},
        "level": {"enum": list(LEVELS), "title": "级别"},
        "at": {"type": "string", "title": "位置"},
        "cells": {"type": "array", "items": {"type": "object", **_closed(cell)}},
        "found": {**value, "title": "现有的值"},
        "expected": {**value, "title": "应有的值"},
        "left": {**value, "title": "左边之和"},
        "right": {**value, "title": "右边之和"},
        "difference": {**value, "title": "差额"},
        "quote": {"title": "所引的文字", "anyOf": [{"type": "null"}, _quote()]},
        "waived": {"title": "已说明的理由", "anyOf": [{"type": "null"}, _waiver()]},
        "located": {
            "type": "array",
            "title": "最可能填错的格子",
            "items": {"type": "object", **_closed({**cell, "should_be": {**value, "title": "应有的值"}})},
        },
        "under": {
            "title": "由哪一处错误引起",
            "description": "那一处的代码和位置。先改正那一处；给人看的结果把它归在那一处之下，只算一处",
            "anyOf": [{"type": "null"}, _closed({"code": {"type": "string"}, "at": {"type": "string"}})],
        },
        "message": {"type": "string", "title": "说明"},
        "hint": {"type": "string", "title": "建议"},
    }


def _file(edition: str) -> Schema:
    """Return the properties of what is said of a file; of one that cannot be read edition, year and body are null."""
    return {
        "$schema": {"const": finding_identifier(edition)},
        "file": {"type": "string", "title": "文件"},
        "edition": {"enum": [edition, None], "title": "版式"},
        "year": {"type": ["integer", "null"], "title": "年度"},
        "body": {"type": ["string", "null"], "title": "机关"},
        "sound": {"type": "boolean", "title": "没有错误"},
        "findings": {
            "type": "array",
            "title": "校验结果",
            "items": {"$ref": "#", "not": {"required": ["findings"]}},
        },
        "not_shown": {
            "type": "integer",
            "minimum": 1,
            "title": "没有列出的条数",
            "description": "用 --select 或 --ignore 略去的提示和说明；结论照样计入",
        },
    }


def _closed(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    required = [key for key in properties if key not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _object(title: str, properties: Schema) -> Schema:
    return {"title": title, **_closed(properties)}


def _described(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


def _table(form: Form, table: Table) -> Schema:
    """Return the schema of a table: an object of rows, each an object of columns."""
    rows = {
        row.key: _object(
            "/".join((*row.under, row.label)),
            {
                column.key: _described(
                    {
                        "$ref": f"#/$defs/{form.cells[cell_key(table.key, row.key, column.key)].kind.key}",
                        "title": "/".join((*column.under, column.label)),
                    },
                    row.note + column.note,
                )
                for column in table.columns
            },
        )
        for row in table.rows
    }
    rules = "；".join(rule.title for rule in table.rules if rule.level == "error")
    clause = f"{form.statute}；{form.authority}"
    return {**_object(table.title, rows), "description": f"{clause}；{rules}" if rules else clause}


def _number(kind: Kind) -> Schema:
    return {
        "type": ["number" if kind.decimals else "integer", "null"],
        "minimum": kind.minimum,
        "maximum": kind.maximum,
        "description": kind.label,
    }


def _body(form: Form) -> Schema:
    shapes: dict[str, Schema] = {
        "name": {"type": ["string", "null"], "minLength": 1},
        "credit_code": {"type": ["string", "null"], "pattern": f"^{CREDIT}{_END}"},
        "division_code": {"type": ["string", "null"], "pattern": f"^{DIVISION}{_END}"},
        "kind": {"enum": [*form.field("kind").choices, None]},
    }
    for field in form.more_fields:
        given: Schema = (
            {"enum": [*field.choices, None]} if field.choices else {"type": ["string", "null"], "minLength": 1}
        )
        shapes[field.key] = given
    described = {
        key: {"title": form.field(key).label, "description": form.field(key).note, **shapes[key]} for key in shapes
    }
    return _object("报告机关", described)


def _year(form: Form) -> Schema:
    bounds = {"minimum": YEARS[0], "maximum": YEARS[-1]}
    return {"type": ["integer", "null"], "title": form.field("year").label, **bounds}


def _draft() -> Schema:
    return {
        "type": "array",
        "title": "草稿",
        "description": "有错误的报告只能转换成草稿；这里是全部错误，与 finding.schema.json 一致",
        "minItems": 1,
        "items": {"type": "object"},
    }


def _source(contract: int) -> Schema:
    file: Schema = {
        "file": {"type": "string", "title": "文件名，不含路径"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}" + _END},
    }
    source: Schema = {**file, "template": {"type": ["string", "null"], "title": "模板版本"}}
    if contract > 1:
        chain = {"title": "来源文件由哪些文件转换而来，最早的在前", "type": "array", "items": _closed(file)}
        source["made_from"] = chain
    return {"title": "来源文件", "anyOf": [{"type": "null"}, _closed(source)]}


def _quote() -> Schema:
    at = {"type": "integer", "minimum": 0}
    return _closed(
        {
            "part": {"type": "string", "title": "文字部分"},
            "start": {**at, "title": "从第几个字起，从 0 数"},
            "end": {**at, "title": "到第几个字止，不含"},
            "text": {"type": "string", "title": "原文"},
        }
    )


def _waiver() -> Schema:
    text = {"type": "string", "minLength": 1}
    return _closed(
        {
            "code": {**text, "title": "代码"},
            "at": {"type": "string", "title": "位置"},
            "reason": {**text, "title": "理由"},
            "by": {**text, "title": "说明人"},
            "date": {"type": "string", "pattern": f"^{DATE}{_END}", "title": "日期"},
        }
    )

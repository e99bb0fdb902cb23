"""JSON in and out. One document a report, flat and three deep; the same report always gives the same bytes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbook.checks.cells import value_code
from workbook.checks.run import check
from workbook.checks.waivers import is_complete
from workbook.document.schema import VERSION, VERSIONS, identifier, texts_of
from workbook.document.validate import SchemaError, is_valid, schema_errors
from workbook.form import QUESTIONS, Form, load_form
from workbook.report.compare import draft
from workbook.report.findings import Finding, Unreadable, make_finding, show
from workbook.report.report import Report
from workbook.report.values import Body, Origin, Source, Value, Waiver, number, plain, tidy
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook.form import Kind

_CELL_DEPTH = 4  # the path of a cell: tables, table, row, column


def to_document(
    report: Report, findings: Iterable[Finding] | None = None, *, contract: int = VERSION
) -> dict[str, Any]:
    """Return a report as plain data, ready for JSON; a report with errors as a draft that lists them.

    In a draft a value that the form does not allow is ``None``; the finding in ``draft`` tells what was there.

    Args:
        report: the report.
        findings: what ``check(report)`` returned, where the caller has it already.
        contract: the version of the format; an older one leaves out what it has no place for.
    """
    errors = [finding for finding in (check(report) if findings is None else findings) if finding.level == "error"]
    refused = {finding.identity for finding in errors}
    body = report.body
    document: dict[str, Any] = {
        "$schema": identifier(report.edition, contract),
        "edition": report.edition,
        "year": report.year,
        "body": {
            "name": body.name or None,
            **{
                key: None if {(f"body.{key}", key), ("body.choice", key)} & refused else body.answer(key) or None
                for key in _answers(report.form)
            },
        },
        "tables": _tables(report),
        "narrative": {
            key: None if ("text.too_long", key) in refused else report.narrative[key]
            for key in texts_of(report.form, contract)
        },
        "source": _source(report.source, contract) if report.source else None,
        "waivers": [asdict(waiver) for waiver in report.waivers if is_complete(waiver)],
    }
    if errors:
        document["draft"] = [finding.as_dict() for finding in errors]
    return document


def _source(source: Source, contract: int) -> dict[str, Any]:
    """Return the file that a report was read from; in version 1 the first original."""
    stored = asdict(source)
    stored["made_from"] = list(stored["made_from"])
    return stored if contract > 1 else {**asdict(source.chain[0]), "template": source.template}


def left_out(report: Report, contract: int) -> tuple[Finding, ...]:
    """Return what is told of a report that a version of the format has no place for all of."""
    kept = texts_of(report.form, contract)
    texts = [section for key, section in report.form.narratives() if key not in kept and report.narrative[key]]
    what = [(f"“{section.heading}”的文字", f"the text of {section.heading}") for section in texts]
    if contract == 1 and report.source and report.source.made_from:
        what.append(("转换经过的文件", "the files that it passed through"))
    if not what:
        return ()
    zh, en = ("、".join(said[0] for said in what), ", ".join(said[1] for said in what))
    words = {"contract": str(contract), "newest": str(VERSION), "what": zh, "what_en": en}
    return (make_finding("file.contract", "narrative", **words),)


def _tables(report: Report) -> dict[str, dict[str, dict[str, int | float | None]]]:
    cells: Mapping[str, Any] = report.cells
    if not report.is_plain:
        kinds = {key: cell.kind for key, cell in report.form.cells.items()}
        cells = {key: _allowed(value, kinds[key]) for key, value in cells.items()}
    return {
        table: {row: {column: cells[key] for column, key in columns.items()} for row, columns in rows.items()}
        for table, rows in report.form.keys.items()
    }


def _allowed(value: Value, kind: Kind) -> int | float | None:
    """Return a number as JSON has it; ``None`` where it is none, or none that a cell of that kind may hold."""
    if value is None or isinstance(value, str) or value_code(kind, value):
        return None
    return value if type(value) is int else plain(value)


def to_json(report: Report, findings: Iterable[Finding] | None = None) -> bytes:
    """Return a report as the bytes of a JSON document (UTF-8, two spaces of indentation, a line feed at the end)."""
    return dump(to_document(report, findings))


def dump(document: Any, *, line: bool = False) -> bytes:
    """Return plain data as UTF-8 JSON ending in a line feed: indented, or as one ``line`` of a ``.jsonl`` file."""
    import orjson

    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE | (0 if line else orjson.OPT_INDENT_2))


def from_json(data: bytes | str, file: str = "") -> Report:
    """Return the report of a JSON document; ``file`` names it in findings.

    A cell whose value the form does not allow is kept for ``check`` to find.

    Raises:
        Unreadable: it is no JSON, or no report, or breaks the JSON Schema elsewhere than in a cell.
    """
    import json

    import orjson

    try:
        data = data.removeprefix(b"\xef\xbb\xbf") if isinstance(data, bytes) else data
        document = orjson.loads(data)
        json.loads(data, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Unreadable(make_finding("file.not_json", file=file, reason=str(error)[:200])) from error
    return from_document(document, file)


def _unique(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that says two things under one key."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("an object has a key twice")


def from_document(document: Any, file: str = "") -> Report:
    """Return the report that plain data of the JSON's shape describes; see ``from_json``."""
    edition = document.get("edition") if isinstance(document, dict) else None
    if not isinstance(edition, str) or edition not in editions():
        raise Unreadable(make_finding("file.not_a_report", file=file))
    form = load_form(edition)
    known = [identifier(edition, contract) for contract in VERSIONS]
    if (stated := document.get("$schema", known[-1])) not in known:
        words = {"stated": show(str(stated)), "known": "、".join(known)}
        raise Unreadable(make_finding("file.contract_unknown", "$schema", file=file, **words))
    if not is_valid(document, form.edition):
        wrong = [breach for breach in schema_errors(document, form.edition) if not _is_cell(breach)]
        if wrong:
            raise Unreadable(*(schema_finding(breach) for breach in wrong))
    body, narrative, source = document["body"], document["narrative"], document["source"]
    was = dict(_refused(document))
    tables: Mapping[str, Any] = document["tables"]
    cells = {
        key: _value(was.get(key) if (stored := tables[cell.table][cell.row.key][cell.column.key]) is None else stored)
        for key, cell in form.cells.items()
    }
    return Report(
        edition=form.edition,
        year=None if document["year"] is None else int(document["year"]),  # 2024.0 is an integer to JSON Schema
        body=_body(form, body, was),
        cells=cells,
        narrative={key: tidy(value) for key, value in narrative.items()},
        source=_read_source(source) if source else None,
        waivers=tuple(Waiver(**waiver) for waiver in document["waivers"]),
        reader_findings=_draft(document, file),
    )


def _draft(document: Mapping[str, Any], file: str) -> tuple[Finding, ...]:
    """Return what is told of a document that says that it is a draft, whatever it holds."""
    listed = document.get("draft", ())
    return (draft(file, len(listed)),) if listed else ()


def _read_source(stored: Mapping[str, Any]) -> Source:
    chain = tuple(Origin(**origin) for origin in stored.get("made_from", ()))
    return Source(stored["file"], stored["sha256"], stored["template"], chain)


def _answers(form: Form) -> Iterable[str]:
    """Yield the keys of the cover that stand below ``body``, but for the name."""
    yield from (key for key in QUESTIONS if key not in {"name", "year"})
    yield from (field.key for field in form.more_fields)


def _body(form: Form, stored: Mapping[str, Any], was: Mapping[str, Any]) -> Body:
    given = {key: _answer(stored[key], was.get(key)) for key in _answers(form)}
    more = tuple((field.key, given.pop(field.key)) for field in form.more_fields)
    return Body(name=tidy(stored["name"]), more=more, **given)


def _is_cell(breach: SchemaError) -> bool:
    return len(breach.path) == _CELL_DEPTH and breach.path[0] == "tables"


def schema_finding(breach: SchemaError) -> Finding:
    """Return the finding for a place where a document breaks its schema."""
    path = ".".join(str(step) for step in breach.path) or "$"
    return make_finding("file.not_conforming", path, path=path, reason=breach.reason, reason_en=breach.reason_en)


def _refused(document: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield the cells and cover fields of a draft whose values stand in its findings only, with those values."""
    for finding in document.get("draft", ()):
        code, at, found = (finding.get(name) for name in ("code", "at", "found"))
        if (
            isinstance(code, str)
            and code.startswith(("cell.", "body."))
            and isinstance(at, str)
            and isinstance(found, str | int | float)
        ):
            yield at, found


def _value(stored: Any) -> Value:
    if stored is None or stored == "":
        return None
    if isinstance(stored, bool):
        return str(stored).upper()
    if isinstance(stored, int | float):
        read = number(stored)
        return str(stored) if read is None else read
    return str(stored)


def _answer(stored: str | None, was: Any) -> str | None:
    """Return an answer of the cover; in a draft what it was."""
    return str(was) if stored is None and was is not None else stored

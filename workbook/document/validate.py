"""The gate of the JSON: jsonschema-rs says yes in a tenth of a millisecond, jsonschema explains a no."""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from workbook.document.schema import contract_of, finding_schema, report_schema
from workbook.records import dataclass

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema.exceptions import ValidationError


MOST_ERRORS = 100
"""How many breaches are explained; a document that has more is of another make."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One place where a document breaks its schema."""

    path: tuple[str | int, ...]
    reason: str
    reason_en: str


def is_valid(document: Any, edition: str) -> bool:
    """Say whether a document follows the JSON Schema of an edition, in the version of the format that it is of."""
    return _quick(edition, contract_of(document, edition)).is_valid(document)


def is_finding(said: Any, edition: str) -> bool:
    """Say whether plain data is a finding of an edition as its JSON Schema has it."""
    return _of_findings(edition).is_valid(said)


def schema_errors(document: Any, edition: str) -> tuple[SchemaError, ...]:
    """Return where a document breaks the JSON Schema of an edition, outermost first.

    What one keyword asks for at one place is told once, whatever number of things are missing there.
    """
    from jsonschema import Draft202012Validator

    schema = report_schema(edition, contract_of(document, edition))
    found = islice(Draft202012Validator(schema).iter_errors(document), MOST_ERRORS)
    explained: dict[tuple[Any, ...], SchemaError] = {}
    for error in chain.from_iterable(map(_meant, found)):
        path = tuple(error.absolute_path)
        explained.setdefault((path, error.validator), SchemaError(path, _reason(error), _reason_en(error)))
    return tuple(
        sorted(
            explained.values(),
            key=lambda breach: (len(breach.path), [str(step) for step in breach.path], breach.reason),
        )
    )


@cache
def _quick(edition: str, contract: int) -> jsonschema_rs.Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(report_schema(edition, contract))


@cache
def _of_findings(edition: str) -> jsonschema_rs.Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(finding_schema(edition))


def _meant(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong with a thing that may also be null, by what it is where it is not."""
    wanted: Any = error.validator_value
    if error.validator != "anyOf":
        return [error]
    return [inner for inner in error.context or () if inner.schema_path[0] == len(wanted) - 1] or [error]


def _reason(error: ValidationError) -> str:
    """Say in Chinese what a keyword of the schema asks for."""
    wanted: Any = error.validator_value
    schema: Any = error.schema
    if missing := _missing(error):
        return "缺少" + "、".join(f"“{key}”" for key in missing)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = schema.get("properties", {})
        return "有多余的" + "、".join(f"“{key}”" for key in error.instance if key not in known)
    says = {
        "type": "类型应为 {}",
        "const": "应为 {}",
        "enum": "应为 {} 之一",
        "minimum": "不应小于 {}",
        "maximum": "不应大于 {}",
        "maxLength": "长度至多为 {}",
        "pattern": "应符合格式 {}",
        "minLength": "长度至少为 {}",
        "minItems": "至少有 {} 项",
    }
    return _brief(says.get(str(error.validator), "不符合 {}").format(wanted))


def _reason_en(error: ValidationError) -> str:
    missing = _missing(error)
    return f"missing: {', '.join(missing)}" if missing else _brief(error.message)


def _missing(error: ValidationError) -> list[str]:
    """Return all keys that an object lacks; the validator tells them one by one."""
    if error.validator != "required" or not isinstance(error.instance, dict):
        return []
    wanted: Any = error.validator_value
    return [key for key in wanted if key not in error.instance]


def _brief(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"  # noqa: PLR2004 - a line or two

"""Results as SARIF 2.1.0, the interchange format of checking tools (OASIS)."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workbook import __version__
from workbook.document.document import dump
from workbook.output.vocabulary import entry_of, reason
from workbook.printable import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_BAG = ("at", "found", "expected", "left", "right", "difference", "hint", "located", "under")


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return results as one SARIF log with one run, whose rules are the codes that were found."""
    codes: dict[str, str | None] = {}
    for result in results:
        for finding in result.findings:
            codes.setdefault(finding["code"], result.edition)
    index = {code: number for number, code in enumerate(codes)}
    driver = {
        "name": "nianbao",
        "version": __version__,
        "rules": [_rule(code, edition, lang) for code, edition in codes.items()],
    }
    run = {
        "tool": {"driver": driver},
        "language": {"zh": "zh-CN", "en": "en"}[lang],
        "artifacts": [{"location": {"uri": _uri(result.file)}} for result in results],
        "results": [
            _result(finding, file, index, result.file, lang)
            for file, result in enumerate(results)
            for finding in result.findings
        ],
    }
    return escaped(dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}).decode()).encode()


def _rule(code: str, edition: str | None, lang: Lang) -> dict[str, Any]:
    entry = entry_of(code, edition)
    if entry is None:
        return {"id": code}
    words = entry.words[lang]
    return {
        "id": code,
        "shortDescription": {"text": words["title"]},
        "fullDescription": {"text": words["explanation"]},
        "defaultConfiguration": {"level": _LEVELS[entry.level]},
        **({"properties": {"clause": entry.clause}} if entry.clause else {}),
    }


def _result(finding: Mapping[str, Any], number: int, index: Mapping[str, int], file: str, lang: Lang) -> dict[str, Any]:
    waived = finding.get("waived")
    accepted = {"kind": "inSource", "status": "accepted", "justification": reason(finding, lang)}
    return {
        "ruleId": finding["code"],
        "ruleIndex": index[finding["code"]],
        "level": _LEVELS[finding["level"]],
        "message": {"text": finding["message"]},
        "locations": [_location(finding, number, file)],
        "suppressions": [accepted] if waived else [],
        "properties": {key: finding[key] for key in _BAG if finding[key] not in (None, "", [])},
    }


def _location(finding: Mapping[str, Any], number: int, file: str) -> dict[str, Any]:
    """Return the file, the cells that the finding speaks of, and the text part whose phrase it disputes."""
    places = []
    for cell in finding["cells"]:
        place = {"name": cell["cell"], "kind": "cell"}
        if cell["sheet"]:
            place["fullyQualifiedName"] = f"{cell['sheet']}!{cell['address']}"
        places.append(place)
    phrase = finding.get("quote")
    if phrase:
        places.append({"name": phrase["part"], "kind": "text", "decoratedName": phrase["text"]})
    physical = {"artifactLocation": {"uri": _uri(file), "index": number}}
    return {"physicalLocation": physical, **({"logicalLocations": places} if places else {})}


def _uri(file: str) -> str:
    """Return the address of a file: relative to the folder of the run where it lies there, or was named so."""
    path = PurePath(file)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return path.as_uri()
        path = path.relative_to(here)
    return quote(path.as_posix())

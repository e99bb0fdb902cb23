"""Makes ``schema/compiled``: what is read in place of the definitions while they are what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import workbook
from workbook.checks.copied import parse_copied
from workbook.checks.plausible import parse_plausible
from workbook.checks.text import definitions
from workbook.checks.text.definitions import parse_statements
from workbook.checks.text.stored import stored
from workbook.definition import compile_to, compiled_file, read_toml
from workbook.form.load import parse_form
from workbook.match.labels import parse_variants
from workbook.report import findings
from workbook.report.office_words import parse_offices
from workbook.resources import form_files, resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_AS_THEY_ARE: dict[str, tuple[Callable[[str, str], Any], list[Path]]] = {
    **{f"schema/{edition}/form.toml": (parse_form, []) for edition in workbook.editions()},
    "schema/offices.toml": (parse_offices, []),
    "schema/plausible.toml": (parse_plausible, form_files()),
    "schema/copied.toml": (parse_copied, form_files()),
    "schema/variants.toml": (parse_variants, form_files()),
}
"""Definitions that are kept as they say it: what refuses a wrong one, and the definitions that they speak of."""


def files() -> dict[str, bytes]:
    """Return the files by their paths in the repository; the definitions themselves are read, and refused if wrong."""
    made = {}
    for name, (verify, others) in _AS_THEY_ARE.items():
        path = resource(name)
        text = path.read_text(encoding="utf-8")
        verify(text, name)
        made[compiled_file(name)] = compile_to(read_toml(text, name), [path, *others])
    text = definitions.sources()[0].read_text(encoding="utf-8")
    for edition in workbook.editions():
        statements = stored(parse_statements(text, edition))
        made[definitions.COMPILED.format(edition)] = compile_to(statements, definitions.sources())
    made[findings.COMPILED] = compile_to(findings.catalogue_filled(), findings.catalogue_sources())
    return made

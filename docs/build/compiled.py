"""Makes ``schema/compiled``: what is read in place of the definitions while they are what it was made of."""

from __future__ import annotations

import workbook
from workbook.checks.text import definitions
from workbook.checks.text.definitions import parse_statements
from workbook.checks.text.stored import stored
from workbook.definition import compile_to, compiled_file, read_toml
from workbook.report import findings
from workbook.resources import resource

_AS_THEY_ARE = ("schema/plausible.toml", "schema/copied.toml", "schema/offices.toml", "schema/variants.toml")
"""Definitions that are kept as they say it, beside the forms: few words, of which little is made."""


def files() -> dict[str, bytes]:
    """Return the files by their paths in the repository; the definitions themselves are read, and refused if wrong."""
    made = {}
    for name in (*(f"schema/{edition}/form.toml" for edition in workbook.editions()), *_AS_THEY_ARE):
        path = resource(name)
        made[compiled_file(name)] = compile_to(read_toml(path.read_text(encoding="utf-8"), name), [path])
    text = definitions.sources()[0].read_text(encoding="utf-8")
    for edition in workbook.editions():
        statements = stored(parse_statements(text, edition))
        made[definitions.COMPILED.format(edition)] = compile_to(statements, definitions.sources())
    made[findings.COMPILED] = compile_to(findings.catalogue_filled(), findings.catalogue_sources())
    return made

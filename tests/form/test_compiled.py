"""What is kept of the definitions is what they say, and is not read of one that has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

import workbook
from workbook.checks.plausible import parse_plausible, plausible
from workbook.checks.text import definitions
from workbook.checks.text.definitions import load_statements, parse_statements
from workbook.checks.text.stored import stored
from workbook.definition import Kept, compile_to, compiled, load_toml, read_toml
from workbook.form.load import parse_form
from workbook.match.labels import parse_variants, variants
from workbook.report import findings
from workbook.report.office_words import offices, parse_offices
from workbook.resources import form_files, resource

KEPT: dict[str, list[Path]] = {
    "schema/2019/form.toml": [],
    "schema/2021/form.toml": [],
    "schema/offices.toml": [],
    "schema/plausible.toml": form_files(),
    "schema/copied.toml": form_files(),
    "schema/variants.toml": form_files(),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_definition_is_what_its_text_says(name: str) -> None:
    found = load_toml(name, KEPT[name])
    assert isinstance(found, Kept)
    assert found == read_toml(resource(name).read_text(encoding="utf-8"), name)


def test_what_was_verified_when_it_was_kept_is_read_alike() -> None:
    def text(name: str) -> str:
        return resource(name).read_text(encoding="utf-8")

    for edition in workbook.editions():
        where = f"schema/{edition}/form.toml"
        assert repr(workbook.load_form(edition)) == repr(parse_form(text(where), where))
    assert plausible().beyond == parse_plausible(text("schema/plausible.toml"), "").beyond
    assert offices() == parse_offices(text("schema/offices.toml"), "")
    assert variants() == parse_variants(text("schema/variants.toml"), "")


@pytest.mark.parametrize("edition", workbook.editions())
def test_the_statements_are_those_of_their_definition(edition: str) -> None:
    assert compiled(definitions.COMPILED.format(edition), definitions.sources()) is not None
    text = resource("schema/statements.toml").read_text(encoding="utf-8")
    assert stored(load_statements(edition)) == stored(parse_statements(text, edition))


def test_the_catalogue_is_that_of_its_definition() -> None:
    kept = compiled(findings.COMPILED, findings.catalogue_sources())
    assert [tuple(entry) for entry in kept] == findings.catalogue_filled()


def test_what_was_made_of_another_text_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text("key = 1", encoding="utf-8")
    other.write_text("key = 2", encoding="utf-8")
    (tmp_path / "made.json").write_bytes(compile_to({"key": 1}, [one]))
    monkeypatch.setattr("workbook.definition.resource", lambda name: tmp_path / name)
    assert compiled("made.json", [one]) == {"key": 1}
    assert compiled("made.json", [other]) is None
    assert compiled("made.json", [one, other]) is None  # there is an edition more
    one.write_text("key = 3", encoding="utf-8")
    assert compiled("made.json", [one]) is None

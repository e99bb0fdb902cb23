"""Names of offices that are hard to carry, and titles below what websites put above them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from cases import EDITIONS, sound
from publication import ENDINGS
from reading import parse

from workbook.jobs.names import is_fit
from workbook.publish.job import Publishing, publish
from workbook.publish.names import FORMS, named, stem_of
from workbook.report.compare import compare

CASES = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
LONG = "某" * 199 + "局"
NAMES = [*((each["name"], each["file"]) for each in CASES["names"]), (LONG, "某")]


@pytest.mark.parametrize(("name", "_file"), NAMES, ids=lambda name: name[:8])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_form_gives_the_name_back(edition: str, name: str, _file: str) -> None:
    plain = sound(edition)
    report = replace(plain, body=replace(plain.body, name=name))
    files = publish(
        report, Publishing(("word", "page", "fragment", "text", "data", "pdf"), "2026年1月20日"), findings=()
    )
    assert not files[1]
    for (form, part), ending in {**ENDINGS, ("pdf", ""): ".pdf"}.items():
        back = parse(files[0][form][part], f"公布{ending}")
        assert (back.body.name, back.year) == (name, report.year), (form, part)
        assert (back.cells, back.narrative) == (report.cells, report.narrative), (form, part)


@pytest.mark.parametrize(("name", "file"), NAMES, ids=lambda name: name[:8])
def test_files_have_names_that_every_system_takes(name: str, file: str) -> None:
    report = replace(sound("2021"), body=replace(sound("2021").body, name=name))
    stem = stem_of(report, "a")
    for number in (1, 2):
        made = [each for form in FORMS for each in named(stem, form, ("results",), number)]
        assert all(is_fit(each) and each.startswith(file) for each in made), made
        assert len({each.casefold() for each in made}) == len(made)


@pytest.mark.parametrize("above", CASES["above"])
@pytest.mark.parametrize("form", ["page", "fragment"])
def test_what_stands_above_a_title_is_no_piece_of_it(form: str, above: str) -> None:
    report = sound("2021")
    page = publish(report, Publishing((form,)), findings=())[0][form][""].decode().removeprefix("\ufeff")
    lines = "".join(f"<div>{escape(line)}</div>" for line in above.split("\n"))
    start = page.index("<h1" if form == "page" else "<h2")
    made = f"<html><body>{page[:start]}{lines}{page[start:]}</body></html>"
    assert not compare(parse(made.encode(), "页.html"), report)


def test_another_name_in_the_title_is_told() -> None:
    report = sound("2021")
    page = publish(report, Publishing(("page",)), findings=())[0]["page"][""].decode()
    name = report.body.name or ""
    forged = page.replace(f"<h1>{name}", "<h1>乙市教育局")
    assert forged != page
    assert {each.code for each in compare(parse(forged.encode(), "页.html"), report)} >= {"differs.body"}

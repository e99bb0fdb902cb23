"""A published draft says that it is one to who reads it too, and nothing else does."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from cases import sound

import workbook
from workbook.report import Report

FORMS = ("word", "page", "fragment", "text", "pdf")
CODE = "file.printed_draft"


def back(report: Report, form: str, *, draft: bool = False) -> Report:
    ((name, data),) = workbook.publish(report, form, draft=draft).items()
    return workbook.parse(data, name)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_draft_is_no_report_and_proves_nothing(edition: str, form: str) -> None:
    report = sound(edition)
    read = back(report, form, draft=True)
    for findings in (workbook.check(read), workbook.compare(read, report)):
        assert CODE in [finding.code for finding in findings if finding.level == "error"]
    assert (read.cells, read.body.name, read.year) == (report.cells, report.body.name, report.year)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_the_report_itself_is_none(edition: str, form: str) -> None:
    text = "草稿\n起草了草稿。\n草稿"
    report = replace(sound(edition), narrative={**sound(edition).narrative, "problems": text})
    read = back(report, form)
    assert CODE not in [finding.code for finding in read.reader_findings]
    assert CODE not in [finding.code for finding in back(sound(edition), form).reader_findings]


def test_a_word_of_the_website_is_none() -> None:
    ((name, data),) = workbook.publish(sound("2021"), "page").items()
    page = data.decode().replace("<body>", "<body><ul><li>规章草稿</li><li>草稿箱</li></ul>")
    assert CODE not in [finding.code for finding in workbook.parse(page.encode(), name).reader_findings]


def test_a_word_document_whose_properties_are_another_thing_is_read() -> None:
    ((name, data),) = workbook.publish(sound("2021"), "word").items()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(stream, "w") as other:
        for item in package.namelist():
            other.writestr(item, b"<x/>" if item == "docProps/core.xml" else package.read(item))
    assert workbook.parse(stream.getvalue(), name).cells == sound("2021").cells

"""The reader of a published file is chosen by what is in it; what none reads is left to others."""

from __future__ import annotations

import io
import sys
import zipfile

import docx
import pytest
from blocks import GARBAGE, read, refusal
from pdfs import drawn, stream

from workbook.carriers.page.page import read_html
from workbook.carriers.pdf.pdf import read_pdf
from workbook.carriers.word.word import read_word
from workbook.intake import limits
from workbook.report import Unreadable


# The choice
@pytest.mark.parametrize(
    "data", [GARBAGE, b"\x89PNG\r\n\x1a\n\0\0", b"abc\0def", b"\xff\xff\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_none_of_these_is_not_read(data: bytes) -> None:
    assert read(data, "a.txt") is None


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def test_an_archive_that_is_no_document_is_left_to_others() -> None:
    assert read(zipped(xl__workbook=b"<x/>"), "a.docx") is None


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = io.BytesIO()
    docx.Document().save(saved)
    for name, data, reader in (
        ("lxml", b"<html>", read_html),
        ("docx", saved.getvalue(), read_word),
        ("pdfplumber", drawn(stream(b"")), read_pdf),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, None)
            with pytest.raises(Unreadable) as caught:
                reader(data, "a")
        (finding,) = caught.value.findings
        assert finding.code == "file.needs_library"
        assert "whl[published]" in finding.hint()
        assert "whl[published]" in finding.hint("en")


# Hostile input
def test_an_empty_file_is_told() -> None:
    assert refusal(b"") == "file.empty"
    assert refusal(b" " * (limits.FILE_LIMIT + 1)) == "file.too_large"

"""The workbook programs in which the buttons are pressed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlwings as xw
from engine import sheets
from engine.user import User
from workbooks import workbook_of

from workbook import own
from workbook.report import Report
from xlplugin.addin.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from buttons import Open


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the user's own settings, in which who was asked said nothing."""
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", str(folder))
    own.save(own.Own())
    return folder


@pytest.fixture(params=["openpyxl", "libreoffice"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """A function that opens a report, a template or a file before a user."""
    if request.param == "libreoffice":
        office = request.getfixturevalue("libreoffice")
        from engine import calc

    @contextmanager
    def open_it(what: Report | bytes | Path, user: User) -> Iterator[xw.Book]:
        path = what if not isinstance(what, Report | bytes) else tmp_path / "年报.xlsx"
        if isinstance(what, Report | bytes):
            path.write_bytes(workbook_of(what) if isinstance(what, Report) else what)
        start = sheets.spreadsheet(path, user) if request.param == "openpyxl" else calc.spreadsheet(path, user, office)
        with start as book:
            yield book

    return open_it


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "nianbao.xlam"
    path.write_bytes(build())
    return path

"""What the tests inside stand on: the kit is the tree's, with the edition that was added."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made import sound_book
from trees import BEFORE, EDITION, TREE

import workbook
import xlplugin
from workbook import own

if TYPE_CHECKING:
    from helpers import Office


@pytest.fixture(scope="session", autouse=True)
def _of_the_tree() -> None:
    tree = Path(os.environ[TREE])
    assert Path(workbook.__file__).parents[1] == tree
    assert Path(xlplugin.__file__).parents[1] == tree
    assert workbook.editions() == (*BEFORE, EDITION)


@pytest.fixture(autouse=True)
def _asked_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The user was asked about the own office, and said nothing."""
    monkeypatch.setenv("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", str(tmp_path / "own"))
    own.save(own.Own())


@pytest.fixture(scope="session")
def printed(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the sound base, printed to a PDF."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "a.xlsx").write_bytes(sound_book())
    libreoffice.export(folder / "a.xlsx", folder / "a.pdf", "calc_pdf_Export")
    return folder / "a.pdf"

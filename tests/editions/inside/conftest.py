"""What the tests inside stand on: the kit is the tree's, with the edition that was added."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from trees import BEFORE, EDITION, TREE

import workbook
import xlplugin


@pytest.fixture(scope="session", autouse=True)
def _of_the_tree() -> None:
    tree = Path(os.environ[TREE])
    assert Path(workbook.__file__).parents[1] == tree
    assert Path(xlplugin.__file__).parents[1] == tree
    assert workbook.editions() == (*BEFORE, EDITION)

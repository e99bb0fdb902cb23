"""The examples of the page about Python run as they stand there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import workbook

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "接口.md"


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS)
    assert (failed, tried > 20) == (0, True)


def test_the_verbs_are_all_named() -> None:
    """A name of the public door that is no class of values stands on the page, or in the sentence about it."""
    page = PAGE.read_text(encoding="utf-8")
    verbs = [name for name in dir(workbook) if name.islower() and callable(getattr(workbook, name))]
    assert len(verbs) > 10
    assert not [name for name in verbs if not re.search(rf"workbook\.{name}\b", page)]

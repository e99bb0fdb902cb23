"""What is published is read back in this process, and each file once, however many tests look at what was read."""

from __future__ import annotations

import pickle
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from unittest import mock

import workbook

if TYPE_CHECKING:
    from workbook.report import Report

_KEPT = 200
"""How many reports are kept."""


@lru_cache(_KEPT)
def parse(data: bytes, name: str) -> Report:
    """Return what ``workbook.parse`` does; the reader that has a process of its own runs in this one.

    That it has one, and what this does to readers that hang or die, is tested in ``tests/intake/test_isolate.py``, and
    that it has the time and the memory for what is published, in ``tests/publish/test_pdf.py`` and
    ``tests/carriers/test_pdf_printed.py``; each process loads the same libraries again, which takes as long as a page.
    """
    with mock.patch("workbook.intake.isolate.run_isolated", _here):
        return workbook.parse(data, name)


def _here(reader: str, data: bytes, file: str, **_: Any) -> Any:
    """Run a reader, and hand over what it returns as the process does."""
    module, _name, function = reader.partition(":")
    return pickle.loads(pickle.dumps(getattr(import_module(module), function)(data, file)))  # noqa: S301

"""Chromium, headless, in which the pages are looked at. Nothing is downloaded: the system's own is driven."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from office import need
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; stop it afterwards. The test is skipped with a reason where there is none."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        need("Chromium is not installed")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0  # who has no sandbox
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"] if as_root else [])
        try:
            yield browser
        finally:
            browser.close()

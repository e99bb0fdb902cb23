"""Chromium, headless, in which the pages are looked at. Nothing is downloaded: the system's own is driven."""

from __future__ import annotations

import contextlib
import os
import shutil
from functools import lru_cache
from typing import TYPE_CHECKING

from office import need
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

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


def blank(browser: Browser, wide: int = 1280) -> Page:
    """Return an empty page in a window of some width.

    It is always the same one, which nobody closes: to open another takes longer than most look at it.
    """
    page = _page(browser)
    page.goto("about:blank")  # what the last one left goes with its window
    page.set_viewport_size({"width": wide, "height": 900})
    return page


@lru_cache(1)
def _page(browser: Browser) -> Page:
    return browser.new_page()

"""Fixtures of all rooms."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from formulas import Sheets, both
from hypothesis import HealthCheck, settings
from office import Office, office
from slow import slow
from strategies import QUICK

from workbook.exits import STOPPING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "nianbao", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.register_profile("quick", settings.get_profile("nianbao"), max_examples=QUICK)
settings.load_profile("nianbao")


def pytest_configure(config: pytest.Config) -> None:
    """Let processes that tests start begin alike everywhere, and keep what they compile in a folder of their own."""
    os.environ["NIANBAO_CONFIG"] = os.devnull  # whoever runs the tests may have settings
    os.environ["LC_ALL"] = "C.UTF-8"  # and another language
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        folder = tempfile.TemporaryDirectory(prefix="nianbao-")
        os.environ["PYTHONPYCACHEPREFIX"] = folder.name
        config.add_cleanup(folder.cleanup)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, so that ``-m "not slow"`` leaves what is quick."""
    for item in slow(items) if config.getoption("markexpr") else ():
        item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the ten thousand tests and all that was imported for them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A running LibreOffice; skipped with a reason where there is none."""
    with office(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def formulas(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Sheets]]:
    """The standard workbooks of both editions, open in LibreOffice."""
    with both(libreoffice, tmp_path_factory.mktemp("sheets")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A command that was run in this process heeds no signal when it is done; the next test's processes do again."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT

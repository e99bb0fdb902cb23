"""kill -9 while something is handed up or taken in: noted exactly when it stands, and nothing half received."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import killed
import pytest
from collected import Desk, events, originals, tables

from workbook.collect.hand import CLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from handed import Office

MOMENTS = [
    ("sql", "BEGIN", 1, False),
    ("sql", "INSERT INTO [setting]", 1, False),
    ("sql", "COMMIT", 1, False),
    ("audit", "os.link", 2, False),  # the file is about to get its name
    ("audit", "os.remove", 2, True),  # it has its name
    ("sql", "INSERT INTO [event]", 2, True),
    ("sql", "COMMIT", 2, True),
]


@pytest.mark.parametrize(("how", "what", "times", "stands"), MOMENTS)
def test_it_is_noted_exactly_when_it_stands(how: str, what: str, times: int, stands: bool, county: Office) -> None:  # noqa: FBT001
    to = county.folder.parent / "杀.zip"
    arguments = ["collect", "export", "-o", str(to), "-C", str(county.folder)]
    run = subprocess.run(
        [sys.executable, killed.__file__, how, what, str(times), *arguments],
        env={**os.environ, CLOCK: "2026-02-03 09:00"}, check=False, capture_output=True,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert to.exists() == stands
    desk = Desk(county.folder)
    assert desk("recheck").code == 0, "whoever writes next"
    handed = {each["submission"] for each in events(county.folder) if each["kind"] == "exported"}
    assert handed == ({1, 2, None} if stands else set())
    assert desk("export", "-o", to, "--force").code == 0
    handed = {each["submission"] for each in events(county.folder) if each["kind"] == "exported"}
    assert handed == {1, 2, None}


RECEIVING = [
    ("sql", "INSERT INTO [register]", 1), ("sql", "INSERT INTO [delivery]", 2), ("sql", "INSERT INTO [checked]", 2),
    ("sql", "INSERT INTO [event]", 4), ("sql", "COMMIT", 1), ("audit", "os.remove", 4),
]  # fmt: skip


@pytest.mark.parametrize(("how", "what", "times"), RECEIVING)
def test_nothing_half_received_stays(
    how: str, what: str, times: int, city: Office, bundle: Path, tmp_path: Path
) -> None:
    shutil.copytree(city.folder, tmp_path / "全")
    whole = Desk(tmp_path / "全", "2026-02-04 09:00")
    whole("add", bundle)
    empty = tables(city.folder)
    arguments = ["collect", "add", str(bundle), "-C", str(city.folder), "--jobs", "1"]
    run = subprocess.run(
        [sys.executable, killed.__file__, how, what, str(times), *arguments],
        env={**os.environ, CLOCK: "2026-02-04 09:00"}, check=False, capture_output=True,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    desk = Desk(city.folder, "2026-02-04 09:00")
    assert desk("status").code in {0, 1}
    assert tables(city.folder) in (empty, tables(whole.folder))
    desk("add", bundle)
    assert tables(city.folder) == tables(whole.folder)
    assert originals(city.folder) == originals(whole.folder)

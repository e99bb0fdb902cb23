"""kill -9 at any moment, of the writer or of a worker: nothing is lost or there twice, the store is the same."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import killed
import pytest
from collected import FEBRUARY, Desk, originals, tables
from command import COMMAND
from mailbag import YEAR

from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK
from workbook.collect.lock import LOCK, writing
from workbook.collect.store import FILE

if TYPE_CHECKING:
    from command import Run
    from mailbag import Mailbag

posix = pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
MOMENTS = [
    ("audit", "os.link", 1),  # the lock is about to be made
    ("audit", "os.rename", 9),  # some originals are copied
    ("sql", "INSERT INTO [delivery]", 1),
    ("sql", "COMMIT", 1),
    ("sql", "INSERT INTO [received]", 1),
    ("sql", "INSERT INTO [narrative]", 7),
    ("sql", "INSERT INTO report_2021", 30),
    ("sql", "COMMIT", 2),
    ("sql", "INSERT INTO [checked]", 12),
    ("audit", "os.remove", 30),  # what the kit puts away at the end
]
"""One after the other on the same store, what follows goes on from what the one before left."""


@pytest.fixture(scope="module")
def empty(last_year: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This year's collection before anything came."""
    desk = Desk(tmp_path_factory.mktemp("empty") / "收报", FEBRUARY)
    assert desk("init", last_year.folder, "-o", desk.folder, "--year", YEAR).code == 0
    return desk.folder


@pytest.fixture(scope="module")
def whole(empty: Path, place: Path) -> Path:
    """The collection of a run that nobody disturbed."""
    shutil.copytree(empty, place / "收报整")
    assert Desk(place / "收报整")("add", place / "来件", "--jobs", 1).code == 3
    return place / "收报整"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_writer_that_is_killed_loses_nothing(
    jobs: int, empty: Path, whole: Path, place: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "收报"
    shutil.copytree(empty, folder)
    died, moments = 0, MOMENTS if jobs == 1 else MOMENTS[1::3]
    for how, what, times in moments:
        arguments = ["collect", "add", str(place / "来件"), "-C", str(folder), "--jobs", str(jobs)]
        run = subprocess.run(
            [sys.executable, killed.__file__, how, what, str(times), *arguments],
            env={**os.environ, CLOCK: FEBRUARY},
            capture_output=True,
            check=False,
        )
        died += run.returncode < 0
        assert run.returncode in {-signal.SIGKILL, 3}, run.stderr.decode()
        verify(folder)
    assert died >= len(moments) - 2, "the moments came"
    for left in folder.glob(".*.part"):
        os.utime(left, (0, 0))
    assert Desk(folder)("add", place / "来件").code == 3
    assert tables(folder) == tables(whole)
    assert originals(folder) == originals(whole)
    assert not list(folder.glob(f"*{LOCK}*"))
    assert not list(folder.glob(".*"))


def verify(folder: Path) -> None:
    """A reader finds a whole store, and each original whose row is there."""
    with closing(Collection(folder)) as collection:
        assert len(collection.standings()) == 60
    with closing(sqlite3.connect(folder / FILE)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        rows = db.execute("SELECT digest, ending FROM received WHERE erased IS NULL").fetchall()
        assert {f"{digest}{ending}" for digest, ending in rows} <= originals(folder)
        (bare,) = db.execute(
            "SELECT count(*) FROM submission WHERE id NOT IN (SELECT submission FROM checked)"
        ).fetchone()
        assert bare == 0, "what was received was checked"


@posix
def test_a_worker_that_is_killed_loses_nothing(empty: Path, whole: Path, place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "收报"
    shutil.copytree(empty, folder)
    run = subprocess.Popen(
        [COMMAND, "collect", "add", place / "来件", "-C", folder, "--jobs", "2"],
        env={**os.environ, CLOCK: FEBRUARY},
        stderr=subprocess.PIPE,
    )
    shot = 0
    while run.poll() is None and shot < 2:
        for worker in workers(run.pid):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                shot += 1
                break
        time.sleep(0.2)
    _, err = run.communicate()
    assert shot
    assert (run.returncode, b"Traceback" in err) == (3, False), err.decode()
    assert tables(folder) == tables(whole)
    assert originals(folder) == originals(whole)


def workers(parent: int) -> list[int]:
    """Return the processes below one that read files."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                below = workers(int(path.parent.name))
                found += below or [int(path.parent.name)]
    return found


def test_a_run_that_is_stopped_keeps_what_it_told(empty: Path, whole: Path, place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "收报"
    shutil.copytree(empty, folder)
    run = subprocess.Popen(
        [COMMAND, "collect", "add", place / "来件", "-C", folder, "--jobs", "1"],
        env={**os.environ, CLOCK: FEBRUARY},
        stderr=subprocess.PIPE,
    )
    while run.poll() is None and not _count(folder):
        time.sleep(0.02)
    run.terminate()
    _, err = run.communicate()
    assert b"Traceback" not in err, err.decode()
    assert run.returncode in {143, 3}
    assert not (folder / LOCK).exists()
    verify(folder)
    assert Desk(folder)("add", place / "来件").code == 3
    assert tables(folder) == tables(whole)


def _count(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE, timeout=5)) as db:
        with suppress(sqlite3.OperationalError):
            return int(db.execute("SELECT count(*) FROM submission WHERE received > 60").fetchone()[0])
        return 0


def test_a_second_writer_is_refused_with_a_sentence(desk: Desk, place: Path) -> None:
    with writing(desk.folder, "王五"):
        runs: list[Run] = [
            desk("add", place / "来件"), desk("accept", "--sound"), desk("register", place / "名册.xlsx"),
            desk("withdraw", "1", "--reason", "x"), desk("recheck"),
        ]  # fmt: skip
        assert desk("status").code == 1, "who only reads is not kept out"
        assert desk("table").code == 0
    for run in runs:
        assert run.code == 2
        assert "王五" in run.err
    assert desk("accept", "--sound").code == 1


ERASING = [("sql", "UPDATE received", 1), ("sql", "COMMIT", 1), ("audit", "os.remove", 1), ("audit", "os.remove", 2)]


@pytest.mark.parametrize(("how", "what", "times"), ERASING)
def test_to_erase_is_completed_by_whoever_comes_next(
    how: str, what: str, times: int, bag: Mailbag, desk: Desk, place: Path
) -> None:
    came = next(each for each in bag.came if each.file.startswith("各单位.zip/") and each.unit)
    units = {unit["id"]: unit for unit in desk.status()["units"]}
    (version,) = units[came.unit or ""]["versions"]
    sent = hashlib.sha256(bag.files["各单位.zip"]).hexdigest() + ".zip"
    assert sent in originals(desk.folder)
    said = ["withdraw", str(version["submission"]), "--erase", "--reason", "误收"]
    arguments = [how, what, str(times), "collect", *said, "-C", str(desk.folder)]
    run = subprocess.run([sys.executable, killed.__file__, *arguments], check=False, capture_output=True)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    verify(desk.folder)
    assert desk(*said).code in {0, 2}, "done now, or told that it was"
    assert desk("add", place / "来件" / "空的.xlsx").code == 3
    assert sent not in originals(desk.folder)
    assert desk.states()[came.unit or ""] == "overdue"
    verify(desk.folder)


@posix
@pytest.mark.parametrize("share", [0, 0.05, 0.97])
def test_a_disk_that_is_full_is_told_and_nothing_is_lost(
    share: float, empty: Path, whole: Path, place: Path, tmp_path: Path
) -> None:
    import resource

    room = int((whole / FILE).stat().st_size * share)
    folder = tmp_path / "收报"
    shutil.copytree(empty, folder)
    run = subprocess.run(
        [COMMAND, "collect", "add", place / "来件", "-C", folder, "--jobs", "1"],
        env={**os.environ, CLOCK: FEBRUARY},
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    said = run.stderr.decode()
    assert (run.returncode, "Traceback" in said) == (2, False), said
    assert "里的收报写不了" in said, said
    assert not (folder / LOCK).exists()
    verify(folder)
    assert Desk(folder)("add", place / "来件").code == 3
    assert tables(folder) == tables(whole)
    assert originals(folder) == originals(whole)

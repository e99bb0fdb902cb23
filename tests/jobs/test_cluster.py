"""A cluster gives what one machine gives, sees files or is sent them, and loses nothing when a worker dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import clusters
import pytest
from cases import of_office, sound
from command import COMMAND, nianbao

import workbook
from workbook.exits import FAULT, SOUND, UNREADABLE
from workbook.jobs import cluster as seam
from workbook.jobs.cluster import Cluster, ClusterError
from workbook.jobs.pool import CHUNK
from workbook.jobs.result import Options, Task
from workbook.jobs.run import run
from workbook.jobs.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORTS = 130


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports of this year and of last year, some of them faulty or none."""
    place = tmp_path_factory.mktemp("office")
    for year in (2024, 2025):
        (place / str(year)).mkdir()
    for number in range(REPORTS):
        report = of_office(f"第{number}局")
        last = replace(report, year=(report.year or 0) - 1)
        (place / "2025" / f"{number:03}.json").write_bytes(workbook.to_json(report))
        if number % 3:
            (place / "2024" / f"{number:03}.json").write_bytes(workbook.to_json(last))
    (place / "2025" / "坏.xlsx").write_bytes(b"PK\3\4 broken")
    (place / "2025" / "行.jsonl").write_bytes(
        b"\n".join(workbook.to_json(of_office(f"行{number}")).replace(b"\n", b" ") for number in range(3))
    )
    return place


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    """A cluster of two workers, which do not see what is named from the folder of the tests."""
    with clusters.Cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.mark.parametrize(("seen", "more"), [(True, ()), (False, ("--previous", "2024"))], ids=["seen", "sent"])
def test_a_cluster_finds_what_one_machine_finds(
    two: clusters.Cluster, office: Path, more: tuple[str, ...], *, seen: bool
) -> None:
    source = office / "2025" if seen else Path("2025")
    given = ["check", source, *more, "--format", "json"]
    here, there = nianbao(*given, cwd=office), nianbao(*given, "--cluster", two.address, cwd=office)
    assert (there.code, there.out, there.err) == (here.code, here.out, here.err)
    assert here.code == UNREADABLE
    assert len(here.json) == REPORTS + 4


def test_a_cluster_converts_what_one_machine_converts(two: clusters.Cluster, office: Path, tmp_path: Path) -> None:
    for name, more in (("here", ()), ("there", ("--cluster", two.address))):
        nianbao("convert", "2025", "-o", tmp_path / name, *more, cwd=office)
        nianbao("convert", "2025", "-o", tmp_path / f"{name}.jsonl", *more, cwd=office)
    assert _files(tmp_path / "here") == _files(tmp_path / "there")
    assert (tmp_path / "here.jsonl").read_bytes() == (tmp_path / "there.jsonl").read_bytes()


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}


def test_a_worker_that_is_killed_loses_nothing(office: Path, tmp_path: Path) -> None:
    with clusters.Cluster(tmp_path / "cluster") as started:
        given = [str(COMMAND), "check", "2025", "--format", "json"]
        running = subprocess.Popen(
            [*given, "--cluster", started.address], cwd=office, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        done = threading.Event()

        def kill() -> None:
            while not done.wait(0.7):
                started.kill_worker()

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            out, _ = running.communicate(timeout=120)
        finally:
            done.set()
            killer.join()
    assert running.returncode == UNREADABLE
    assert out == nianbao(*given[1:], cwd=office).out


def test_a_file_of_which_workers_die_takes_no_other_along(
    two: clusters.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "毒", "b", "错"):
        (tmp_path / f"{name}.json").write_bytes(workbook.to_json(sound("2021")))
    monkeypatch.chdir(tmp_path)
    tasks = search([tmp_path]).tasks
    results = list(run(clusters.killing, tasks, Options(), Cluster(two.address)))
    assert [(Path(each.file).stem, each.exit_code) for each in results] == [
        ("a", SOUND),
        ("b", SOUND),
        ("毒", UNREADABLE),
        ("错", SOUND),
    ]
    assert [each["code"] for each in results[2].findings] == ["file.crashed"]
    raised = list(run(clusters.raising, tasks, Options(), Cluster(two.address)))
    assert [each.exit_code for each in raised] == [SOUND, SOUND, SOUND, FAULT]
    assert "LookupError" in str(raised[3].fault)


def test_what_cannot_be_read_here_is_told_and_nothing_else_is_read(two: clusters.Cluster, office: Path) -> None:
    """A worker may have a file of that name, which is another."""
    (two.place / "那里.json").write_bytes(workbook.to_json(sound("2021")))
    told = nianbao("check", "那里.json", "--format", "json", "--cluster", two.address, cwd=office)
    assert told.codes == {"那里.json": ["file.missing"]}


def test_a_stop_ends_the_run_and_leaves_the_cluster(two: clusters.Cluster, office: Path) -> None:
    running = subprocess.Popen(
        [COMMAND, "check", "2025", "--cluster", two.address], cwd=office, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode in {130, UNREADABLE}
    assert b"Traceback" not in err
    assert nianbao("check", "2025/000.json", "--cluster", two.address, cwd=office).code == 0


# ---- what cannot be used --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cluster", "127.0.0.1:8786"], "127.0.0.1:8786"),
        (["--cluster", "ucx://a:1"], "ucx://a:1"),
        (["--cluster", "tcp://a"], "tcp://a"),
        (["--cluster", "tls://a:1"], "--certificates"),
        (["--cluster", "tcp://a:1", "--certificates", "."], "--certificates"),
        (["--certificates", "."], "--certificates"),
        (["--cluster", "tls://a:1", "--certificates", "."], "ca.pem"),
        (["--cluster", "tcp://a:1", "--jobs", "2"], "--jobs"),
    ],
)
def test_a_cluster_that_is_none_is_misuse(tmp_path: Path, arguments: list[str], told: str) -> None:
    refused = nianbao("check", ".", *arguments, "--lang", "zh", cwd=tmp_path)
    assert (refused.code, told in refused.err) == (2, True), refused.err


def test_what_does_not_answer_is_told(office: Path, tmp_path: Path) -> None:
    refused = nianbao("check", "2025", "--cluster", "tcp://127.0.0.1:9", "--lang", "zh", cwd=office)
    assert refused.code == 2
    assert "连不上" in refused.err
    with clusters.Cluster(tmp_path, workers=0) as started:
        with pytest.raises(ClusterError) as none:
            list(run(clusters.killing, [Task(Path("a"))], Options(), Cluster(started.address, patience=1)))
        assert none.value.kind == "no_worker"


def test_files_are_not_resumed_where_nobody_sees_them(office: Path, tmp_path: Path) -> None:
    given = ["convert", "2025", "-o", tmp_path / "out", "--resume", "--cluster", "tcp://127.0.0.1:9"]
    refused = nianbao(*given, cwd=office)
    assert (refused.code, "--resume" in refused.err) == (2, True)


def test_a_worker_with_another_kit_is_refused(root: Path, tmp_path: Path, office: Path) -> None:
    for name in ("workbook", "schema"):
        shutil.copytree(root / name, tmp_path / "kit" / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "kit" / "schema" / "plausible.toml").open("a", encoding="utf-8") as file:
        file.write("# other\n")
    with clusters.Cluster(tmp_path / "cluster", path=(str(tmp_path / "kit"),), workers=1) as started:
        refused = nianbao("check", "2025", "--cluster", started.address, "--lang", "zh", cwd=office)
    assert (refused.code, "版本" in refused.err) == (2, True), refused.err


def test_a_cluster_that_breaks_off_is_told(office: Path, tmp_path: Path) -> None:
    with clusters.Cluster(tmp_path) as started:
        results = run(clusters.raising, search([office / "2025"]).tasks, Options(), Cluster(started.address))
        next(results)
        started.stop_scheduler()
        with pytest.raises(ClusterError) as broken:
            list(results)
        assert broken.value.kind == "gone"


def test_certificates_make_the_way_safe(office: Path, tmp_path: Path) -> None:
    _certificates(tmp_path)
    files = (
        "--tls-ca-file",
        tmp_path / "ca.pem",
        "--tls-cert",
        tmp_path / "cert.pem",
        "--tls-key",
        tmp_path / "key.pem",
    )
    with clusters.Cluster(tmp_path / "cluster", workers=1, more=tuple(map(str, files)), scheme="tls") as started:
        given = ["check", "2025/000.json", "--cluster", started.address]
        assert nianbao(*given, "--certificates", tmp_path, cwd=office).code == 0


def _certificates(folder: Path) -> None:
    """Make a certificate that is signed by itself, which is then the one to trust."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=nianbao"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    shutil.copy(folder / "cert.pem", folder / "ca.pem")


# ---- chunks ---------------------------------------------------------------------------------------------------------


def test_chunks_are_cut_by_number_and_by_size(tmp_path: Path) -> None:
    tasks = []
    for number in range(CHUNK + 3):
        tasks.append(Task(tmp_path / f"{number}"))
        tasks[-1].source.write_bytes(b"")
    assert [len(chunk) for chunk in seam._chunks(tasks)] == [CHUNK, 3]
    for number in (1, 2, 3):
        os.truncate(tasks[number].source, 5 * 2**20)
    chunks = list(seam._chunks(tasks))
    assert [len(chunk) for chunk in chunks][:3] == [2, 1, CHUNK]
    assert [task for chunk in chunks for task in chunk] == tasks

"""One writer a collection: who holds it, who is dead, and what of a lock that nobody can read."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest

from workbook.collect import lock
from workbook.collect.lock import LOCK, BusyError, Writer, writing

if TYPE_CHECKING:
    from pathlib import Path

HERE = Writer(socket.gethostname(), os.getpid(), lock._begun(os.getpid()), "张三", "2026-02-03 10:00:00")


def put(folder: Path, writer: Writer) -> None:
    (folder / LOCK).write_text(json.dumps(asdict(writer)), encoding="utf-8")


def dead_process() -> int:
    """Return the number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_who_holds_it_is_named_to_the_second(tmp_path: Path) -> None:
    with writing(tmp_path, "张三"), pytest.raises(BusyError) as refusal, writing(tmp_path, "李四"):
        pass
    writer = refusal.value.writer
    assert writer is not None
    assert (writer.by, writer.host, writer.process) == ("张三", socket.gethostname(), os.getpid())
    assert not list(tmp_path.iterdir()), "and nothing is left afterwards"


def test_it_is_let_go_when_what_was_done_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path, "张三"):
        raise ZeroDivisionError
    assert not (tmp_path / LOCK).exists()


def test_a_dead_owner_is_followed(tmp_path: Path) -> None:
    put(tmp_path, replace(HERE, process=dead_process(), by="死者"))
    with writing(tmp_path, "李四"):
        assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))["by"] == "李四"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not say when a process began")
def test_a_number_that_went_to_another_process_is_no_owner(tmp_path: Path) -> None:
    put(tmp_path, replace(HERE, begun="1"))
    with writing(tmp_path, "李四"):
        pass


@pytest.mark.parametrize(
    "held", [replace(HERE, host="另一台", process=dead_process()), HERE], ids=["another machine", "alive"]
)
def test_who_may_live_is_not_put_out(held: Writer, tmp_path: Path) -> None:
    put(tmp_path, held)
    with pytest.raises(BusyError), writing(tmp_path, "李四"):
        pass
    assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8")) == asdict(held)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"host": 1}', b'{"a":' * 2000])
def test_a_lock_that_cannot_be_read_holds(data: bytes, tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(data)
    with pytest.raises(BusyError) as refusal, writing(tmp_path, "李四"):
        pass
    assert refusal.value.writer is None
    assert (tmp_path / LOCK).read_bytes() == data


@pytest.mark.parametrize("process", [-1, 0, 2**70, "12", None, 1.5])
def test_a_forged_process_is_no_traceback(process: object, tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text(json.dumps({**asdict(HERE), "process": process}), encoding="utf-8")
    with pytest.raises(BusyError), writing(tmp_path, "李四"):
        pass


def test_where_the_share_knows_no_links_it_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    with writing(tmp_path, "张三"):
        with pytest.raises(BusyError) as refusal, writing(tmp_path, "李四"):
            pass
        assert refusal.value.writer is not None
    assert not list(tmp_path.iterdir())


def test_many_at_once_have_one_after_the_other(tmp_path: Path) -> None:
    """Each adds one to a number that it reads first: with two at once some would be lost."""
    put(tmp_path, replace(HERE, process=dead_process()))
    (tmp_path / "数").write_text("0")
    code = """
import sys, time
from pathlib import Path
from workbook.collect.lock import BusyError, writing
folder = Path(sys.argv[1])
for _ in range(20):
    while True:
        try:
            with writing(folder, "某人"):
                number = int((folder / "数").read_text())
                time.sleep(0.001)
                (folder / "数").write_text(str(number + 1))
            break
        except BusyError:
            time.sleep(0.002)
"""
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    assert (tmp_path / "数").read_text() == "80"

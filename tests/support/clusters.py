"""Clusters of dask as an administrator starts them: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from workbook.files import shown
from workbook.jobs.file import check_file
from workbook.report import make_finding

if TYPE_CHECKING:
    from workbook.jobs.result import Options, Result, Task

DASK = Path(sys.executable).with_name("dask")
SUPPORT = str(Path(__file__).parent)


def killing(task: Task, options: Options) -> Result:
    """Check a file; kill the process at one that is called so."""
    if task.source.stem == "毒":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    return check_file(task, options)


def raising(task: Task, options: Options) -> Result:
    """Check a file; fail at one that is called so."""
    if task.source.stem == "错":
        raise LookupError(shown(task.source), make_finding)
    return check_file(task, options)


@dataclass
class Cluster:
    """A scheduler and its workers, which run in a folder where nothing is."""

    place: Path
    workers: int = 2
    more: tuple[str, ...] = ()
    scheme: str = "tcp"
    path: tuple[str, ...] = (SUPPORT,)
    address: str = ""
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.place.mkdir(parents=True, exist_ok=True)
        self.address = f"{self.scheme}://127.0.0.1:{port}"
        protocol = ("--protocol", self.scheme)
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), *protocol, "--no-show")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        for _ in range(self.workers):
            self.start_worker()
        return self

    def start_worker(self) -> None:
        """Start one more worker."""
        self._start("worker", self.address, "--nthreads", "1", *(("--protocol", self.scheme)))

    def _start(self, *arguments: str) -> None:
        log = (self.place / f"{len(self._running)}.log").open("wb")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(self.path),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        command = [str(DASK), *arguments, *self.more, "--no-dashboard"]
        with log:
            running = subprocess.Popen(command, cwd=self.place, env=environment, stdout=log, stderr=log)
        self._running.append(running)

    def kill_worker(self) -> None:
        """Kill what works for the first worker, whose nurse starts another."""
        nurse = self._running[1].pid
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if int(fields[1]) == nurse and b"spawn_main" in (path.parent / "cmdline").read_bytes():
                    os.kill(int(path.parent.name), signal.SIGKILL)

    def stop_scheduler(self) -> None:
        """End the scheduler, as when its machine goes down."""
        self._running[0].kill()

    def __exit__(self, *_: object) -> None:
        """End all at once, for nobody waits for an answer; a worker ends with its nurse."""
        for running in self._running:
            running.kill()
        for running in self._running:
            running.wait()

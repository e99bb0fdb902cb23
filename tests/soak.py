"""Many runs over many files, disturbed at random moments: prints how often, and what was lost, which must be nothing.

Run by hand for half an hour: ``python tests/soak.py 30``. Not a test of the suite: no name of it begins with test_.
It needs a system with signals, and looks for worker processes where Linux shows them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from cases import of_office
from command import COMMAND

import workbook

FILES = 2000
NOBODY = 65534
SECONDS = 120
"""How long a run may take that nobody disturbs, on a busy machine; one that takes longer hangs."""
RUNS = {
    "all.jsonl": ("convert", "in", "-o", "all.jsonl", "--resume", "--jobs", "2"),
    "out": ("convert", "in", "-o", "out", "--resume", "--jobs", "2"),
}


def laid_out(folder: Path) -> set[str]:
    """Write the reports, each of an office of its own, and return the names of the offices."""
    folder.mkdir()
    names = {f"第{number}局" for number in range(FILES)}
    for number, name in enumerate(sorted(names)):
        (folder / f"{number:04}.json").write_bytes(workbook.to_json(replace(of_office(name), year=2024)))
    return names


def digest(folder: Path) -> str:
    """Return what changes with any byte of a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def offices(target: Path) -> list[str]:
    """Return the offices of what was written; a document that is not whole raises."""
    if target.is_dir():
        return [workbook.read(path).body.name or "" for path in sorted(target.iterdir())]
    return [json.loads(line)["body"]["name"] for line in target.read_bytes().splitlines()]


def started(command: tuple[str, ...], here: Path, size: int = 0, user: int | None = None) -> subprocess.Popen[bytes]:
    """Begin a run; ``size`` is how large a file may grow, in blocks of 512 bytes, as on a disk that fills up."""
    limited = f'ulimit -f {size or "unlimited"}; exec "$0" "$@"'
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(["/bin/sh", "-c", limited, COMMAND, *command], cwd=here, user=user, **silent)


def ended(process: subprocess.Popen[bytes], after: float, how: Callable[[], object]) -> bool:
    """Disturb a run after some seconds; say whether it had come to its end before."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        how()
        process.wait(SECONDS)
        return False
    return True


def killed(command: tuple[str, ...], here: Path, chance: random.Random, after: float) -> str:
    """End a run by a signal."""
    process, number = started(command, here), chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
    return "" if ended(process, after, lambda: process.send_signal(number)) else number.name


def worker_killed(command: tuple[str, ...], here: Path, chance: random.Random, after: float) -> str:
    """Kill a worker; the run goes on without it."""
    process = started(command, here)

    def kill() -> None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            os.kill(int(chance.choice(children)), signal.SIGKILL)

    return "" if ended(process, after, kill) else "worker"


def full(command: tuple[str, ...], here: Path, chance: random.Random, _after: float) -> str:
    """Let a run have a disk that fills up."""
    return "" if started(command, here, chance.choice((1, 7, 500, 5_000))).wait(SECONDS) == 0 else "full disk"


def twice(command: tuple[str, ...], here: Path, chance: random.Random, after: float) -> str:
    """Let two runs write at once, and kill the first."""
    first = started(command, here)
    second = started(command, here)
    ended(first, after, first.kill)
    return "" if ended(second, chance.uniform(0, SECONDS), second.kill) else "two at once"


def read_only(command: tuple[str, ...], here: Path, _chance: random.Random, _after: float) -> str:
    """Let a run of somebody who may not write there come to its end."""
    here.chmod(0o555)
    process = started(command, here, user=NOBODY if os.getuid() == 0 else None)
    code = process.wait(SECONDS)
    here.chmod(0o755)
    return "" if code == 0 else "read-only"


KINDS = (killed, killed, worker_killed, full, twice, read_only)


def until_done(target: Path, command: tuple[str, ...], chance: random.Random, told: Counter[str]) -> None:
    """Run a command again and again, disturbed at random moments, until a run comes to its end."""
    here = target.parent
    for attempt in range(1000):
        kind = chance.choice(KINDS)
        how = kind(command, here, chance, chance.uniform(0.3, 6.0) * (1 + attempt / 4))
        told[how or "not disturbed"] += 1
        if not how:
            break
    if not target.is_file():  # which is there only when it is whole
        told["to the end"] += 1
        assert started(command, here).wait(SECONDS) == 0


def main(minutes: float) -> None:
    """Go on for some minutes, and print attempts and losses."""
    chance = random.Random(int(time.time()))  # noqa: S311 - moments, no secrets
    until = time.monotonic() + 60 * minutes
    told: Counter[str] = Counter()
    rounds = lost = 0
    with tempfile.TemporaryDirectory(prefix="nianbao-soak-") as name:
        here = Path(name)
        here.chmod(0o755)
        names = laid_out(here / "in")
        before = digest(here / "in")
        while time.monotonic() < until:
            rounds += 1
            for target, command in RUNS.items():
                until_done(here / target, command, chance, told)
                found = offices(here / target)
                lost += len(names.symmetric_difference(found)) + len(found) - len(set(found))
                lost += digest(here / "in") != before
                (shutil.rmtree if (here / target).is_dir() else os.unlink)(here / target)
            lost += sorted(path.name for path in here.iterdir()) != ["in"]
            print(f"rounds {rounds}, runs {told.total()} {dict(told)}, lost or doubled {lost}", flush=True)  # noqa: T201 - a script that prints
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)

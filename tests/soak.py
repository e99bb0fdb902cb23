"""Many runs over many files, killed at random moments: prints how often, and what was lost, which must be nothing.

Run by hand for half an hour: ``python tests/soak.py 30``. Not a test of the suite: no name of it begins with test_.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from cases import of_office
from command import COMMAND

import workbook

FILES = 2000
ENDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT) if sys.platform != "win32" else (signal.SIGTERM,)


def laid_out(folder: Path) -> set[str]:
    """Write the reports, each of an office of its own, and return the names of the offices."""
    folder.mkdir()
    names = {f"第{number}局" for number in range(FILES)}
    for number, name in enumerate(sorted(names)):
        (folder / f"{number:04}.json").write_bytes(workbook.to_json(replace(of_office(name), year=2024)))
    return names


def offices(path: Path) -> list[str]:
    """Return the offices of the documents of a file; one that is not whole raises."""
    return [json.loads(line)["body"]["name"] for line in path.read_bytes().splitlines()]


def until_done(command: list[str], cwd: Path, chance: random.Random, ends: Counter[str]) -> None:
    """Run a command again and again, ended at random moments, until a run comes to its end."""
    for attempt in range(1000):
        process = subprocess.Popen([COMMAND, *command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0.3, 6.0) * (1 + attempt / 4))
        except subprocess.TimeoutExpired:
            end = chance.choice(ENDS)
            ends[end.name] += 1
            process.send_signal(end)
            process.wait(30)  # a run that hangs raises here
        else:
            ends["done"] += 1
            return


def main(minutes: float) -> None:
    """Go on for some minutes, and print attempts and losses."""
    chance = random.Random(int(time.time()))  # noqa: S311 - moments, no secrets
    until = time.monotonic() + 60 * minutes
    ends: Counter[str] = Counter()
    rounds = lost = 0
    with tempfile.TemporaryDirectory(prefix="nianbao-soak-") as name:
        here = Path(name)
        names = laid_out(here / "in")
        while time.monotonic() < until:
            rounds += 1
            until_done(["convert", "in", "-o", "all.jsonl", "--resume", "--jobs", "2"], here, chance, ends)
            until_done(["convert", "in", "-o", "out", "--resume", "--jobs", "2"], here, chance, ends)
            written = offices(here / "all.jsonl")
            whole = [workbook.read(path).body.name for path in (here / "out").glob("*.json")]
            for found in (written, whole):
                lost += len(names.symmetric_difference(found)) + len(found) - len(set(found))
            (here / "all.jsonl").unlink()
            shutil.rmtree(here / "out")
            print(f"rounds {rounds}, runs {ends.total()} {dict(ends)}, lost or doubled {lost}", flush=True)  # noqa: T201 - a script that prints
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)

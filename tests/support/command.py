"""The command: installed, as a user runs it, and in the process of the tests, which costs a tenth."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from workbook.cli import main

COMMAND = Path(sys.executable).with_name("nianbao")


@dataclass
class Run:
    """What a run of the command gave."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def codes(self) -> dict[str, list[str]]:
        """The codes that were found, by file."""
        return {item["file"]: [finding["code"] for finding in item["findings"]] for item in self.json}


def installed(*arguments: str | Path, cwd: Path) -> Run:
    """Run the installed command in a process of its own; a traceback is never an answer."""
    done = subprocess.run([COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, check=False)
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return Run(done.returncode, done.stdout, err)


def nianbao(*arguments: str | Path | int, cwd: Path, **env: str) -> Run:
    """Run the command in this process: for whatever does not hang on how a process begins and ends."""
    with chdir(cwd):
        done = CliRunner().invoke(main, [*map(str, arguments)], prog_name="nianbao", env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Run(done.exit_code, done.stdout_bytes, done.stderr)

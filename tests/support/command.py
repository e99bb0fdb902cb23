"""The installed command, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def nianbao(*arguments: str | Path, cwd: Path) -> Run:
    """Run the command; a traceback is never an answer."""
    done = subprocess.run([COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, check=False)
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return Run(done.returncode, done.stdout, err)

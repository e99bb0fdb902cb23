"""The commands of the pages on summing up and handing up, and those for a cluster, run as they stand."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from handed import Office, document

import workbook
from workbook.cli import main
from workbook.collect.collection import Collection

if TYPE_CHECKING:
    import click

DOCS = Path(__file__).parents[2] / "docs"
PROVINCE = [("Z", "某省人民政府", "", "政府"), ("S", "某市人民政府", "Z", "政府")]
CITY = [("S", "某市人民政府", "", "政府"), ("S1", "某市财政局", "S", "部门"), ("K", "某县人民政府", "S", "政府"),
        ("K1", "某县财政局", "K", "部门")]  # fmt: skip


def commands(page: str, *chapters: str) -> list[list[str]]:
    """Return the arguments of the commands in blocks and in lines of a page, or of its chapters, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    wanted = [part for part in parts if not chapters or part.startswith(chapters)]
    assert len(wanted) == len(chapters or parts)
    blocks = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
    found = []
    for part in wanted:
        shells = re.sub(blocks, lambda block: block[2] if block[1] == "sh" else "", part)
        lines = re.findall(r"^nianbao .*|`nianbao [^`]+`", shells, flags=re.MULTILINE)
        found += [shlex.split(line.strip("`"), comments=True)[1:] for line in lines]
    return found


def run(arguments: list[str]) -> Any:
    """Run a command in this process; misuse and faults are none of what a page shows."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in {0, 1}, (arguments, done.output)
    return done


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A city with what the page speaks of, in whose folder the commands are given."""
    office = Office.of(tmp_path / "市" / "收报2025", CITY, monkeypatch)
    office.at("2026-02-03 09:00")
    for at, name in enumerate(("某市财政局", "某县财政局")):
        office.send(f"{name}.json", document(name, at))
    with closing(Collection(office.folder)) as found:
        (office.folder.parent / "本级年报.xlsx").write_bytes(workbook.write(found.rollup().report()))
    monkeypatch.chdir(office.folder)
    monkeypatch.setenv("NIANBAO_JOBS", "1")
    return office


def test_the_commands_of_the_page_run(city: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = commands("汇总单位.md", "六、", "七、")
    whats = [" ".join(each[:2]) for each in given]
    assert {f"collect {what}" for what in ("rollup", "scope", "adjust", "export", "add")} < set(whats)
    above = Office.of(tmp_path / "省" / "收报2025", PROVINCE, monkeypatch)
    city.at("2026-02-04 09:00")
    for arguments in given:
        if arguments[:2] == ["collect", "add"]:  # the one that is for the office above
            monkeypatch.chdir(above.folder)
            arguments[-1] = str(city.folder / arguments[-1])
        elif "号" in arguments:
            told = run(["collect", "rollup", "--format", "json"]).stdout
            (adjustment,) = json.loads(told)["adjustments"]
            arguments[arguments.index("号")] = str(adjustment["id"])
        run(arguments)
    assert above.states()["K1"] == "received"


def test_the_commands_for_a_cluster_are_understood(city: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(city.folder.parent)
    for folder in ("报送", "来件", "证书"):
        Path(folder).mkdir(exist_ok=True)
    given = [each for each in commands("管理员/多机运行.md") if "--cluster" in each]
    assert len(given) >= 4
    for arguments in given:
        command: click.Command = main
        above = command.context_class(command, info_name="nianbao", **command.context_settings)
        rest = arguments
        while rest and (below := getattr(command, "commands", {}).get(rest[0])):
            command, rest = below, rest[1:]
        assert command.make_context(arguments[0], rest, parent=above).params["cluster"], arguments

"""Attempts on the kit as a whole: nothing is dropped, counted twice, overwritten or changed, whatever it is given."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from attempts import Attempt, attempts, data_of, lay, report_of, within
from command import COMMAND, nianbao

import workbook
from workbook.exits import INTERRUPTED, SOUND, TERMINATED

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes, permissions and signals are others there")
TABLE = attempts(Path(__file__).with_suffix("").with_name("attempts.toml"))


def cases() -> list[object]:
    """Return the attempts; those that fail today with the reason, so that who mends it has to say so here."""
    return [
        pytest.param(
            each, id=each.name, marks=[pytest.mark.xfail(reason=each.fault, strict=True)] if each.fault else []
        )
        for each in TABLE
    ]


@POSIX
@pytest.mark.parametrize("attempt", cases())
def test_an_attempt_gives_what_it_must_and_nothing_else(attempt: Attempt, tmp_path: Path) -> None:
    lay(tmp_path, attempt.made)
    line = attempt.line.format(long="x" * 245)
    came = within(tmp_path, line, data_of(attempt.stdin), nobody=attempt.nobody)
    assert came.changed == set(attempt.changed.split())
    assert came.new == set(attempt.new.split()), came.said
    assert came.code == attempt.code, came.said
    for words in attempt.told:
        assert words in came.said
    for words in attempt.untold:
        assert words not in came.said


NAMES = (
    "新\n行.xlsx",
    "黑\x1b[31m.xlsx",
    "长" * 80 + ".xlsx",
    " 空 .xlsx",
    "-h.xlsx",
    "'a'.xlsx",
    "$(x).xlsx",
    "表🀄.xlsx",
)


@POSIX
def test_names_of_every_kind_are_taken_and_shown_without_their_signs(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, name in enumerate(NAMES):
        (tmp_path / "in" / name).write_bytes(data_of(f".xlsx:第{number}局"))
    os.rename(tmp_path / "in" / NAMES[-1], os.fsencode(tmp_path / "in") + b"/\xff.xlsx")  # noqa: PTH104 - bytes
    came = within(tmp_path, "convert in -o out --summary")
    assert (came.code, len(came.new)) == (SOUND, len(NAMES)), came.said
    assert not came.changed
    assert sum(line.startswith("in/") for line in came.said.splitlines()) == len(NAMES)
    assert "\x1b" not in came.said


FORMATS = ("json", "jsonl", "csv", "sarif", "junit", "concise", "github", "text")
MANY = "in/a.xlsx in/b.json in/c.xlsx:!c in/d.xlsx:= in/e.jsonl:丁,戊 in/f.zip:=x in/g.txt:=x in/h.json:.json:b"


@POSIX
@pytest.mark.parametrize("jobs", [1, 2])
def test_every_format_tells_the_same_files(tmp_path: Path, jobs: int) -> None:
    lay(tmp_path, MANY)
    told = {}
    for form in FORMATS:
        came = within(tmp_path, f"check in --format {form} --jobs {jobs}")
        assert (came.code, came.new, came.changed) == (3, set(), set())
        told[form] = came.out
    files = [item["file"] for item in json.loads(told["json"])]
    assert files == [json.loads(line)["file"] for line in told["jsonl"].splitlines()]
    assert files == ["in/a.xlsx", "in/c.xlsx", "in/d.xlsx", "in/b.json", "in/e.jsonl#1", "in/e.jsonl#2"]
    assert told["junit"].count("<testsuite ") == len(files)
    assert len(json.loads(told["sarif"])["runs"][0]["artifacts"]) == len(files)
    for form in ("csv", "concise", "github"):
        assert all(name in told[form] for name in ("in/c.xlsx", "in/d.xlsx"))
    assert "共 6 份：4 份没有错误，1 份有错误，1 份无法读取" in told["text"]
    came = within(tmp_path, f"convert in -o out --draft --jobs {jobs}")
    assert "共 6 份：4 份没有错误，1 份有错误，1 份无法读取；写出 5 份，没有写出 1 份" in came.said
    assert len(came.new) == 5


@POSIX
@pytest.mark.parametrize(
    "line", ["convert .", "convert . --draft", "mark .", "import . -o 入", "check . -o ../出.html"]
)
def test_a_folder_that_is_done_again_and_again_does_not_grow(tmp_path: Path, line: str) -> None:
    (tmp_path / "in").mkdir()
    lay(tmp_path / "in", "a.xlsx a.xlsm:.xlsx:乙 b.xlsx:!b sub/d.docx:某市丁局")
    here = tmp_path / "in"
    first = within(here, line)
    counts = {len(within(here, f"{line} --force").after) for _ in range(2)}
    assert counts == {len(first.after)}
    checked = json.loads(within(here, "check . --format json").out)
    assert len(checked) == 4, [item["file"] for item in checked]


def documents(folder: Path, many: int) -> set[str]:
    """Write reports of many offices, and return their names."""
    folder.mkdir()
    document = json.loads(workbook.to_json(report_of("某局")))
    names = {f"第{number}局" for number in range(many)}
    for number, name in enumerate(sorted(names)):
        document["body"]["name"] = name
        (folder / f"{number:03}.json").write_text(json.dumps(document), encoding="utf-8")
    return names


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("line", ["convert in -o out.jsonl", "convert in -o out", "fill in -o out"])
def test_what_is_ended_at_random_moments_is_gone_on_with(tmp_path: Path, line: str, jobs: str) -> None:
    names, chance = documents(tmp_path / "in", 40), random.Random(line + jobs)  # noqa: S311 - moments, no secrets
    command = [COMMAND, *line.split(), "--resume", "--jobs", jobs]
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, None):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        with process:
            said = [process.stderr.readline() for _ in range(chance.randint(1, 30) if number else 0)]
            if number:
                process.send_signal(number)
            said += process.stderr.readlines()
        assert "Traceback" not in "".join(said)
        assert process.returncode in {SOUND, INTERRUPTED, TERMINATED, -(number or 0)}, said
    assert process.returncode == SOUND
    found = within(tmp_path, f"check {line.rpartition(' ')[2]} --format json --jobs 1")
    assert sorted(item["body"] for item in json.loads(found.out)) == sorted(names)
    assert found.code == SOUND


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_of_two_runs_into_one_folder_each_file_is_written_by_one(tmp_path: Path, jobs: str) -> None:
    names = documents(tmp_path / "in", 60)
    command = [COMMAND, "convert", "in", "-o", "out", "--jobs", jobs]
    runs = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=60)[1] for run in runs]
    written = [int(each.rpartition("写出 ")[0].rpartition("写出 ")[2].split()[0]) for each in said]
    assert sum(written) == len(names) == len(list((tmp_path / "out").glob("*.json")))
    assert not list((tmp_path / "out").glob(".*"))


@POSIX
@pytest.mark.parametrize(
    "line", ["convert a.json b.json -o out", "convert a.json b.json -o out.jsonl", "fill a.json -o a.xlsx"]
)
def test_where_a_file_may_not_grow_nothing_half_is_left(tmp_path: Path, line: str) -> None:
    lay(tmp_path, "a.json b.json")
    limited = ["bash", "-c", 'ulimit -f 4; exec "$@"', "x", str(COMMAND), *line.split()]
    done = subprocess.run(limited, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in {"a.json", "b.json"}]
    assert [path.name for path in left] in ([], ["out.jsonl.part"])
    if left:
        assert nianbao(*line.split(), "--resume", cwd=tmp_path).code == SOUND
        assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 2

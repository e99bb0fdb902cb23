"""Attempts on the kit as data: what is made in a folder, the command, and what must come of it."""

from __future__ import annotations

import hashlib
import os
import shlex
import tomllib
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import published
from cases import of_office
from click.testing import CliRunner
from workbooks import workbook_of

import workbook
from workbook.cli import main
from workbook.document.document import dump, to_document
from workbook.document.schema import report_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from workbook.report import Report

CARRIERS: dict[str, Callable[[Report], Any]] = {
    ".xlsx": workbook_of,
    ".json": workbook.to_json,
    ".docx": published.word,
    ".html": published.page,
    ".txt": published.text,
    ".csv": lambda report: published.delimited(report).encode(),
    ".finding": lambda _report: (
        b'{"$schema": "urn:nianbao:finding:2021:1", "file": "a", "sound": true, "findings": []}\n'
    ),
    ".schema": lambda report: dump(report_schema(report.edition)),
    ".page": lambda _report: b'<html><head><meta name="generator" content="nianbao findings"></head></html>',
}


@dataclass(frozen=True)
class Attempt:
    """An attempt.

    Args:
        name: what is attempted.
        made: what there is, as ``lay`` reads it.
        line: the command, as a shell reads it.
        code: its exit code.
        new: the names of the files that there are then besides, and of no other.
        told: what must be said.
        untold: what must not.
        changed: the files that must have changed or gone; everything else must be as it was.
        stdin: what stands on standard input, as ``data_of`` reads it.
        nobody: whether permissions bind the run.
        fault: why it fails today; nothing where it must not.
    """

    name: str
    made: str
    line: str
    code: int
    new: str = ""
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    changed: str = ""
    stdin: str = "="
    nobody: bool = False
    fault: str = ""


def attempts(path: Path) -> list[Attempt]:
    """Return the attempts of a file."""
    return [Attempt(**each) for each in tomllib.loads(path.read_text(encoding="utf-8"))["attempt"]]


def report_of(office: str) -> Report:
    """Return the report of an office; one whose name begins with ``!`` has an error."""
    report = replace(of_office(office), year=2024)
    return report.with_cells({"applications.received.natural": 1}) if office.startswith("!") else report


def draft_of(report: Report, *, line: bool = False) -> bytes:
    """Return the document of a report with errors, as ``convert --draft`` writes it."""
    return dump(to_document(report, workbook.check(report)), line=line)


def _lines(said: str) -> bytes:
    """Return a line for each report; ``=torn``, ``=deep``, ``=blank`` and ``=long`` are what they say."""
    return b"".join(_ODD.get(each) or draft_of(report_of(each), line=True) for each in said.split(","))


_ODD = {
    "=torn": b'{"$schema": "urn:nianbao:report:2021:2", \n',
    "=deep": b"[" * 100_000 + b"\n",
    "=blank": b" \r\n",
    "=long": b'"' + b"x" * 5_000_000 + b'"\n',
}


def data_of(said: str, ending: str = "") -> bytes:
    """Return the bytes that are meant by ``=TEXT``, or by ``.ENDING:OFFICE``, or by ``OFFICE`` with the ending."""
    if said in _ODD:
        return _ODD[said]
    if said.startswith("="):
        return said[1:].replace("\\n", "\n").encode()
    kind, _, office = said.rpartition(":")
    kind = kind or ending
    if kind in {".jsonl", ".draft"}:
        return _lines(office) if kind == ".jsonl" else draft_of(report_of(office))
    return CARRIERS[kind](report_of(office))  # type: ignore[no-any-return]


def lay(folder: Path, made: str) -> None:
    """Make what is written, with blanks between: files, links and other things.

    ``a.xlsx`` is the report of the office ``a``, written as its ending says, and ``a.xlsx:b`` that of ``b``;
    ``a.xlsx:.json:b`` is one whose ending is wrong, ``a.json:.draft:b`` a draft; ``.finding:``, ``.schema:`` and
    ``.page:`` are results of the kit. ``a:=x`` holds ``x``. ``a->b`` and ``a=>b`` are a link and a hard link to ``b``;
    ``a/`` is a folder, ``a|`` a named pipe; ``a!`` may not be read, be it a file or a folder that is there.
    """
    shut = []
    for each in made.split():
        name, _, said = each.partition(":")
        path = folder / name.rstrip("|/!").partition("->")[0].partition("=>")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("!"):
            shut.append(path)
        if path.is_dir():
            continue
        if name.endswith("/"):
            path.mkdir()
        elif name.endswith("|"):
            os.mkfifo(path)
        elif "->" in name:
            path.symlink_to(name.partition("->")[2])
        elif "=>" in name:
            path.hardlink_to(folder / name.partition("=>")[2])
        else:
            path.write_bytes(data_of(said or path.stem, path.suffix))
    for path in shut:
        path.chmod(0)


def seen(folder: Path) -> dict[str, str]:
    """Return all that is in a folder and below it: by name what it holds, or what it is."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            what = f"link to {path.readlink()}"
        elif path.is_file():
            what = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            what = "folder" if path.is_dir() else "other"
        found[path.relative_to(folder).as_posix()] = what
    return {name: what for name, what in found.items() if what != "folder"}


@dataclass(frozen=True)
class Came:
    """What came of an attempt; ``out`` is what was printed, ``said`` all words, ``new`` the files there are besides."""

    code: int
    out: str
    said: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def new(self) -> set[str]:
        """The files that were not there before."""
        return set(self.after.keys() - self.before.keys())

    @property
    def changed(self) -> set[str]:
        """The files that are not what they were."""
        return {name for name, what in self.before.items() if self.after.get(name) != what}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user whom permissions bind: root is not bound by any."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def within(folder: Path, line: str, stdin: bytes = b"", *, nobody: bool = False) -> Came:
    """Run a command in this process, in the folder; whatever it raises is raised here.

    With ``nobody`` permissions bind it, whoever runs the tests.
    """
    before, here = seen(folder), os.getcwd()  # noqa: PTH109 - what a process has of its own
    os.chdir(folder)
    folder.chmod(0o755)
    try:
        with as_nobody() if nobody else nullcontext():
            done = CliRunner().invoke(main, shlex.split(line), input=stdin)
    finally:
        os.chdir(here)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Came(done.exit_code, done.stdout, done.output, before, seen(folder))

"""Feeds the readers with mutated reports, guided by coverage; whatever they do but read or refuse is a failure.

Linux only, and no part of the tests::

    pip install atheris
    python tests/support/fuzz/fuzz.py page 300             # a target, and for how many seconds
    python tests/support/fuzz/fuzz.py page build/fuzz/x    # files once more, with the traceback

Targets are ``package``, ``page``, ``word``, ``text``, ``pdf``, ``json``, ``grid`` and ``foreign``; the last and ``pdf``
need LibreOffice for their seeds. The first file of each kind of failure is kept in ``build/fuzz``; what is mended
becomes a case of the tests of its room.
"""

# ruff: noqa: E402, I001 - what is followed must be imported first
from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import re
import sys
import tempfile
import time
import traceback
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
TARGET = sys.argv[1] if len(sys.argv) > 1 else "package"
FOUND = Path("build/fuzz")
SECONDS, MEMORY = 5, 300 * 2**20
"""What one file may take: of the processor's time, and of room beside what the process has before."""

ROOMS = {
    "package": ["workbook.intake", "workbook.excel", "workbook.match"],
    "json": ["workbook.document", "workbook.report"],
    "word": ["workbook.carriers", "workbook.match", "docx"],
    "pdf": ["workbook.carriers", "workbook.match", "pdfplumber", "pdfminer"],
}
"""What a target is guided by; to follow more makes it slower."""

if __name__ == "__main__":  # the process that reads foreign workbooks imports this file too
    with atheris.instrument_imports(include=ROOMS.get(TARGET, ["workbook.carriers", "workbook.match"])):
        import workbook

        for module in pkgutil.walk_packages(workbook.__path__, "workbook."):
            importlib.import_module(module.name)
        import docx, pdfplumber  # noqa: E401, F401
import workbook
from mutation import mutated
from seeds import SEEDS, grids, stored
from workbook.match import match
from workbook.report import Report, Unreadable
from workbook.document.document import dump
from workbook.report.values import number

if TYPE_CHECKING:
    from workbook.match import Document

known: set[object] = set()
"""Reports that went through everything, and failures that were written down."""


class Failure(Exception):  # noqa: N818 - it is the reader's, not this program's
    """What no exception tells."""


def one(data: bytes) -> None:
    """Read one file and do with the report what users do.

    Raises:
        Failure: it takes too long or too much room, or the report is not what the file says.
    """
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before, start = _peak(), time.process_time()
    document = grids(data) if TARGET == "grid" else None
    try:
        report = match(document, digest="0" * 64) if document else workbook.parse(data, "a")
    except Unreadable as refusal:
        report = None
        if not all(finding.code.startswith("file.") for finding in refusal.findings):
            raise Failure("refused without a reason") from refusal
    if time.process_time() - start > SECONDS:
        raise Failure("too long")
    if _peak() - before > MEMORY:
        raise Failure("too much room")
    if report:
        _use(report, data, document)


def _peak() -> int:
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


def _use(report: Report, data: bytes, document: Document | None) -> None:
    findings = workbook.check(report)
    named = {
        finding.at
        for finding in (*report.reader_findings, *findings)
        if finding in report.reader_findings or "cell." in finding.code
    }
    if TARGET == "package":
        _compare(report, stored(data, {place.sheet for place in report.places.values()}), named)
    if document:
        _compare(
            report, {cell.place: cell.value for grid in document.blocks for row in grid.rows for cell in row}, named
        )
    shown = json.dumps([report.edition, dict(report.cells), dict(report.narrative), str(report.body), report.waivers],
                       default=str, ensure_ascii=False)  # fmt: skip
    if shown in known:
        return
    known.add(shown)
    dump([finding.as_dict("en") for finding in (*report.reader_findings, *findings)])
    text = dump(workbook.to_document(report, findings))
    json.loads(text, parse_constant=_refuse)
    again = workbook.from_json(text)
    if not findings and again.cells != report.cells:
        raise Failure("other numbers in the document")
    # Writing takes long: what brings no new kind of finding or of letter is not written.
    kinds: set[object] = {
        (finding.code, type(finding.found).__name__) for finding in (*report.reader_findings, *findings)
    }
    kinds |= set(map(unicodedata.category, shown))
    if kinds <= known:
        return
    known.update(kinds)
    try:
        written = workbook.parse(workbook.write(report), "a.xlsx")
    except ValueError as error:
        if "does not fit into a cell" not in str(error):
            raise
    else:
        numbers = {key: value for key, value in report.cells.items() if key not in named and not isinstance(value, str)}
        if any(written.cells[key] != value for key, value in numbers.items()):
            raise Failure("other numbers in the workbook")


def _refuse(name: str) -> None:
    raise Failure(f"{name} in the document")


def _compare(report: Report, cells: dict[object, object] | None, named: set[str]) -> None:
    """Compare the numbers with those that stand in the cells they are said to be from."""
    for key, value in report.cells.items() if cells is not None else ():
        if key in named or named & {key.partition(".")[0], key.rpartition(".")[0]}:
            continue
        there = cells.get(report.places[key]) if key in report.places else None
        if isinstance(there, int | float) and not isinstance(there, bool):
            there = number(float(there))
        if str(value) != str(there).strip() and not isinstance(value, str):
            raise Failure(f"another number: {value!r} is {there!r}")


def judge(data: bytes) -> None:
    """Read one file; write down a failure of a new kind and go on."""
    try:
        one(data)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        kind = (
            type(error).__name__,
            where[-1],
            str(error).split(":", maxsplit=1)[0] if "another" in str(error) else "",
        )
        if kind not in known:
            known.add(kind)
            path = FOUND / f"{TARGET}-{hashlib.sha256(data).hexdigest()[:8]}"
            path.write_bytes(data)
            sys.stderr.write(f"FAILURE {path} {kind} {str(error)[:200]}\n")


def main(arguments: list[str]) -> None:
    """Run a target for some seconds, or read files once more."""
    if not arguments[0].isdigit():
        for name in arguments:
            one(Path(name).read_bytes())
        return
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for index, seed in enumerate(SEEDS[TARGET]()):
            (Path(folder) / str(index)).write_bytes(seed)
        options = [f"-max_total_time={arguments[0]}", "-timeout=60", "-rss_limit_mb=2000", "-max_len=400000",
                   "-len_control=0", f"-artifact_prefix={FOUND}/{TARGET}-", "-print_final_stats=1"]  # fmt: skip
        atheris.Setup(
            [sys.argv[0], *options, folder], judge, **({} if TARGET == "grid" else {"custom_mutator": mutated})
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[2:] or ["60"])

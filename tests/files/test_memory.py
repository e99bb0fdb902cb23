"""No file takes much time or room: those that are refused, and those that just pass the limits."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pytest
from cases import sound
from packages import FAR_CELLS, GOOD, REFUSED, rezipped
from python_calamine import CalamineWorkbook

import workbook
from workbook.intake import limits
from workbook.report import Unreadable

ROOM = 300 * 2**20
"""Bytes that reading any file may take, Python and the tests' own included."""
STATUS = Path("/proc/self/status")
BARE_READS = 880
"""How often python-calamine could read a sound workbook in the processor's time that reading any file may take."""


def wide_sheet() -> bytes:
    rows = range(1, limits.AREA_LIMIT // 26 - 3_000)
    cells = b"".join(
        b'<row r="%d">%s</row>' % (row, b"".join(b'<c r="%c%d"><v>%d</v></c>' % (65 + c, row, row) for c in range(26)))
        for row in rows
    )
    begin = b"<sheetData>"
    return rezipped(lambda n, c: c.partition(begin)[0] + begin + cells + b"</sheetData></worksheet>"
                    if n.endswith("sheet5.xml") else c)  # fmt: skip


def long_word() -> bytes:
    document = docx.Document()
    document.add_paragraph("甲乙" * 200)
    stream, copy = io.BytesIO(), io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                paragraph = part[part.index(b"<w:p>") : part.index(b"</w:p>") + 6]
                copies = b"".join(paragraph.replace("甲".encode(), b"%d" % number) for number in range(4_000))
                part = part.replace(paragraph, copies)
            target.writestr(name, part)
    return copy.getvalue()


def long_json() -> bytes:
    document = workbook.to_document(sound("2021"), workbook.check(sound("2021")))
    return json.dumps({**document, "x": [{"b": 1}] * 300_000}).encode()


ACCEPTED = {
    "a page of tags": lambda: b"<html><table>" + b"<tr><td>1</td></tr>" * (limits.TAG_LIMIT // 4 - 9),
    "a page of attributes": lambda: b"<html>" + b"".join(b'<p a%d="x">%d' % (n, n) for n in range(49_000)),
    "a long text": ("甲，乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未\t1\n" * 49_000).encode,
    "a wide sheet": wide_sheet,
    "a long Word document": long_word,
    "a long document": long_json,
}


def _seconds_of_a_bare_read() -> float:
    start = time.process_time()
    for _ in range(5):
        book = CalamineWorkbook.from_filelike(io.BytesIO(GOOD))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return (time.process_time() - start) / 5


def main() -> None:
    """Read every file; print each that takes long or is not answered, then the room that was taken at most."""
    import resource

    made = {**{name: data for name, (data, _) in REFUSED.items()}, **{n: make() for n, make in FAR_CELLS.items()}}
    made |= {name: make() for name, make in ACCEPTED.items()}
    for name, data in {**made, "sound": GOOD}.items():
        allowed = BARE_READS * _seconds_of_a_bare_read()  # measured beside each: others work here too
        start = time.process_time()
        try:
            workbook.parse(data, name)
        except Unreadable as refusal:
            if name in ACCEPTED and refusal.findings[0].code == "file.too_large":
                sys.stdout.write(f"{name}: beyond a limit already\n")
        if time.process_time() - start > allowed:
            sys.stdout.write(f"{name}: {time.process_time() - start:.1f} s\n")
    # A process is started with the peak of the one that starts it, so its own is that of its memory, not of its usage.
    own = next(line.split()[1] for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(f"{max(int(own), below) * 1024}\n")


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells what a process took")
def test_reading_takes_little_room_and_time() -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = [sys.executable, "-c", "import test_memory; test_memory.main()"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True)
    *slow, taken = done.stdout.splitlines()
    assert not slow
    assert int(taken) < ROOM

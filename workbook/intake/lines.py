"""Files of many documents, one a line (``.jsonl``): a line is named ``NAME#17`` and read like a file of its own."""

from __future__ import annotations

import os
from array import array
from functools import lru_cache
from pathlib import Path

from workbook.intake.kinds import LINES
from workbook.intake.regular import vet_regular

_BLOCK = 2**20
_BLANK = b" \t\r\n"


def line_of(path: Path) -> tuple[Path, int] | None:
    """Return the file and the number of the line that a path names; ``None`` where it names a file, be it called so.

    >>> line_of(Path("b.jsonl#17"))[1], line_of(Path("b.jsonl")), line_of(Path("b#1"))
    (17, None, None)
    """
    name, mark, number = path.name.rpartition("#")
    if not (mark and number.isascii() and number.isdigit() and name.lower().endswith(LINES)) or os.path.lexists(path):
        return None
    return path.with_name(name), int(number)


def file_of(path: Path) -> Path:
    """Return the file that a path names or that the line stands in which it names."""
    found = line_of(path)
    return found[0] if found else path


def lines_in(path: Path) -> list[Path]:
    """Return a path for each line of a file that is not blank.

    Raises:
        OSError: it cannot be read.
    """
    numbers, _ = _index(path)
    return [path.with_name(f"{path.name}#{number}") for number in numbers]


def span_of(path: Path, number: int) -> tuple[int, int] | None:
    """Return where a line begins and ends in bytes; ``None`` where there is no such line, or a blank one.

    Raises:
        OSError: the file cannot be read.
    """
    numbers, ends = _index(path)
    if number < 1:
        return None
    try:
        at = numbers.index(number) if not _whole(numbers) else number - 1
        return ends[2 * at], ends[2 * at + 1]
    except (ValueError, IndexError):
        return None


def _whole(numbers: array[int]) -> bool:
    """Say whether no line is blank, so that the seventeenth is line 17."""
    return bool(numbers) and numbers[-1] == len(numbers)


def _index(path: Path) -> tuple[array[int], array[int]]:
    about = vet_regular(path)
    return _read_index(path, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=4)
def _read_index(path: Path, _size: int, _changed: int) -> tuple[array[int], array[int]]:
    """Return the numbers of the lines that are not blank, and where each begins and ends."""
    numbers, ends = array("Q"), array("Q")
    number, start, blank = 1, 0, True
    with path.open("rb") as file:
        offset = 0
        while block := file.read(_BLOCK):
            before = 0
            while (at := block.find(b"\n", before)) >= 0:
                if not (blank and not block[before:at].strip(_BLANK)):
                    numbers.append(number)
                    ends.extend((start, offset + at))
                number, start, blank, before = number + 1, offset + at + 1, True, at + 1
            blank = blank and not block[before:].strip(_BLANK)
            offset += len(block)
    if not blank:
        numbers.append(number)
        ends.extend((start, offset))
    return numbers, ends

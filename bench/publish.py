"""Speed of ``publish``: our Word, page and text of a report beside a bare python-docx document of the same content.

Warm, in one process, interleaved, medians. The yardsticks: (a) reading the workbook; (b) python-docx writing the same
paragraphs and cells without any layout. Then the same with last year's numbers and charts, PDF, data.
"""

from __future__ import annotations

import io
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx

import workbook
from workbook.publish.blocks import Paragraph, TableBlock, blocks
from workbook.publish.job import Publishing, publish
from workbook.publish.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.publish.blocks import Block

FILE = Path(__file__).resolve().parent.parent / "examples" / "linan-2020.xlsx"
ROUNDS, GOAL = 15, 0.5


def bare(made: tuple[Block, ...]) -> bytes:
    """Write the texts and the cells of a report with python-docx and nothing else."""
    document: Any = docx.Document()
    for block in made:
        if isinstance(block, TableBlock):
            rows = rows_of(block)
            table = document.add_table(len(rows), max(box.column + box.across for row in rows for box in row))
            for held, row in zip(table.rows, rows, strict=True):
                cells = held.cells
                for box in row:
                    cells[box.column].text = box.text
        elif isinstance(block, Paragraph) or hasattr(block, "text"):
            document.add_paragraph(block.text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def medians(jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median time of each job in seconds, after one run that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> None:
    """Print every ratio."""
    report = workbook.read(FILE)
    last = replace(report, year=(report.year or 0) - 1)
    made = blocks(report)

    def forms(*names: str, behind: tuple[str, ...] = ()) -> Callable[[], object]:
        return lambda: publish(report, Publishing(names, behind=behind), last, findings=())

    taken = medians(
        {
            "usual": forms("word", "page", "text"),
            "word": forms("word"),
            "page": forms("page"),
            "text": forms("text"),
            "last": forms("word", "page", "text", behind=("last-year",)),
            "charts": forms("word", "page", "text", behind=("last-year", "charts")),
            "pdf": forms("pdf"),
            "data": forms("data"),
            "read": lambda: workbook.read(FILE),
            "bare": lambda: bare(made),
        }
    )
    usual = taken["usual"]
    print(f"Word, page and text, warm: {usual * 1000:.0f} ms   goal < {GOAL * 1000:.0f}")
    print(f"  (a) x reading the workbook:      {usual / taken['read']:.1f}")
    print(f"  (b) x bare python-docx document: {usual / taken['bare']:.2f}")
    for name, said in (
        ("word", "Word alone"),
        ("page", "page alone"),
        ("text", "text alone"),
        ("last", "the three with last year's numbers"),
        ("charts", "the three with these and charts"),
        ("pdf", "PDF"),
        ("data", "data"),
    ):
        print(f"{said}: {taken[name] * 1000:.0f} ms, x {taken[name] / taken['bare']:.2f} of the bare document")


if __name__ == "__main__":
    main()

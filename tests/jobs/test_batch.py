"""A report of another year than nearly all of its batch is told, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cases import of_office

import workbook
from workbook.jobs.file import check_file
from workbook.jobs.result import Options
from workbook.jobs.run import follow
from workbook.jobs.search import search


@pytest.mark.parametrize(
    ("years", "odd"),
    [
        ([2024] * 4 + [2023], {4}),
        ([2023] + [2024] * 8, {0}),
        ([2024] * 9 + [2022, 2025], {9, 10}),
        ([2024] * 3 + [2023], set()),  # too few to tell
        ([2024] * 5 + [2023] * 3, set()),  # reports of two years in one folder
        ([2024] * 6, set()),
        ([2024] * 5 + [None], set()),  # its year is missing, which is told otherwise
    ],
    ids=str,
)
def test_the_odd_year_of_a_batch_is_told(tmp_path: Path, years: list[int | None], odd: set[int]) -> None:
    for number, year in enumerate(years):
        report = replace(of_office(f"第{number}局"), year=year)
        (tmp_path / f"{number:02}.json").write_bytes(workbook.to_json(report))
    results = list(follow(check_file, search([tmp_path]).tasks, Options()))
    told = {
        int(Path(result.file).stem)
        for result in results
        for finding in result.findings
        if result.is_closing and (finding["code"], finding["at"]) == ("batch.year", "year")
    }
    assert told == odd

"""Findings as lines for people who search them: ``file:sheet!cell: level code message``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.output.vocabulary import level, printable_results
from workbook.report.listing import pointed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang


def render(results: Sequence[Result], _lang: Lang) -> bytes:
    """Return a line a finding; a file without any has none."""
    lines = [
        f"{result.file}{where(finding)}: {level(finding)} {finding['code']} {finding['message']}\n"
        for result in printable_results(results)
        for finding in result.findings
    ]
    return "".join(lines).encode()


def where(finding: dict[str, Any]) -> str:
    """Return the cell that a finding leads to, or the text part that it quotes; nothing where it has neither."""
    place, _, _ = pointed(finding)
    if place and place["sheet"]:
        return f":{place['sheet']}!{place['address']}"
    quote = finding.get("quote")
    return f":{quote['part']}" if quote else f":{place['cell']}" if place else ""

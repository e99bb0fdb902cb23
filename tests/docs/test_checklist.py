"""The release checklist: what every release needs is short, every step is in the form, no button is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlplugin.addin.definition import load_definition

MOST, MINUTES = 12, 15
"""Steps that every release needs, and less than how long they take."""


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/release-checklist.md").read_text(encoding="utf-8")


def steps(page: str) -> dict[str, str]:
    """Return the steps by their numbers."""
    parts = re.split(r"^- \*\*([A-Z]\d+)\.\*\* ", page.partition("## The form")[0], flags=re.MULTILINE)
    numbers = parts[1::2]
    assert len(set(numbers)) == len(numbers)
    return dict(zip(numbers, parts[2::2], strict=True))


def test_what_every_release_needs_is_short(page: str) -> None:
    every = {number: text for number, text in steps(page).items() if number.startswith("E")}
    minutes = [int(found[1]) for text in every.values() if (found := re.match(r"\((\d+) min\) ", text))]
    assert len(minutes) == len(every) <= MOST
    assert sum(minutes) < MINUTES
    assert "fourteen minutes" in page
    assert sum(minutes) == 14


def test_every_step_has_its_place_in_the_form(page: str) -> None:
    form = page.partition("## The form")[2]
    assert re.findall(r"^([A-Z]\d+)\s+\[ \]$", form, flags=re.MULTILINE) == list(steps(page))
    assert all(word in form for word in ("Windows", "Excel", "WPS"))


def test_steps_are_counted_through_and_say_what_is_seen(page: str) -> None:
    counted: dict[str, int] = {}
    for number, text in steps(page).items():
        counted[number[0]] = counted.get(number[0], 0) + 1
        assert number == f"{number[0]}{counted[number[0]]}"
        assert "*Seen:*" in text, number


def test_every_button_is_in_a_step(page: str) -> None:
    for button in load_definition().buttons:
        assert button.label in page, button.label

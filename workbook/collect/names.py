"""What the files of a unit are called: by its name, so that people know whose they are, and never like another's."""

from __future__ import annotations

from collections import Counter
from itertools import chain, count
from typing import TYPE_CHECKING

from workbook.jobs.names import alike, fitting
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.collect.register import Unit

_PART = 30
"""Characters that a name has room for of the one above, or of a key."""


def file_stems(units: Iterable[Unit], longest: str) -> dict[str, str]:
    """Return by 单位ID what the names of a unit's files begin with; every system takes them and tells them apart.

    Units of one name have that of the unit above behind it, or their keys.

    Args:
        units: all units of the register, so that a name does not depend on whose files are written.
        longest: the longest of the endings that will stand behind.
    """
    units = list(units)
    plain = {unit.id: _stem(unit.name, longest) for unit in units}
    names = {unit.id: unit.name for unit in units}
    often = Counter(map(alike, plain.values()))
    taken = {key for key, number in often.items() if number == 1}
    for unit in units:
        if often[alike(plain[unit.id])] > 1:
            above, key = (fitting(printable(text))[:_PART] for text in (names.get(unit.parent or "", unit.id), unit.id))
            tails = chain([f"（{above}）", f"（{key}）"], (f"（{key}）-{number}" for number in count(2)))
            stems = (_stem(unit.name, tail + longest) + tail for tail in tails)
            plain[unit.id] = next(stem for stem in stems if alike(stem) not in taken)
            taken.add(alike(plain[unit.id]))
    return plain


def _stem(name: str, ending: str) -> str:
    return fitting(printable(name), ending).removesuffix(ending)

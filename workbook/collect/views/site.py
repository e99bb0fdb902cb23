"""The folder of pages: which units have a page, what the pages are called, how one leads to the other."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbook.collect.store import FILE
from workbook.collect.views.dossier import worth_a_page
from workbook.files import make_folder, refuse_existing, save
from workbook.intake.results import is_result
from workbook.jobs.names import alike, fitting

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.views.status import Overview

_OFFICE, _UNIT = "office-", "unit-"
_OWN = re.compile(r"(office|unit|list)-.*\.html", re.DOTALL)
_ENDING = ".html"
_HEAD = 4096  # bytes in which a page says what it is
_LONGEST = 100  # characters of an id in a name: on Windows a path has 260 in all
HERE, INDEX = "", ".."


class Site:
    """The pages of a collection: an overview at ``index``, the others in a folder beside it that is named like it."""

    def __init__(self, index: Path, collection: Path, overview: Overview) -> None:
        """Name the pages.

        Args:
            index: where the overview goes.
            collection: the folder of the collection, which no page is put into.
            overview: what the pages are about.
        """
        self.index = index
        self.folder = _folder(index, collection)
        self._taken: set[str] = set()
        self.offices = {node.unit.id: self._name(_OFFICE, node.unit.id) for node in overview.tree.parents}
        worth = (standing.unit.id for standing in (*overview.standings, *overview.strays) if worth_a_page(standing))
        self.units = {unit: self._name(_UNIT, unit) for unit in dict.fromkeys(worth)}
        self.written: set[str] = set()

    def _name(self, kind: str, unit: str) -> str:
        """Return a name that no other page has, on any system."""
        for number in count(1):
            name = fitting((f"{kind}{unit}" if number == 1 else f"{kind}{number}-{unit}")[:_LONGEST], _ENDING)
            if alike(name) not in self._taken:
                break
        self._taken.add(alike(name))
        return name

    def link(self, name: str | None, base: str) -> str | None:
        """Return the address of a page of the folder as seen from a page of it (``HERE``), or from the overview."""
        if name is None:
            return None
        return f"{quote(self.folder.name)}/{quote(name)}" if base == INDEX else quote(name)

    @property
    def home(self) -> str:
        """The address of the overview as seen from the other pages."""
        return f"../{quote(self.index.name)}"

    def prepare(self, *, force: bool) -> None:
        """Make the folder.

        Raises:
            FileExistsError: the overview is there already, or something is in the folder, and ``force`` is not given.
            OSError: it cannot be made.
        """
        refuse_existing(self.index, force=force)
        make_folder(self.folder)
        if not force and any(self.folder.iterdir()):
            raise FileExistsError(str(self.folder))

    def write(self, name: str, data: bytes) -> None:
        """Write a page of the folder; one that is there of an earlier time is written over."""
        save(self.folder / name, data, force=True)
        self.written.add(name)

    def finish(self, data: bytes, *, force: bool) -> None:
        """Write the overview, and remove pages of an earlier time that nothing leads to any more."""
        save(self.index, data, force=force)
        for path in self.folder.iterdir():
            if path.name not in self.written and _OWN.fullmatch(path.name) and _is_ours(path):
                path.unlink(missing_ok=True)


def part(name: str, number: int) -> str:
    """Return what a further part of a page is called.

    >>> part("list-late.html", 1), part("list-late.html", 2)
    ('list-late.html', 'list-late.2.html')
    """
    return name if number == 1 else f"{name.removesuffix(_ENDING)}.{number}{_ENDING}"


def _folder(index: Path, collection: Path) -> Path:
    """Return the folder that is named like the overview, and never one of another use."""
    folder = index.with_name(fitting(index.stem))
    other = alike(folder.name) == alike(index.name) or (folder / FILE).exists()
    return folder.with_name(fitting(folder.name, "-网页")) if other or _same(folder, collection) else folder


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return is_result(file.read(_HEAD))

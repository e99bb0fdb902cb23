"""What every carrier is turned into: grids of cells and paragraphs, in the order of the document."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.report import LeftOut, Place


Doubt = Literal["", "colour", "style", "pieces"]
"""Letters have about the colour of their ground, are in an unusual style, or come in pieces under different names."""


Hidden = Literal["", "hidden", "very"]
"""Whether a sheet is shown; a very hidden one is not listed where others are unhidden."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell: what it holds (a number, a text, ``None``), and where it stands in the file.

    Cells are compared by identity: a cell that spans several rows or columns stands as the same object in each of them.
    """

    value: Any
    place: Place
    textual: bool = True
    """Whether the file knows texts only, so that digits as text are plain."""
    left_out: tuple[LeftOut, ...] = ()
    doubt: Doubt = ""
    """Why it is doubtful that all of what it holds can be seen."""

    @property
    def text(self) -> str:
        """What the cell holds as a text; empty for nothing."""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table, or a sheet.

    ``rows`` may differ in length. ``aligned`` says whether cells of one column stand below each other: spans are
    expanded; in plain text they are not. ``counted`` says that the file has no columns of its own: a cell stands in a
    column only because of those before it, and one that is missing shifts all behind it. ``own`` says that it is a
    sheet of the kit, in whose number cells a text is a fault: it is kept as it stands.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    aligned: bool = True
    counted: bool = False
    hidden: Hidden = ""
    own: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Paragraph:
    """A paragraph of text between tables.

    ``exact`` says that it is known to be text of the report, as the kit wrote it: it is taken letter by letter, and may
    be blank.
    """

    text: str
    place: Place
    exact: bool = False


Block = Grid | Paragraph


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text.

    Lines of one ``part``, a paragraph or a cell, were written as one; lines of one ``run`` have no table between them.
    One that is ``exact`` is text of the report as it stands.
    """

    text: str
    place: Place
    part: int
    run: int
    exact: bool = False


@dataclass(frozen=True)
class Document:
    """A file as its carrier read it, with findings about the file itself, such as pages that are pictures.

    ``named`` are the cells of the form to which the file itself gives their keys as names.
    """

    file: str
    blocks: Sequence[Block]
    reader_findings: tuple[Any, ...] = field(default=())
    named: Mapping[str, Place] = field(default_factory=dict)

    @cached_property
    def placed(self) -> Sequence[tuple[Block, int, TextLine | None]]:
        """Each row of each block with the lines of text that stand in it; ``None`` where there are none."""
        return [*_placed(self.blocks)]


def _placed(blocks: Sequence[Block]) -> Iterator[tuple[Block, int, TextLine | None]]:
    part = run = 0
    for block in blocks:
        rows: Sequence[Sequence[Paragraph | Cell]] = [[block]] if isinstance(block, Paragraph) else block.rows
        for at, row in enumerate(rows):
            if isinstance(block, Paragraph) and block.exact:
                part += 1
                yield from (
                    (block, at, TextLine(text, block.place, part, run, exact=True)) for text in block.text.split("\n")
                )
                continue
            filled = {id(each): each for each in row if each.text.strip()}
            part += 1
            if len(filled) > 1:
                run += 1
            only: Paragraph | Cell | None = next(iter(filled.values())) if len(filled) == 1 else None
            if isinstance(only, Paragraph) or (only and isinstance(only.value, str)):
                yield from ((block, at, TextLine(text, only.place, part, run)) for text in only.text.splitlines())
            else:
                yield block, at, None

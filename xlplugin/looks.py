"""What a cell looks like, as far as it can be put back exactly: its fill and its note.

Beside ``excel`` this is the only place of the room that calls Excel's object model (``.api``).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlwings import Range

Fill = str
"""``NO_FILL``; a colour as six hexadecimal digits; a colour of the theme as ``theme 5 -0.25``, with its tint."""

NO_FILL: Fill = "none"
THREADED, FORMATTED = "threaded", "formatted"
"""Why a note is left alone: it is, or stands for, a threaded comment; its letters differ in their fonts."""

_THEME = "theme"
_NONE, _SOLID, _AUTOMATIC = -4142, 1, -4105
_THEME_COLOURS = range(1, 13)
_THREAD = "tc="  # begins the author of the note that stands for a thread in versions that know none
_FONT = ("Bold", "Italic", "Underline", "Strikethrough", "Superscript", "Subscript", "Color", "Size", "Name")
_NOTE_SIZE = 300, 150  # points; Excel's own size shows three lines


def fill_of(cell: Range) -> Fill | None:
    """Return the fill of a cell; ``None`` where ``put_fill`` could not put it back as it is.

    A pattern, a gradient, the automatic colour and a tint on a colour of no theme have more to them than a colour. What
    a cell has from its style is put back as its own: it looks the same.
    """
    try:
        inside = cell.api.Interior
        if inside.Pattern == _NONE:
            return NO_FILL
        if inside.Pattern != _SOLID or inside.ColorIndex == _AUTOMATIC:
            return None
        theme, tint = _theme(cell), float(inside.TintAndShade)
    except Exception:  # noqa: BLE001 - mixed in a merged cell
        return None
    if theme is not None:
        return f"{_THEME} {theme} {tint!r}"
    return None if tint or cell.color is None else bytes(cell.color).hex().upper()


def put_fill(cell: Range, fill: Fill) -> None:
    """Give a cell a fill that is plain now; a theme's colour comes before its tint, which it resets."""
    if fill == NO_FILL:
        cell.color = None
    elif fill.startswith(_THEME):
        _, theme, tint = fill.split()
        cell.api.Interior.ThemeColor = int(theme)
        cell.api.Interior.TintAndShade = float(tint)
    else:
        cell.color = rgb(fill)


def rgb(digits: str) -> tuple[int, int, int]:
    """Return red, green and blue of six hexadecimal digits."""
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def note_of(cell: Range) -> str | None:
    """Return the text of a cell's note."""
    note = cell.note
    return note.text if note is not None else None


def note_left(cell: Range) -> str | None:
    """Return why a cell can be given no note, or its note no other text and then its own again; ``None`` where it can.

    Another text takes the font of the first letter, so that of a note with several is lost; Excel itself begins notes
    with the name of their author in bold. Beside a threaded comment there can be no note, and in versions that know
    none, the note in its place must not be changed.
    """
    if _threaded(cell):
        return THREADED
    note = cell.note
    if note is None:
        return None
    if str(note.api.Author).startswith(_THREAD):
        return THREADED
    try:
        font = note.api.Shape.TextFrame.Characters().Font
        mixed = any(getattr(font, name) is None for name in _FONT)
    except Exception:  # noqa: BLE001 - what cannot be seen cannot be put back
        return FORMATTED
    return FORMATTED if mixed else None


def enlarge_note(cell: Range) -> None:
    """Give the note of a cell room for a finding."""
    with suppress(Exception):  # a look; the note is there
        shape = cell.api.Comment.Shape
        shape.Width, shape.Height = _NOTE_SIZE


def _theme(cell: Range) -> int | None:
    try:
        theme = cell.api.Interior.ThemeColor
    except Exception:  # noqa: BLE001 - Excel refuses to say it of a colour of no theme
        return None
    return int(theme) if theme in _THEME_COLOURS else None


def _threaded(cell: Range) -> bool:
    try:
        return cell.api.CommentThreaded is not None
    except Exception:  # noqa: BLE001 - older versions do not know them, and say so as a COM error
        return False

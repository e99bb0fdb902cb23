"""The formats of a workbook, to which some are added; those that it has stay, with their numbers."""

from __future__ import annotations

from workbook.excel.patching.markup import Element, Markup, Unpatchable, with_attributes


def plain_fill(colour: str) -> str:
    """Return the markup of a plain colour, given as RGB in hexadecimal digits."""
    inside = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{inside}</patternFill></fill>'


class Styles:
    """The part of the formats. What is added is given its number; of what is there already, the number that it has."""

    def __init__(self, xml: bytes) -> None:
        """Follow the part.

        Raises:
            Unpatchable: it is written in another way than programs do.
        """
        self._markup = Markup(xml, "styleSheet")
        self._lists: dict[str, Element] = {}
        self._known: dict[str, dict[bytes, int]] = {}
        self._counts: dict[str, int] = {}
        for name in ("fonts", "fills", "borders", "cellXfs"):
            listed = self._markup.root.find(name)
            if not listed or not listed.children:
                raise Unpatchable(f"no {name}")
            self._lists[name] = listed
            self._counts[name] = len(listed.children)
            raw = [self._markup.raw(child) for child in listed.children]
            self._known[name] = {text: at for at, text in reversed(list(enumerate(raw)))}
        self._letters = self._face()

    def font(self, size: float, colour: str = "", *, bold: bool = False, underlined: bool = False) -> int:
        """Return the number of a font with the letters of the workbook's first; the colour as RGB, none by default."""
        content = "<b/>" * bold + '<u val="single"/>' * underlined + f'<sz val="{size:g}"/>'
        content += f'<color rgb="FF{colour}"/>' * bool(colour) + self._letters
        return self._add("fonts", f"<font>{content}</font>")

    def fill(self, markup: str) -> int:
        """Return the number of a fill."""
        return self._add("fills", markup)

    def thin_border(self) -> int:
        """Return the number of a thin line around a cell."""
        sides = "".join(
            f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom")
        )
        return self._add("borders", f"<border>{sides}<diagonal/></border>")

    def format(self, font: int = 0, fill: int = 0, border: int = 0, *, wrapped: bool = False) -> int:
        """Return the number of a format."""
        ids = f'numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        applied = "".join(
            f' apply{what}="1"' for what, on in (("Font", font), ("Fill", fill), ("Border", border)) if on
        )
        if not wrapped:
            return self._add("cellXfs", f"<xf {ids}{applied}/>")
        inside = '<alignment vertical="center" wrapText="1"/>'
        return self._add("cellXfs", f'<xf {ids}{applied} applyAlignment="1">{inside}</xf>')

    def fill_of(self, number: int) -> str:
        """Return the fill of a format, as markup.

        Raises:
            Unpatchable: there is no such format.
        """
        fill, fills = int(self._format(number).attributes.get("fillId", 0)), self._lists["fills"].children
        if not 0 <= fill < len(fills):
            raise Unpatchable("a fill that is not there")
        return self._markup.raw(fills[fill]).decode()

    def filled(self, number: int, fill: str) -> int:
        """Return the number of a format that is another one but for its fill, which is given as markup.

        Raises:
            Unpatchable: there is no such format.
        """
        tag, whole = self._markup.tag(self._format(number)), self._markup.raw(self._format(number))
        changed = with_attributes(tag, {"fillId": str(self.fill(fill)), "applyFill": "1"})
        return self._add("cellXfs", (changed + whole[len(tag) :]).decode())

    def _format(self, number: int) -> Element:
        formats = self._lists["cellXfs"].children
        if not 0 <= number < len(formats):
            raise Unpatchable("a format that is not there")
        return formats[number]

    def written(self) -> bytes:
        """Return the part."""
        for name, listed in self._lists.items():
            if self._counts[name] > len(listed.children):
                self._markup.set(listed, count=str(self._counts[name]))
        return self._markup.written()

    def _add(self, name: str, text: str) -> int:
        known = self._known[name]
        if text.encode() not in known:
            known[text.encode()] = self._counts[name]
            self._counts[name] += 1
            self._markup.append(self._lists[name], text)
        return known[text.encode()]

    def _face(self) -> str:
        """Return what says which letters the first font has."""
        parts = [
            part for part in self._lists["fonts"].children[0].children if part.name in {"name", "family", "charset"}
        ]
        return b"".join(map(self._markup.raw, parts)).decode()

"""Draws a page of a PDF as pdfminer does, and remembers what pdfminer forgets.

That is: what clips, dims or switches off the letters, in which turn they are drawn, and which areas are filled.
"""
# ruff: noqa: N802 - pdfminer calls methods by the names of the instructions

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pdfminer.layout import LTCurve, LTLine
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import apply_matrix_pt
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from workbook.carriers.pdf.paint import Area, around, colour_of, common, outlines, plain_outlines

if TYPE_CHECKING:
    from collections.abc import Collection

    from pdfminer.layout import LTChar

    from workbook.carriers.pdf.paint import Sides
    from workbook.carriers.pdf.vet import Tally
    from workbook.match.contrast import Colour

_STROKED = (1, 5)
"""The ways of drawing text that draw the outlines of letters alone."""
_INVISIBLE = (3, 7)
"""The ways of drawing text that leave nothing on the page."""
_DIM, _FULL = 0.05, 0.9
"""The shares of its colour with which something cannot be seen, and with which nothing below it can."""


class _State(PDFGraphicState):
    """The state of pdfminer with what else decides whether something is seen.

    ``clip`` are the sides around the area that can be drawn on, ``alpha`` is how much of a colour is put on, and
    ``group`` how much of that the group keeps that it is drawn in.
    """

    clip: Sides
    alpha = group = 1.0
    masked = blended = False

    def copy(self) -> _State:
        made = _State()
        made.__dict__.update(self.__dict__)
        return made

    @property
    def strength(self) -> float:
        return self.alpha * self.group

    @property
    def opaque(self) -> bool:
        return self.strength >= _FULL and not self.masked and not self.blended


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter: its turn in drawing the page, its colour, and the sides around what can be drawn on.

    ``written`` says whether its way of drawing leaves something on the page, ``shown`` whether it is not dimmed to
    nothing or switched off.
    """

    item: LTChar
    turn: int
    colour: Colour | None
    clip: Sides
    written: bool
    shown: bool


class Canvas(PDFPageAggregatorWithMarkedContent):
    """A page that was drawn.

    Attributes:
        letters: all letters, those too that cannot be seen.
        areas: what is filled, in the order of drawing.
        shapes: the lines and shapes of pdfminer that can be seen.
        ctm: the matrix of the page itself.
    """

    def __init__(self, page: Any, tally: Tally) -> None:
        super().__init__(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
        self._tally = tally
        self.letters: list[Drawn] = []
        self.areas: list[Area] = []
        self.shapes: list[LTCurve] = []
        self.switched_off = _switched_off(page.pdf.doc.catalog)
        self.off: list[bool] = []
        self.state = _State()
        self._turn = 0
        self._in_parts = False
        interpreter = _Interpreter(page.pdf.rsrcmgr, self)
        interpreter.visible = page.page_obj.cropbox
        interpreter.process_page(page.page_obj)

    def begin_page(self, page: Any, ctm: Any) -> None:
        """Begin the page."""
        super().begin_page(page, ctm)
        self._tally.begin_page()
        self.page_matrix = ctm

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Draw letters."""
        self._tally.add_letters(seq)
        before = len(self.cur_item._objs)  # noqa: SLF001 - the page in the making
        super().render_string(textstate, seq, ncs, graphicstate)
        self._turn += 1
        state = graphicstate
        stroked = textstate.render in _STROKED
        colour = colour_of(state.scs, state.scolor) if stroked else colour_of(ncs, state.ncolor)
        shown = state.strength > _DIM and not any(self.off)
        written = textstate.render not in _INVISIBLE
        self.letters += [
            Drawn(letter, self._turn, colour, state.clip, written, shown)
            for letter in cast("list[LTChar]", self.cur_item._objs[before:])  # noqa: SLF001
        ]

    def render_image(self, name: str, stream: Any) -> None:
        """Draw a picture; one with a mask has holes."""
        super().render_image(name, stream)
        whole = not any(stream.get_any((key,)) for key in ("SMask", "Mask", "ImageMask", "IM"))
        self.fill(self.cur_item.bbox, self.state, None, whole=whole)

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:  # noqa: FBT001 - as pdfminer has it
        """Draw a path; pdfminer draws each of its parts anew, and forgets that together they may be a ring."""
        if self._in_parts:
            super().paint_path(gstate, stroke, fill, evenodd, path)
            return
        self._tally.add_path(path)
        before = len(self.cur_item._objs)  # noqa: SLF001
        self._in_parts = True
        super().paint_path(gstate, stroke, fill, evenodd, path)
        self._in_parts = False
        if gstate.strength <= _DIM or any(self.off):
            return
        shapes = [item for item in self.cur_item._objs[before:] if isinstance(item, LTCurve)]  # noqa: SLF001
        self.shapes += shapes
        if fill and shapes:
            found = outlines(part for shape in shapes for part in _flat(shape.original_path))
            sides = around(point for outline in found for point in outline)
            whole = gstate.ncs.name != "Pattern"
            self.fill(sides, gstate, colour_of(gstate.ncs, gstate.ncolor), found, even_odd=evenodd, whole=whole)
        if stroke:
            for line in shapes:
                if isinstance(line, LTLine) and (line.width == 0 or line.height == 0):
                    grown = line.linewidth / 2 if line.width == 0 else 0, line.linewidth / 2 if line.height == 0 else 0
                    sides = line.x0 - grown[0], line.y0 - grown[1], line.x1 + grown[0], line.y1 + grown[1]
                    self.fill(sides, gstate, colour_of(gstate.scs, gstate.scolor))

    def fill(
        self, sides: Sides, state: Any, colour: Colour | None, found: Any = (), *, even_odd: bool = False,
        whole: bool = True,
    ) -> None:  # fmt: skip
        """Remember a filled area."""
        if state.strength <= _DIM or any(self.off):
            return
        self._turn += 1
        opaque = whole and state.opaque
        sides = common(sides, state.clip)
        area = Area(self._turn, sides, colour if opaque else None, opaque, plain_outlines(found), even_odd)
        self.areas.append(area)


def _flat(path: Any) -> Any:
    """Return the steps of a path, the numbers of each in a row."""
    return ([name, *(number for point in points for number in point)] for name, *points in path)


def _switched_off(catalog: Any) -> set[int]:
    """Return the numbers of the objects of the layers that are switched off."""
    layers = dict_value(catalog.get("OCProperties", {}))
    settings = dict_value(layers.get("D", {}))
    off = _numbers(settings.get("OFF"))
    if literal_name(resolve1(settings.get("BaseState", ""))) == "OFF":
        off |= _numbers(layers.get("OCGs")) - _numbers(settings.get("ON"))
    return off


def _numbers(references: Any) -> set[int]:
    return {item.objid for item in list_value(references or []) if isinstance(item, PDFObjRef)}


class _Interpreter(PDFPageInterpreter):
    """Follows the instructions that pdfminer passes over.

    The names and parameters of methods are those of the instructions: pdfminer calls them by these.
    """

    device: Canvas
    graphicstate: Any
    visible: Any
    _above: _State | None = None
    _form: Any = {}  # noqa: RUF012 - never written to

    def subinterp(self) -> Any:
        """Return what draws a form, which begins with the state of what it stands in."""
        inner: Any = super().subinterp()
        inner._above = above = self.graphicstate.copy()  # noqa: SLF001
        if "Group" in self._form:
            above.group, above.alpha = above.strength, 1.0
        return inner

    def init_state(self, ctm: Any) -> None:
        super().init_state(ctm)
        if self._above:
            self.graphicstate = self._above
        else:
            self.graphicstate = _State()
            self.graphicstate.clip = self._around([(*self.visible[:2],), (*self.visible[2:],)])

    def _around(self, points: Any) -> Sides:
        left, bottom, right, top = around(points)
        corners = ((left, bottom), (left, top), (right, bottom), (right, top))
        return around(apply_matrix_pt(self.ctm, corner) for corner in corners)

    def do_W(self) -> None:
        """Clip what follows; what the path is drawn with lies within it anyway."""
        points = [point for outline in outlines(self.curpath) for point in outline]
        if points:
            self.graphicstate.clip = common(self.graphicstate.clip, self._around(points))

    def do_W_a(self) -> None:
        self.do_W()

    def do_gs(self, name: Any) -> None:
        named = dict_value(dict_value(self.resources).get("ExtGState", {})).get(literal_name(name))
        settings = dict_value(named or {})
        alpha, blend = resolve1(settings.get("ca")), resolve1(settings.get("BM"))
        if isinstance(alpha, int | float):
            self.graphicstate.alpha = float(alpha)
        if "SMask" in settings:
            self.graphicstate.masked = isinstance(resolve1(settings["SMask"]), dict)
        if blend:
            first = resolve1(blend[0]) if isinstance(blend, list) else blend
            self.graphicstate.blended = literal_name(first) not in ("Normal", "Compatible")

    def do_cs(self, name: Any) -> None:
        super().do_cs(name)
        self.graphicstate.ncolor = None  # the colour set before does not belong to this colour space

    def do_CS(self, name: Any) -> None:
        super().do_CS(name)
        self.graphicstate.scolor = None

    def do_sh(self, name: Any) -> None:
        super().do_sh(name)
        self.device.fill(self.graphicstate.clip, self.graphicstate, None)

    def do_EI(self, obj: Any) -> None:
        self.device.state = self.graphicstate
        super().do_EI(obj)

    def do_Do(self, xobjid_arg: Any) -> None:
        drawn = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        self._form = drawn.attrs if isinstance(drawn, PDFStream) else {}
        self.device.state = self.graphicstate
        depth = len(self.device.off)
        self.device.off.append(self._is_off(self._form.get("OC")))
        super().do_Do(xobjid_arg)
        del self.device.off[depth:]

    def do_BMC(self, tag: Any) -> None:
        super().do_BMC(tag)
        self.device.off.append(False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        super().do_BDC(tag, props)
        named = dict_value(dict_value(self.resources).get("Properties", {}))
        layer = literal_name(tag) == "OC" and isinstance(props, PSLiteral) and named.get(literal_name(props))
        self.device.off.append(self._is_off(layer or None))

    def do_EMC(self) -> None:
        super().do_EMC()
        del self.device.off[-1:]

    def _is_off(self, layer: Any) -> bool:
        """Say whether a layer is switched off, or every one of several."""
        off: Collection[int] = self.device.switched_off
        if not off or not isinstance(layer, PDFObjRef) or layer.objid in off:
            return bool(off) and isinstance(layer, PDFObjRef)
        several = dict_value(layer)
        members = several.get("OCGs")
        listed = resolve1(members) if isinstance(resolve1(members), list) else [members]
        policy = literal_name(resolve1(several["P"])) if "P" in several else "AnyOn"
        switched = [item.objid in off for item in listed if isinstance(item, PDFObjRef)]
        return "VE" not in several and policy in ("AnyOn", "AllOn") and bool(switched) and all(switched)

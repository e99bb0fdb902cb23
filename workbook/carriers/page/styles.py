"""What the style sheets inside a page declare for its elements: the cascade. Nothing is fetched.

The page is shown on a screen of an ordinary width, and nothing on it is pointed at. Sheets that are too large or too
intricate to be followed are left alone, which is told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list

from workbook.carriers.page.values import CANONICAL, is_valid
from workbook.intake.limits import STYLE_INLINE_LIMIT, STYLE_SELECTOR_LIMIT, STYLE_SHEET_LIMIT, STYLE_STEP_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Declared = Mapping[str, Any]

_NESTED = 8
"""Conditions that may stand within each other."""
_LONGEST = 20
"""Words of a value that is looked at."""
_SCREEN = 1280.0
"""Pixels of the screen's width, for the conditions of style sheets."""

_DATA = re.compile(r"url\(\s*[\"']?data:[^)]*\)")
"""A picture or a font inside a sheet."""
_NUMBERS = re.compile(r"[0-9.]{40,}")
"""What cannot be a number of a style sheet, and more than Python takes for one."""
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([0-9.]{1,8})\s*(px|em|rem)\s*\)")
_QUERY = re.compile(r"(?:only\s+)?(all|screen)?\s*(?:and\s+)?((?:\([^()]*\)\s*(?:and\s*)?)*)")
_UNUSUAL = re.compile(r"\bnot\b|-ms-|-moz-|-webkit-")


class TooMuchError(Exception):
    """The style sheets are beyond a limit."""


class Styles:
    """The style sheets of a page. ``left_alone`` says that they are not followed."""

    def __init__(self, tree: Any) -> None:
        """Read the sheets that stand inside a page of lxml and apply to it."""
        self._steps = _Steps()
        self._matcher = Matcher()
        self._inline_left = STYLE_INLINE_LIMIT
        self._selectors = 0
        self.left_alone = False
        try:
            sheets = [_DATA.sub("url()", sheet.text_content()) for sheet in tree.iter("style") if _is_read(sheet)]
            self.left_alone = sum(map(len, sheets)) > STYLE_SHEET_LIMIT
            for sheet in sheets if not self.left_alone else ():
                rules = tinycss2.parse_stylesheet(_NUMBERS.sub("0", sheet), skip_comments=True, skip_whitespace=True)
                self._add(rules)
        except (TooMuchError, RuntimeError, MemoryError):  # the last two come of hostile nesting
            self._leave_alone()

    def root(self, tree: Any) -> ElementWrapper:
        """Return the root of the page, whose ``iter_children`` gives the elements that ``declared`` takes."""
        return self._steps.wrapper.from_html_root(tree)

    def declared(self, node: ElementWrapper) -> tuple[Declared, Mapping[str, Declared]]:
        """Return the strongest declarations for an element by property, and those for ``before`` and ``after`` it.

        Values are tuples of tinycss2's component values.
        """
        matched: list[Any] = []
        try:
            matched = self._matcher.match(node) if self._selectors else matched
        except TooMuchError:
            self._leave_alone()
        layers = [(pseudo or "", found) for _, _, pseudo, found in matched]
        inline = node.etree_element.get("style")
        if inline:
            layers.append(("", self.inline(inline)))
        if not layers:
            return {}, {}
        weighed: dict[str, dict[str, Any]] = {}
        for important in (False, True):
            for pseudo, found in layers:
                weighed.setdefault(pseudo, {}).update(found[important])
        return weighed.pop("", {}), weighed

    def inline(self, style: str) -> Sequence[Declared]:
        """Return what a ``style`` attribute declares: ordinary declarations, and important ones."""
        before = _inline.cache_info().misses
        found = _inline(style) if self._inline_left >= 0 else ({}, {})
        self._inline_left -= len(style) * (_inline.cache_info().misses - before)
        if self._inline_left < 0:
            self._leave_alone()
        return found

    def _leave_alone(self) -> None:
        self._matcher, self.left_alone = Matcher(), True

    def _add(self, rules: Iterable[Any], depth: int = 0) -> None:
        for rule in rules:
            if rule.type == "qualified-rule":
                self._add_rule(rule)
            elif rule.type == "at-rule" and rule.content and depth < _NESTED and _applies(rule):
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                self._add(inner, depth + 1)

    def _add_rule(self, rule: Any) -> None:
        found = _relevant(tinycss2.parse_declaration_list(rule.content))
        if not any(found):
            return
        try:
            written = tinycss2.serialize(rule.prelude)
            selectors = compile_selector_list(rule.prelude)
        except (SelectorError, SyntaxError):
            return  # browsers pass over what they do not understand; Python takes no deep brackets
        self._selectors += len(selectors)
        if self._selectors > STYLE_SELECTOR_LIMIT:
            raise TooMuchError
        siblings, attributes = "nth-" in written or "of-type" in written, "[" in written
        for selector in selectors if ":has" not in written else ():  # it looks at all that is inside, in no real page
            selector.test = self._steps.counted(selector.test, siblings=siblings, attributes=attributes)
            self._matcher.add_selector(selector, found)


class _Steps:
    """Counts what selectors look at: a few that are nested could keep a reader busy for years."""

    def __init__(self) -> None:
        self._left = STYLE_STEP_LIMIT
        steps = self

        class Node(ElementWrapper):  # type: ignore[misc]
            """An element that keeps no lists of others: these would be as many as pairs of elements."""

            @property
            def ancestors(self) -> Any:
                return steps.walked(self.parent, "parent")

            @property
            def previous_siblings(self) -> Any:
                return steps.walked(self.previous, "previous")

        self.wrapper = Node

    def walked(self, node: Any, way: str) -> Iterator[Any]:
        """Yield an element and all that are reached from it one way, counted."""
        while node is not None:
            self.count(1)
            yield node
            node = getattr(node, way)

    def count(self, steps: int) -> None:
        """Count elements that are looked at.

        Raises:
            TooMuchError: they are too many.
        """
        self._left -= steps
        if self._left < 0:
            raise TooMuchError

    def counted(self, test: Callable[[Any], Any], *, siblings: bool, attributes: bool) -> Callable[[Any], bool]:
        """Return the test of a selector that counts itself, and all siblings or attributes where it looks at them."""

        def counting(node: Any) -> bool:
            more = len(node.etree_siblings) if siblings else 0
            more += sum(map(len, node.etree_element.attrib.values())) // 16 if attributes else 0
            self.count(1 + more)
            return bool(test(node))

        return counting


@lru_cache(maxsize=4_000)
def _inline(style: str) -> Sequence[Declared]:
    try:
        return _relevant(tinycss2.parse_declaration_list(_NUMBERS.sub("0", style)))
    except (RuntimeError, MemoryError):  # of hostile nesting
        return {}, {}


def _relevant(declarations: Iterable[Any]) -> Sequence[Declared]:
    """Return the declarations that say how text is shown: ordinary ones and important ones, each by its property.

    A shorthand counts as the property that matters of it. What a browser does not understand changes nothing.
    """
    found: tuple[dict[str, Any], dict[str, Any]] = {}, {}
    for each in declarations:
        if each.type == "declaration" and each.lower_name in CANONICAL:
            value = tuple(token for token in each.value if token.type not in {"whitespace", "comment"})[:_LONGEST]
            name = CANONICAL[each.lower_name]
            if is_valid(name, value):
                found[bool(each.important)][name] = value
    return found


def _is_read(sheet: Any) -> bool:
    """Say whether an element of style is a style sheet that applies."""
    kind = (sheet.get("type") or "text/css").lower()
    inside = any(True for _ in sheet.iterancestors("noscript", "template", "svg"))
    return kind == "text/css" and not inside and _is_for_screen(sheet.get("media") or "all")


def _applies(rule: Any) -> bool:
    """Say whether the rules within a rule hold; those under a condition that is not understood do not."""
    condition = tinycss2.serialize(rule.prelude)
    if rule.lower_at_keyword == "media":
        return _is_for_screen(condition)
    return rule.lower_at_keyword in {"supports", "layer"} and not _UNUSUAL.search(condition)


def _is_for_screen(media: str) -> bool:
    """Say whether a list of media holds the screen."""
    return any(map(_is_screen, media.lower().split(",")))


def _is_screen(query: str) -> bool:
    found = _QUERY.fullmatch(query.strip())
    conditions = found[2].count("(") if found else 0
    widths = _WIDTH.findall(found[2]) if found else []
    pixels = [(side, float(width) * (1 if unit == "px" else 16)) for side, width, unit in widths]
    fits = all((width <= _SCREEN) is (side == "min") for side, width in pixels)
    return found is not None and len(widths) == conditions and fits

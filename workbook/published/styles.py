"""What the style sheets inside a page declare for its elements: the cascade. Nothing is fetched.

The page is shown on a screen of an ordinary width, and nothing on it is pointed at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list

from workbook.archive import too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    Declared = Mapping[str, Any]

STEP_LIMIT = 5_000_000
"""Elements that the selectors of a page may look at; a page of a report takes some hundred thousand."""
SHEET_LIMIT = 1_000_000
"""Characters of all style sheets of a page, without the pictures and fonts in them."""
_NESTED = 8
"""Conditions that may stand within each other."""
_SCREEN = 1280.0
"""Pixels of the screen's width, for the conditions of style sheets."""
_DATA = re.compile(r"url\(\s*[\"']?data:[^)]*\)")
"""A picture or a font inside a sheet."""
_WIDTH = re.compile(r"(min|max)-width\s*:\s*([0-9.]{1,8})\s*px")


class Styles:
    """The style sheets of a page."""

    def __init__(self, tree: Any, properties: Container[str], file: str) -> None:
        """Read the sheets that stand inside a page.

        Args:
            tree: the page of lxml.
            properties: the names of those that matter.
            file: its name, for findings.

        Raises:
            Unreadable: they are beyond a limit; ``declared`` raises it too.
        """
        self._properties = properties
        self._steps = _Steps(file)
        self._matcher = Matcher()
        sheets = [
            _DATA.sub("url()", sheet.text_content())
            for sheet in tree.iter("style")
            if _is_for_screen(sheet.get("media") or "")
        ]
        size = sum(map(len, sheets))
        if size > SHEET_LIMIT:
            raise too_large(file, f"的样式表有 {size} 个字", f"style sheets of {size} characters", SHEET_LIMIT)
        for sheet in sheets:
            self._add(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))

    def root(self, tree: Any) -> ElementWrapper:
        """Return the root of the page, whose ``iter_children`` gives the elements that ``declared`` takes."""
        return self._steps.wrapper.from_html_root(tree)

    def declared(self, node: ElementWrapper) -> tuple[Declared, Mapping[str, Declared]]:
        """Return the strongest declarations for an element by property, and those for ``before`` and ``after`` it.

        Values are tinycss2's component values.
        """
        inline = node.etree_element.get("style")
        layers = [(pseudo or "", found) for _, _, pseudo, found in self._matcher.match(node)]
        if inline:
            layers.append(("", self._relevant(tinycss2.parse_declaration_list(inline[:SHEET_LIMIT]))))
        weighed: dict[str, dict[str, Any]] = {}
        for important in (False, True):
            for pseudo, found in layers:
                own = weighed.setdefault(pseudo, {})
                own |= {each.lower_name: each.value for each in found if bool(each.important) is important}
        return weighed.pop("", {}), weighed

    def _add(self, rules: Iterable[Any], depth: int = 0) -> None:
        for rule in rules:
            if rule.type == "qualified-rule":
                self._add_rule(rule)
            elif rule.type == "at-rule" and rule.content and depth < _NESTED and _applies(rule):
                self._add(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), depth + 1)

    def _add_rule(self, rule: Any) -> None:
        found = self._relevant(tinycss2.parse_declaration_list(rule.content))
        if not found:
            return
        try:
            written = tinycss2.serialize(rule.prelude)
            selectors = compile_selector_list(rule.prelude)
        except (SelectorError, RuntimeError, SyntaxError, MemoryError):
            return  # browsers pass over what they do not understand; all but the first come of hostile nesting
        for selector in selectors:
            selector.test = self._steps.counted(selector.test, siblings="nth-" in written or "of-type" in written)
            if ":has" not in written:  # it looks at everything inside, and no office's page hides text with it
                self._matcher.add_selector(selector, found)

    def _relevant(self, declarations: Iterable[Any]) -> list[Any]:
        return [each for each in declarations if each.type == "declaration" and each.lower_name in self._properties]


class _Steps:
    """Counts what selectors look at: a few that are nested could keep a reader busy for years."""

    def __init__(self, file: str) -> None:
        self._file, self._left = file, STEP_LIMIT
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
            Unreadable: they are too many.
        """
        self._left -= steps
        if self._left < 0:
            raise too_large(self._file, "的样式表过于复杂", "style sheets that look at too much", STEP_LIMIT)

    def counted(self, test: Callable[[Any], Any], *, siblings: bool) -> Callable[[Any], bool]:
        """Return the test of a selector that counts itself; ``siblings`` says that it looks at all of them."""

        def counting(node: Any) -> bool:
            self.count(len(node.etree_siblings) if siblings else 1)
            return bool(test(node))

        return counting


def _applies(rule: Any) -> bool:
    """Say whether the rules within a rule hold: those for other media do not, nor those with no selectors."""
    if rule.lower_at_keyword == "media":
        return _is_for_screen(tinycss2.serialize(rule.prelude))
    return rule.lower_at_keyword in {"supports", "layer", "document"}


def _is_for_screen(media: str) -> bool:
    """Say whether a list of media holds the screen."""
    return any(map(_is_screen, media.lower().split(",")))


def _is_screen(query: str) -> bool:
    words = query.split()
    if "not" in words[:1]:
        return "print" in words or "speech" in words
    if any(word in {"print", "speech", "tty", "braille", "embossed", "handheld", "tv", "projection"} for word in words):
        return False
    return all((float(width) <= _SCREEN) is (side == "min") for side, width in _WIDTH.findall(query))

"""What a number format makes of a value: the text that a spreadsheet shows.

Formats of digits with literals, percent, thousands, conditions and colours are worked out; of fractions, powers of ten,
numerals in Chinese and the like it is only known that they are there. Codes are those of the file, which are English
whatever the program speaks.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.records import dataclass
from workbook.report import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.report import Value

GENERAL, TEXT = "General", "@"

_DATES = (*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59))
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 48: "##0.0E+0", 49: TEXT,
    **dict.fromkeys(_DATES, "yyyy-mm-dd"),
}  # fmt: skip
"""Codes by the numbers of the built-in formats, as Chinese editions have them; all other numbers are General."""

_TOKEN = expression(
    r'"(?P<literal>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<power>[Ee][-+])|(?P<end>;)|(?P<place>[0#?.,%/@])|(?P<letter>.)",
    re.DOTALL,
)
_DIGITS = expression("(-?[0-9]{1,15})[条字]?")
_LONGEST = 255  # characters of a code
_SECTIONS = 4

_TESTS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_CONDITION = expression(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_CURRENCY = expression(r"\$([^-]*)(?:-.*)?")
_WHITE = expression(r"white|白色|(?:color|颜色) ?2", re.IGNORECASE)
_COLOUR = expression(
    "black|blue|cyan|green|magenta|red|yellow|[黑蓝青绿红黄]色|洋红|(?:color|颜色) ?[0-9]{1,2}", re.IGNORECASE
)
_ELAPSED = expression("h+|m+|s+", re.IGNORECASE)
_DATE_LETTERS = frozenset("yYmMdDhHsSeEgGbB")
_FIRST_DAY, _LAST_DAY = dt.date(1899, 12, 30), 2_958_465  # Excel counts from 1900, which it takes for a leap year
_PROBES = (0, 1, 592, 12345, 1234567, -3, -12345)

Token = tuple[str, str]


class _Unknown(Exception):  # noqa: N818 - no fault
    """What a format shows is not worked out here."""


def shown(code: str, value: float | str) -> str | None:
    """Return what a format shows of a value; ``None`` where that is not worked out, ``""`` where nothing is seen.

    >>> shown("0.0%", 0.5), shown("0,", 592000.0), shown('0"0"', 592), shown(";;;", 592), shown("0", 5.4)
    ('50.0%', '592', '5920', '', '5')
    """
    try:
        if isinstance(value, str):
            return _worded(code, value)
        exact = number(value)
        return None if exact is None else dated(value) if is_date(code) else _numbered(code, Decimal(exact))
    except _Unknown:
        return None


def says(text: str, unit: str | None = None) -> Value:
    """Return what a reader takes from a text that a cell shows: a number, or the text.

    >>> says(" 1,234 件"), says("50%"), says("592.")
    (1234, '50%', 592)
    """
    digits = text.strip().removesuffix(".")
    plain = _DIGITS.fullmatch(digits)
    if plain:
        return int(plain[1])
    from workbook.report.notation import reading  # what a workbook of the kit shows needs none of it

    return reading(digits, unit).value


@lru_cache(maxsize=1_000)
def keeps_whole(code: str) -> bool:
    """Say whether a format shows every whole number as it is.

    >>> [keeps_whole(code) for code in ("#,##0.00", '0"件"', "0%", "0;-0;;@", "0;0")]
    [True, True, False, False, False]
    """
    if any(kind == "bracket" and _CONDITION.fullmatch(text) for kind, text in _tokens(code)):
        return False
    return all((text := shown(code, probe)) is not None and says(text) == probe for probe in _PROBES)


@lru_cache(maxsize=1_000)
def is_date(code: str) -> bool:
    """Say whether a format shows numbers as dates or times.

    >>> is_date('yyyy"年"m"月"'), is_date("[h]:mm"), is_date('0"d"'), is_date("[Red]0")
    (True, True, False, False)
    """
    return any(
        (kind == "letter" and text in _DATE_LETTERS) or (kind == "bracket" and _ELAPSED.fullmatch(text))
        for kind, text in _tokens(code)
    )


def dated(value: float) -> str | None:
    """Return the day of a number; ``None`` where there is none.

    >>> dated(592), dated(1)
    ('1901-08-14', '1900-01-01')
    """
    if not 0 <= value <= _LAST_DAY:
        return None
    return str(_FIRST_DAY + dt.timedelta(days=int(value) + (value < 60)))  # noqa: PLR2004 - no 29 February in 1900


def _tokens(code: str) -> tuple[Token, ...]:
    found = ((match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(code[:_LONGEST]))
    return tuple(("literal" if kind == "escaped" else kind, text) for kind, text in found)


def _sections(code: str) -> list[list[Token]]:
    """Return the sections of a format, up to three for numbers and a last one for texts."""
    found: list[list[Token]] = [[]]
    for token in _tokens(code):
        if token == ("end", ";"):
            found.append([])
        else:
            found[-1].append(token)
    # A last section with @ is that of texts, however many there are.
    words = found.pop() if len(found) >= _SECTIONS or ("place", TEXT) in found[-1] else [("place", TEXT)]
    return [*(found or [[("general", GENERAL)]]), words]


def _worded(code: str, value: str) -> str:
    *_, section = _sections(code)
    return "".join(_literal(token) if token != ("place", TEXT) else value for token in section if token[0] != "bracket")


def _numbered(code: str, value: Decimal) -> str:
    *sections, _ = _sections(code)
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        if value < 0:
            raise _Unknown  # where the sign goes is not documented
        chosen = next((at for at, test in enumerate(conditions) if _holds(test, at, len(sections), value)), None)
        return "####" if chosen is None else _Digits(sections[chosen]).show(value)
    if value < 0 and len(sections) > 1:
        return _Digits(sections[1]).show(-value)
    zero = value == 0 and len(sections) > 2  # noqa: PLR2004
    text = _Digits(sections[2 if zero else 0]).show(abs(value))
    return f"-{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def _condition(section: list[Token]) -> tuple[str, Decimal] | None:
    matches = (_CONDITION.fullmatch(text) for kind, text in section if kind == "bracket")
    return next(((match[1], Decimal(match[2])) for match in matches if match), None)


def _holds(condition: tuple[str, Decimal] | None, at: int, count: int, value: Decimal) -> bool:
    """Say whether a section is for a number of 0 and more; one without a condition of its own is for all the others."""
    if condition:
        return _TESTS[condition[0]](value, condition[1])
    return at == count - 1 or (at == 0 and value > 0)


def _literal(token: Token) -> str:
    """Return what a token that stands for itself shows.

    Raises:
        _Unknown: it does not stand for itself.
    """
    kind, text = token
    if kind in {"literal", "letter"}:
        return text
    if kind in {"space", "fill"}:
        return " " if kind == "space" else ""
    currency = _CURRENCY.fullmatch(text) if kind == "bracket" else None
    if currency:
        return currency[1]
    if kind == "bracket" and (_COLOUR.fullmatch(text) or _CONDITION.fullmatch(text)):
        return ""
    raise _Unknown


@dataclass
class _Digits:
    """A section for numbers, laid out: digits go to their places from the right, literals stay where they are."""

    section: list[Token]

    def show(self, value: Decimal) -> str:
        """Return what the section shows of a number of 0 and more."""
        if any(kind == "bracket" and _WHITE.fullmatch(text) for kind, text in self.section):
            return ""
        if any(token in {("place", "/"), ("place", TEXT)} or token[0] == "power" for token in self.section):
            raise _Unknown
        if any(kind == "general" for kind, _ in self.section):
            return "".join(f"{value:f}" if kind == "general" else _literal((kind, text)) for kind, text in self.section)
        places = [at for at, (kind, text) in enumerate(self.section) if kind == "place" and text in "0#?"]
        point = self._point()
        whole, part = [at for at in places if at < point], [at for at in places if at > point]
        if part and not whole and value >= 1:
            raise _Unknown
        behind = self.section[whole[-1] if whole else 0 :]
        value *= 100 ** self.section.count(("place", "%"))
        value /= 1000 ** behind.count(("place", ","))  # between digits they group, behind the last they take away
        rounded = value.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
        digits, _, decimals = f"{rounded:f}".partition(".")
        filled = self._whole(whole, digits.lstrip("0")) | self._part(part, decimals)
        return "".join(
            filled.get(at, "") if at in places or token == ("place", ",") else self._still(token, at == point)
            for at, token in enumerate(self.section)
        )

    def _point(self) -> int:
        return self.section.index(("place", ".")) if ("place", ".") in self.section else len(self.section)

    def _whole(self, places: list[int], digits: str) -> dict[int, str]:
        """Fill the places before the point; the first of them takes all digits that are left."""
        between = self.section[places[0] : places[-1]] if places else []
        grouped = ("place", ",") in between
        found: dict[int, str] = {}
        for turn, at in enumerate(reversed(places)):
            last = len(digits) - turn if at == places[0] else 1
            spots = range(turn, turn + max(last, 1))
            found[at] = "".join(reversed([self._digit(digits, spot, self.section[at][1], grouped) for spot in spots]))
        return found

    @staticmethod
    def _digit(digits: str, spot: int, place: str, grouped: bool) -> str:  # noqa: FBT001 - one of its few callers
        digit = digits[-1 - spot] if spot < len(digits) else {"0": "0", "?": " ", "#": ""}[place]
        return f"{digit}," if grouped and digit.strip() and spot and spot % 3 == 0 else digit

    def _part(self, places: list[int], decimals: str) -> dict[int, str]:
        """Fill the places behind the point; zeros at the end only where a 0 wants them."""
        found, needed = {}, False
        for at, digit in reversed(list(zip(places, decimals, strict=False))):
            place = self.section[at][1]
            needed |= digit != "0" or place == "0"
            found[at] = digit if needed else " " if place == "?" else ""
        return found

    def _still(self, token: Token, point: bool) -> str:  # noqa: FBT001
        return token[1] if point or token == ("place", "%") else _literal(token)

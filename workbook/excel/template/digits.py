"""Digits that are text, read by native formulas: what ``workbook.report.notation.plain_number`` reads.

``VALUE`` alone will not do: it also reads dates, percentages and powers. Both halves stand here, the formula and the
value that is stored with it.
"""

from __future__ import annotations

_SIGNS = {
    **{chr(ord("０") + digit): str(digit) for digit in range(10)},
    "．": ".",
    "，": ",",
    "－": "-",
    "−": "-",
    "＋": "+",
    **dict.fromkeys("\u3000\u00a0\t\n\r", " "),
}
_CODES = {"\t": "CHAR(9)", "\n": "CHAR(10)", "\r": "CHAR(13)"}


def plainly_formula(at: str) -> str:
    """Return the formula of a text in plain signs, without the blanks around it."""
    for sign, plain in _SIGNS.items():
        written = _CODES.get(sign) or f'"{sign}"'
        at = f'SUBSTITUTE({at},{written},"{plain}")'
    return f"TRIM({at})"


def plainly(text: str) -> str:
    """Return what ``plainly_formula`` shows."""
    plain = "".join(_SIGNS.get(letter, letter) for letter in text)
    return " ".join(part for part in plain.split(" ") if part)


def digits_formula(at: str) -> str:
    """Return the formula of the number that a text in plain signs is; nothing where it is none.

    Every sign is a digit, a separator of thousands, one point or a sign in front, and the separators stand where the
    number would have them.
    """
    bare = f'SUBSTITUTE(SUBSTITUTE({at},"-",""),"+","")'
    whole = f'SUBSTITUTE({bare},",","")'
    point = f'FIND(".",{whole}&".")'
    signs = (
        f'SUMPRODUCT(LEN({at})-LEN(SUBSTITUTE({at},{{0,1,2,3,4,5,6,7,8,9}},"")))'
        f"+LEN({bare})-LEN({whole})"
        f'+MIN(1,LEN({at})-LEN(SUBSTITUTE({at},".","")))'
        f'+IF(ISERROR(FIND(LEFT({at},1),"+-")),0,1)'
    )
    grouped = f'TEXT(VALUE(LEFT({whole},{point}-1)),"#,##0")&MID({whole},{point},99)'
    ends = f'IF(LEFT({bare},1)=".",FALSE,IF(RIGHT({bare},1)=".",FALSE,IF({bare}={whole},TRUE,{bare}={grouped})))'
    value = f'VALUE(SUBSTITUTE({at},",",""))'
    return f'IF({signs}=LEN({at}),IF(ISNUMBER({value}),IF({ends},{value},""),""),"")'

"""What a report may hold at all: lengths of texts, years, codes of offices, versions of the template."""

PARAGRAPH_LIMIT = 32_767
"""Characters that a spreadsheet cell can hold, as ``cell_length`` counts them."""

TEXT_LIMIT = 200_000
"""Characters of a text part; a long report has some 20 thousand."""

YEARS = range(2000, 2100)
"""The years that a report can be for."""

CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a unified social credit code, by their values (GB 32100)."""

CREDIT_LENGTH, DIVISION_LENGTHS = 18, (6, 12)
"""Characters of a credit code; the fewest and the most of a division code."""

CREDIT = f"[{CREDIT_LETTERS}]{{{CREDIT_LENGTH}}}"
DIVISION = f"[0-9]{{{DIVISION_LENGTHS[0]},{DIVISION_LENGTHS[1]}}}"
"""What a credit code and a division code look like, as regular expressions."""

TEMPLATE_VERSIONS = ("1", "2")
"""Versions of the template, all of which are read; the last is written.

Version 1 has all texts on one sheet behind the tables, and no place for texts beside tables.
"""


def cell_length(text: str) -> int:
    """Return how long a text is to spreadsheets, which count units of UTF-16: rare characters and emojis are two.

    >>> cell_length("报告"), cell_length("😀")
    (2, 2)
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

"""What the kit puts behind a report that it publishes: the office, the day, the check code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.report.folding import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.match.grid import TextLine

CODE_LABEL = "校验码"
"""What stands before the check code."""
_CODE = expression(rf"\s*{CODE_LABEL}\s*[：:]\s*[0-9]{{4}}(?:\s*[0-9]{{4}}){{3}}\s*")
_MOST = 10
"""Lines of the name of an office."""
_DATE = expression(r"\s*20[0-9]{2}\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日\s*")


def signed(lines: Sequence[TextLine]) -> list[str]:
    """Return what the office may be called that signed above a check code: one line, or several that are one name."""
    at = next((at for at, line in enumerate(lines) if not line.exact and _CODE.fullmatch(line.text)), 0)
    above = [line for line in lines[:at] if line.exact or line.text.strip()]
    if above and not above[-1].exact and _DATE.fullmatch(above[-1].text):
        above.pop()
    names = ["".join(line.text.strip() for line in above[-most:]) for most in range(1, _MOST + 1)]
    return list(dict.fromkeys(names)) if above and not above[-1].exact else []


def unsigned(lines: Sequence[TextLine], office: str | None) -> tuple[list[TextLine], list[TextLine]]:
    """Return the lines of the last section without the signature above a check code, and what stands below the code.

    Where there is no check code, who wrote the report signed it, and that is text.
    """
    at = next((at for at, line in enumerate(lines) if not line.exact and _CODE.fullmatch(line.text)), None)
    if at is None:
        return list(lines), []
    kept = [line for line in lines[:at] if line.exact or line.text.strip()]
    if kept and not kept[-1].exact and _DATE.fullmatch(kept[-1].text):
        kept.pop()
    # A long name stands on several lines.
    for start in range(len(kept) - 1, max(-1, len(kept) - 1 - _MOST), -1):
        signed = kept[start:]
        if not any(line.exact for line in signed) and folded("".join(line.text for line in signed)) == folded(office):
            kept = kept[:start]
            break
    return kept, list(lines[at + 1 :])

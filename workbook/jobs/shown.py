"""Which findings are shown: those that somebody selected and not ignored, and every error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Findings = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """Beginnings of codes: of what is selected (nothing: everything) and of what is ignored, which goes before."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def divided(self, findings: Iterable[dict[str, Any]]) -> tuple[Findings, Findings]:
        """Return the findings that are shown, and the others."""
        found: tuple[Findings, Findings] = ([], [])
        for finding in findings:
            found[not self._has(finding)].append(finding)
        return found

    def _has(self, finding: Mapping[str, Any]) -> bool:
        if finding["level"] == "error":
            return True
        code = finding["code"]
        return code.startswith(self.select or ("",)) and not code.startswith(self.ignore or ("\0",))

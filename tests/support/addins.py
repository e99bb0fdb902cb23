"""Modules of the add-in."""

from __future__ import annotations


def body(source: str) -> list[str]:
    """Return the lines of a module without what readers show differently: attributes and blanks at the end."""
    lines = [line.rstrip() for line in source.replace("\r\n", "\n").split("\n") if not line.startswith("Attribute ")]
    return "\n".join(lines).strip().split("\n")

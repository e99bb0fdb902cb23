"""How well one colour can be told from another."""

from __future__ import annotations


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour of three or six hexadecimal digits as WCAG has it."""
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [part / 255 for part in bytes.fromhex(digits)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG has it, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)

"""Which colours the eye takes for one, so that letters of the one cannot be seen on the other."""

from __future__ import annotations

Colour = tuple[float, ...]
"""Red, green and blue, from 0 to 1."""
_NEAR, _CONTRAST = 0.25, 1.2
"""How far two colours may be apart, and what contrast (of WCAG) they may have, to be taken for one."""


def alike(one: Colour | None, other: Colour | None) -> bool:
    """Say whether letters of one colour cannot be seen on a ground of another; ``None`` is a colour that is not known.

    >>> alike((1, 1, 1), (1, 0.97, 0.88)), alike((1, 1, 1), (0.8, 0.8, 0.8)), alike((1, 0, 0), (1, 1, 1))
    (True, False, False)
    """
    if one is None or other is None or any(abs(a - b) > _NEAR for a, b in zip(one, other, strict=True)):
        return False
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05) < _CONTRAST


def _luminance(colour: Colour) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)  # noqa: PLR2004
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

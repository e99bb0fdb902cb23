"""What the catalogue says of the editions of the form, filled in from their definitions.

In ``catalogue.toml`` stands ``{law:years}``, ``{law:authority}``, ``{law:negative}``, ``{law:with year.items}`` or
``{law:with column change}``: which edition is for which years, the newest notice, what may be negative, and the
editions that take something over from last year, or that have a column.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from workbook.definition import FormError
from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workbook.form import Form

_PLACE = re.compile(r"\{law:([^{}]+)\}")


def filled(text: str, lang: str) -> str:
    """Return a text of the catalogue with what the forms say in its places.

    Raises:
        FormError: a place names what no edition has.
    """
    return _PLACE.sub(lambda place: _said(place[1], lang), text)


@cache
def _said(what: str, lang: str) -> str:
    forms = tuple(load_form(edition) for edition in editions())
    if what == "authority":
        return forms[-1].authority
    if what == "years":
        return ("，" if lang == "zh" else ", ").join(_years(form, lang) for form in forms)
    if what == "negative":
        return _negative(forms, lang)
    kind, _, name = what.removeprefix("with ").rpartition(" ")
    found = [form for form in forms if _HAS[kind](form, name)]
    if not found:
        raise FormError(f"catalogue.toml, {{law:{what}}}: no edition has it")
    return _named(found, lang)


_HAS: dict[str, Callable[[Form, str], bool]] = {
    "": lambda form, name: any(opening.code == name for opening in form.opening_equations),
    "column": lambda form, name: any(cell.column.key == name for cell in form.cells.values()),
}


def _years(form: Form, lang: str) -> str:
    first, last = form.first_year, form.last_year
    if lang == "zh":
        years = f"{first} 年度" if first == last else f"{first}—{last} 年度" if last else f"{first} 年度起"
        return f"{form.edition} 版用于 {years}的报告"
    years = f"{first}" if first == last else f"{first} to {last}" if last else f"{first} on"
    return f"the {form.edition} edition is for {years}"


def _negative(forms: Iterable[Form], lang: str) -> str:
    found: dict[str, list[Form]] = {}
    for form in forms:
        for label in dict.fromkeys(cell.column.label for cell in form.cells.values() if cell.kind.minimum < 0):
            found.setdefault(label, []).append(form)
    pattern = "{1}的“{0}”" if lang == "zh" else "“{0}” of the {1}"
    return ("、" if lang == "zh" else ", ").join(
        pattern.format(label, _named(having, lang)) for label, having in found.items()
    )


def _named(forms: Iterable[Form], lang: str) -> str:
    names = [form.edition for form in forms]
    if lang == "zh":
        return f"{'、'.join(names)} 版"
    return f"{' and '.join(names)} edition{'s' * (len(names) > 1)}"

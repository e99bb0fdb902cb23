"""Room 1: what the law says. The form as frozen data, its rules written out as equations; standard library only."""

from workbook.form.load import FormError, edition_for, load_form, parse_form
from workbook.form.model import Cell, Equation, Field, Form, Kind, Line, Rule, Section, Table

__all__ = [
    "Cell",
    "Equation",
    "Field",
    "Form",
    "FormError",
    "Kind",
    "Line",
    "Rule",
    "Section",
    "Table",
    "edition_for",
    "load_form",
    "parse_form",
]

"""Room 1: what the law says. The form as frozen data, its rules written out as equations; standard library only."""

from workbook.form.load import FormError, Reader, edition_for, load_form, parse_form
from workbook.form.model import (
    QUESTIONS,
    Carry,
    Cell,
    Equation,
    Field,
    Form,
    Kind,
    Line,
    Rule,
    Section,
    Table,
    TakenOver,
)

__all__ = [
    "QUESTIONS",
    "Carry",
    "Cell",
    "Equation",
    "Field",
    "Form",
    "FormError",
    "Kind",
    "Line",
    "Reader",
    "Rule",
    "Section",
    "Table",
    "TakenOver",
    "edition_for",
    "load_form",
    "parse_form",
]

"""Room 1: what the law says. The form as frozen data, its rules written out as equations; standard library only."""

from workbook.form.load import FormError, Reader, edition_for, load_form, parse_form
from workbook.form.model import (
    QUESTIONS,
    Cell,
    Equation,
    Field,
    Form,
    Kind,
    Line,
    OpeningEquation,
    OpeningRule,
    Rule,
    Section,
    Table,
)

__all__ = [
    "QUESTIONS",
    "Cell",
    "Equation",
    "Field",
    "Form",
    "FormError",
    "Kind",
    "Line",
    "OpeningEquation",
    "OpeningRule",
    "Reader",
    "Rule",
    "Section",
    "Table",
    "edition_for",
    "load_form",
    "parse_form",
]

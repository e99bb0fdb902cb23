"""What the law says. The form as frozen data, its rules written out as equations; standard library only."""

from workbook.form.load import edition_for, load_form, parse_form
from workbook.form.model import (
    PROMPT,
    QUESTIONS,
    Cell,
    Equation,
    Field,
    Form,
    Kind,
    Line,
    OpeningEquation,
    OpeningRule,
    Publication,
    Rule,
    Section,
    Table,
    cell_key,
    without_number,
)
from workbook.form.printed import Label, PrintedSection, PrintedTable, printed_sections

__all__ = [
    "PROMPT",
    "QUESTIONS",
    "Cell",
    "Equation",
    "Field",
    "Form",
    "Kind",
    "Label",
    "Line",
    "OpeningEquation",
    "OpeningRule",
    "PrintedSection",
    "PrintedTable",
    "Publication",
    "Rule",
    "Section",
    "Table",
    "cell_key",
    "edition_for",
    "load_form",
    "parse_form",
    "printed_sections",
    "without_number",
]
